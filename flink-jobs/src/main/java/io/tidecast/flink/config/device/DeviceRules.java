package io.tidecast.flink.config.device;

import io.tidecast.flink.config.value.ConfigKey;
import io.tidecast.flink.config.value.ConfigValues;
import io.tidecast.runtime.onnx.device.Device;
import io.tidecast.runtime.onnx.device.DeviceOptions;

/**
 * What must hold between the keys of the device. A key that was refused by itself breaks no rule
 * here.
 */
public final class DeviceRules {

  private DeviceRules() {}

  /** Refuses what does not go together. */
  public static void check(ConfigValues values) {
    Device device = values.get(DeviceKeys.DEVICE);
    if (device == null) {
      return;
    }
    if (!device.isGpu()) {
      mustGoWith(values, DeviceKeys.POLICY, "a GPU", device);
      mustGoWith(values, DeviceKeys.MEMORY_LIMIT, "a GPU", device);
    }
    if (device.kind() != Device.Kind.CUDA) {
      mustGoWith(values, DeviceKeys.TF32, "cuda:N", device);
    }
    if (device.kind() != Device.Kind.TENSORRT) {
      mustGoWith(values, DeviceKeys.FP16, "tensorrt:N", device);
      mustGoWith(values, DeviceKeys.ENGINE_CACHE, "tensorrt:N", device);
    }
  }

  private static void mustGoWith(
      ConfigValues values, ConfigKey<?> key, String wanted, Device device) {
    if (values.isGiven(key)) {
      values.problem(
          "must be given with %s as model.device alone: %s, model.device=%s"
              .formatted(wanted, key.path(), device));
    }
  }

  /**
   * Returns how the model runs, of values that were not refused.
   *
   * @param maxBatchSize windows of a run at most
   */
  public static DeviceOptions options(ConfigValues values, int maxBatchSize) {
    return new DeviceOptions(
        values.require(DeviceKeys.DEVICE),
        values.require(DeviceKeys.POLICY),
        values.get(DeviceKeys.MEMORY_LIMIT),
        values.require(DeviceKeys.TF32),
        values.require(DeviceKeys.FP16),
        values.get(DeviceKeys.ENGINE_CACHE),
        Math.max(maxBatchSize, DeviceOptions.PROCESSOR.mostRows()));
  }
}
