package io.tidecast.flink.config.device;

import io.tidecast.flink.config.value.ConfigKey;
import io.tidecast.flink.config.value.ConfigType;
import io.tidecast.runtime.onnx.device.Device;
import io.tidecast.runtime.onnx.device.DevicePolicy;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The keys that say on which device the model runs, and how. */
public final class DeviceKeys {

  public static final ConfigKey<Device> DEVICE =
      ConfigKey.optional(
              "model.device",
              new ConfigType<>(
                  "cpu, cuda:N or tensorrt:N, N being the number of the GPU",
                  raw -> Device.parse(text(raw)),
                  ConfigType.Display.VALUES),
              "cpu",
              "The model runs on this device. `cpu` is the processor. `cuda:0` is the first GPU of NVIDIA's that the process sees, and `tensorrt:0` is the same through TensorRT. A GPU needs a build with `-Dort=gpu` and the libraries of CUDA 12. See [GPU](how-to/gpu.md).")
          .example("cuda:0");

  public static final ConfigKey<DevicePolicy> POLICY =
      ConfigKey.optional(
          "model.device-policy",
          ConfigType.oneOf(DevicePolicy.class),
          "require",
          "This is done where the GPU of `model.device` cannot be used. With `require`, the start ends and says what is missing. With `prefer`, the model runs on the processor, with a warning and the metric `modelFellBack`.");

  public static final ConfigKey<Long> MEMORY_LIMIT =
      ConfigKey.derived(
              "model.gpu.memory-limit",
              new ConfigType<>(
                  "a size, 64MiB to 1024GiB, in MiB or GiB",
                  raw -> bytes(text(raw)),
                  ConfigType.Display.VALUES),
              "all that the GPU has",
              "One session of the model takes at most this much of the GPU's memory for weights and batches. The libraries of CUDA take some hundred MiB besides.")
          .example("4GiB");

  public static final ConfigKey<Boolean> TF32 =
      ConfigKey.optional(
          "model.gpu.tf32",
          ConfigType.flag(),
          false,
          "With `true`, CUDA may round the factors of matrix products to 10 bits of mantissa, which is faster on GPUs since Ampere and moves forecasts by up to a thousandth. With `false`, products have all bits of 32-bit floats. TensorRT decides for itself.");

  public static final ConfigKey<Boolean> FP16 =
      ConfigKey.optional(
          "model.tensorrt.fp16",
          ConfigType.flag(),
          false,
          "With `true`, TensorRT may compute in half precision. Values beyond 65,504 then overflow inside the model. With `false`, it computes in 32-bit floats.");

  public static final ConfigKey<String> ENGINE_CACHE =
      ConfigKey.derived(
              "model.tensorrt.engine-cache",
              ConfigType.text(),
              "none: an engine is built at every start",
              "TensorRT keeps the engines that it has built in this directory of each TaskManager, and begins with them after a restart. An engine takes minutes to build. The directory must belong to the job alone, for what is in it runs as code.")
          .example("/var/cache/tidecast/engines");

  private static final Pattern SIZE = Pattern.compile("(\\d{1,7}) ?(MiB|GiB)");

  private DeviceKeys() {}

  /** In the order of the reference page. */
  public static List<ConfigKey<?>> all() {
    return List.of(DEVICE, POLICY, MEMORY_LIMIT, TF32, FP16, ENGINE_CACHE);
  }

  private static String text(Object raw) {
    if (raw instanceof String text) {
      return text;
    }
    throw new IllegalArgumentException("must be text");
  }

  private static long bytes(String text) {
    Matcher matcher = SIZE.matcher(text);
    if (matcher.matches()) {
      long bytes = Long.parseLong(matcher.group(1)) << ("GiB".equals(matcher.group(2)) ? 30 : 20);
      if (bytes >= 64L << 20 && bytes <= 1L << 40) {
        return bytes;
      }
    }
    throw new IllegalArgumentException("must be a size");
  }
}
