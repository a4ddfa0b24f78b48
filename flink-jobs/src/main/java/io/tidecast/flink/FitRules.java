package io.tidecast.flink;

import static java.util.Objects.requireNonNull;

import io.tidecast.flink.grid.SeasonRule;
import io.tidecast.flink.model.ModelChannels;
import io.tidecast.flink.model.VersionFit;
import io.tidecast.runtime.grid.GridStep;
import io.tidecast.runtime.manifest.ForecasterInputs;
import io.tidecast.runtime.manifest.ForecasterSpec;
import io.tidecast.runtime.manifest.ModelManifest;
import io.tidecast.runtime.manifest.TensorRole;
import java.io.Serializable;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What a job gives the models of one slot and expects of them. It holds for the model that the slot
 * begins with and for every version that comes later.
 *
 * @param series what is observed, and how much of it a window has
 * @param slot what the slot asks for
 * @param covariates what is known ahead
 * @param records what a forecast becomes
 * @param maxBatchSize windows of a run at most
 */
record FitRules(Series series, Slot slot, Covariates covariates, Records records, int maxBatchSize)
    implements VersionFit {

  /** Beyond this, the buffers of a batch do not fit a task manager of Flink's default memory. */
  private static final long MAX_BATCH_BYTES = 64L << 20;

  /** What a forecast takes in Kafka beside its numbers. */
  private static final long FORECAST_OVERHEAD_BYTES = 16L * 1024;

  /** What the name of a target takes, on average. */
  private static final long TARGET_NAME_BYTES = 64;

  FitRules {
    requireNonNull(series, "series is null");
    requireNonNull(slot, "slot is null");
    requireNonNull(covariates, "covariates is null");
    requireNonNull(records, "records is null");
  }

  /**
   * The series of the job.
   *
   * @param channels that are observed of each
   * @param independent whether each channel of a record is a series of its own
   * @param step from one cell to the next
   * @param contextCells that a window has; a model takes the newest of them
   */
  record Series(int channels, boolean independent, GridStep step, int contextCells)
      implements Serializable {}

  /**
   * What the slot says.
   *
   * @param horizon steps that are wanted; null for those of the model
   * @param horizonKey that says so
   * @param minContext cells from which on the model is asked; null for those of its context
   * @param minContextKey that says so
   * @param seasons what is repeated where there is no model, or no value
   */
  record Slot(
      @Nullable Integer horizon,
      String horizonKey,
      @Nullable Integer minContext,
      String minContextKey,
      Seasons seasons)
      implements Serializable {}

  /**
   * Times that values are repeated after.
   *
   * @param baseline of the baseline
   * @param fills whether gaps are filled from the season before
   * @param fillCells of that, as the job file has it; null where it has none
   */
  record Seasons(SeasonRule baseline, boolean fills, @Nullable Integer fillCells)
      implements Serializable {}

  /**
   * The values that are known ahead.
   *
   * @param provided names of those that the job has, each with the key that says so
   * @param taken by the models of the job, among their channels; null where nothing has been taken
   *     yet
   * @param cells ahead that there are values for; null where nothing has been taken yet
   * @param maxFuture how far ahead values may lie; null where no topic has any
   */
  record Covariates(
      Map<String, String> provided,
      @Nullable ModelChannels taken,
      @Nullable Integer cells,
      @Nullable Duration maxFuture)
      implements Serializable {

    Covariates {
      provided = new TreeMap<>(provided);
    }
  }

  /**
   * The records of forecasts.
   *
   * @param whole whether a record is a whole forecast, and not one point of it
   * @param numberBytes of one number at most
   * @param maxBytes of a record
   * @param maxBytesKey that says so
   * @param mixedLevels how many quantiles mixed forecasts have; 0 where there are none of those
   * @param columns quantile levels that have a column each; null where records name their levels
   */
  record Records(
      boolean whole,
      int numberBytes,
      long maxBytes,
      String maxBytesKey,
      int mixedLevels,
      @Nullable List<Double> columns)
      implements Serializable {

    /** The largest record of a model's forecasts, bytes: its numbers and what is around. */
    long bytes(ForecasterSpec spec) {
      long levels = Math.max(mixedLevels, spec.quantileLevels().size());
      long numbers = whole ? spec.pointsSize() * (1 + levels) + levels : 1 + 2 * levels;
      long names = whole ? spec.targets().size() : 1 + 2 * levels;
      return FORECAST_OVERHEAD_BYTES + TARGET_NAME_BYTES * names + numberBytes * numbers;
    }
  }

  @Override
  public int horizon(ModelManifest manifest) {
    return slot.horizon == null
        ? manifest.predictionLength()
        : Math.min(slot.horizon, manifest.longestHorizon());
  }

  @Override
  public List<String> problems(ModelManifest manifest) {
    List<String> problems = new ArrayList<>(horizonProblems(manifest));
    problems.addAll(problems(manifest.spec(horizon(manifest)), ModelChannels.of(manifest)));
    if (!manifest.takes(series.step)) {
      problems.add(
          "must be the model's %s: series.step=%s".formatted(manifest.step(), series.step.text()));
    }
    return problems;
  }

  private List<String> horizonProblems(ModelManifest manifest) {
    int longest = manifest.longestHorizon();
    if (slot.horizon == null || slot.horizon <= longest) {
      return List.of();
    }
    String reason =
        manifest.rollout() == null
            ? "its prediction length, since its manifest declares no rollout"
            : "the rollout that its manifest declares";
    return List.of(
        "must be within 1..%d, %s: %s=%d"
            .formatted(longest, reason, slot.horizonKey, slot.horizon));
  }

  /**
   * What is wrong between the job and a model whose horizon is chosen already, a sentence each.
   *
   * @param spec of the model
   * @param model its channels
   */
  List<String> problems(ForecasterSpec spec, ModelChannels model) {
    List<String> problems = new ArrayList<>(modelProblems(spec));
    problems.addAll(covariateProblems(spec, model));
    return problems;
  }

  /** The same of all but the names of what is known ahead. */
  List<String> modelProblems(ForecasterSpec spec) {
    List<String> problems = new ArrayList<>();
    checkChannels(spec, problems);
    if (spec.contextLength() > series.contextCells) {
      problems.add(
          "must be at least the %d cells of the model's context, and a running job takes up another number when it is started again from a savepoint: series.context=%d"
              .formatted(spec.contextLength(), series.contextCells));
    }
    checkMinContext(spec, problems);
    checkSeasons(spec, problems);
    if (series.step.isUneven() && readsCalendar(spec.inputs())) {
      problems.add(
          "must be P1D, P1W or a duration for a model that is given the calendar: series.step=%s"
              .formatted(series.step.text()));
    }
    long batchBytes =
        Stream.of(TensorRole.values()).mapToLong(spec::size).sum() * Float.BYTES * maxBatchSize;
    if (batchBytes > MAX_BATCH_BYTES) {
      problems.add(
          "must need no more than %d bytes of buffers, needs %d: model.max-batch-size=%d"
              .formatted(MAX_BATCH_BYTES, batchBytes, maxBatchSize));
    }
    checkRecords(spec, problems);
    return problems;
  }

  private void checkChannels(ForecasterSpec spec, List<String> problems) {
    int ahead = spec.inputs().futureCovariates();
    if (series.independent && spec.channels() - ahead != 1) {
      problems.add(
          "must be joint for a model of %d channels: series.channel-mode=independent"
              .formatted(spec.channels() - ahead));
    } else if (series.channels != spec.channels() - ahead) {
      problems.add(
          "must be the model's %d%s: series.channels=%d"
              .formatted(
                  spec.channels(),
                  ahead == 0 ? "" : " less its %d future covariates".formatted(ahead),
                  series.channels));
    }
  }

  private void checkMinContext(ForecasterSpec spec, List<String> problems) {
    Integer cells = slot.minContext;
    if (cells == null) {
      return;
    }
    if (cells > spec.contextLength()) {
      problems.add(
          "must be no more than the %d cells of a context: %s=%d"
              .formatted(spec.contextLength(), slot.minContextKey, cells));
    } else if (cells < spec.contextLength() && !spec.leftPadding()) {
      problems.add(
          "must be the %d cells of a context for a model without left padding; for forecasts from fewer, use series.cold-start=baseline: %s=%d"
              .formatted(spec.contextLength(), slot.minContextKey, cells));
    }
  }

  private void checkSeasons(ForecasterSpec spec, List<String> problems) {
    Seasons seasons = slot.seasons;
    if (seasons.fills && seasons.fillCells == null) {
      if (fillCells(seasons.baseline, spec) == 0) {
        problems.add(
            "must be given, since neither a week nor a day is a number of cells below the %d of a context:"
                    .formatted(spec.contextLength())
                + " series.fill-season=null");
      }
    } else if (seasons.fills
        && seasons.fillCells != null
        && seasons.fillCells >= spec.contextLength()) {
      problems.add(
          "must be less than the %d cells of a context: series.fill-season=%d"
              .formatted(spec.contextLength(), seasons.fillCells));
    }
    Duration given = seasons.baseline.given();
    if (given != null && !seasons.baseline.fits(given, spec.contextLength())) {
      problems.add(
          "must be a multiple of series.step=%s, no longer than %d steps: model.season=%s"
              .formatted(series.step, spec.contextLength(), given));
    }
  }

  /**
   * The season that gaps of a context are filled by where the job file names none: a year of
   * months, a week or a day, shorter than the context, since a gap is filled from another season of
   * it. 0 where neither is.
   */
  static int fillCells(SeasonRule rule, ForecasterSpec spec) {
    return SeasonRule.NATURAL.stream()
        .filter(season -> rule.fits(season, spec.contextLength()))
        .mapToInt(season -> Math.toIntExact(season.dividedBy(rule.step())))
        .filter(cells -> cells > 1 && cells < spec.contextLength())
        .findFirst()
        .orElse(0);
  }

  /** Months are not as far apart as features of the calendar are made for. */
  private static boolean readsCalendar(ForecasterInputs inputs) {
    return !(inputs.contextTimeFeatures().isEmpty() && inputs.futureTimeFeatures().isEmpty());
  }

  private void checkRecords(ForecasterSpec spec, List<String> problems) {
    long bytes = records.bytes(spec);
    if (bytes > records.maxBytes) {
      problems.add(
          "must be at least the %d bytes of one forecast of this model: %s=%s"
              .formatted(bytes, records.maxBytesKey, records.maxBytes));
    }
    if (records.columns != null && !records.columns.equals(spec.quantileLevels())) {
      problems.add(
          "must be a format whose points list their quantile levels, such as avro, for a model with the levels %s beside one with %s, which are columns of each point: sink.layout=points, sink.format"
              .formatted(spec.quantileLevels(), records.columns));
    }
  }

  /** What is wrong between the job and the covariates that a model takes. */
  List<String> covariateProblems(ForecasterSpec spec, ModelChannels model) {
    List<String> problems = new ArrayList<>();
    List<String> names = model.futureCovariates();
    if (names.size() != spec.inputs().futureCovariates()) {
      problems.add(
          "must be a model that names the %d channels that it takes ahead: model.path"
              .formatted(spec.inputs().futureCovariates()));
      return problems;
    }
    for (String name : names) {
      if (!covariates.provided.containsKey(name)) {
        problems.add(
            "must be in covariates.names or covariates.calendar, for the model takes it ahead: %s"
                .formatted(name));
      }
    }
    covariates.provided.forEach(
        (name, key) -> {
          if (!names.contains(name)) {
            problems.add(
                "must be among what the model takes ahead, %s: %s=%s".formatted(names, key, name));
          }
        });
    checkAhead(spec, model, problems);
    return problems;
  }

  private void checkAhead(ForecasterSpec spec, ModelChannels model, List<String> problems) {
    Duration horizon = series.step.length().multipliedBy(spec.predictionLength());
    if (covariates.maxFuture != null && covariates.maxFuture.compareTo(horizon) < 0) {
      problems.add(
          "must be at least the horizon, %s: covariates.max-future=%s"
              .formatted(horizon, covariates.maxFuture));
    }
    ModelChannels taken = covariates.taken;
    if (!problems.isEmpty() || taken == null || model.futureCovariates().isEmpty()) {
      return;
    }
    if (!places(model).equals(places(taken))) {
      problems.add(
          "must be a model whose channels have the covariates where those of model.path have them, %s: its channels are %s"
              .formatted(taken.names(), model.names()));
    }
    if (covariates.cells != null && covariates.cells < spec.predictionLength()) {
      problems.add(
          "must be a model that is given covariates for no more than the %d steps that the job has them ahead: it takes %d"
              .formatted(covariates.cells, spec.predictionLength()));
    }
  }

  /** How many channels there are, and where each covariate is among them. */
  private static List<Integer> places(ModelChannels model) {
    List<Integer> places = new ArrayList<>();
    places.add(model.names().size());
    for (String name : model.futureCovariates()) {
      places.add(model.names().indexOf(name));
    }
    return places;
  }
}
