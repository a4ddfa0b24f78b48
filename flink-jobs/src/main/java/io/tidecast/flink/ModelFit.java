package io.tidecast.flink;

import io.tidecast.flink.config.JobConfig;
import io.tidecast.flink.covariates.CovariateGrid;
import io.tidecast.flink.covariates.CovariateSettings;
import io.tidecast.flink.covariates.CovariateSettings.Feed;
import io.tidecast.flink.gauges.GaugeSettings;
import io.tidecast.flink.grid.SeasonRule;
import io.tidecast.flink.kafka.ClientKind;
import io.tidecast.flink.kafka.KafkaSettings;
import io.tidecast.flink.model.ForecastRole;
import io.tidecast.flink.model.ForecasterFactory;
import io.tidecast.flink.model.ModelChannels;
import io.tidecast.flink.model.ModelSlot;
import io.tidecast.flink.model.ModelSlots;
import io.tidecast.flink.model.SlotSettings;
import io.tidecast.flink.series.ContextNeed;
import io.tidecast.flink.series.ContextNeeds;
import io.tidecast.flink.series.SeriesGrid;
import io.tidecast.flink.series.SeriesSettings;
import io.tidecast.flink.sink.Layout;
import io.tidecast.flink.sink.SinkSettings;
import io.tidecast.runtime.context.Fill;
import io.tidecast.runtime.grid.GridStep;
import io.tidecast.runtime.manifest.ForecasterSpec;
import io.tidecast.runtime.manifest.ModelManifest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** How models and a job fit each other: what must hold between them, and what follows. */
final class ModelFit {

  /**
   * Beyond this, the state of one series, or of its covariates, is a mistake rather than a wish.
   */
  private static final long MAX_STATE_BYTES = 64L << 20;

  private static final Duration NATURAL_MAX_FUTURE = Duration.ofDays(30);

  private final JobConfig config;

  /** The default first. */
  private final List<ForecasterSpec> specs;

  private final ModelChannels channels;

  /**
   * @param specs of the models of the job, the default first
   * @param channels of the default
   */
  private ModelFit(JobConfig config, List<ForecasterSpec> specs, ModelChannels channels) {
    this.config = config;
    this.specs = specs;
    this.channels = channels;
  }

  private static ModelFit of(JobConfig config, ForecasterSpec spec) {
    return of(config, spec, ModelChannels.UNNAMED);
  }

  private static ModelFit of(JobConfig config, ForecasterSpec spec, ModelChannels channels) {
    return new ModelFit(config, List.of(spec), channels);
  }

  private static ModelFit of(JobConfig config, ModelSlots slots) {
    return new ModelFit(
        config,
        slots.all().stream().map(slot -> slot.model().spec()).toList(),
        slots.byDefault().model().channels());
  }

  /**
   * Of models that are yet to be given the horizons that the job wants.
   *
   * @param manifests the default's first
   */
  static ModelFit of(JobConfig config, List<ModelManifest> manifests) {
    return new ModelFit(
        config,
        manifests.stream().map(ModelManifest::spec).toList(),
        ModelChannels.of(manifests.get(0)));
  }

  /**
   * What each slot asks of its models, by its name: of those that it begins with, and of others.
   */
  static Map<String, FitRules> rules(JobConfig config, ModelSlots slots) {
    ModelFit fit = of(config, slots);
    Map<String, FitRules> rules = new HashMap<>();
    for (ModelSlot slot : slots.all()) {
      rules.put(slot.name(), fit.rules(slot.name()));
    }
    return rules;
  }

  /** What a slot asks of its models. */
  FitRules rules(String slot) {
    SeriesSettings series = config.series();
    return new FitRules(
        new FitRules.Series(
            series.channels(), config.source().channels() != null, series.step(), contextCells()),
        asked(slot),
        covariates(),
        records(config, specs.get(0).quantileLevels()),
        config.inference().batches().maxSize());
  }

  private FitRules.Slot asked(String slot) {
    FitRules.Seasons seasons =
        new FitRules.Seasons(
            seasonRule(config),
            config.series().gaps().fill() == Fill.SEASONAL,
            config.series().gaps().seasonCells());
    int index = index(config, slot);
    if (index < 0) {
      return new FitRules.Slot(
          slot.equals(ModelSlot.DEFAULT) ? config.model().horizon() : null,
          "model.horizon",
          slot.equals(ModelSlot.DEFAULT) ? config.series().coldStart().minContext() : null,
          "series.min-context",
          seasons);
    }
    SlotSettings other = config.model().others().get(index);
    String entry = "models[%d].".formatted(index);
    return new FitRules.Slot(
        other.horizon(), entry + "horizon", other.minContext(), entry + "min-context", seasons);
  }

  /** Where the slot is in the list of the job file; negative for the default. */
  private static int index(JobConfig config, String slot) {
    return config.model().others().stream().map(SlotSettings::name).toList().indexOf(slot);
  }

  private FitRules.Covariates covariates() {
    CovariateSettings covariates = config.covariates();
    Map<String, String> provided = new TreeMap<>();
    Feed feed = covariates.feed();
    if (feed != null) {
      feed.names().forEach(name -> provided.put(name, "covariates.names"));
    }
    covariates.calendar().keySet().forEach(name -> provided.put(name, "covariates.calendar"));
    int ahead = cellsAhead();
    return new FitRules.Covariates(
        provided, channels, ahead, feed == null ? null : maxFuture(config, feed, ahead));
  }

  /**
   * @param levels of the default model
   */
  private static FitRules.Records records(JobConfig config, List<Double> levels) {
    SinkSettings.Kafka sink = (SinkSettings.Kafka) config.sink();
    boolean whole = sink.layout() == Layout.FORECAST;
    boolean mixed = config.mixture().isOn();
    return new FitRules.Records(
        whole,
        sink.records().format().maxNumberBytes(),
        config.kafka().maxRequestBytes(),
        config.kafka().path(ClientKind.PRODUCER, KafkaSettings.MAX_REQUEST_SIZE),
        mixed ? config.mixture().levelsBeside(levels).size() : 0,
        whole || mixed || !sink.records().format().isJson() ? null : levels);
  }

  /** Cells that covariates are known ahead for: what the default model takes. */
  private int cellsAhead() {
    return specs.get(0).predictionLength();
  }

  /** Cells of a window: what is given, or what the longest model takes. */
  int contextCells() {
    Integer given = config.series().context();
    return given == null
        ? specs.stream().mapToInt(ForecasterSpec::contextLength).max().orElseThrow()
        : given;
  }

  /** What is wrong between a job and its models, a sentence each. */
  static List<String> problems(JobConfig config, ModelSlots slots) {
    ModelFit fit = of(config, slots);
    List<String> problems = new ArrayList<>(fit.jobProblems());
    if (!config.mixture().mixes()
        && slots.all().stream().anyMatch(slot -> slot.role() == ForecastRole.MEMBER)) {
      problems.add("must be given where a model is a member: mixture.members");
    }
    for (ModelSlot slot : slots.all()) {
      FitRules rules = fit.rules(slot.name());
      ForecasterFactory model = slot.model();
      List<String> its = new ArrayList<>(rules.problems(model.spec(), model.channels()));
      its.addAll(horizonProblems(rules.slot(), model.spec()));
      problems.addAll(of(config, slot.name(), its));
    }
    return problems;
  }

  /** The same of a model that has a manifest. */
  List<String> problems(String slot, ModelManifest manifest) {
    return of(config, slot, rules(slot).problems(manifest));
  }

  /** Says of which model problems are, where it is not the default. */
  private static List<String> of(JobConfig config, String slot, List<String> problems) {
    int index = index(config, slot);
    return index < 0
        ? problems
        : problems.stream()
            .map(
                problem ->
                    "%s; models[%d].path=%s"
                        .formatted(problem, index, config.model().others().get(index).path()))
            .toList();
  }

  /** What is wrong with the job as a whole, given its models. */
  List<String> jobProblems() {
    List<String> problems = new ArrayList<>();
    int cells = contextCells();
    boolean fits = SeriesGrid.bytes(config.series(), cells) <= MAX_STATE_BYTES;
    if (!fits) {
      problems.add(
          "must keep less than %d bytes for each series: %s"
              .formatted(MAX_STATE_BYTES, whatMakesRingsLarge(cells)));
    }
    int targets = specs.stream().mapToInt(spec -> spec.targets().size()).max().orElseThrow();
    if (config.gauges().gauges(targets) > GaugeSettings.MOST_GAUGES) {
      problems.add(
          "must make at most %d metrics, one for each series, lead and target: gauges.series has %d, gauges.forecast-at has %d, targets=%d"
              .formatted(
                  GaugeSettings.MOST_GAUGES,
                  config.gauges().series().size(),
                  config.gauges().leads().size(),
                  targets));
    }
    Feed feed = config.covariates().feed();
    // A context that is too large is refused anyway.
    if (feed != null && fits) {
      Duration maxFuture = maxFuture(config, feed, cellsAhead());
      int seriesCells = SeriesGrid.of(config.series(), cells).capacity();
      GridStep step = config.series().step();
      if (CovariateGrid.bytes(step, feed, maxFuture, seriesCells) > MAX_STATE_BYTES) {
        problems.add(
            "must keep less than %d bytes of covariates for each key: covariates.max-future=%s, covariates.keep=%s, series.step=%s"
                .formatted(MAX_STATE_BYTES, maxFuture, feed.keep(), step.length()));
      }
    }
    return problems;
  }

  private String whatMakesRingsLarge(int contextCells) {
    SeriesSettings series = config.series();
    String room =
        "source.max-out-of-orderness=%s, series.allowed-lateness=%s, series.step=%s, series.channels=%d, context length=%d"
            .formatted(
                series.lateness().maxOutOfOrderness(),
                series.lateness().allowed(),
                series.step().length(),
                series.channels(),
                contextCells);
    if (series.cells().keepsObservations()) {
      room += ", series.max-observations=" + series.cells().maxObservations();
    }
    if (series.lateness().reissue()) {
      room += ", series.reissue-origins=" + series.lateness().reissueOrigins();
    }
    return room;
  }

  static List<String> modelProblems(JobConfig config, ForecasterSpec spec) {
    ModelFit fit = of(config, spec);
    List<String> problems = new ArrayList<>(fit.rules(ModelSlot.DEFAULT).modelProblems(spec));
    problems.addAll(fit.jobProblems());
    return problems;
  }

  /** What is wrong between the job and the covariates that a model takes. */
  static List<String> covariateProblems(
      JobConfig config, ForecasterSpec spec, ModelChannels model) {
    ModelFit fit = of(config, spec, model);
    List<String> problems =
        new ArrayList<>(fit.rules(ModelSlot.DEFAULT).covariateProblems(spec, model));
    problems.addAll(fit.jobProblems());
    return problems;
  }

  /** What the season of the baseline is. */
  static SeasonRule seasonRule(JobConfig config) {
    return new SeasonRule(config.series().step().length(), config.model().season());
  }

  /** The season that gaps of a model's context are filled by; 0 where it has none. */
  static int fillSeasonCells(JobConfig config, ForecasterSpec spec) {
    return FitRules.fillCells(seasonRule(config), spec);
  }

  /** What each series needs before its model is asked. */
  static ContextNeeds needs(JobConfig config, ModelSlots slots) {
    ModelFit fit = of(config, slots);
    List<ContextNeeds.Routed> routed = new ArrayList<>();
    for (ModelSlot slot : slots.all()) {
      if (slot.role() == ForecastRole.PRIMARY && !slot.equals(slots.byDefault())) {
        routed.add(new ContextNeeds.Routed(slot.route(), fit.need(slot)));
      }
    }
    return new ContextNeeds(fit.contextCells(), fit.need(slots.byDefault()), routed);
  }

  private ContextNeed need(ModelSlot slot) {
    ForecasterSpec spec = slot.model().spec();
    Integer given = asked(slot.name()).minContext();
    return new ContextNeed(
        spec.contextLength(),
        given == null ? spec.contextLength() : given,
        fillSeasonCells(config, spec));
  }

  /** The farthest that any primary forecasts, in steps. */
  static int longestHorizon(ModelSlots slots) {
    return slots.all().stream()
        .filter(slot -> slot.role() == ForecastRole.PRIMARY)
        .mapToInt(slot -> slot.model().spec().horizon())
        .max()
        .orElseThrow();
  }

  /** The largest record of forecasts, bytes. */
  static long maxForecastBytes(JobConfig config, ModelSlots slots) {
    FitRules.Records records = records(config, List.of());
    return slots.all().stream()
        .mapToLong(slot -> records.bytes(slot.model().spec()))
        .max()
        .orElseThrow();
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

  /** Against a model that was given. */
  static List<String> horizonProblems(JobConfig config, ForecasterSpec spec) {
    return horizonProblems(of(config, spec).asked(ModelSlot.DEFAULT), spec);
  }

  private static List<String> horizonProblems(FitRules.Slot slot, ForecasterSpec spec) {
    Integer horizon = slot.horizon();
    return horizon == null || horizon == spec.horizon()
        ? List.of()
        : List.of(
            "must be the model's %d: %s=%d".formatted(spec.horizon(), slot.horizonKey(), horizon));
  }
}
