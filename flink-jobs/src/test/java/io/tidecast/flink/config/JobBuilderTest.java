package io.tidecast.flink.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class JobBuilderTest {

  @Test
  void shouldTakeForTextWhatYamlDoesNotHold() {
    JobConfig config =
        job()
            .set("model.path", Path.of("models", "zoo", "it's: a \"model\"", "1"))
            .set("series.step", Duration.ofMinutes(30))
            .build();

    assertThat(config.model().path()).isEqualTo("models/zoo/it's: a \"model\"/1");
    assertThat(config.series().step().length()).isEqualTo(Duration.ofMinutes(30));
  }

  @Test
  void shouldTakeListsNumbersAndTheLastValueOfAKey() {
    JobConfig config =
        job()
            .set("source.topic", List.of("north", "south"))
            .set("series.channels", 2)
            .set("series.channels", 3)
            .build();

    assertThat(config.source().topics().names()).containsExactly("north", "south");
    assertThat(config.series().channels()).isEqualTo(3);
  }

  @Test
  void shouldHaveTheRulesOfTheJobFile() {
    assertThatThrownBy(() -> job().set("sink.topic", null).set("series.stepp", "1h").build())
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("series.stepp")
        .hasMessageContaining("series.step");
  }

  private static JobBuilder job() {
    return JobConfig.builder()
        .set("kafka.bootstrap-servers", "broker-1:9092")
        .set("source.topic", "readings")
        .set("series.step", "1h")
        .set("model.path", "model")
        .set("sink.topic", "forecasts")
        .set("dead-letters.topic", "rejects");
  }
}
