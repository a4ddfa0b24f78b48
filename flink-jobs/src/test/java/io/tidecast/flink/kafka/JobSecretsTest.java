package io.tidecast.flink.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.common.config.AbstractConfig;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.config.provider.FileConfigProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a client of Kafka's has in the end. */
class JobSecretsTest {

  @TempDir private Path folder;

  private static Map<String, Object> client(Map<String, String> properties) {
    AbstractConfig config =
        new AdminClientConfig(
            new KafkaSettings("a:1", properties).clientProperties(ClientKind.ANY));
    return config.originals();
  }

  @Test
  void shouldBeResolvedByKafkasOwnClients() throws IOException {
    Path file = Files.writeString(folder.resolve("password"), "s3cr:et$\\1}\n");

    Map<String, Object> client =
        client(
            Map.of(
                "sasl.jaas.config",
                "user='${PATH}' password='${file:%s}' x$${y}".formatted(file),
                "client.rack",
                "plain"));

    assertThat(client)
        .containsEntry(
            "sasl.jaas.config",
            "user='%s' password='s3cr:et$\\1}' x${y}".formatted(System.getenv("PATH")))
        .containsEntry("client.rack", "plain");
  }

  @Test
  void shouldLeaveProvidersOfTheJobsOwnAlone() throws IOException {
    Path theirs = Files.writeString(folder.resolve("their.properties"), "user=theirs\n");
    Path ours = Files.writeString(folder.resolve("ours"), "ours");

    Map<String, Object> client =
        client(
            Map.of(
                "config.providers", "vault",
                "config.providers.vault.class", FileConfigProvider.class.getName(),
                "ssl.key.password",
                    "${vault:%s:user} ${file:%s} $${vault:%s:user}"
                        .formatted(theirs, ours, theirs)));

    assertThat(client)
        .containsEntry("ssl.key.password", "theirs ours ${vault:%s:user}".formatted(theirs));
  }

  @Test
  void shouldSayWhichVariableOfWhichPropertyIsNotSet() {
    assertThatThrownBy(() -> client(Map.of("ssl.key.password", "${NO_SUCH_VARIABLE}")))
        .isInstanceOf(ConfigException.class)
        .hasMessage(
            "must be set: the environment variable NO_SUCH_VARIABLE, of kafka.properties.ssl.key.password");
  }

  @Test
  void shouldSayWhichOfTheKeysHasTheProperty() {
    KafkaSettings kafka =
        new KafkaSettings(
            "a:1",
            Map.of("ssl.key.password", "${NO_SUCH_VARIABLE}"),
            Map.of("ssl.keystore.key", "${NO_OTHER_VARIABLE}"),
            Map.of("ssl.key.password", "${PATH}"));

    assertThat(new AdminClientConfig(kafka.clientProperties(ClientKind.PRODUCER)).originals())
        .containsEntry("ssl.key.password", System.getenv("PATH"));
    assertThatThrownBy(() -> new AdminClientConfig(kafka.clientProperties(ClientKind.CONSUMER)))
        .hasMessageMatching(".*, of kafka\\.(consumer-)?properties\\..*");
    assertThat(kafka.unresolved())
        .containsExactly(
            "must be set: the environment variable NO_SUCH_VARIABLE, of kafka.properties.ssl.key.password",
            "must be set: the environment variable NO_OTHER_VARIABLE, of kafka.consumer-properties.ssl.keystore.key");
  }

  @Test
  void shouldGiveClientsNothingMoreWhereThereIsNoReference() {
    assertThat(
            new KafkaSettings("a:1", Map.of("client.rack", "a$b"))
                .toProperties(ClientKind.PRODUCER))
        .containsExactly(Map.entry("client.rack", "a$b"));
  }
}
