package io.tidecast.runtime.onnx.device;

/** What becomes of a model whose device can't be used. */
public enum DevicePolicy {
  /** It is not opened, and the message says what is missing. */
  REQUIRE,
  /** It is opened on the processor, with a warning. */
  PREFER
}
