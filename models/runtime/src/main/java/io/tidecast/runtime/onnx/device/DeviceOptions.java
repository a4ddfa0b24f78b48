package io.tidecast.runtime.onnx.device;

import io.tidecast.runtime.manifest.Checks;
import java.io.Serializable;
import org.jspecify.annotations.Nullable;

/**
 * On what a model runs, and how.
 *
 * @param policy where the device can't be used
 * @param memoryLimitBytes of the GPU that one session takes at most; null for all there is
 * @param tf32 whether CUDA may round the factors of products to 10 bits of mantissa
 * @param fp16 whether TensorRT may compute in half precision
 * @param engineCache a folder where TensorRT keeps what it has built; null for none
 * @param mostRows windows of a run, for which TensorRT builds its engine
 */
public record DeviceOptions(
    Device device,
    DevicePolicy policy,
    @Nullable Long memoryLimitBytes,
    boolean tf32,
    boolean fp16,
    @Nullable String engineCache,
    int mostRows)
    implements Serializable {

  private static final int USUAL_ROWS = 128;

  /** The processor, which needs nothing. */
  public static final DeviceOptions PROCESSOR = required(Device.PROCESSOR);

  /** A GPU adds up in another order, which moves the last bits of every sum. */
  private static final double SUMS_IN_ANOTHER_ORDER = 1e-3;

  /** A mantissa of 10 bits rounds by up to 0.05 %, here and in every layer. */
  private static final double SHORT_MANTISSA = 1e-2;

  public DeviceOptions {
    Checks.present("device", device);
    Checks.present("policy", policy);
    if (memoryLimitBytes != null) {
      Checks.positive("memoryLimitBytes", memoryLimitBytes);
    }
    Checks.positive("mostRows", mostRows);
  }

  /** A device that must be there, with nothing else said. */
  public static DeviceOptions required(Device device) {
    return new DeviceOptions(device, DevicePolicy.REQUIRE, null, false, false, null, USUAL_ROWS);
  }

  /** The same device, and the processor where it can't be used. */
  public DeviceOptions preferred() {
    return new DeviceOptions(
        device, DevicePolicy.PREFER, memoryLimitBytes, tf32, fp16, engineCache, mostRows);
  }

  /**
   * The greatest difference from known answers, as a share of a value, that comes from the device
   * and says nothing against a model. Golden vectors were made on a processor.
   */
  public double tolerance() {
    return switch (device.kind()) {
      case CPU -> 0;
      case CUDA -> tf32 ? SHORT_MANTISSA : SUMS_IN_ANOTHER_ORDER;
      // It may use TF32 whatever it is told.
      case TENSORRT -> SHORT_MANTISSA;
    };
  }
}
