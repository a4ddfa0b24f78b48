package io.tidecast.runtime.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.tidecast.runtime.onnx.device.Device;
import io.tidecast.runtime.onnx.device.DeviceException;
import io.tidecast.runtime.onnx.device.DeviceOptions;
import io.tidecast.runtime.testing.TestModels;
import io.tidecast.runtime.windows.ForecastBatch;
import io.tidecast.runtime.windows.Forecaster;
import io.tidecast.runtime.windows.Window;
import io.tidecast.runtime.windows.WindowBatch;
import java.util.List;
import java.util.SplittableRandom;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Needs a GPU, a build with {@code -Dort=gpu} and the libraries of CUDA 12. */
@Tag("gpu")
class GpuTest {

  private static final Device CUDA = Device.parse("cuda:0");
  private static final DeviceOptions OPTIONS = DeviceOptions.required(CUDA);

  @BeforeEach
  void requireAGpu() {
    List<String> missing = OnnxDevices.missing(CUDA);
    assumeTrue(missing.isEmpty(), () -> "no GPU to test with: " + String.join("; and ", missing));
    try {
      OnnxForecaster.open(TestModels.identity(), OnnxOptions.defaults().on(OPTIONS)).close();
    } catch (DeviceException e) {
      assumeTrue(false, "no GPU to test with: " + e.getMessage());
    }
  }

  @Test
  void shouldForecastAsTheProcessorDoes() {
    try (Forecaster processor = OnnxForecaster.open(TestModels.patchTst(), OnnxOptions.defaults());
        Forecaster gpu =
            OnnxForecaster.open(TestModels.patchTst(), OnnxOptions.defaults().on(OPTIONS))) {
      assertThat(gpu.placement().used()).isEqualTo(CUDA);
      assertThat(gpu.placement().nodes()).containsKey("CUDAExecutionProvider");
      for (int rows : new int[] {1, 3, 64}) {
        float[] expected = forecasts(processor, rows);
        float[] found = forecasts(gpu, rows);
        double mean = 0;
        for (float value : expected) {
          mean += Math.abs(value) / expected.length;
        }
        assertThat(found).hasSameSizeAs(expected);
        for (int i = 0; i < found.length; i++) {
          double allowed = OPTIONS.tolerance() * Math.max(mean, Math.abs(expected[i]));
          assertThat((double) found[i]).isCloseTo(expected[i], Offset.offset(allowed));
        }
      }
    }
  }

  @Test
  void shouldSayThatThereIsNoGpuOfSuchANumber() {
    DeviceOptions absent = DeviceOptions.required(Device.parse("cuda:99"));

    assertThat(
            catchThrowable(
                () ->
                    OnnxForecaster.open(TestModels.identity(), OnnxOptions.defaults().on(absent))))
        .isInstanceOf(DeviceException.class)
        .hasMessageStartingWith("the number of the GPU must be one of those");
  }

  private static float[] forecasts(Forecaster forecaster, int rows) {
    WindowBatch windows = new WindowBatch(forecaster.spec(), rows);
    ForecastBatch forecasts = new ForecastBatch(forecaster.spec(), rows);
    SplittableRandom random = new SplittableRandom(7);
    for (int row = 0; row < rows; row++) {
      float[] context = new float[forecaster.spec().contextSize()];
      for (int i = 0; i < context.length; i++) {
        context[i] = 100 + row + (float) random.nextDouble(-5, 5);
      }
      windows.add(Window.of(context));
    }
    forecaster.forecast(windows, forecasts);
    int size = forecaster.spec().pointsSize();
    float[] all = new float[rows * size];
    float[] one = new float[size];
    for (int row = 0; row < rows; row++) {
      forecasts.points(row, one);
      System.arraycopy(one, 0, all, row * size, size);
    }
    return all;
  }
}
