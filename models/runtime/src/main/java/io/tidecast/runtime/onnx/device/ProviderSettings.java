package io.tidecast.runtime.onnx.device;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongUnaryOperator;
import java.util.stream.Collectors;

/**
 * What one of ONNX Runtime's providers is told, in its own words.
 *
 * @param options by the names of the provider, in the order in which they are given
 */
public record ProviderSettings(Device.Kind provider, Map<String, String> options) {

  public ProviderSettings {
    options = Collections.unmodifiableMap(new LinkedHashMap<>(options));
  }

  /**
   * The providers of a device, in the order in which they are asked for a node; none for the
   * processor, which takes what is left.
   *
   * @param inputs of the graph: lengths of axes by name, -1 for that of the batch
   */
  public static List<ProviderSettings> of(DeviceOptions options, Map<String, List<Long>> inputs) {
    return switch (options.device().kind()) {
      case CPU -> List.of();
      case CUDA -> List.of(cuda(options));
      case TENSORRT -> List.of(tensorRt(options, inputs), cuda(options));
    };
  }

  private static ProviderSettings cuda(DeviceOptions options) {
    Map<String, String> settings = new LinkedHashMap<>();
    settings.put("device_id", Integer.toString(options.device().index()));
    if (options.memoryLimitBytes() != null) {
      settings.put("gpu_mem_limit", Long.toString(options.memoryLimitBytes()));
      // Doubling what is taken would reach the limit at half of it.
      settings.put("arena_extend_strategy", "kSameAsRequested");
    }
    settings.put("use_tf32", flag(options.tf32()));
    // Trying every algorithm out, as it would, begins anew with each new size of a batch.
    settings.put("cudnn_conv_algo_search", "HEURISTIC");
    return new ProviderSettings(Device.Kind.CUDA, settings);
  }

  private static ProviderSettings tensorRt(DeviceOptions options, Map<String, List<Long>> inputs) {
    Map<String, String> settings = new LinkedHashMap<>();
    settings.put("device_id", Integer.toString(options.device().index()));
    settings.put("trt_fp16_enable", flag(options.fp16()));
    if (options.memoryLimitBytes() != null) {
      settings.put("trt_max_workspace_size", Long.toString(options.memoryLimitBytes()));
    }
    if (options.engineCache() != null) {
      settings.put("trt_engine_cache_enable", flag(true));
      settings.put("trt_engine_cache_path", options.engineCache());
      settings.put("trt_timing_cache_enable", flag(true));
      settings.put("trt_timing_cache_path", options.engineCache());
    }
    // Without them an engine is built for each new size of a batch, in the middle of a stream.
    settings.put("trt_profile_min_shapes", shapes(inputs, axis -> 1));
    settings.put("trt_profile_opt_shapes", shapes(inputs, axis -> options.mostRows()));
    settings.put("trt_profile_max_shapes", shapes(inputs, axis -> options.mostRows()));
    return new ProviderSettings(Device.Kind.TENSORRT, settings);
  }

  private static String shapes(Map<String, List<Long>> inputs, LongUnaryOperator openAxis) {
    List<String> shapes = new ArrayList<>();
    inputs.forEach(
        (name, shape) ->
            shapes.add(
                name
                    + ":"
                    + shape.stream()
                        .map(axis -> Long.toString(axis < 0 ? openAxis.applyAsLong(axis) : axis))
                        .collect(Collectors.joining("x"))));
    return String.join(",", shapes);
  }

  private static String flag(boolean set) {
    return set ? "1" : "0";
  }
}
