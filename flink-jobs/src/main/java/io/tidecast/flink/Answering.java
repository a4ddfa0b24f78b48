package io.tidecast.flink;

import io.tidecast.flink.anomalies.AnomalyOperator;
import io.tidecast.flink.anomalies.AnomalySetup;
import io.tidecast.flink.config.JobConfig;
import io.tidecast.flink.grid.MillisClock;
import io.tidecast.flink.hindsight.TargetChannels;
import io.tidecast.flink.inference.ForecastOperatorFactory;
import io.tidecast.flink.mixture.KnownErrors;
import io.tidecast.flink.mixture.MixtureOperator;
import io.tidecast.flink.mixture.MixtureSetup;
import io.tidecast.flink.model.ForecastRole;
import io.tidecast.flink.model.ForecasterFactory;
import io.tidecast.flink.model.ModelEvent;
import io.tidecast.flink.model.ModelEvents;
import io.tidecast.flink.model.ModelSlot;
import io.tidecast.flink.model.ModelSlots;
import io.tidecast.flink.promotion.PromotionOperator;
import io.tidecast.flink.promotion.PromotionSetup;
import io.tidecast.flink.record.Anomaly;
import io.tidecast.flink.record.ClosedCell;
import io.tidecast.flink.record.ForecastScore;
import io.tidecast.flink.record.ForecastTask;
import io.tidecast.flink.record.FromOrigin;
import io.tidecast.flink.record.IssuedForecast;
import io.tidecast.flink.record.Issuer;
import io.tidecast.flink.record.LeadForecasts;
import io.tidecast.flink.scores.ScoreOperator;
import io.tidecast.flink.scores.ScoreSetup;
import io.tidecast.flink.series.SeriesOperator;
import io.tidecast.flink.state.OperatorUids;
import io.tidecast.flink.state.StateTypes;
import io.tidecast.runtime.manifest.ForecasterSpec;
import java.util.Arrays;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.streaming.api.datastream.ConnectedStreams;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.datastream.DataStreamUtils;
import org.apache.flink.streaming.api.datastream.SingleOutputStreamOperator;
import org.apache.flink.util.OutputTag;
import org.jspecify.annotations.Nullable;

/**
 * What answers for forecasts once they are made: the operators that hold them against the cells
 * that close, and what flows between those.
 */
final class Answering {

  private static final OutputTag<ClosedCell> CLOSED_CELLS =
      new OutputTag<>("closed-cells", StateTypes.CLOSED_CELL);

  private static final OutputTag<IssuedForecast> SHADOWS =
      new OutputTag<>(ForecastOperatorFactory.SHADOWS.getId(), StateTypes.ISSUED_FORECAST);

  private static final String SCORES = "scores";

  private static final TypeInformation<ForecastScore> SCORE =
      TypeInformation.of(ForecastScore.class);

  private final JobConfig config;
  private final ModelSlots models;
  private final ForecasterFactory model;
  private final MillisClock clock;

  Answering(JobConfig config, ModelSlots models, MillisClock clock) {
    this.config = config;
    this.models = models;
    this.model = models.byDefault().model();
    this.clock = clock;
  }

  /**
   * What goes out.
   *
   * @param forecasts that series are given
   * @param beside forecasts of shadows, and of members that are shown
   * @param cells that have closed; null where they are not written
   * @param scores null where forecasts are not scored
   * @param anomalies null where none are looked for
   * @param decisions about models; null where the job compares none
   */
  record Result(
      DataStream<IssuedForecast> forecasts,
      DataStream<IssuedForecast> beside,
      @Nullable DataStream<ClosedCell> cells,
      @Nullable DataStream<ForecastScore> scores,
      @Nullable DataStream<Anomaly> anomalies,
      @Nullable SingleOutputStreamOperator<ModelEvent> decisions) {}

  /**
   * Answers for forecasts.
   *
   * @param windows tell of cells as they close
   * @param forecasts as models make them, with those of shadows on the side
   */
  Result answer(
      SingleOutputStreamOperator<ForecastTask> windows,
      SingleOutputStreamOperator<IssuedForecast> forecasts) {
    DataStream<ClosedCell> cells = windows.getSideOutput(CLOSED_CELLS);
    DataStream<IssuedForecast> shadows = forecasts.getSideOutput(SHADOWS);
    DataStream<IssuedForecast> given = forecasts;
    DataStream<IssuedForecast> beside = shadows;
    SingleOutputStreamOperator<IssuedForecast> mixed = null;
    if (config.mixture().isOn()) {
      mixed = mixed(cells, config.scores().isOn() ? forecasts.union(shadows) : forecasts);
      given = mixed;
      if (config.mixture().showMembers()) {
        beside = shadows.union(mixed.getSideOutput(MixtureOperator.MEMBERS));
      }
    }
    SingleOutputStreamOperator<ForecastScore> scores = null;
    if (config.scores().isOn()) {
      scores = mixed == null ? scores(cells, forecasts, shadows) : scores(mixed);
    }
    return new Result(
        given,
        beside,
        config.cells().isOn() ? cells : null,
        scores,
        config.anomalies().isOn() ? anomalies(cells, given) : null,
        scores != null && config.promotion().isOn() ? decisions(scores, forecasts) : null);
  }

  private static <F extends FromOrigin> ConnectedStreams<ClosedCell, F> together(
      DataStream<ClosedCell> cells, DataStream<F> forecasts) {
    return cells
        .keyBy(ClosedCell::series, Types.STRING)
        .connect(forecasts.keyBy(FromOrigin::series, Types.STRING));
  }

  /** What is scored of forecasts goes on alone. */
  private DataStream<LeadForecasts> atLeads(DataStream<IssuedForecast> forecasts, String uid) {
    int[] leads = scoredLeads();
    return forecasts
        .map(forecast -> LeadForecasts.of(forecast, leads), StateTypes.LEAD_FORECASTS)
        .name(uid)
        .uid(uid);
  }

  /** Ascending; empty where nothing is scored. */
  private int[] scoredLeads() {
    return config.scores().isOn()
        ? scoreSetup().settings().leads().stream().mapToInt(Integer::intValue).toArray()
        : new int[0];
  }

  /** Has the window tell of closed cells where somebody wants to know. */
  void watch(SeriesOperator window) {
    long bytes = bytesOfASeries();
    if (bytes > 0 || config.cells().isOn()) {
      window.watchCells(CLOSED_CELLS, bytes);
    }
  }

  /**
   * Whether somebody wants to know of a cell as soon as it closes, and not by the next forecast.
   */
  boolean isUrgent() {
    return config.cells().isOn() || config.anomalies().isOn();
  }

  /** What is kept of each series to answer for its forecasts. */
  long bytesOfASeries() {
    long bytes = 0;
    ForecasterSpec spec = model.spec();
    int targets = spec.targets().size();
    if (config.scores().isOn()) {
      int levels = config.mixture().levelsBeside(spec.quantileLevels()).size();
      bytes += scoreSetup().bytesOfASeries(scoredModels(), targets, levels);
    }
    if (config.mixture().isOn()) {
      bytes += mixtureSetup().bytesOfASeries(ModelFit.longestHorizon(models));
    }
    if (config.anomalies().isOn()) {
      bytes += anomalySetup().bytesOfASeries(targets);
    }
    return bytes;
  }

  /**
   * Of a series there are scores of the model that answers it, of the baseline in its place, and of
   * its shadows and members; of the mixture of those; and where commands come, of another version
   * of each model.
   */
  private int scoredModels() {
    long beside = models.all().stream().filter(slot -> slot.role() != ForecastRole.PRIMARY).count();
    int versions = config.commands().topic() == null ? 1 : 2;
    int mixed = config.mixture().mixes() ? 1 + config.mixture().naives().size() : 0;
    return 1 + mixed + versions * (1 + (int) beside);
  }

  private ScoreSetup scoreSetup() {
    ForecasterSpec spec = model.spec();
    return ScoreSetup.of(
        config.scores(),
        config.series(),
        new ScoreSetup.Of(
            ModelFit.longestHorizon(models),
            ModelFit.seasonRule(config).steps(spec.contextLength()),
            model.channels().observedNames(),
            config.promotion().isOn() ? config.promotion().metric() : null,
            config.inference().capacity()));
  }

  private MixtureSetup mixtureSetup() {
    ForecasterSpec spec = model.spec();
    return MixtureSetup.of(
        config.mixture(),
        config.series(),
        new MixtureSetup.Of(
            models.all().stream()
                .filter(slot -> slot.role() == ForecastRole.MEMBER)
                .map(ModelSlot::name)
                .toList(),
            config.mixture().levelsBeside(spec.quantileLevels()),
            model.channels().observedNames(),
            forecastChannels(),
            spec.contextLength(),
            scoredLeads(),
            KnownErrors.of(models.all()),
            config.inference().capacity()));
  }

  /** The channels of a series that a model forecasts, ascending. */
  private int[] forecastChannels() {
    TargetChannels channels =
        new TargetChannels(model.channels().observedNames(), config.series().channels());
    return models.all().stream()
        .map(ModelSlot::model)
        .map(one -> Issuer.of(one.spec(), one.channels().names()))
        .flatMapToInt(issuer -> Arrays.stream(channels.of(issuer)))
        .distinct()
        .sorted()
        .toArray();
  }

  private SingleOutputStreamOperator<IssuedForecast> mixed(
      DataStream<ClosedCell> cells, DataStream<IssuedForecast> forecasts) {
    return together(cells, forecasts)
        .transform("mixture", StateTypes.ISSUED_FORECAST, new MixtureOperator(mixtureSetup()))
        .uid(OperatorUids.MIXTURE);
  }

  private AnomalySetup anomalySetup() {
    return AnomalySetup.of(
        config.anomalies(),
        config.series(),
        ModelFit.longestHorizon(models),
        model.channels().observedNames());
  }

  private SingleOutputStreamOperator<ForecastScore> scores(
      DataStream<ClosedCell> cells,
      DataStream<IssuedForecast> forecasts,
      DataStream<IssuedForecast> shadows) {
    return together(
            cells,
            atLeads(forecasts, OperatorUids.SCORED_FORECASTS)
                .union(atLeads(shadows, OperatorUids.SCORED_SHADOWS)))
        .transform(SCORES, SCORE, new ScoreOperator(scoreSetup()))
        .uid(OperatorUids.SCORES);
  }

  /** What is mixed has its cells with it, and is scored where it is mixed. */
  private SingleOutputStreamOperator<ForecastScore> scores(
      SingleOutputStreamOperator<IssuedForecast> mixed) {
    return DataStreamUtils.reinterpretAsKeyedStream(
            mixed.getSideOutput(MixtureOperator.SCORED), MixtureOperator::series, Types.STRING)
        .transform(SCORES, SCORE, new ScoreOperator(scoreSetup()))
        .uid(OperatorUids.SCORES);
  }

  private DataStream<Anomaly> anomalies(
      DataStream<ClosedCell> cells, DataStream<IssuedForecast> forecasts) {
    return together(cells, forecasts)
        .transform(
            "anomalies", TypeInformation.of(Anomaly.class), new AnomalyOperator(anomalySetup()))
        .uid(OperatorUids.ANOMALIES);
  }

  /** What is decided about the models, and on a side output commands that follow. */
  private SingleOutputStreamOperator<ModelEvent> decisions(
      SingleOutputStreamOperator<ForecastScore> scores,
      SingleOutputStreamOperator<IssuedForecast> forecasts) {
    return scores
        .getSideOutput(ScoreOperator.COMPARED)
        .connect(forecasts.getSideOutput(ModelEvents.OPENED))
        .transform(
            "promotion",
            TypeInformation.of(ModelEvent.class),
            new PromotionOperator(
                PromotionSetup.of(config.promotion(), scoreSetup().settings(), models),
                new PromotionSetup.Time(config.series().step(), clock)))
        // A slot is won over all of its series.
        .forceNonParallel()
        .uid(OperatorUids.PROMOTION);
  }
}
