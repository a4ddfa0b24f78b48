package io.tidecast.flink;

import io.tidecast.flink.config.ConfigRules;
import io.tidecast.flink.config.JobConfig;
import io.tidecast.flink.config.JobConfig.Fill;
import io.tidecast.flink.grid.GridStep;
import io.tidecast.flink.series.SeriesGrid;
import io.tidecast.runtime.manifest.ForecasterInputs;
import io.tidecast.runtime.manifest.ForecasterSpec;
import io.tidecast.runtime.manifest.TensorRole;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** What must hold between the job file and the model. */
public final class ModelRules {

  /** Beyond this, the state of one series is a mistake rather than a wish. */
  private static final long MAX_RING_BYTES = 64L << 20;

  /** Beyond this, the buffers of a batch do not fit a task manager of Flink's default memory. */
  private static final long MAX_BATCH_BYTES = 64L << 20;

  /** What a forecast takes in Kafka beside its numbers. */
  private static final long FORECAST_OVERHEAD_BYTES = 16L * 1024;

  /** What the name of a target takes, on average. */
  private static final long TARGET_NAME_BYTES = 64;

  private static final List<Duration> NATURAL_SEASONS =
      List.of(Duration.ofDays(7), Duration.ofDays(1));

  private ModelRules() {}

  public static List<String> problems(JobConfig config, ForecasterSpec spec) {
    List<String> problems = new ArrayList<>();
    JobConfig.Series series = config.series();
    int ahead = spec.inputs().futureCovariates();
    if (config.source().channels() != null && spec.channels() - ahead != 1) {
      problems.add(
          "must be joint for a model of %d channels: series.channel-mode=independent"
              .formatted(spec.channels() - ahead));
    } else if (series.channels() != spec.channels() - ahead) {
      problems.add(
          "must be the model's %d%s: series.channels=%d"
              .formatted(
                  spec.channels(),
                  ahead == 0 ? "" : " less its %d future covariates".formatted(ahead),
                  series.channels()));
    }
    if (SeriesGrid.bytes(config, spec.contextLength()) > MAX_RING_BYTES) {
      problems.add(
          "must keep less than %d bytes for each series: %s"
              .formatted(MAX_RING_BYTES, whatMakesRingsLarge(config, spec)));
    }
    checkMinContext(series.coldStart().minContext(), spec, problems);
    Integer fillSeason = series.gaps().seasonCells();
    if (series.gaps().fill() == Fill.SEASONAL && fillSeason == null) {
      if (fillSeasonCells(config, spec) == 0) {
        problems.add(
            "must be given, since neither a week nor a day is a number of cells below the %d of a context:"
                    .formatted(spec.contextLength())
                + " series.fill-season=null");
      }
    } else if (series.gaps().fill() == Fill.SEASONAL && fillSeason >= spec.contextLength()) {
      problems.add(
          "must be less than the %d cells of a context: series.fill-season=%d"
              .formatted(spec.contextLength(), fillSeason));
    }
    if (readsMonths(series.step(), spec)) {
      problems.add(
          "must be P1D, P1W or a duration for a model that is given the calendar: series.step=P1M");
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
              .formatted(series.step().length(), spec.contextLength(), season));
    }
    return problems;
  }

  private static void checkMinContext(
      Integer minContext, ForecasterSpec spec, List<String> problems) {
    if (minContext == null) {
      return;
    }
    if (minContext > spec.contextLength()) {
      problems.add(
          "must be no more than the %d cells of a context: series.min-context=%d"
              .formatted(spec.contextLength(), minContext));
    } else if (minContext < spec.contextLength() && !spec.leftPadding()) {
      problems.add(
          "must be the %d cells of a context for a model without left padding; for forecasts from fewer, use series.cold-start=baseline: series.min-context=%d"
              .formatted(spec.contextLength(), minContext));
    }
  }

  private static String whatMakesRingsLarge(JobConfig config, ForecasterSpec spec) {
    JobConfig.Series series = config.series();
    String room =
        "source.max-out-of-orderness=%s, series.allowed-lateness=%s, series.step=%s, series.channels=%d, context length=%d"
            .formatted(
                config.source().maxOutOfOrderness(),
                series.lateness().allowed(),
                series.step().length(),
                series.channels(),
                spec.contextLength());
    if (series.cells().keepsObservations()) {
      room += ", series.max-observations=" + series.cells().maxObservations();
    }
    if (series.lateness().reissue()) {
      room += ", series.reissue-origins=" + series.lateness().reissueOrigins();
    }
    return room;
  }

  /** Months are not as far apart as features of the calendar are made for. */
  private static boolean readsMonths(GridStep step, ForecasterSpec spec) {
    ForecasterInputs inputs = spec.inputs();
    return step.unit() == GridStep.Unit.MONTH
        && !(inputs.contextTimeFeatures().isEmpty() && inputs.futureTimeFeatures().isEmpty());
  }

  /** The baseline's season in steps. */
  static int seasonSteps(JobConfig config, ForecasterSpec spec) {
    Duration step = config.series().step().length();
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

  /**
   * The season that gaps are filled by where the configuration names none: a week or a day, shorter
   * than the context, since a gap is filled from another season of it. 0 where neither is.
   */
  public static int fillSeasonCells(JobConfig config, ForecasterSpec spec) {
    Duration step = config.series().step().length();
    return NATURAL_SEASONS.stream()
        .filter(natural -> fits(natural, config, spec))
        .mapToInt(natural -> Math.toIntExact(natural.dividedBy(step)))
        .filter(cells -> cells > 1 && cells < spec.contextLength())
        .findFirst()
        .orElse(0);
  }

  private static boolean fits(Duration season, JobConfig config, ForecasterSpec spec) {
    Duration step = config.series().step().length();
    return season.toMillis() % step.toMillis() == 0
        && season.dividedBy(step) <= spec.contextLength();
  }

  private static void checkRecordSize(
      JobConfig config, ForecasterSpec spec, List<String> problems) {
    long bytes =
        FORECAST_OVERHEAD_BYTES
            + TARGET_NAME_BYTES * spec.targets().size()
            + Double.BYTES
                * ((long) spec.pointsSize() + spec.quantilesSize() + spec.quantileLevels().size());
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
