package io.tidecast.flink;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidecast.flink.inference.ForecastHarness;
import io.tidecast.flink.inference.InferenceOptions;
import io.tidecast.flink.inference.InferenceSettings;
import io.tidecast.flink.inference.OnFailure;
import io.tidecast.flink.model.ForecasterFactory;
import io.tidecast.flink.model.SharedOnnxModel;
import io.tidecast.flink.record.ForecastTask;
import io.tidecast.flink.record.IssuedForecast;
import io.tidecast.flink.sink.record.ForecastRecords;
import io.tidecast.flink.sink.record.WrittenRecords;
import io.tidecast.flink.testing.Samples;
import io.tidecast.flink.testing.TestingMetrics;
import io.tidecast.runtime.bundle.ModelBundle;
import io.tidecast.runtime.grid.GridStep;
import io.tidecast.runtime.onnx.OnnxOptions;
import io.tidecast.schemas.AvroCodec;
import io.tidecast.schemas.Forecast;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A joint model of two targets with three levels each, from the graph to the topic. */
@Timeout(60)
class JointForecastTest {

  private static final ForecastRecords RECORDS =
      new ForecastRecords(
          WrittenRecords.sink("out"), GridStep.fixed(Duration.ofMinutes(60)), new double[0]);

  private static final Duration TIMEOUT = Duration.ofSeconds(30);

  /** Channels a and b, newest cells 11 and 12; b is forecast first. */
  private static final float[] CONTEXT = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12};

  @Test
  void shouldWriteQuantilesOfEachTarget() throws Exception {
    List<Forecast> forecasts =
        run(
            new ForecastTask("a", 0, CONTEXT, 0, 0),
            new ForecastTask("a", 0, CONTEXT, 0, 0).upTo(2));

    Forecast whole = forecasts.get(0);
    assertThat(whole.getChannels()).isEqualTo(2);
    assertThat(whole.getTargets()).containsExactly("b", "a");
    assertThat(whole.getQuantileLevels()).containsExactly(0.1, 0.5, 0.9);
    assertThat(whole.getPoints()).containsExactly(12.0, 11.0, 13.0, 12.0, 14.0, 13.0, 15.0, 14.0);
    assertThat(whole.getQuantiles())
        .hasSize(4 * 2 * 3)
        .startsWith(11.0, 12.0, 13.0, 1.0, 11.0, 21.0, 12.0, 13.0, 14.0, 2.0, 12.0, 22.0);
    Forecast shorter = forecasts.get(1);
    assertThat(shorter.getPoints()).isEqualTo(whole.getPoints().subList(0, 4));
    assertThat(shorter.getQuantiles()).isEqualTo(whole.getQuantiles().subList(0, 12));
  }

  @Test
  void shouldNameTheTargetsOfABaselineWithoutLevels() throws Exception {
    Forecast fallback = run(new ForecastTask("a", 0, CONTEXT, 0, 0, true, null)).get(0);

    assertThat(fallback.getModelId()).isEqualTo("seasonal-naive");
    assertThat(fallback.getTargets()).containsExactly("b", "a");
    assertThat(fallback.getPoints())
        .containsExactly(12.0, 11.0, 12.0, 11.0, 12.0, 11.0, 12.0, 11.0);
    assertThat(fallback.getQuantileLevels()).isEmpty();
    assertThat(fallback.getQuantiles()).isEmpty();
  }

  private static List<Forecast> run(ForecastTask... tasks) throws Exception {
    List<Forecast> forecasts = new ArrayList<>();
    for (IssuedForecast forecast : issued(tasks)) {
      byte[] bytes = WrittenRecords.of(RECORDS, new TestingMetrics(), forecast).get(0).value();
      forecasts.add(AvroCodec.forecasts().decode(bytes));
    }
    return forecasts;
  }

  private static List<IssuedForecast> issued(ForecastTask... tasks) throws Exception {
    Path folder = Path.of(JointForecastTest.class.getResource("joint-quantiles").toURI());
    ForecasterFactory model =
        new SharedOnnxModel(ModelBundle.read(folder), OnnxOptions.defaults(), 4);
    InferenceOptions options =
        new InferenceOptions(
            new InferenceSettings(4, OnFailure.DEAD_LETTER, 0, TIMEOUT), Samples.GRID_STEP, 1);
    try (ForecastHarness harness = ForecastHarness.start(model, options, null)) {
      harness.process(List.of(tasks));
      harness.end();
      return harness.forecasts();
    }
  }
}
