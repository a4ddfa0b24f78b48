package io.tidecast.flink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.tidecast.flink.config.ConfigException;
import io.tidecast.flink.config.JobConfig;
import io.tidecast.flink.covariates.CovariateSamples;
import io.tidecast.flink.model.ForecastRole;
import io.tidecast.flink.model.ModelChannels;
import io.tidecast.flink.model.ModelSlot;
import io.tidecast.flink.model.ModelSlots;
import io.tidecast.flink.model.SeriesRoute;
import io.tidecast.flink.model.VersionFit;
import io.tidecast.flink.series.ContextNeed;
import io.tidecast.flink.series.ContextNeeds;
import io.tidecast.flink.series.ContextNeeds.Routed;
import io.tidecast.flink.testing.Samples;
import io.tidecast.flink.testing.TestingModel;
import io.tidecast.runtime.manifest.ForecasterInputs;
import io.tidecast.runtime.manifest.ForecasterSpec;
import io.tidecast.runtime.manifest.ModelException;
import io.tidecast.runtime.manifest.ModelManifest;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.util.InstantiationUtil;
import org.junit.jupiter.api.Test;

/** Jobs of more than one model: what each asks for, and how they fit the job together. */
class SeveralModelsTest {

  private static final Path ZOO = Path.of(System.getProperty("tidecast.root"), "models", "zoo");

  private static final String HEAT =
      "models: [{name: heat, path: heat/3, series: \"*/heat\"}, {name: tried, path: b/2, role:"
          + " shadow}]";

  @Test
  void shouldReadEveryModelAndTryIt() {
    JobConfig config =
        Samples.config(
            "series: {step: 30min}",
            "model: {path: %s, horizon: 10}".formatted(zoo("patchtst-uk-demand")),
            "models: [{name: heat, path: %s, series: \"*/heat\", horizon: 20}, {name: tried, path: %s, role: shadow}]"
                .formatted(zoo("informer-uk-demand"), zoo("timexer-uk-demand")));
    List<String> said = new ArrayList<>();

    ModelSlots slots = ForecastJob.slotsHere(config, said::add);

    assertThat(slots.all()).extracting(ModelSlot::name).containsExactly("default", "heat", "tried");
    assertThat(slots.all())
        .extracting(slot -> slot.model().spec().id() + " " + slot.model().spec().horizon())
        .containsExactly("patchtst-uk-demand 10", "informer-uk-demand 20", "timexer-uk-demand 48");
    assertThat(slots.all().get(1).place()).isEqualTo(zoo("informer-uk-demand"));
    assertThat(slots.primary("a/heat", null).name()).isEqualTo("heat");
    assertThat(slots.primary("a/power", null).name()).isEqualTo("default");
    assertThat(said).hasSize(3);
    assertThat(said.get(1)).startsWith("Model heat: ");
    ForecastJob.build(StreamExecutionEnvironment.getExecutionEnvironment(), config, slots);
  }

  @Test
  void shouldSayAtOnceWhatIsWrongWithEachModel() {
    JobConfig config =
        Samples.config(
            "series: {step: 1h, channels: 2}",
            "model: {path: %s}".formatted(zoo("patchtst-uk-demand")),
            "models: [{name: heat, path: %s, series: \"*/heat\", horizon: 99, min-context: 7}]"
                .formatted(zoo("informer-uk-demand")));
    String heat = "; models[0].path=" + zoo("informer-uk-demand");

    assertThat(
            catchThrowableOfType(ConfigException.class, () -> ForecastJob.slots(config)).problems())
        .containsExactlyInAnyOrder(
            "must be the model's 1: series.channels=2",
            "must be the model's PT30M: series.step=PT1H",
            "must be within 1..48, its prediction length, since its manifest declares no rollout:"
                + " models[0].horizon=99"
                + heat,
            "must be the model's 1: series.channels=2" + heat,
            "must be the model's PT30M: series.step=PT1H" + heat,
            "must be the 336 cells of a context for a model without left padding; for forecasts"
                + " from fewer, use series.cold-start=baseline: models[0].min-context=7"
                + heat);
  }

  @Test
  void shouldNameEveryModelThatIsNotThere() {
    JobConfig config =
        Samples.config(
            "model: {path: no/such}",
            "models: [{name: heat, path: nor/this, series: x}, {name: tried, path: nor/that, role:"
                + " shadow}]");

    assertThatThrownBy(() -> ForecastJob.slots(config))
        .isInstanceOf(ModelException.class)
        .hasMessageContaining("no/such")
        .hasMessageContaining("nor/this")
        .hasMessageContaining("nor/that");
  }

  @Test
  void shouldAskEachSeriesForWhatItsOwnModelNeeds() {
    JobConfig config =
        Samples.config(
            "series: {step: 1s, min-context: 3}",
            "models: [{name: heat, path: a, series: \"*/heat\"}, {name: young, path: a, series: y,"
                + " min-context: 2}, {name: tried, path: b/2, role: shadow}]");
    ModelSlots slots =
        slots(
            padding(4),
            slot("heat", new SeriesRoute("*/heat", null), spec(6)),
            slot("young", new SeriesRoute("y", null), padding(5)),
            shadow(spec(9)));

    assertThat(ModelFit.problems(config, slots)).isEmpty();
    assertThat(ModelFit.needs(config, slots))
        .as("a shadow has room, and no say in when the primary is asked")
        .isEqualTo(
            new ContextNeeds(
                9,
                new ContextNeed(4, 3, 0),
                List.of(
                    new Routed(new SeriesRoute("*/heat", null), new ContextNeed(6, 6, 0)),
                    new Routed(new SeriesRoute("y", null), new ContextNeed(5, 2, 0)))));
  }

  @Test
  void shouldRefuseAModelWithALongerContextThanIsKept() {
    JobConfig config = Samples.config("series: {step: 1s, context: 6}", HEAT);
    ModelSlots slots = slots(spec(4), heat(spec(7)), shadow(spec(6)));

    assertThat(ModelFit.needs(config, slots(spec(4), heat(spec(5)))).cells()).isEqualTo(6);
    assertThat(ModelFit.problems(config, slots))
        .containsExactly(
            "must be at least the 7 cells of the model's context, and a running job takes up"
                + " another number when it is started again from a savepoint: series.context=6;"
                + " models[0].path=heat/3");
  }

  @Test
  void shouldRefuseLevelsThatHaveNoColumns() {
    String points = "sink: {layout: points, format: json}";
    ForecasterSpec median = new ForecasterSpec("m", "1", 4, 2, 1, List.of(0.5));
    ModelSlots slots = slots(median, heat(spec(4)));

    assertThat(ModelFit.problems(Samples.config(points, HEAT), slots))
        .containsExactly(
            "must be a format whose points list their quantile levels, such as avro, for a model"
                + " with the levels [] beside one with [0.5], which are columns of each point:"
                + " sink.layout=points, sink.format; models[0].path=heat/3");
    assertThat(ModelFit.problems(Samples.config(HEAT), slots)).isEmpty();
    assertThat(ModelFit.problems(Samples.config("sink: {layout: points}", HEAT), slots)).isEmpty();
    assertThat(ModelFit.problems(Samples.config(points, HEAT), slots(median, heat(median))))
        .isEmpty();
  }

  @Test
  void shouldGiveAllModelsTheSameCovariates() {
    JobConfig config = CovariateSamples.config("");
    ForecasterSpec spec = CovariateSamples.SPEC;
    ModelSlot own = covariates("default", spec, CovariateSamples.MODEL);
    ModelChannels moved =
        new ModelChannels(List.of("hour", "load", "wind"), List.of("hour", "wind"));
    ForecasterSpec farther =
        new ForecasterSpec(
            "m",
            "1",
            3,
            3,
            3,
            List.of(0),
            new ForecasterInputs(2, List.of(), List.of(), 0),
            List.of());

    assertThat(ModelFit.problems(config, new ModelSlots(List.of(own)))).isEmpty();
    assertThat(fit(config, own).covariateProblems(spec, moved))
        .singleElement()
        .asString()
        .startsWith("must be a model whose channels have the covariates where those of model.path");
    assertThat(fit(config, own).covariateProblems(farther, CovariateSamples.MODEL))
        .containsExactly(
            "must be a model that is given covariates for no more than the 2 steps that the job has"
                + " them ahead: it takes 3");
  }

  /** The rules that a version is held against which comes while the job runs. */
  @Test
  void shouldHoldLaterVersionsAgainstTheSameRules() throws Exception {
    JobConfig config =
        Samples.config(
            "series: {step: 30min, context: 400}",
            "model: {path: x, horizon: 10}",
            "models: [{name: heat, path: a, series: \"*/heat\"}]");
    ModelSlots slots = slots(spec(336), heat(spec(336)));
    ModelManifest patchTst = manifest("patchtst-uk-demand");
    VersionFit byDefault = InstantiationUtil.clone(ModelFit.rules(config, slots).get("default"));
    VersionFit heat = InstantiationUtil.clone(ModelFit.rules(config, slots).get("heat"));

    assertThat(byDefault.problems(patchTst)).isEmpty();
    assertThat(byDefault.horizon(patchTst)).isEqualTo(10);
    assertThat(heat.horizon(patchTst)).isEqualTo(48);
    assertThat(byDefault.problems(manifest("sundial-general")))
        .containsExactly(
            "must be at least the 672 cells of the model's context, and a running job takes up"
                + " another number when it is started again from a savepoint: series.context=400");
  }

  @Test
  void shouldTakeNoModelOfAProgramForSeveral() {
    JobConfig config = Samples.config(HEAT);

    assertThatThrownBy(
            () ->
                ForecastJob.build(
                    StreamExecutionEnvironment.getExecutionEnvironment(),
                    config,
                    new TestingModel(w -> {})))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining(
            "must be left out where a program gives the job its only model: models");
  }

  private static FitRules fit(JobConfig config, ModelSlot own) {
    return ModelFit.rules(config, new ModelSlots(List.of(own))).get("default");
  }

  private static ModelSlot covariates(String name, ForecasterSpec spec, ModelChannels channels) {
    return new ModelSlot(
        name,
        ForecastRole.PRIMARY,
        SeriesRoute.ALL,
        new TestingModel(spec, channels, w -> {}),
        "nowhere");
  }

  private static ForecasterSpec spec(int contextLength) {
    return new ForecasterSpec("m", "1", contextLength, 2, 1, List.of());
  }

  private static ForecasterSpec padding(int contextLength) {
    return new ForecasterSpec(
        "m", "1", contextLength, 2, 1, List.of(0), ForecasterInputs.NONE, List.of(), true);
  }

  private static ModelSlots slots(ForecasterSpec byDefault, ModelSlot... others) {
    List<ModelSlot> all = new ArrayList<>();
    all.add(slot(ModelSlot.DEFAULT, SeriesRoute.ALL, byDefault));
    all.addAll(List.of(others));
    return new ModelSlots(all);
  }

  private static ModelSlot heat(ForecasterSpec spec) {
    return slot("heat", new SeriesRoute("*/heat", null), spec);
  }

  private static ModelSlot slot(String name, SeriesRoute route, ForecasterSpec spec) {
    return new ModelSlot(
        name, ForecastRole.PRIMARY, route, new TestingModel(spec, w -> {}), "nowhere");
  }

  private static ModelSlot shadow(ForecasterSpec spec) {
    return new ModelSlot(
        "tried", ForecastRole.SHADOW, SeriesRoute.ALL, new TestingModel(spec, w -> {}), "nowhere");
  }

  private static String zoo(String model) {
    return ZOO.resolve(model).resolve("1").toString();
  }

  private static ModelManifest manifest(String model) {
    return ModelManifest.read(ZOO.resolve(model).resolve("1").resolve(ModelManifest.FILE));
  }
}
