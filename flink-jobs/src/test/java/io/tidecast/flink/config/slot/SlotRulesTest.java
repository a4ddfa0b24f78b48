package io.tidecast.flink.config.slot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.tidecast.flink.config.ConfigException;
import io.tidecast.flink.config.JobConfig;
import io.tidecast.flink.model.ForecastRole;
import io.tidecast.flink.model.SeriesRoute;
import io.tidecast.flink.model.SlotSettings;
import io.tidecast.flink.sink.SinkSettings;
import io.tidecast.flink.testing.Samples;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SlotRulesTest {

  private static final String GROUPED =
      "source: {format: json, mapping: {series: s, time: t, values: v, group: g}}";

  @Test
  void shouldHaveNoOtherModelWithoutTheList() {
    JobConfig config = Samples.config();

    assertThat(config.model().others()).isEmpty();
    assertThat(((SinkSettings.Kafka) config.sink()).shadowTopic()).isNull();
    assertThat(config.series().grouped()).isFalse();
  }

  @Test
  void shouldReadModelsInTheirOrder() {
    JobConfig config =
        Samples.config(
            "models: [{name: heat, path: a/1, series: \"*/heat\", horizon: 3, min-context: 9}, {name: try-2, path: b/2, role: shadow}]");

    assertThat(config.model().others())
        .containsExactly(
            new SlotSettings(
                "heat", "a/1", new SeriesRoute("*/heat", null), ForecastRole.PRIMARY, 3, 9),
            new SlotSettings("try-2", "b/2", SeriesRoute.ALL, ForecastRole.SHADOW, null, null));
    assertThat(((SinkSettings.Kafka) config.sink()).shadowTopic()).isEqualTo("forecasts-shadow");
  }

  @Test
  void shouldReadGroupsWhereAModelGoesByThem() {
    JobConfig config = Samples.config("models: [{name: n, path: a, group: north}]", GROUPED);

    assertThat(config.series().grouped()).isTrue();
    assertThat(problems("models: [{name: n, path: a, group: north}]"))
        .containsExactly(
            "must not be tidecast with a group in models, for such an observation names no group: source.format=tidecast");
    assertThat(
            problems(
                "models: [{name: n, path: a, group: north}]",
                "source: {format: json, mapping: {series: s, time: t, values: v}}"))
        .singleElement()
        .asString()
        .startsWith("must be given with a group in models: source.mapping.group, ");
    assertThat(problems("models: [{name: n, path: a, series: x}]", GROUPED))
        .containsExactly(
            "must go with covariates.keyed-by=group, or with a group in models: source.mapping.group=g");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{name: n} | must be given: models[0].path, text",
        "{path: p, series: x} | must be given: models[0].name, 1 to 63 of the characters a-z A-Z 0-9 . _ -, and not default",
        "{name: default, path: p, series: x} | must be 1 to 63 of the characters a-z A-Z 0-9 . _ -, and not default: models[0].name=default",
        "{name: a b, path: p, series: x} | must be 1 to 63 of the characters a-z A-Z 0-9 . _ -, and not default: models[0].name=a b",
        "{name: n, path: p} | must say which series the model answers, for model.path is the one of all others: models[0].series",
        "{name: n, path: p, series: x, role: both} | must be one of member, primary, shadow: models[0].role=both",
        "{name: n, path: p, series: x, horizon: 0} | must be a whole number of steps, 1 to 100,000: models[0].horizon=0",
        "{name: n, path: p, serie: x, role: shadow} | unknown key: models[0].serie; did you mean models[0].series?",
        "{name: n, path: p, role: shadow, min-context: 3} | must be left out with role: shadow, which is asked when the primary is: models[0].min-context=3",
        "{name: n, path: p, series: x}, {name: n, path: q, series: y} | must not be the name of models[0] too: models[1].name=n",
        "{name: n, path: p, series: x}, {name: m, path: q, series: x} | must differ from what models[0] is for, which answers those series: models[1].series, models[1].group",
        "5 | must be a list of maps, each with `name` and `path`: models=[5]",
      })
  void shouldRefuse(String entries, String problem) {
    assertThat(problems("models: [" + entries + "]")).containsExactly(problem);
  }

  @Test
  void shouldSayAllThatIsWrongAtOnce() {
    assertThat(problems("models: [{name: n}, {path: q, series: 5}]"))
        .containsExactly(
            "must be given: models[0].path, text",
            "must be given: models[1].name, 1 to 63 of the characters a-z A-Z 0-9 . _ -, and not default",
            "must be text: models[1].series=5, which is a number and no text; put it into quotes");
  }

  @Test
  void shouldKeepTheTopicOfShadowsForThem() {
    assertThat(problems("sink: {shadow-topic: tried}"))
        .containsExactly(
            "must go with a shadow in models, with commands.topic or with mixture.show-members=true: sink.shadow-topic=tried");
    assertThat(
            problems(
                "models: [{name: n, path: p, role: shadow}]",
                "sink: {topic: out, shadow-topic: out}"))
        .containsExactly("must not be the topic of sink.topic: sink.shadow-topic=out");
  }

  @Test
  void shouldHaveATopicOfShadowsWhereThereCanBeSome() {
    String commands = "commands: {topic: told}";
    assertThat(shadowTopic(commands)).isNull();
    assertThat(shadowTopic(commands, "sink: {shadow-topic: tried}")).isEqualTo("tried");
    assertThat(shadowTopic(commands, "scores: {topic: scored}", "promotion: {action: propose}"))
        .isEqualTo("forecasts-shadow");
  }

  private static @Nullable String shadowTopic(String... lines) {
    return ((SinkSettings.Kafka) Samples.config(lines).sink()).shadowTopic();
  }

  @Test
  void shouldTakeTheListOfAProgram() {
    JobConfig config =
        JobConfig.builder()
            .set("kafka.bootstrap-servers", "127.0.0.1:9092")
            .set("series.step", "1s")
            .set("series.context", 400)
            .set("model.path", "nowhere")
            .set("models", List.of(Map.of("name", "n", "path", "p", "series", "x")))
            .build();

    assertThat(config.model().others()).extracting(SlotSettings::name).containsExactly("n");
    assertThat(config.series().context()).isEqualTo(400);
  }

  private static List<String> problems(String... lines) {
    return catchThrowableOfType(ConfigException.class, () -> Samples.config(lines)).problems();
  }
}
