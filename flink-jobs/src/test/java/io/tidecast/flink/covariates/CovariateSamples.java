package io.tidecast.flink.covariates;

import io.tidecast.flink.config.JobConfig;
import io.tidecast.flink.model.ModelChannels;
import io.tidecast.flink.record.ForecastTask;
import io.tidecast.flink.record.Measurement;
import io.tidecast.flink.series.ContextNeeds;
import io.tidecast.flink.series.SeriesGrid;
import io.tidecast.flink.testing.Samples;
import io.tidecast.flink.testing.TestingModel;
import io.tidecast.runtime.grid.GridStep;
import io.tidecast.runtime.manifest.ForecasterInputs;
import io.tidecast.runtime.manifest.ForecasterSpec;
import java.time.Duration;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * A model of the channels load, wind and hour, of which wind and hour are known ahead and taken in
 * the other order: three cells of context, two ahead, of a minute each.
 */
public final class CovariateSamples {

  public static final long STEP = 60_000;
  public static final ForecasterSpec SPEC =
      new ForecasterSpec(
          "m",
          "1",
          3,
          2,
          3,
          List.of(0),
          new ForecasterInputs(2, List.of(), List.of(), 0),
          List.of());
  public static final ModelChannels MODEL =
      new ModelChannels(List.of("load", "wind", "hour"), List.of("hour", "wind"));

  private CovariateSamples() {}

  /**
   * @param keys of {@code covariates} beside those that every test has
   */
  public static JobConfig config(String keys) {
    return config(keys, "");
  }

  /**
   * @param source the section of observations, or empty
   */
  public static JobConfig config(String keys, String source) {
    String covariates =
        "covariates: {topic: weather, names: wind, calendar: {hour: hour}%s%s}"
            .formatted(
                keys.isEmpty() ? "" : ", " + keys, keys.contains("wait:") ? "" : ", wait: 0s");
    String series = "series: {step: 1min, max-filled-cells: 1, fill: linear}";
    return source.isEmpty()
        ? Samples.config(series, covariates)
        : Samples.config(series, covariates, source);
  }

  static CovariateMerge merge(JobConfig config) {
    List<String> names = MODEL.futureCovariates();
    return new CovariateMerge(
        new CovariateSources(config.covariates(), config.series().step(), names),
        config.series(),
        ContextNeeds.of(config.series().coldStart(), SPEC.contextLength(), 0),
        new TestingModel(SPEC, MODEL, windows -> {}));
  }

  static CovariateGrid grid(JobConfig config) {
    CovariateSettings.Feed feed = config.covariates().feed();
    return CovariateGrid.of(
        config.series().step(),
        feed,
        feed.maxFuture() == null ? Duration.ofDays(30).plusHours(1) : feed.maxFuture(),
        SeriesGrid.of(config.series(), SPEC.contextLength()).capacity());
  }

  static LateCovariates late() {
    return new LateCovariates(GridStep.fixed(Duration.ofMillis(STEP)), () -> Samples.NOW);
  }

  /** For the forecast after a minute, from three loads. */
  static ForecastTask request(String series, long origin, float... loads) {
    return new ForecastTask(series, origin * STEP, loads, 0, 0);
  }

  static Measurement wind(String key, long minute, float value) {
    return Samples.measurement(key, minute * STEP, value);
  }

  /** Such as {@code a 5: 1/50/0 2/51/0 3/52/0 -> 0/53 0/54}, or {@code a 5: baseline 1 2 3}. */
  static String text(ForecastTask request) {
    String head =
        "%s %d%s: "
            .formatted(
                request.series(),
                request.originMillis() / STEP,
                request.filledCells() == 0 ? "" : " filled " + request.filledCells());
    if (request.baseline()) {
      float[] context = request.context();
      return head
          + "baseline "
          + IntStream.of(0, 3, 6).mapToObj(i -> shown(context[i])).collect(Collectors.joining(" "));
    }
    return head + rows(request.context(), 3) + " -> " + rows(request.futureCovariates(), 2);
  }

  private static String rows(float[] values, int width) {
    return IntStream.range(0, values.length)
        .mapToObj(i -> (i == 0 ? "" : i % width == 0 ? " " : "/") + shown(values[i]))
        .collect(Collectors.joining());
  }

  private static String shown(float value) {
    return value == Math.rint(value) ? String.valueOf((int) value) : String.valueOf(value);
  }
}
