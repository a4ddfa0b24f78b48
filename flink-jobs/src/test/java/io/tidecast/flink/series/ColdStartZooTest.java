package io.tidecast.flink.series;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidecast.flink.ForecastJob;
import io.tidecast.flink.config.JobConfig;
import io.tidecast.flink.inference.InferenceOptions;
import io.tidecast.flink.inference.TestingInference;
import io.tidecast.flink.model.ForecasterFactory;
import io.tidecast.flink.record.ForecastTask;
import io.tidecast.flink.record.IssuedForecast;
import io.tidecast.flink.testing.Samples;
import io.tidecast.runtime.manifest.ForecasterSpec;
import io.tidecast.runtime.windows.ForecastBatch;
import io.tidecast.runtime.windows.Forecaster;
import io.tidecast.runtime.windows.Window;
import io.tidecast.runtime.windows.WindowBatch;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A model of the zoo that pads forecasts a series from its third day on. */
@Tag("zoo")
@Timeout(120)
class ColdStartZooTest {

  private static final int DAY = 24;
  private static final long HOUR = 3_600_000;

  @Test
  void shouldForecastAYoungSeriesAsTheModelDoesByItself() throws Exception {
    Path path = Path.of(System.getProperty("tidecast.root"), "models/zoo/sundial-general/1");
    JobConfig config =
        Samples.config(
            "series: {step: 1h, min-context: 49, cold-start: baseline, forecast-every: 24}",
            "model: {path: '%s', max-batch-size: 4, on-failure: dead-letter}".formatted(path));
    ForecasterFactory factory = ForecastJob.model(config);
    ForecasterSpec spec = factory.spec();
    assertThat(spec.leftPadding()).isTrue();

    List<ForecastTask> requests = requests(config, spec);

    assertThat(requests)
        .extracting(ForecastTask::originMillis)
        .containsExactly(0L, 24 * HOUR, 48 * HOUR, 72 * HOUR);
    assertThat(requests)
        .extracting(ForecastTask::baseline)
        .containsExactly(true, true, false, false);
    List<ForecastTask> ofModel = requests.subList(2, 4);
    try (Forecaster model = factory.open()) {
      List<TestingInference.Outcome> outcomes =
          new TestingInference(
                  model, new InferenceOptions(config.inference(), config.series().step(), 1))
              .forecast(ofModel);
      for (int i = 0; i < 2; i++) {
        IssuedForecast forecast = outcomes.get(i).accepted();
        assertThat(forecast.filledCells()).as("the hour that is missing").isEqualTo(i);
        assertThat(forecast.points()).isEqualTo(alone(model, ofModel.get(i).originMillis()));
        for (float point : forecast.points()) {
          assertThat(point).as("of waves between 80 and 120").isBetween(50f, 150f);
        }
      }
    }
  }

  /** Four days, an hour of the last of which is missing. */
  private static List<ForecastTask> requests(JobConfig config, ForecasterSpec spec)
      throws Exception {
    WindowHarness harness = WindowHarness.start(config, spec, 1, null);
    try {
      for (int hour = 0; hour < 4 * DAY; hour++) {
        if (hour != 60) {
          harness.observe(Samples.measurement("young", hour * HOUR, wave(hour)));
        }
      }
      return harness.requests();
    } finally {
      harness.close();
    }
  }

  /** What the model says of the hours up to one, with nothing known of those before. */
  private static float[] alone(Forecaster model, long originMillis) {
    int last = (int) (originMillis / HOUR);
    float[] context = new float[model.spec().contextSize()];
    Arrays.fill(context, Float.NaN);
    for (int hour = 0; hour <= last; hour++) {
      context[context.length - 1 - last + hour] = wave(hour == 60 ? 59 : hour);
    }
    WindowBatch windows = new WindowBatch(model.spec(), 1);
    windows.add(new Window("young", originMillis, HOUR, context));
    ForecastBatch forecasts = new ForecastBatch(model.spec(), 1);
    model.forecast(windows, forecasts);
    float[] points = new float[model.spec().pointsSize()];
    forecasts.points(0, points);
    return points;
  }

  private static float wave(int hour) {
    return (float) (100 + 20 * Math.sin(2 * Math.PI * hour / DAY));
  }
}
