package io.tidecast.flink.config;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidecast.flink.config.value.ConfigKey;
import io.tidecast.flink.config.value.JobYaml;
import io.tidecast.flink.testing.GeneratedPage;
import java.io.IOException;
import org.junit.jupiter.api.Test;

/** Holds {@code docs/configuration.md} against the keys. */
class ConfigurationPageTest {

  @Test
  void shouldBeTheCommittedPage() throws IOException {
    GeneratedPage.assertCommitted("configuration.md", ConfigurationPage.render());
  }

  @Test
  void shouldShowAnExampleThatWorks() {
    assertThat(JobFile.parse(ConfigurationPage.EXAMPLE).deadLetters().topic())
        .isEqualTo("meter-readings.dlq");
  }

  @Test
  void shouldSayWhatEachKeyMeansInSentences() {
    assertThat(ConfigKeys.ALL)
        .allSatisfy(
            key ->
                assertThat(key.meaning())
                    .as(key.path())
                    .matches("(?s)[A-Z`].*[.]")
                    .doesNotContain(";", "  "));
  }

  @Test
  void shouldHaveAnExampleOfEveryKeyWhoseValuesAreNotListed() {
    assertThat(ConfigKeys.ALL)
        .allSatisfy(
            key -> assertThat(key.example() == null).as(key.path()).isEqualTo(isListed(key)));
  }

  @Test
  void shouldShowExamplesThatTheKeysTake() {
    assertThat(ConfigKeys.ALL)
        .filteredOn(key -> key.example() != null)
        .allSatisfy(
            key ->
                assertThat(key.type().accepts(JobYaml.read(key.example())))
                    .as(key.path())
                    .isTrue());
  }

  @Test
  void shouldSayWhatEveryListedValueDoes() {
    assertThat(ConfigKeys.ALL)
        .filteredOn(key -> key.type().range().startsWith("one of "))
        .allSatisfy(
            key -> {
              for (String value : key.type().range().substring("one of ".length()).split(", ")) {
                assertThat(key.meaning()).as(key.path()).contains("`" + value + "`");
              }
            });
  }

  private static boolean isListed(ConfigKey<?> key) {
    return key.type().range().startsWith("one of ") || key.type().range().equals("true or false");
  }
}
