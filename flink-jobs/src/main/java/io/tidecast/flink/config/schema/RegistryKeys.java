package io.tidecast.flink.config.schema;

import io.tidecast.flink.config.value.ConfigKey;
import io.tidecast.flink.config.value.ConfigType;
import java.net.URI;
import java.time.Duration;
import java.util.List;

/** Has the keys of the schema registry, which records in and out may need. */
public final class RegistryKeys {

  public static final ConfigKey<List<URI>> URL =
      ConfigKey.derived(
              "registry.url",
              ConfigType.oneOrMore(ConfigType.httpAddress()),
              "no schema registry",
              "The schema registry is here, which must have the API of Confluent's, as those of Apicurio (`/apis/ccompat/v7`), Karapace and Redpanda do. Of several addresses the next one is tried when one does not answer.")
          .example("https://registry-1:8081");
  public static final ConfigKey<String> USER =
      ConfigKey.derived(
              "registry.user",
              ConfigType.secret("the name of a user"),
              "the registry asks for no name",
              "The job has this name for the registry, with `registry.password`. It is never shown or logged.")
          .example("tidecast");
  public static final ConfigKey<String> PASSWORD =
      ConfigKey.derived(
              "registry.password",
              ConfigType.secret("a password"),
              "as `registry.user`",
              "The job has this password for the registry. It is never shown or logged.")
          .example("\"not this one\"");
  public static final ConfigKey<String> TOKEN =
      ConfigKey.derived(
              "registry.token",
              ConfigType.secret("a token"),
              "the registry asks for no token",
              "The job shows this token to the registry (`Authorization: Bearer`), in place of a name and a password. It is never shown or logged.")
          .example("\"not this one\"");
  public static final ConfigKey<String> TRUSTSTORE =
      ConfigKey.derived(
              "registry.tls.truststore",
              ConfigType.text(),
              "what Java trusts",
              "The job trusts a registry with a certificate of this file, which is PEM, PKCS 12 or JKS. It must be on every machine that the job runs on.")
          .example("/etc/tidecast/ca.pem");
  public static final ConfigKey<String> TRUSTSTORE_PASSWORD =
      ConfigKey.derived(
              "registry.tls.truststore-password",
              ConfigType.secret("a password"),
              "the file has no password",
              "This password opens `registry.tls.truststore`. It is never shown or logged.")
          .example("\"not this one\"");
  public static final ConfigKey<String> KEYSTORE =
      ConfigKey.derived(
              "registry.tls.keystore",
              ConfigType.text(),
              "the registry asks for no certificate",
              "The job shows the registry the certificate of this file, which has its key too, and is PEM (PKCS 8), PKCS 12 or JKS. It must be on every machine that the job runs on.")
          .example("/etc/tidecast/job.p12");
  public static final ConfigKey<String> KEYSTORE_PASSWORD =
      ConfigKey.derived(
              "registry.tls.keystore-password",
              ConfigType.secret("a password"),
              "the file has no password",
              "This password opens `registry.tls.keystore` and the key in it. It is never shown or logged.")
          .example("\"not this one\"");
  public static final ConfigKey<Duration> TIMEOUT =
      ConfigKey.optional(
              "registry.timeout",
              ConfigType.duration("100ms", "5min"),
              "10s",
              "The registry must answer one request within this time. Else the next address is tried, or the same one once more.")
          .example("2s");
  public static final ConfigKey<Duration> PATIENCE =
      ConfigKey.optional(
              "registry.patience",
              ConfigType.duration("1s", "1d"),
              "2min",
              "The job waits this long for a registry that is away or overloaded, and asks again and again. A record that needs a schema waits with it. After that the job fails and goes on from its last checkpoint, so that nothing is lost and nothing becomes a dead letter.")
          .example("10min");

  private RegistryKeys() {}

  /** Returns every key in the order of the reference page. */
  public static List<ConfigKey<?>> all() {
    return List.of(
        URL,
        USER,
        PASSWORD,
        TOKEN,
        TRUSTSTORE,
        TRUSTSTORE_PASSWORD,
        KEYSTORE,
        KEYSTORE_PASSWORD,
        TIMEOUT,
        PATIENCE);
  }
}
