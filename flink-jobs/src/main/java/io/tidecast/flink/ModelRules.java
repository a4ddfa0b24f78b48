package io.tidecast.flink;

import io.tidecast.runtime.ForecasterSpec;
import io.tidecast.runtime.TensorRole;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** What must hold between the job file and the model. */
final class ModelRules {

  /** Beyond this, the state of one series is a mistake rather than a wish. */
  private static final long MAX_RING_BYTES = 64L << 20;

  /** Beyond this, the buffers of a batch do not fit a task manager of Flink's default memory. */
  private static final long MAX_BATCH_BYTES = 64L << 20;

  /** What a forecast takes in Kafka beside its numbers. */
  private static final long FORECAST_OVERHEAD_BYTES = 16L * 1024;

  private static final List<Duration> NATURAL_SEASONS =
      List.of(Duration.ofDays(7), Duration.ofDays(1));

  private ModelRules() {}

  static List<String> problems(JobConfig config, ForecasterSpec spec) {
    List<String> problems = new ArrayList<>();
    JobConfig.Series series = config.series();
    if (series.channels() != spec.channels()) {
      problems.add(
          "must be the model's %d: series.channels=%d"
              .formatted(spec.channels(), series.channels()));
    }
    if (spec.inputs().futureCovariates() > 0) {
      problems.add(
          "must be a model without future covariates, which a job cannot feed yet, this one takes %d:"
                  .formatted(spec.inputs().futureCovariates())
              + " model.path=%s".formatted(config.model().path()));
    }
    long openCells = config.source().maxOutOfOrderness().dividedBy(series.step());
    long ringBytes = (spec.contextLength() + openCells) * series.channels() * Float.BYTES;
    if (ringBytes > MAX_RING_BYTES) {
      problems.add(
          "must keep less than %d bytes for each series: source.max-out-of-orderness=%s,"
                  .formatted(MAX_RING_BYTES, config.source().maxOutOfOrderness())
              + " series.step=%s, series.channels=%d, context length=%d"
                  .formatted(series.step(), series.channels(), spec.contextLength()));
    }
    long batchBytes =
        Stream.of(TensorRole.values()).mapToLong(spec::size).sum()
            * Float.BYTES
            * config.model().maxBatchSize();
    if (batchBytes > MAX_BATCH_BYTES) {
      problems.add(
          "must need no more than %d bytes of buffers, needs %d: model.max-batch-size=%d"
              .formatted(MAX_BATCH_BYTES, batchBytes, config.model().maxBatchSize()));
    }
    checkRecordSize(config, spec, problems);
    Duration season = config.model().season();
    if (season != null && !fits(season, config, spec)) {
      problems.add(
          "must be a multiple of series.step=%s, no longer than %d steps: model.season=%s"
              .formatted(series.step(), spec.contextLength(), season));
    }
    return problems;
  }

  /** The baseline's season in steps. */
  static int seasonSteps(JobConfig config, ForecasterSpec spec) {
    Duration step = config.series().step();
    Duration season = config.model().season();
    if (season == null) {
      season =
          NATURAL_SEASONS.stream()
              .filter(natural -> fits(natural, config, spec))
              .findFirst()
              .orElse(step);
    }
    return Math.toIntExact(season.dividedBy(step));
  }

  private static boolean fits(Duration season, JobConfig config, ForecasterSpec spec) {
    Duration step = config.series().step();
    return season.toMillis() % step.toMillis() == 0
        && season.dividedBy(step) <= spec.contextLength();
  }

  private static void checkRecordSize(
      JobConfig config, ForecasterSpec spec, List<String> problems) {
    long bytes =
        FORECAST_OVERHEAD_BYTES
            + Float.BYTES * ((long) spec.pointsSize() + spec.quantilesSize())
            + Double.BYTES * (long) spec.quantileLevels().size();
    String limit =
        config
            .kafka()
            .properties()
            .getOrDefault(ConfigRules.MAX_REQUEST_SIZE, "" + ConfigRules.DEFAULT_MAX_REQUEST_BYTES);
    if (bytes > Long.parseLong(limit)) {
      problems.add(
          "must be at least the %d bytes of one forecast of this model: kafka.properties.%s=%s"
              .formatted(bytes, ConfigRules.MAX_REQUEST_SIZE, limit));
    }
  }
}
