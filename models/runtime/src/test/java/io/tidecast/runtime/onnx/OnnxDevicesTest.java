package io.tidecast.runtime.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import ai.onnxruntime.OrtSession.SessionOptions;
import io.tidecast.runtime.onnx.device.Device;
import io.tidecast.runtime.onnx.device.DeviceException;
import io.tidecast.runtime.onnx.device.DeviceOptions;
import io.tidecast.runtime.onnx.device.NodeCount;
import io.tidecast.runtime.onnx.device.Placement;
import io.tidecast.runtime.onnx.device.ProviderSettings;
import io.tidecast.runtime.testing.TestModels;
import io.tidecast.runtime.windows.ForecastBatch;
import io.tidecast.runtime.windows.Forecaster;
import io.tidecast.runtime.windows.Window;
import io.tidecast.runtime.windows.WindowBatch;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What becomes of a GPU that is asked for, on machines that have none too. */
class OnnxDevicesTest {

  private static final DeviceOptions CUDA = DeviceOptions.required(Device.parse("cuda:0"));

  @Test
  void shouldAskTheLoaderOfTheSystem() {
    assertThat(OnnxDevices.load("libm.so.6")).isEmpty();
    assertThat(OnnxDevices.load("libtidecast-absent.so.12"))
        .hasValue(
            "libtidecast-absent.so.12: cannot open shared object file: No such file or directory");
  }

  @Test
  void shouldSayWhichOnnxRuntimeIsThere() {
    assertThat(OnnxDevices.build().sentence()).startsWith("ONNX Runtime 1.");
    assertThat(OnnxDevices.build().place()).matches("onnxruntime(_gpu)?-1\\..*\\.jar");
  }

  @Test
  void shouldOpenNothingOnAGpuThatIsMissing() {
    List<String> missing = missing();

    assertThatThrownBy(
            () ->
                OnnxForecaster.open(TestModels.identity(), OnnxOptions.defaults().on(CUDA)).close())
        .isInstanceOf(DeviceException.class)
        .hasMessage(
            String.join("; and ", missing) + ", see docs/how-to/gpu.md: model.device=cuda:0");
  }

  @Test
  void shouldOpenAModelOnTheProcessorWhereAGpuIsPreferredAndMissing() {
    missing();

    try (Forecaster forecaster =
        OnnxForecaster.open(TestModels.identity(), OnnxOptions.defaults().on(CUDA.preferred()))) {
      assertThat(forecaster.placement())
          .isEqualTo(new Placement(Device.parse("cuda:0"), Device.PROCESSOR, Map.of()));
      WindowBatch windows = new WindowBatch(forecaster.spec(), 1);
      ForecastBatch forecasts = new ForecastBatch(forecaster.spec(), 1);
      windows.add(Window.of(new float[] {1, 2, 3, 4}));
      forecaster.forecast(windows, forecasts);
      float[] points = new float[4];
      forecasts.points(0, points);
      assertThat(points).containsExactly(1, 2, 3, 4);
    }
  }

  /** Where the jar has no CUDA, ONNX Runtime itself says so: the settings do reach it. */
  @Test
  void shouldTellOnnxRuntimeOfTheProvider() throws OrtException {
    assumeThat(OnnxDevices.build().cuda()).isFalse();

    try (SessionOptions session = new SessionOptions()) {
      for (String device : List.of("cuda:0", "tensorrt:0")) {
        DeviceOptions options = DeviceOptions.required(Device.parse(device));
        assertThatThrownBy(() -> OnnxDevices.add(ProviderSettings.of(options, Map.of()), session))
            .isInstanceOf(OrtException.class)
            .hasMessageContaining("Failed to find ");
      }
    }
  }

  @Test
  void shouldCountTheNodesOfAProfile(@TempDir Path folder) throws OrtException, IOException {
    try (SessionOptions settings = new SessionOptions()) {
      settings.enableProfiling(folder.resolve("nodes").toString());
      try (OrtSession session =
          OnnxEnvironment.get().createSession(TestModels.identity().onnx(), settings)) {
        assertThat(run(session)).isEqualTo(4);
        assertThat(OnnxSessions.endProfile(session)).containsOnlyKeys("CPUExecutionProvider");
        assertThat(OnnxSessions.endProfile(session)).isEmpty();
      }
    }
    assertThat(folder).isEmptyDirectory();
  }

  @Test
  void shouldCountANodeOnceHoweverOftenItRan(@TempDir Path folder) throws IOException {
    Path profile = folder.resolve("profile.json");
    Files.writeString(
        profile,
        """
        [{"cat":"Session","name":"model_run","args":{}},
         {"cat":"Node","name":"a_kernel_time","args":{"provider":"CUDAExecutionProvider"}},
         {"cat":"Node","name":"a_kernel_time","args":{"provider":"CUDAExecutionProvider"}},
         {"cat":"Node","name":"b_kernel_time","args":{"provider":"CUDAExecutionProvider"}},
         {"cat":"Node","name":"b_fence_before","args":{"op_name":"Add"}},
         {"cat":"Node","name":"c_kernel_time","args":{"provider":"CPUExecutionProvider"}}]
        """);

    assertThat(NodeCount.of(profile))
        .containsOnly(Map.entry("CUDAExecutionProvider", 2), Map.entry("CPUExecutionProvider", 1));
  }

  private static int run(OrtSession session) throws OrtException {
    FloatBuffer cells =
        ByteBuffer.allocateDirect(4 * Float.BYTES).order(ByteOrder.nativeOrder()).asFloatBuffer();
    String input = session.getInputNames().iterator().next();
    try (OnnxTensor tensor =
            OnnxTensor.createTensor(OnnxEnvironment.get(), cells, new long[] {1, 4, 1});
        OrtSession.Result result = session.run(Map.of(input, tensor))) {
      return ((OnnxTensor) result.get(0)).getFloatBuffer().remaining();
    }
  }

  /** What the GPU of the tests lacks on this machine; a test that wants one missing ends here. */
  private static List<String> missing() {
    List<String> missing = OnnxDevices.missing(Device.parse("cuda:0"));
    assumeThat(missing).as("this machine has what a GPU needs").isNotEmpty();
    return missing;
  }
}
