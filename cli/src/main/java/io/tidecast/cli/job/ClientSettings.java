package io.tidecast.cli.job;

import static java.util.Objects.requireNonNullElse;

import io.tidecast.cli.console.CliException;
import io.tidecast.cli.console.Failures;
import java.nio.file.NoSuchFileException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.config.internals.BrokerSecurityConfigs;
import org.jspecify.annotations.Nullable;

/**
 * Says which setting keeps a client of Kafka's from being made. What Kafka says of a value may hold
 * the value, which may be a secret: then the setting is named alone, and the failure is not kept,
 * for --debug would show it.
 */
final class ClientSettings {

  private static final Pattern INVALID =
      Pattern.compile(
          "Invalid value (.*) for configuration ([a-z0-9._-]+)(?:: (.*))?", Pattern.DOTALL);

  private static final String JAAS = "JAAS config";

  private static final String STORE = "Failed to load SSL keystore";

  private static final String ALLOWED_URLS =
      BrokerSecurityConfigs.ALLOWED_SASL_OAUTHBEARER_URLS_CONFIG;

  private static final Pattern NO_TOKEN =
      Pattern.compile("The response code \\d+ .* token endpoint response");

  private ClientSettings() {}

  /** Returns the sentence about it; null if a client was made and failed by something else. */
  static @Nullable CliException problem(Throwable failure) {
    Throwable one = failure;
    for (int depth = 0; one != null && depth < 50; depth++) {
      CliException problem = ofOne(one, failure);
      if (problem != null) {
        return problem;
      }
      one = one.getCause();
    }
    return isOfMaking(failure)
        ? new CliException(
            "the settings of kafka.properties must make a client of Kafka's: "
                + Failures.text(failure),
            failure)
        : null;
  }

  private static @Nullable CliException ofOne(Throwable one, Throwable failure) {
    String said = requireNonNullElse(one.getMessage(), "");
    Matcher invalid = INVALID.matcher(said);
    if (one instanceof ConfigException && invalid.matches()) {
      return new CliException(
          "must be a value that Kafka's clients take: kafka.properties.%s=(not shown)%s"
              .formatted(
                  invalid.group(2),
                  rule(invalid.group(1), requireNonNullElse(invalid.group(3), ""))));
    }
    if (said.contains(JAAS) && !said.contains("serviceName")) {
      return new CliException(
          "must be the class of a login module, the word required, then name=\"value\" for each option and a semicolon at the end: kafka.properties.sasl.jaas.config=(not shown)");
    }
    if (said.contains(ALLOWED_URLS)) {
      return new CliException(
          "the JVM must be started with -D%s=ADDRESS, for Kafka's clients ask no other address for a token: kafka.properties.sasl.oauthbearer.token.endpoint.url; TIDECAST_JAVA_OPTS takes it"
              .formatted(ALLOWED_URLS),
          failure);
    }
    Matcher noToken = NO_TOKEN.matcher(said);
    if (noToken.find()) {
      return new CliException(
          "the provider must give this client a token: kafka.properties.sasl.oauthbearer.token.endpoint.url: %s; put the id and the secret of sasl.oauthbearer.client.credentials right"
              .formatted(noToken.group()),
          failure);
    }
    if (said.startsWith(STORE)) {
      return new CliException(
          "must be a file that its password opens: %s: %s; look at location, password and type of ssl.keystore and ssl.truststore in kafka.properties"
              .formatted(
                  said.substring(STORE.length()).strip(),
                  whyNotOpened(requireNonNullElse(one.getCause(), one))),
          failure);
    }
    return null;
  }

  /** What Kafka wants of a value, unless it quotes the value. */
  private static String rule(String value, String said) {
    return said.isEmpty() || said.contains(value) ? "" : ": " + Failures.sentence(said);
  }

  /** What lies behind the first cause is for those who know the formats of keys. */
  private static String whyNotOpened(Throwable cause) {
    return cause instanceof NoSuchFileException || cause.getMessage() == null
        ? cause.getClass().getSimpleName()
        : Failures.sentence(cause.getMessage());
  }

  /** An address that nobody has is no matter of these settings. */
  private static boolean isOfMaking(Throwable failure) {
    return !Failures.says(failure, CommonClientConfigs.BOOTSTRAP_SERVERS_CONFIG)
        && (Failures.says(failure, "Failed to create new KafkaAdminClient")
            || Failures.says(failure, "Failed to construct kafka"));
  }
}
