package io.tidecast.flink.config;

import io.tidecast.flink.config.slot.SlotKeys;
import io.tidecast.flink.config.value.ConfigKey;

/** Renders {@code docs/configuration.md}, the reference of the job file, from its keys. */
final class ConfigurationPage {

  /** This job file works as it is. */
  static final String EXAMPLE =
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

  /** What holds for the value of every key. */
  private static final String REFERENCES =
      """

      ## Values that stand elsewhere

      | in a value | stands for |
      | --- | --- |
      | `${NAME}` | the environment variable `NAME` |
      | `${file:/path}` | what is in that file, without line ends at its end; UTF-8, 64 KiB at most |
      | `$${` | the two characters `${` |

      Any value may have references, also as a part of it or of a list. What comes out is read as YAML would read it without quotes, so
      `${PORT}` can be a number. Within braces or brackets, a reference needs quotes. A variable that is not set, or a file that is not there,
      stops the start, and the message names the key. It never shows a value that came from a reference.

      Where the text is resolved depends on the key. Values of `kafka.properties`, `kafka.consumer-properties` and
      `kafka.producer-properties` are resolved by Kafka's clients, in the process in which each is made: on a cluster in the TaskManagers and the JobManager, which must have the variable or the file. Until then the job,
      its graph and Flink's web page hold the reference. Of these values, `max.request.size`, `compression.type` and what the connector
      reads (`partition.discovery.interval.ms`, `register.consumer.metrics`) are resolved where the job is submitted, and so are the values of all other
      keys, which are no place for a secret on a cluster.

      Config providers of Kafka's own work within these three:
      with `config.providers: vault`, a reference such as `${vault:secret/kafka:password}` is left to that provider. A provider called `file`
      takes `${file:...}` over. The job adds a provider of its own, `tidecast`; a JVM that restricts providers
      (`org.apache.kafka.automatic.config.providers`) must allow `io.tidecast.flink.kafka.JobSecrets`.
      """;

  private ConfigurationPage() {}

  /** Returns the whole page in Markdown. */
  static String render() {
    StringBuilder page =
        new StringBuilder(
            """
            # Configuration

            One YAML file says everything about a job. It is read and checked before anything starts. All problems are
            reported at once, and a key that is not on this page is refused. Durations are ISO-8601 (`PT30M`) or a number with
            one of the units `ms`, `s`, `min`, `h`, `d` (`30min`).

            ```yaml
            """);
    page.append(EXAMPLE).append("```\n").append(REFERENCES);
    String section = "";
    for (ConfigKey<?> key : ConfigKeys.ALL) {
      int dot = key.path().indexOf('.');
      String its = dot < 0 ? key.path() : key.path().substring(0, dot);
      if (!its.equals(section)) {
        section = its;
        page.append("\n## ").append(section).append("\n\n");
        page.append("| key | must be | default | meaning |\n| --- | --- | --- | --- |\n");
      }
      page.append(row(key));
      if (key.equals(SlotKeys.MODELS)) {
        SlotKeys.parts().forEach(part -> page.append(row(part)));
      }
    }
    return page.append(
            """

            This page is generated: `ConfigurationPage` renders it from the keys of the job, and a test compares it. This writes it anew:

            ```
            mvn -q -pl flink-jobs -am test -Dtest='*PageTest' -Dsurefire.failIfNoSpecifiedTests=false -Dtidecast.docs.write=true
            ```
            """)
        .toString();
  }

  private static String row(ConfigKey<?> key) {
    String absent = key.whenAbsent() == null ? "(required)" : key.whenAbsent();
    String example = key.example() == null ? "" : " Example: `%s`.".formatted(key.example());
    return "| `%s` | %s | %s | %s%s |\n"
        .formatted(
            key.path(),
            inCell(key.type().range()),
            inCell(absent),
            inCell(key.meaning()),
            inCell(example));
  }

  /** A bar ends a cell of a table, even within code. */
  private static String inCell(String text) {
    return text.replace("|", "\\|");
  }
}
