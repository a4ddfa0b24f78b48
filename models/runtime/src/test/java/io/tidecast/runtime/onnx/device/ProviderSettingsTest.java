package io.tidecast.runtime.onnx.device;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ProviderSettingsTest {

  private static final Map<String, List<Long>> INPUTS = inputs();

  @Test
  void shouldAskNoProviderForTheProcessor() {
    assertThat(ProviderSettings.of(DeviceOptions.PROCESSOR, INPUTS)).isEmpty();
  }

  @Test
  void shouldTellCudaItsNumberAndToKeepEveryBit() {
    DeviceOptions options = DeviceOptions.required(Device.parse("cuda:1"));

    assertThat(ProviderSettings.of(options, INPUTS))
        .containsExactly(
            new ProviderSettings(
                Device.Kind.CUDA,
                Map.of("device_id", "1", "use_tf32", "0", "cudnn_conv_algo_search", "HEURISTIC")));
  }

  @Test
  void shouldTellCudaItsLimitAndThatItMayRound() {
    DeviceOptions options =
        new DeviceOptions(
            Device.parse("cuda:0"), DevicePolicy.PREFER, 2L << 30, true, false, null, 128);

    assertThat(ProviderSettings.of(options, INPUTS).get(0).options())
        .containsEntry("gpu_mem_limit", "2147483648")
        .containsEntry("arena_extend_strategy", "kSameAsRequested")
        .containsEntry("use_tf32", "1");
  }

  @Test
  void shouldAskTensorRtBeforeCudaAndTellItEverySizeOfABatch() {
    DeviceOptions options =
        new DeviceOptions(
            Device.parse("tensorrt:2"),
            DevicePolicy.REQUIRE,
            1L << 30,
            false,
            true,
            "/var/cache/engines",
            512);

    List<ProviderSettings> providers = ProviderSettings.of(options, INPUTS);

    assertThat(providers)
        .extracting(ProviderSettings::provider)
        .containsExactly(Device.Kind.TENSORRT, Device.Kind.CUDA);
    assertThat(providers.get(0).options())
        .containsOnly(
            Map.entry("device_id", "2"),
            Map.entry("trt_fp16_enable", "1"),
            Map.entry("trt_max_workspace_size", "1073741824"),
            Map.entry("trt_engine_cache_enable", "1"),
            Map.entry("trt_engine_cache_path", "/var/cache/engines"),
            Map.entry("trt_timing_cache_enable", "1"),
            Map.entry("trt_timing_cache_path", "/var/cache/engines"),
            Map.entry("trt_profile_min_shapes", "context:1x336x1,known:1x48x2"),
            Map.entry("trt_profile_opt_shapes", "context:512x336x1,known:512x48x2"),
            Map.entry("trt_profile_max_shapes", "context:512x336x1,known:512x48x2"));
    assertThat(providers.get(1).options()).containsEntry("device_id", "2");
  }

  @Test
  void shouldLeaveTensorRtWithoutACacheThatNobodyNamed() {
    DeviceOptions options = DeviceOptions.required(Device.parse("tensorrt:0"));

    assertThat(ProviderSettings.of(options, INPUTS).get(0).options())
        .containsEntry("trt_fp16_enable", "0")
        .doesNotContainKeys("trt_engine_cache_enable", "trt_max_workspace_size");
  }

  private static Map<String, List<Long>> inputs() {
    Map<String, List<Long>> inputs = new LinkedHashMap<>();
    inputs.put("context", List.of(-1L, 336L, 1L));
    inputs.put("known", List.of(-1L, 48L, 2L));
    return inputs;
  }
}
