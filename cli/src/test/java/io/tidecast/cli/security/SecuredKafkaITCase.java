package io.tidecast.cli.security;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assertions.assertTimeout;

import com.sun.net.httpserver.HttpServer;
import io.tidecast.cli.TidecastCommand;
import io.tidecast.cli.console.CliException;
import io.tidecast.cli.embedded.ForecastReader;
import io.tidecast.cli.job.KafkaPreflight;
import io.tidecast.cli.job.KafkaRight;
import io.tidecast.cli.job.KafkaRights;
import io.tidecast.cli.job.KafkaTask;
import io.tidecast.cli.testing.DemandFeed;
import io.tidecast.cli.testing.Pipelines;
import io.tidecast.cli.testing.SecuredKafka;
import io.tidecast.cli.testing.Tidecast;
import io.tidecast.flink.config.JobConfig;
import io.tidecast.flink.config.JobFile;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.apache.kafka.common.acl.AclBinding;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import picocli.CommandLine;

/** A job at a broker with TLS, passwords or certificates, and no right that nobody has given. */
@Tag("cluster")
@Timeout(180)
class SecuredKafkaITCase {

  private static final String USER = "tidecast";
  private static final String PRINCIPAL = "User:" + USER;
  private static final String PASSWORD = "scram-password-4c7";
  private static final String PLAIN_PASSWORD = "plain-password-77e";
  private static final String WRONG = "wrong-password-b52";
  private static final String TOKEN_SECRET = "token-secret-e19";
  private static final String ALLOWED_URLS = "org.apache.kafka.sasl.oauthbearer.allowed.urls";
  private static final Duration PATIENCE = Duration.ofSeconds(10);
  private static final Duration TOLD_WITHIN = Duration.ofSeconds(15);
  private static final String MODULES = "org.apache.kafka.common.security.";
  private static final int FORECASTS = 40;
  private static final int FORECAST_BYTES = 20_000;

  @TempDir private static Path shared;

  private static SecuredKafka kafka;

  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  @TempDir private Path folder;

  @BeforeAll
  static void start() throws Exception {
    kafka = new SecuredKafka(shared, PLAIN_PASSWORD);
    kafka.putUser(USER, PASSWORD);
  }

  @AfterAll
  static void stop() {
    kafka.close();
  }

  /** It asks for every right that a job can need but those of a pattern and of a copy. */
  @Test
  void shouldRunWithThePrintedRightsAndNoOther() throws Exception {
    createTopics("wide");
    Path job = job("wide", scram(PASSWORD), WIDE.formatted("wide", Pipelines.model()));
    List<AclBinding> rights = rights(job, PRINCIPAL, KafkaTask.JOB);
    kafka.give(rights);
    try (ForecastReader reader = new ForecastReader(kafka.open(), "wide.out", "wide.in.dlq");
        DemandFeed feed = new DemandFeed(kafka.open(), "wide.in");
        Tidecast tidecast = new Tidecast(folder, "run", "--config", job.toString())) {
      tidecast.awaitLine("Forecasting wide.in -> wide.out");
      feed.send(Pipelines.CONTEXT + FORECASTS - 1);

      Pipelines.read(reader, FORECASTS, 0, () -> {});

      assertThat(Pipelines.undisturbed())
          .containsAllEntriesOf(Pipelines.points(reader.forecasts()));
      tidecast.signal("INT");
      assertThat(tidecast.exitCode()).as(tidecast.output()).isEqualTo(130);
      assertThat(tidecast.output()).doesNotContain("restart").doesNotContain(PASSWORD);
    }
    shouldLackEachRight(job, rights);
  }

  private void shouldLackEachRight(Path job, List<AclBinding> rights) throws Exception {
    JobConfig config = JobFile.load(job);
    assertThat(rights).hasSize(13);
    for (AclBinding right : rights) {
      kafka.take(List.of(right));
      try {
        String operation = right.entry().operation().name();
        assertThatThrownBy(() -> KafkaPreflight.check(config, FORECAST_BYTES, PATIENCE))
            .as(right.toString())
            .isInstanceOf(CliException.class)
            .hasMessageStartingWith("the job's user must be allowed to " + operation)
            .hasMessageContaining("=" + right.pattern().name().replaceFirst("-$", ""))
            .hasMessageContaining("'tidecast acls'")
            .message()
            .doesNotContain("\n", PASSWORD);
      } finally {
        kafka.give(List.of(right));
      }
    }
    assertThat(KafkaPreflight.check(config, FORECAST_BYTES, PATIENCE)).isEmpty();
    kafka.take(rights);
  }

  /** Kafka names nobody a topic that he may not look at, so that a pattern finds none. */
  @Test
  void shouldAskForTheRightsOfACopyAndSayWhatAPatternDoesNotFind() throws Exception {
    createTopics("copied");
    Path job =
        job(
            "copied",
            scram(PASSWORD),
            SMALL
                    .formatted("copied", Pipelines.model())
                    .replace("topic: copied.in,", "topic-pattern: 'copied\\.i.*',")
                + """
                dead-letters: {topic: copied.shadows}
                postgres: {url: "jdbc:postgresql://127.0.0.1:1/tidecast", group-id: copier}
                """);
    JobConfig config = JobFile.load(job);
    List<AclBinding> rights = rights(job, PRINCIPAL, KafkaTask.JOB, KafkaTask.POSTGRES);
    assertThat(rights).hasSize(7);
    kafka.give(rights);
    try {
      assertThat(KafkaPreflight.check(config, FORECAST_BYTES, PATIENCE)).isEmpty();
      for (AclBinding right : rights) {
        kafka.take(List.of(right));
        if (right.pattern().name().equals("copied.i")) {
          assertThat(KafkaPreflight.check(config, FORECAST_BYTES, PATIENCE))
              .containsExactly(
                  "No topic fits source.topic-pattern=copied\\.i.* yet, or the job's user may READ none that does; the job waits for one.");
        } else {
          assertThatThrownBy(() -> KafkaPreflight.check(config, FORECAST_BYTES, PATIENCE))
              .as(right.toString())
              .hasMessageStartingWith(
                  "the job's user must be allowed to " + right.entry().operation());
        }
        kafka.give(List.of(right));
      }
    } finally {
      kafka.take(rights);
    }
    shouldAskForTheRightsOfACopyAlone(job, config);
  }

  private void shouldAskForTheRightsOfACopyAlone(Path job, JobConfig config) throws Exception {
    List<AclBinding> rights = rights(job, PRINCIPAL, KafkaTask.POSTGRES);
    assertThat(rights).hasSize(3);
    kafka.give(rights);
    try {
      KafkaPreflight.checkCopying(config, PATIENCE);
      for (AclBinding right : rights) {
        kafka.take(List.of(right));
        assertThat(execute("postgres", "--config", job.toString())).isEqualTo(1);
        assertThat(err.toString())
            .as(right.toString())
            .startsWith("tidecast: the job's user must be allowed to " + right.entry().operation())
            .hasLineCount(1);
        kafka.give(List.of(right));
      }
    } finally {
      kafka.take(rights);
    }
  }

  @Test
  void shouldCreateTopicsWithTheRightsForThat() throws Exception {
    kafka.createTopics("made.in");
    Path job = job("made", scram(PASSWORD), SMALL.formatted("made", Pipelines.model()));
    List<AclBinding> rights = rights(job, PRINCIPAL, KafkaTask.JOB);
    List<AclBinding> creation = rights(job, PRINCIPAL, KafkaTask.CREATE_TOPICS);
    kafka.give(rights);
    try {
      assertThat(execute("check", "--create-topics", "--config", job.toString())).isEqualTo(1);
      assertThat(err.toString())
          .contains(
              "the topic must be created: sink.topic=made.out: ",
              "create it with a user who may, or give the job's user the right to CREATE it, which 'tidecast acls --for create-topics' prints");

      kafka.give(creation);
      assertThat(execute("check", "--create-topics", "--config", job.toString()))
          .as("%s %s", out, err)
          .isZero();
      assertThat(out.toString()).contains("Created sink.topic=made.out", "ready: ");
    } finally {
      kafka.take(rights);
      kafka.take(creation);
    }
  }

  @Test
  void shouldEndTheCommandWithOneSentenceWhereARightIsMissing() throws Exception {
    createTopics("short");
    Path job = job("short", scram(PASSWORD), SMALL.formatted("short", Pipelines.model()));
    List<AclBinding> rights = rights(job, PRINCIPAL, KafkaTask.JOB);
    List<AclBinding> fewer =
        rights.stream().filter(one -> !one.pattern().name().equals("short.out")).toList();
    kafka.give(fewer);
    try {
      String sentence =
          "the job's user must be allowed to WRITE: sink.topic=short.out; give it the right, which 'tidecast acls' prints as a command, or set another user in kafka.properties";
      assertThat(execute("run", "--config", job.toString())).isEqualTo(1);
      assertThat(err.toString()).isEqualTo("tidecast: %s%n".formatted(sentence));

      assertThat(execute("check", "--config", job.toString())).isEqualTo(1);
      assertThat(out.toString()).contains(sentence, "not ready: 1 thing is to put right");
    } finally {
      kafka.take(fewer);
    }
  }

  @Test
  void shouldTakeACertificateInPlaceOfAPassword() throws Exception {
    createTopics("mutual");
    Path job =
        job("mutual", certificate("certified"), SMALL.formatted("mutual", Pipelines.model()));
    List<AclBinding> rights = rights(job, SecuredKafka.CERTIFIED, KafkaTask.JOB);
    kafka.give(rights);
    try {
      assertThat(execute("check", "--config", job.toString())).as("%s %s", out, err).isZero();
    } finally {
      kafka.take(rights);
    }
  }

  @ParameterizedTest
  @MethodSource
  void shouldLogInBy(String mechanism, String principal, String login) throws Exception {
    String name = mechanism.toLowerCase(Locale.ROOT);
    createTopics(name);
    Path job =
        job(
            name,
            sasl(kafka.secured(), mechanism, login),
            SMALL.formatted(name, Pipelines.model()));
    List<AclBinding> rights = rights(job, principal, KafkaTask.JOB);
    kafka.give(rights);
    try {
      assertThat(execute("check", "--config", job.toString())).as("%s %s", out, err).isZero();
    } finally {
      kafka.take(rights);
    }
  }

  static Stream<Arguments> shouldLogInBy() {
    return Stream.of(
        Arguments.of(
            "PLAIN",
            "User:" + SecuredKafka.PLAIN_USER,
            "%splain.PlainLoginModule required username=\"%s\" password=\"%s\";"
                .formatted(MODULES, SecuredKafka.PLAIN_USER, PLAIN_PASSWORD)),
        Arguments.of(
            "OAUTHBEARER",
            "User:" + SecuredKafka.TOKEN_USER,
            "%soauthbearer.OAuthBearerLoginModule required unsecuredLoginStringClaim_sub=\"%s\";"
                .formatted(MODULES, SecuredKafka.TOKEN_USER)));
  }

  /**
   * What a provider of tokens is asked for, with the secret that a file has; its token is no good.
   */
  @Test
  void shouldHandTheSettingsOfTokensOnToTheClient() throws Exception {
    Path secret = Files.writeString(folder.resolve("secret"), TOKEN_SECRET + "\n");
    AtomicReference<String> asked = new AtomicReference<>("");
    HttpServer provider =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    provider.createContext(
        "/",
        exchange -> {
          try (exchange) {
            asked.set(
                exchange.getRequestHeaders().getFirst("Authorization")
                    + " "
                    + new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
            exchange.sendResponseHeaders(401, -1);
          }
        });
    provider.start();
    String url = "http://127.0.0.1:%d/token".formatted(provider.getAddress().getPort());
    String kafkaPart =
        sasl(
                kafka.secured(),
                "OAUTHBEARER",
                MODULES + "oauthbearer.OAuthBearerLoginModule required;")
            + """
                sasl.login.callback.handler.class: %soauthbearer.OAuthBearerLoginCallbackHandler
                sasl.oauthbearer.token.endpoint.url: %s
                sasl.oauthbearer.client.credentials.client.id: some-client
                sasl.oauthbearer.client.credentials.client.secret: ${file:%s}
                sasl.oauthbearer.scope: some-scope
            """
                .formatted(MODULES, url, secret);
    try {
      shouldBeRefused(
          kafkaPart,
          "the JVM must be started with -D%s=%s, for Kafka's clients ask no other address for a token: kafka.properties.sasl.oauthbearer.token.endpoint.url; TIDECAST_JAVA_OPTS takes it"
              .formatted(ALLOWED_URLS, "ADDRESS"));
      System.setProperty(ALLOWED_URLS, url);
      shouldBeRefused(
          kafkaPart,
          "the provider must give this client a token: kafka.properties.sasl.oauthbearer.token.endpoint.url: The response code 401 and error response {} was encountered reading the token endpoint response; put the id and the secret of sasl.oauthbearer.client.credentials right");
    } finally {
      System.clearProperty(ALLOWED_URLS);
      provider.stop(0);
    }

    String credentials =
        Base64.getEncoder()
            .encodeToString(("some-client:" + TOKEN_SECRET).getBytes(StandardCharsets.UTF_8));
    assertThat(asked.get()).startsWith("Basic " + credentials).contains("scope=some-scope");
  }

  @Test
  void shouldSayInOneSentenceWhyNobodyIsLetIn() throws Exception {
    shouldBeRefused(
        scram(WRONG),
        "Kafka must take the credentials of kafka.properties: kafka.bootstrap-servers=%s: Authentication failed during authentication due to invalid credentials with SASL mechanism SCRAM-SHA-512; put the user and the secret of sasl.jaas.config right, or the user at the brokers"
            .formatted(kafka.secured()));
    shouldBeRefused(
        scram(PASSWORD).replace("trusts-broker", "trusts-certified"),
        "the certificate of the brokers must be one that is trusted here: kafka.bootstrap-servers=%s: unable to find valid certification path to requested target; name a file with the certificate of its authority in kafka.properties.ssl.truststore.location"
            .formatted(kafka.secured()));
    shouldBeRefused(
        scram(PASSWORD).replace("127.0.0.1", "localhost"),
        "the certificate of the brokers must hold the name that they are called by: kafka.bootstrap-servers=localhost:%d: No name matching localhost found; call them by a name that is in it, or have one made that has this name"
            .formatted(kafka.securedPort()));
    shouldBeRefused(
        scram(PASSWORD).replace("SCRAM-SHA-512", "SCRAM-SHA-256"),
        "Kafka must know the mechanism that is asked for: kafka.bootstrap-servers=%s: Client SASL mechanism 'SCRAM-SHA-256' not enabled in the server, enabled mechanisms are [SCRAM-SHA-512, PLAIN, OAUTHBEARER]; set kafka.properties.sasl.mechanism to one of these"
            .formatted(kafka.secured()));
    shouldBeRefused(
        certificate("stranger"),
        "the brokers must take the certificate that they are shown: kafka.bootstrap-servers=%s: Received fatal alert: bad_certificate; name a file"
            .formatted(kafka.mutual()));
  }

  @Test
  void shouldSayInOneSentenceWhichSettingMakesNoClient() throws Exception {
    shouldBeRefused(
        scram(PASSWORD).replace("trusts-broker", "no-such-store"),
        "must be a file that its password opens: %s of type PKCS12: NoSuchFileException"
            .formatted(kafka.store("no-such-store")));
    shouldBeRefused(
        scram(PASSWORD).replace(SecuredKafka.STORE_PASSWORD, WRONG),
        "must be a file that its password opens: %s of type PKCS12: keystore password was incorrect; look at location, password and type of ssl.keystore and ssl.truststore in kafka.properties"
            .formatted(kafka.store("trusts-broker")));
    shouldBeRefused(
        scram(PASSWORD).replace("\"" + PASSWORD + "\"", "two " + WRONG),
        "must be the class of a login module, the word required, then name=\"value\" for each option and a semicolon at the end: kafka.properties.sasl.jaas.config=(not shown)");
    shouldBeRefused(
        scram(PASSWORD).replace("SASL_SSL", WRONG),
        "must be a value that Kafka's clients take: kafka.properties.security.protocol=(not shown)");
    shouldBeRefused(
        scram(PASSWORD).replace("ScramLoginModule", "NoLoginModule"),
        "the settings of kafka.properties must make a client of Kafka's: ");
  }

  /** A client that speaks another protocol than the listener hears nothing. */
  @Test
  void shouldSayThatTheProtocolMayBeAnother() throws Exception {
    Path job =
        job(
            "refused",
            scram(PASSWORD).replace("SASL_SSL", "SASL_PLAINTEXT"),
            SMALL.formatted("refused", Pipelines.model()));
    JobConfig config = JobFile.load(job);

    assertThatThrownBy(() -> KafkaPreflight.check(config, FORECAST_BYTES, Duration.ofMillis(1_500)))
        .isInstanceOf(CliException.class)
        .hasMessageContaining("does security.protocol fit it");
  }

  private void shouldBeRefused(String kafkaPart, String sentence) throws Exception {
    Path job = job("refused", kafkaPart, SMALL.formatted("refused", Pipelines.model()));

    assertTimeout(
        TOLD_WITHIN,
        () -> assertThat(execute("run", "--debug", "--config", job.toString())).isEqualTo(1));

    assertThat(err.toString().lines().findFirst().orElse("")).startsWith("tidecast: " + sentence);
    assertThat(err.toString() + out)
        .doesNotContain(PASSWORD, WRONG, TOKEN_SECRET)
        .doesNotContain(SecuredKafka.STORE_PASSWORD);
  }

  private static String certificate(String keys) {
    return """
        kafka:
          bootstrap-servers: "%s"
          properties:
            security.protocol: SSL
            ssl.keystore.location: '%s'
            ssl.keystore.password: %s
            ssl.keystore.type: PKCS12
            ssl.truststore.location: '%s'
            ssl.truststore.password: %3$s
            ssl.truststore.type: PKCS12
        """
        .formatted(
            kafka.mutual(),
            kafka.store(keys),
            SecuredKafka.STORE_PASSWORD,
            kafka.store("trusts-broker"));
  }

  private static List<AclBinding> rights(Path job, String principal, KafkaTask... tasks) {
    List<AclBinding> rights = new ArrayList<>();
    for (KafkaRight right : KafkaRights.of(JobFile.load(job), EnumSet.copyOf(Set.of(tasks)))) {
      rights.addAll(right.bindings(principal));
    }
    return rights;
  }

  private static void createTopics(String job) {
    kafka.createTopics(
        Stream.of(
                "in",
                "out",
                "in.dlq",
                "shadows",
                "scores",
                "cells",
                "anomalies",
                "requests",
                "commands",
                "events")
            .map(name -> job + "." + name)
            .toArray(String[]::new));
  }

  private static final String SMALL =
      """
      source: {topic: %1$s.in, group-id: %1$s}
      series: {step: 30min}
      model: {path: %2$s}
      sink: {topic: %1$s.out, transactional-id-prefix: %1$s}
      checkpoints: {interval: 300ms}
      """;

  private static final String WIDE =
      SMALL.replace("prefix: %1$s}", "prefix: %1$s, shadow-topic: %1$s.shadows}")
          + """
          models: [{name: other, path: %2$s, role: shadow}]
          scores: {topic: %1$s.scores}
          cells: {topic: %1$s.cells}
          anomalies: {topic: %1$s.anomalies}
          requests: {topic: %1$s.requests}
          commands: {topic: %1$s.commands, events-topic: %1$s.events}
          promotion: {action: perform}
          """;

  private Path job(String name, String kafkaPart, String rest) throws Exception {
    return Files.writeString(folder.resolve(name + ".yaml"), kafkaPart + rest);
  }

  private static String scram(String password) {
    return sasl(
        kafka.secured(),
        "SCRAM-SHA-512",
        "%sscram.ScramLoginModule required username=\"%s\" password=\"%s\";"
            .formatted(MODULES, USER, password));
  }

  private static String sasl(String server, String mechanism, String login) {
    return """
        kafka:
          bootstrap-servers: "%s"
          properties:
            security.protocol: SASL_SSL
            sasl.mechanism: %s
            sasl.jaas.config: '%s'
            ssl.truststore.location: '%s'
            ssl.truststore.password: %s
            ssl.truststore.type: PKCS12
        """
        .formatted(
            server, mechanism, login, kafka.store("trusts-broker"), SecuredKafka.STORE_PASSWORD);
  }

  private int execute(String... arguments) {
    out.getBuffer().setLength(0);
    err.getBuffer().setLength(0);
    CommandLine command = TidecastCommand.commandLine();
    command.setOut(new PrintWriter(out, true));
    command.setErr(new PrintWriter(err, true));
    return command.execute(arguments);
  }
}
