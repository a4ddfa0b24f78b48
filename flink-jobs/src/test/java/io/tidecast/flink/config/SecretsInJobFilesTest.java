package io.tidecast.flink.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.tidecast.flink.secret.Secrets;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SecretsInJobFilesTest {

  private static final Secrets SECRETS =
      new Secrets(
          Map.of(
              "HOST", "broker-7",
              "PORT", "9092",
              "TOPIC", "2026",
              "STEP", "30min",
              "SECRET", "hunter2hunter2",
              "SHARED", "meters",
              "COUNT", "3",
              "BLANK", " "));

  private static final String JOB =
      """
      kafka:
        bootstrap-servers: ${HOST}:${PORT}
        properties: %s
      source: %s
      series: {step: "${STEP}"}
      model: {path: "models/${TOPIC}"}
      job: {name: "${TOPIC}", parallelism: "${COUNT}"}
      """;

  @TempDir private Path folder;

  private static JobConfig parse(String properties, String source) {
    return JobFile.parse(JOB.formatted(properties, source), SECRETS);
  }

  private static List<String> problems(String properties, String source) {
    return catchThrowableOfType(ConfigException.class, () -> parse(properties, source)).problems();
  }

  @Test
  void shouldReadWhatIsMeantAsYamlWouldReadIt() throws IOException {
    Path file = Files.writeString(folder.resolve("group"), "meters-of-north\r\n");

    JobConfig config =
        parse(
            "{}",
            """

              topic: [\"${TOPIC}\", \"a-${TOPIC}\"]
              group-id: ${file:%s}
            dead-letters: {topic: rejects}"""
                .formatted(file));

    assertThat(config.kafka().bootstrapServers()).isEqualTo("broker-7:9092");
    assertThat(config.source().topics().names()).containsExactly("2026", "a-2026");
    assertThat(config.source().groupId()).isEqualTo("meters-of-north");
    assertThat(config.series().step().length()).isEqualTo(Duration.ofMinutes(30));
    assertThat(config.job()).isEqualTo(new JobConfig.Job("2026", 3, Duration.ofMillis(10)));
  }

  @Test
  void shouldTakeTwoDollarsForTheCharacters() {
    JobConfig config = parse("{}", "{group-id: \"a$${TOPIC}b$$c$\"}");

    assertThat(config.source().groupId()).isEqualTo("a${TOPIC}b$$c$");
  }

  /** What is given for which key, and what is said. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{topic: '${NONE}'} | must be set: the environment variable NONE: source.topic",
        "{group-id: 'a${NONE'} | must be ${NAME} of an environment variable, or ${file:/path} with the whole path of a file; $${ stands for the two characters: source.group-id",
        "{group-id: '${file:run/secret}'} | must be ${NAME} or ${file:/path}; ${file:run/secret} is for kafka.properties alone, with the provider named in config.providers: source.group-id",
        "{group-id: '${file:/no/such}'} | must be readable: the file /no/such: source.group-id",
        "{stop: '${SECRET}'} | must be never, latest or a time such as 2026-11-20T00:00:00Z: source.stop=${SECRET}, whose value is not shown",
        "{group-id: '${BLANK}'} | must be text: source.group-id=${BLANK}, whose value is not shown",
        "{idle-timeout: 'x${SECRET}'} | must be a duration, 0s to 1d: source.idle-timeout=x${SECRET}, whose value is not shown",
      })
  void shouldNameTheKeyAndTheReferenceAndNoValue(String source, String problem) {
    assertThat(problems("{}", source))
        .singleElement()
        .satisfies(said -> assertThat(said).isEqualTo(problem).doesNotContain("hunter2"));
  }

  @Test
  void shouldHideValuesInWhatIsSaidOfSeveralKeys() {
    assertThat(problems("{}", "{topic: \"${SHARED}\"}\nsink: {topic: \"${SHARED}\"}"))
        .containsExactly("must not be the topic of source.topic: sink.topic=${SHARED}");
  }

  @Test
  void shouldKeepReferencesOfKafkasPropertiesForItsClients() {
    JobConfig config =
        parse(
            "{sasl.jaas.config: \"x password='${SECRET}';\", ssl.key.password: \"${vault:a:b}\", config.providers: vault, max.request.size: \"${TOPIC}000\"}",
            "{}");

    assertThat(config.kafka().properties())
        .containsEntry("sasl.jaas.config", "x password='${SECRET}';")
        .containsEntry("ssl.key.password", "${vault:a:b}")
        .as("what the job itself reads")
        .containsEntry("max.request.size", "2026000");
    assertThat(config.toString()).doesNotContain("hunter2");
    // A cluster may have it where the client has not.
    assertThat(parse("{sasl.jaas.config: \"${NONE}\"}", "{}").kafka().unresolved())
        .containsExactly(
            "must be set: the environment variable NONE, of kafka.properties.sasl.jaas.config");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "ssl.key.password: 'hun${ter2' | must be ${NAME} of an environment variable, or ${file:/path} with the whole path of a file; $${ stands for the two characters: kafka.properties.ssl.key.password",
        "ssl.key.password: '${vault:hunter2}' | must be ${NAME}, ${file:/path} or of a provider that kafka.properties.config.providers names; $${ stands for the two characters: kafka.properties.ssl.key.password",
        "config.providers.vault.token: '${SECRET}' | must be without references, for Kafka's clients resolve none of those that set up the providers: kafka.properties.config.providers.vault.token",
        "config.providers: tidecast | must be another name than tidecast, which resolves ${NAME} and ${file:/path}: kafka.properties.config.providers",
        "max.request.size: '${SECRET}' | must be a whole number of bytes: kafka.properties.max.request.size",
        "max.request.size: '${NONE}' | must be set: the environment variable NONE: kafka.properties.max.request.size",
      })
  void shouldRefuseWhatKafkasClientsCouldNotResolve(String property, String problem) {
    assertThat(problems("{" + property + "}", "{}")).contains(problem);
  }
}
