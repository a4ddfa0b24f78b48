package io.tidecast.runtime.onnx.device;

import io.tidecast.runtime.manifest.ModelException;

/** A model that can't be used since its device can't be. The message says what is missing. */
public final class DeviceException extends ModelException {

  private static final long serialVersionUID = 1L;

  private final boolean lasting;

  /** Something is not there. */
  public DeviceException(String message) {
    super(message);
    this.lasting = true;
  }

  /**
   * ONNX Runtime has failed.
   *
   * @param lasting whether it will do so again until somebody changes something
   */
  public DeviceException(String message, Throwable cause, boolean lasting) {
    super(message, cause);
    this.lasting = lasting;
  }

  /** Tells whether trying again is of no use. */
  public boolean isLasting() {
    return lasting;
  }
}
