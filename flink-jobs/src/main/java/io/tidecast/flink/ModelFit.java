package io.tidecast.flink;

import io.tidecast.flink.config.JobConfig;
import io.tidecast.flink.covariates.CovariateGrid;
import io.tidecast.flink.covariates.CovariateSettings;
import io.tidecast.flink.covariates.CovariateSettings.Feed;
import io.tidecast.flink.grid.Fill;
import io.tidecast.flink.grid.GridStep;
import io.tidecast.flink.grid.SeasonRule;
import io.tidecast.flink.kafka.ClientKind;
import io.tidecast.flink.kafka.KafkaSettings;
import io.tidecast.flink.model.ModelChannels;
import io.tidecast.flink.series.SeriesGrid;
import io.tidecast.flink.series.SeriesSettings;
import io.tidecast.flink.sink.Layout;
import io.tidecast.flink.sink.SinkSettings;
import io.tidecast.runtime.manifest.ForecasterInputs;
import io.tidecast.runtime.manifest.ForecasterSpec;
import io.tidecast.runtime.manifest.ModelManifest;
import io.tidecast.runtime.manifest.TensorRole;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** How a model and a job fit each other: what must hold between them, and what follows. */
final class ModelFit {

  /**
   * Beyond this, the state of one series, or of its covariates, is a mistake rather than a wish.
   */
  private static final long MAX_STATE_BYTES = 64L << 20;

  /** Beyond this, the buffers of a batch do not fit a task manager of Flink's default memory. */
  private static final long MAX_BATCH_BYTES = 64L << 20;

  /** What a forecast takes in Kafka beside its numbers. */
  private static final long FORECAST_OVERHEAD_BYTES = 16L * 1024;

  /** What the name of a target takes, on average. */
  private static final long TARGET_NAME_BYTES = 64;

  private static final Duration NATURAL_MAX_FUTURE = Duration.ofDays(30);

  private ModelFit() {}

  /** What is wrong between a job and a model of a given horizon, a sentence each. */
  static List<String> problems(JobConfig config, ForecasterSpec spec, ModelChannels channels) {
    List<String> problems = new ArrayList<>(modelProblems(config, spec));
    problems.addAll(covariateProblems(config, spec, channels));
    return problems;
  }

  static List<String> modelProblems(JobConfig config, ForecasterSpec spec) {
    List<String> problems = new ArrayList<>();
    SeriesSettings series = config.series();
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
    if (SeriesGrid.bytes(config.series(), spec.contextLength()) > MAX_STATE_BYTES) {
      problems.add(
          "must keep less than %d bytes for each series: %s"
              .formatted(MAX_STATE_BYTES, whatMakesRingsLarge(config, spec)));
    }
    checkMinContext(series.coldStart().minContext(), spec, problems);
    Integer fillSeason = series.gaps().seasonCells();
    boolean seasonal = series.gaps().fill() == Fill.SEASONAL;
    if (seasonal && fillSeason == null) {
      if (fillSeasonCells(config, spec) == 0) {
        problems.add(
            "must be given, since neither a week nor a day is a number of cells below the %d of a context:"
                    .formatted(spec.contextLength())
                + " series.fill-season=null");
      }
    } else if (seasonal && fillSeason != null && fillSeason >= spec.contextLength()) {
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
            * config.inference().batches().maxSize();
    if (batchBytes > MAX_BATCH_BYTES) {
      problems.add(
          "must need no more than %d bytes of buffers, needs %d: model.max-batch-size=%d"
              .formatted(MAX_BATCH_BYTES, batchBytes, config.inference().batches().maxSize()));
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
      @Nullable Integer minContext, ForecasterSpec spec, List<String> problems) {
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
    SeriesSettings series = config.series();
    String room =
        "source.max-out-of-orderness=%s, series.allowed-lateness=%s, series.step=%s, series.channels=%d, context length=%d"
            .formatted(
                series.lateness().maxOutOfOrderness(),
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

  /** What the season of the baseline is. */
  static SeasonRule seasonRule(JobConfig config) {
    return new SeasonRule(config.series().step().length(), config.model().season());
  }

  /**
   * The season that gaps are filled by where the configuration names none: a week or a day, shorter
   * than the context, since a gap is filled from another season of it. 0 where neither is.
   */
  static int fillSeasonCells(JobConfig config, ForecasterSpec spec) {
    Duration step = config.series().step().length();
    return SeasonRule.NATURAL.stream()
        .filter(natural -> fits(natural, config, spec))
        .mapToInt(natural -> Math.toIntExact(natural.dividedBy(step)))
        .filter(cells -> cells > 1 && cells < spec.contextLength())
        .findFirst()
        .orElse(0);
  }

  private static boolean fits(Duration season, JobConfig config, ForecasterSpec spec) {
    return seasonRule(config).fits(season, spec.contextLength());
  }

  private static void checkRecordSize(
      JobConfig config, ForecasterSpec spec, List<String> problems) {
    long bytes = maxForecastBytes(config, spec);
    long limit = config.kafka().maxRequestBytes();
    if (bytes > limit) {
      problems.add(
          "must be at least the %d bytes of one forecast of this model: %s=%s"
              .formatted(
                  bytes,
                  config.kafka().path(ClientKind.PRODUCER, KafkaSettings.MAX_REQUEST_SIZE),
                  limit));
    }
  }

  /**
   * The largest record of the forecast topic, bytes: its numbers and what is around. A point has a
   * value and its quantiles, with their levels or in columns of a name each.
   */
  static long maxForecastBytes(JobConfig config, ForecasterSpec spec) {
    SinkSettings.Kafka sink = (SinkSettings.Kafka) config.sink();
    long levels = spec.quantileLevels().size();
    boolean whole = sink.layout() == Layout.FORECAST;
    long numbers =
        whole ? (long) spec.pointsSize() + spec.quantilesSize() + levels : 1 + 2 * levels;
    long names = whole ? spec.targets().size() : 1 + 2 * levels;
    return FORECAST_OVERHEAD_BYTES
        + TARGET_NAME_BYTES * names
        + sink.records().format().maxNumberBytes() * numbers;
  }

  /** What is wrong between the job and the covariates that a model takes. */
  static List<String> covariateProblems(
      JobConfig config, ForecasterSpec spec, ModelChannels model) {
    List<String> problems = new ArrayList<>();
    CovariateSettings covariates = config.covariates();
    if (model.futureCovariates().size() != spec.inputs().futureCovariates()) {
      problems.add(
          "must be a model that names the %d channels that it takes ahead: model.path=%s"
              .formatted(spec.inputs().futureCovariates(), config.model().path()));
      return problems;
    }
    Map<String, String> provided = new TreeMap<>();
    if (covariates.feed() != null) {
      covariates.feed().names().forEach(name -> provided.put(name, "covariates.names"));
    }
    covariates.calendar().keySet().forEach(name -> provided.put(name, "covariates.calendar"));
    for (String name : model.futureCovariates()) {
      if (!provided.containsKey(name)) {
        problems.add(
            "must be in covariates.names or covariates.calendar, for the model takes it ahead: %s"
                .formatted(name));
      }
    }
    provided.forEach(
        (name, key) -> {
          if (!model.futureCovariates().contains(name)) {
            problems.add(
                "must be among what the model takes ahead, %s: %s=%s"
                    .formatted(model.futureCovariates(), key, name));
          }
        });
    if (covariates.feed() != null) {
      checkSpan(config, covariates.feed(), spec, problems);
    }
    return problems;
  }

  private static void checkSpan(
      JobConfig config, Feed feed, ForecasterSpec spec, List<String> problems) {
    GridStep step = config.series().step();
    Duration horizon = step.length().multipliedBy(spec.predictionLength());
    Duration maxFuture = maxFuture(config, feed, spec.predictionLength());
    if (maxFuture.compareTo(horizon) < 0) {
      problems.add(
          "must be at least the horizon, %s: covariates.max-future=%s"
              .formatted(horizon, maxFuture));
    }
    // A context that is too large is refused anyway.
    boolean fits = SeriesGrid.bytes(config.series(), spec.contextLength()) <= MAX_STATE_BYTES;
    if (fits && covariateBytes(config, feed, spec, maxFuture) > MAX_STATE_BYTES) {
      problems.add(
          "must keep less than %d bytes of covariates for each key: covariates.max-future=%s, covariates.keep=%s, series.step=%s"
              .formatted(MAX_STATE_BYTES, maxFuture, feed.keep(), step.length()));
    }
  }

  private static double covariateBytes(
      JobConfig config, Feed feed, ForecasterSpec spec, Duration maxFuture) {
    int seriesCells = SeriesGrid.of(config.series(), spec.contextLength()).capacity();
    return CovariateGrid.bytes(config.series().step(), feed, maxFuture, seriesCells);
  }

  /** How far ahead of the clock the time of covariates may lie. */
  static Duration maxFuture(JobConfig config, Feed feed, int predictionLength) {
    Duration given = feed.maxFuture();
    if (given != null) {
      return given;
    }
    Duration twice = config.series().step().length().multipliedBy(2L * predictionLength);
    Duration natural = twice.compareTo(NATURAL_MAX_FUTURE) > 0 ? twice : NATURAL_MAX_FUTURE;
    // Ahead of observations that are ahead themselves.
    return natural.plus(config.source().maxFuture());
  }

  /** Against what a manifest allows. */
  static List<String> horizonProblems(JobConfig config, ModelManifest manifest) {
    Integer horizon = config.model().horizon();
    int longest = manifest.longestHorizon();
    if (horizon == null || horizon <= longest) {
      return List.of();
    }
    String reason =
        manifest.rollout() == null
            ? "its prediction length, since its manifest declares no rollout"
            : "the rollout that its manifest declares";
    return List.of(
        "must be within 1..%d, %s: model.horizon=%d".formatted(longest, reason, horizon));
  }

  /** Against a model that was given. */
  static List<String> horizonProblems(JobConfig config, ForecasterSpec spec) {
    Integer horizon = config.model().horizon();
    return horizon == null || horizon == spec.horizon()
        ? List.of()
        : List.of("must be the model's %d: model.horizon=%d".formatted(spec.horizon(), horizon));
  }

  /** Steps ahead of every forecast: what is asked for, no further than the model reaches. */
  static int horizon(JobConfig config, ModelManifest manifest) {
    Integer horizon = config.model().horizon();
    return horizon == null
        ? manifest.predictionLength()
        : Math.min(horizon, manifest.longestHorizon());
  }
}
