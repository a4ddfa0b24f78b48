package io.tidecast.cli.testing;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidecast.cli.embedded.EmbeddedKafka;
import io.tidecast.cli.embedded.EmbeddedPipeline;
import io.tidecast.cli.embedded.ForecastReader;
import io.tidecast.cli.model.ModelZoo;
import io.tidecast.cli.quickstart.DemandSeries;
import io.tidecast.runtime.bundle.ModelBundle;
import io.tidecast.runtime.onnx.OnnxForecaster;
import io.tidecast.runtime.onnx.OnnxOptions;
import io.tidecast.runtime.windows.ForecastBatch;
import io.tidecast.runtime.windows.Forecaster;
import io.tidecast.runtime.windows.Window;
import io.tidecast.runtime.windows.WindowBatch;
import io.tidecast.schemas.Forecast;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** What the tests of the whole pipeline share. */
public final class Pipelines {
  public static final int CONTEXT = 336;
  static final int HORIZON = 48;
  static final int OBSERVATIONS = 4 * DemandSeries.WEEK;

  /** Number of forecasts that the four weeks give. */
  public static final int FORECASTS = OBSERVATIONS - CONTEXT + 1;

  private static final Duration TIMEOUT = Duration.ofSeconds(120);
  private static final Duration QUIET = Duration.ofSeconds(2);

  private Pipelines() {}

  public static Path model() {
    return ModelZoo.ofInstallation().find("patchtst-uk-demand");
  }

  public static EmbeddedPipeline.Settings settings(int parallelism) {
    return new EmbeddedPipeline.Settings(
        model(), EmbeddedKafka.ANY_PORT, parallelism, Duration.ofMillis(300), false);
  }

  public static ForecastReader reader(EmbeddedPipeline pipeline) {
    return new ForecastReader(
        pipeline.bootstrapServers(), EmbeddedPipeline.FORECASTS, EmbeddedPipeline.DEAD_LETTERS);
  }

  /** Reads so many of each, then a while longer, so that one too many is seen too. */
  public static void read(ForecastReader reader, int forecasts, int deadLetters, Runnable check) {
    long deadline = System.nanoTime() + TIMEOUT.toNanos();
    while (reader.forecasts().size() < forecasts || reader.deadLetters().size() < deadLetters) {
      assertThat(System.nanoTime())
          .as(
              "still waiting at %d of %d forecasts, %d of %d dead letters",
              reader.forecasts().size(), forecasts, reader.deadLetters().size(), deadLetters)
          .isLessThan(deadline);
      check.run();
      reader.poll(Duration.ofMillis(100));
    }
    long quietSince = System.nanoTime();
    while (System.nanoTime() - quietSince < QUIET.toNanos()) {
      if (reader.poll(Duration.ofMillis(100)) > 0) {
        quietSince = System.nanoTime();
      }
    }
    assertThat(reader.forecasts().size()).as("forecasts").isEqualTo(forecasts);
    assertThat(reader.deadLetters().size()).as("dead letters").isEqualTo(deadLetters);
  }

  /** Points by origin; fails if an origin comes twice. */
  public static Map<Instant, List<Double>> points(List<ForecastReader.Received> forecasts) {
    Map<Instant, List<Double>> points = new TreeMap<>();
    for (ForecastReader.Received received : forecasts) {
      Forecast forecast = received.forecast();
      assertThat(points.put(forecast.getOrigin(), forecast.getPoints()))
          .as("a second forecast of origin %s", forecast.getOrigin())
          .isNull();
    }
    return points;
  }

  /** Fails unless each forecast is one of the model, over a context without holes. */
  public static void checkSound(List<ForecastReader.Received> forecasts) {
    for (ForecastReader.Received received : forecasts) {
      Forecast forecast = received.forecast();
      assertThat(forecast.getSeries()).isEqualTo(DemandSeries.NAME);
      assertThat(forecast.getModelId()).isEqualTo("patchtst-uk-demand");
      assertThat(forecast.getHorizon()).isEqualTo(HORIZON);
      assertThat(forecast.getFilledCells()).isZero();
      assertThat(forecast.getFallback()).isFalse();
    }
  }

  /**
   * What the model says of every origin of the four weeks when nothing is between it and the file:
   * no Kafka, no Flink, windows cut from the rows.
   */
  public static Map<Instant, List<Double>> undisturbed() {
    DemandSeries series = DemandSeries.load();
    Map<Instant, List<Double>> points = new TreeMap<>();
    try (Forecaster forecaster =
        OnnxForecaster.open(ModelBundle.read(model()), OnnxOptions.defaults())) {
      WindowBatch windows = new WindowBatch(forecaster.spec(), 1);
      ForecastBatch forecasts = new ForecastBatch(forecaster.spec(), 1);
      float[] context = new float[CONTEXT];
      float[] point = new float[HORIZON];
      int first = DemandSeries.FIRST_VALIDATION_ROW + CONTEXT - 1;
      for (int origin = first; origin < series.rows(); origin++) {
        for (int i = 0; i < CONTEXT; i++) {
          context[i] = (float) series.value(origin - CONTEXT + 1 + i);
        }
        windows.clear();
        windows.add(Window.of(context));
        forecaster.forecast(windows, forecasts);
        forecasts.points(0, point);
        List<Double> values = new ArrayList<>();
        for (float value : point) {
          values.add((double) value);
        }
        points.put(series.time(origin), values);
      }
    }
    return points;
  }
}
