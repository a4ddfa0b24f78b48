package io.tidecast.runtime.hostile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.tidecast.runtime.bundle.ModelBundle;
import io.tidecast.runtime.hostile.HostileModel.Expected;
import io.tidecast.runtime.hostile.HostileModel.Harm;
import io.tidecast.runtime.manifest.ModelException;
import io.tidecast.runtime.onnx.OnnxForecaster;
import io.tidecast.runtime.onnx.OnnxOptions;
import io.tidecast.runtime.windows.ForecastBatch;
import io.tidecast.runtime.windows.Forecaster;
import io.tidecast.runtime.windows.ModelTimeoutException;
import io.tidecast.runtime.windows.Window;
import io.tidecast.runtime.windows.WindowBatch;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class HostileModelsTest {

  private static final Duration HASTE = Duration.ofMillis(300);

  @TempDir private Path folder;

  static Stream<Named<HostileModel>> models() {
    return HostileModels.all().stream().map(model -> Named.of(model.name(), model));
  }

  @Test
  void shouldBeFortyKindsAtLeast() {
    List<String> names = HostileModels.all().stream().map(HostileModel::name).toList();
    assertThat(names).doesNotHaveDuplicates().hasSizeGreaterThan(40);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("models")
  void shouldRefuseEachInASentenceOrLetItPassToBeBounded(HostileModel model) throws Exception {
    Path directory = model.write(folder);

    if (model.expected() instanceof Expected.Refused refused) {
      assertThatExceptionOfType(ModelException.class)
          .isThrownBy(() -> ModelBundle.read(directory))
          .withMessageContaining(refused.sentence())
          .satisfies(HostileModelsTest::assertShortAndPlain);
    } else {
      assertThatCode(() -> ModelBundle.read(directory)).doesNotThrowAnyException();
    }
  }

  static Stream<Named<HostileModel>> passing() {
    return models().filter(model -> model.getPayload().expected() instanceof Expected.Passes);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("passing")
  @Timeout(120)
  void shouldBoundWhatPasses(HostileModel model) throws Exception {
    ModelBundle bundle = ModelBundle.read(model.write(folder));
    OnnxOptions hasty = new OnnxOptions(1, HASTE, HASTE);

    if (((Expected.Passes) model.expected()).harm() == Harm.ENDLESS_FOR_ONE_VALUE) {
      try (Forecaster forecaster = OnnxForecaster.open(bundle, hasty)) {
        assertThat(forecast(forecaster, 1)).isEqualTo(1);
        assertThatExceptionOfType(ModelTimeoutException.class)
            .isThrownBy(() -> forecast(forecaster, RunningModels.VALUE))
            .withMessageStartingWith("model must answer within");
        assertThat(forecast(forecaster, 1)).isEqualTo(1);
      }
    } else {
      assertThatExceptionOfType(ModelException.class)
          .isThrownBy(() -> OnnxForecaster.open(bundle, hasty).close())
          .satisfies(HostileModelsTest::assertShortAndPlain);
    }
  }

  private static float forecast(Forecaster forecaster, float value) {
    WindowBatch windows = new WindowBatch(forecaster.spec(), 1);
    ForecastBatch forecasts = new ForecastBatch(forecaster.spec(), 1);
    float[] context = new float[forecaster.spec().contextSize()];
    Arrays.fill(context, value);
    windows.add(Window.of(context));
    forecaster.forecast(windows, forecasts);
    float[] points = new float[forecaster.spec().pointsSize()];
    forecasts.points(0, points);
    return points[0];
  }

  /** What a bait holds is not in a message, nor in that of a cause. */
  private static void assertShortAndPlain(ModelException refusal) {
    assertThat(refusal.getMessage()).hasSizeLessThan(1500).doesNotContainPattern("[\\p{Cc}]");
    StringWriter trace = new StringWriter();
    refusal.printStackTrace(new PrintWriter(trace));
    assertThat(trace.toString()).doesNotContain(HostileFolder.SECRET, "TIDE-SECRET");
  }
}
