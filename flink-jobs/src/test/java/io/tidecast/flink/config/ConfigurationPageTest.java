package io.tidecast.flink.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** Holds {@code docs/configuration.md} against the keys; writes it when told to. */
class ConfigurationPageTest {

  private static final String EXAMPLE =
      """
      kafka:
        bootstrap-servers: broker-1:9092,broker-2:9092
      source:
        topic: meter-readings
      series:
        step: 30min
      model:
        path: models/zoo/patchtst-uk-demand/1
      sink:
        topic: meter-forecasts
      checkpoints:
        interval: 10s
        directory: file:///var/lib/tidecast/checkpoints
      """;

  @Test
  void shouldMatchTheKeys() throws IOException {
    Path page = Path.of(System.getProperty("tidecast.root"), "docs", "configuration.md");
    if (Boolean.getBoolean("tidecast.docs.write")) {
      Files.writeString(page, render());
    }
    assertThat(page)
        .as(
            "to write it anew: mvn -pl flink-jobs test -Dtest=ConfigurationPageTest"
                + " -Dtidecast.docs.write=true")
        .hasContent(render());
  }

  @Test
  void shouldShowAnExampleThatWorks() {
    assertThat(JobFile.parse(EXAMPLE).deadLetters().topic()).isEqualTo("meter-readings.dlq");
  }

  private static String render() {
    StringBuilder page =
        new StringBuilder(
            """
            # Configuration

            One YAML file says everything about a job. It is read and checked before anything starts; all problems are
            reported at once, and a key that is not on this page is refused. Durations are ISO-8601 (`PT30M`) or a number with
            one of the units `ms`, `s`, `min`, `h`, `d` (`30min`).

            ```yaml
            """);
    page.append(EXAMPLE).append("```\n");
    String section = "";
    for (ConfigKey<?> key : ConfigKeys.ALL) {
      int dot = key.path().indexOf('.');
      if (!key.path().substring(0, dot).equals(section)) {
        section = key.path().substring(0, dot);
        page.append("\n## ").append(section).append("\n\n");
        page.append("| key | must be | default | meaning |\n| --- | --- | --- | --- |\n");
      }
      page.append(
          "| `%s` | %s | %s | %s |\n"
              .formatted(
                  key.path(),
                  key.type().range(),
                  key.isRequired() ? "(required)" : key.whenAbsent(),
                  key.meaning()));
    }
    return page.append(
            """

            This page is generated from the keys of the job; `ConfigurationPageTest` holds it against them.
            """)
        .toString();
  }
}
