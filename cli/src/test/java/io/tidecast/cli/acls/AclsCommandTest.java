package io.tidecast.cli.acls;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidecast.cli.TidecastCommand;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

class AclsCommandTest {

  private static final String SMALL =
      """
      kafka:
        bootstrap-servers: broker-1:9093,broker-2:9093
        properties:
          security.protocol: SASL_SSL
          sasl.mechanism: SCRAM-SHA-512
          sasl.jaas.config: 'org.apache.kafka.common.security.scram.ScramLoginModule required username="tidecast" password="${file:/no/such/secret}";'
      source: {topic: meters}
      series: {step: 30min}
      model: {path: /no/such/model}
      """;

  private static final String WIDE =
      SMALL.replace(
              "source: {topic: meters}",
              "source: {topic-pattern: 'meters-.*', group-id: night shift}")
          + """
          models: [{name: other, path: /no/such/model, role: shadow}]
          sink: {topic: out, transactional-id-prefix: tide}
          dead-letters: {topic: bad}
          scores: {topic: scores}
          cells: {topic: cells}
          requests: {topic: requests}
          commands: {topic: commands, events-topic: events}
          promotion: {action: perform}
          postgres: {url: "jdbc:postgresql://db/tidecast", password: "${NO_SUCH}", group-id: copier}
          """;

  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  @TempDir private Path folder;

  /** The secret of the job file is not on this machine, nor is the model. */
  @Test
  void shouldPrintATable() throws IOException {
    assertThat(execute(SMALL)).as("%s", err).isZero();

    assertThat(out.toString())
        .isEqualToNormalizingNewlines(
            """
            User:tidecast needs:
            WHAT              NAME        RIGHTS  FOR
            topic             meters      READ    source.topic
            topic             forecasts   WRITE   sink.topic
            topic             meters.dlq  WRITE   dead-letters.topic
            group             tidecast    READ    source.group-id
            transactional id  tidecast-…  WRITE   sink.transactional-id-prefix
            A name with … stands for all that begin so (the pattern type PREFIXED).
            """);
  }

  /** What promotions write, what is copied and what two tasks need of one topic stand together. */
  @Test
  void shouldPrintWhatAWideJobNeeds() throws IOException {
    assertThat(execute(WIDE)).as("%s", err).isZero();

    assertThat(out.toString().lines().skip(2))
        .containsExactly(
            "topic             out          READ, WRITE  sink.topic",
            "topic             out-shadow   READ, WRITE  sink.shadow-topic",
            "topic             scores       READ, WRITE  scores.topic",
            "topic             cells        READ, WRITE  cells.topic",
            "topic             bad          WRITE        dead-letters.topic",
            "topic             requests     READ         requests.topic",
            "topic             commands     READ, WRITE  commands.topic, promotion.action",
            "topic             events       READ, WRITE  commands.events-topic",
            "topic             meters-…     READ         source.topic-pattern",
            "group             night shift  READ         source.group-id",
            "group             copier       READ         postgres.group-id",
            "transactional id  tide-…       WRITE        sink.transactional-id-prefix",
            "A name with … stands for all that begin so (the pattern type PREFIXED).");
  }

  /** Who trains reads what the job reads, without a group, and writes nothing. */
  @Test
  void shouldPrintWhatATrainingNeeds() throws IOException {
    String covariates = "covariates: {topic: weather, names: [t], keyed-by: global}\n";
    assertThat(execute(WIDE + covariates, "--for", "train")).as("%s", err).isZero();

    assertThat(out.toString().lines().skip(2))
        .containsExactly(
            "topic  weather   READ    covariates.topic",
            "topic  meters-…  READ    source.topic-pattern",
            "A name with … stands for all that begin so (the pattern type PREFIXED).");
  }

  @Test
  void shouldPrintCommands() throws IOException {
    assertThat(execute(WIDE, "--format", "commands", "--for", "job", "--principal", "User:O'Hara"))
        .as("%s", err)
        .isZero();

    String begin =
        "kafka-acls.sh --bootstrap-server broker-1:9093,broker-2:9093 --command-config admin.properties --add --allow-principal 'User:O'\\''Hara' ";
    assertThat(out.toString().lines())
        .hasSize(12)
        .contains(
            begin + "--operation Write --topic out",
            begin + "--operation Read --operation Write --topic commands",
            begin + "--operation Read --topic meters- --resource-pattern-type prefixed",
            begin + "--operation Read --group 'night shift'",
            begin + "--operation Write --transactional-id tide- --resource-pattern-type prefixed");
  }

  @Test
  void shouldPrintAUserOfStrimzi() throws IOException {
    assertThat(execute(SMALL, "--format", "strimzi", "--cluster", "kafka")).as("%s", err).isZero();

    assertThat(out.toString())
        .startsWith(
            """
            apiVersion: kafka.strimzi.io/v1
            kind: KafkaUser
            metadata:
              name: "tidecast"
              labels:
                strimzi.io/cluster: "kafka"
            spec:
              authentication:
                type: scram-sha-512
              authorization:
                type: simple
                acls:
                  # source.topic
                  - resource:
                      type: topic
                      name: "meters"
                      patternType: literal
                    operations:
                      - Read
            """)
        .endsWith(
            """
                  # sink.transactional-id-prefix
                  - resource:
                      type: transactionalId
                      name: "tidecast-"
                      patternType: prefix
                    operations:
                      - Write
            """);
  }

  /** What the page shows of its first job file is what the command prints of it. */
  @ParameterizedTest
  @ValueSource(strings = {"table", "commands", "strimzi"})
  void shouldBeAsDocumented(String format) throws IOException {
    String page =
        Files.readString(
            Path.of(System.getProperty("tidecast.root"), "docs", "how-to", "secured-kafka.md"));
    String begin = "```yaml\n";
    int from = page.indexOf(begin) + begin.length();
    String job = page.substring(from, page.indexOf("```", from));

    assertThat(execute(job, "--format", format)).as("%s", err).isZero();

    assertThat(page).contains("```\n" + out.toString().replace("\r", "") + "```\n");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "create-topics; topic out CREATE, topic out-shadow CREATE, topic scores CREATE, topic cells CREATE, topic bad CREATE, topic requests CREATE, topic commands CREATE, topic events CREATE",
        "read; topic out READ, topic out-shadow READ, topic bad READ",
        "page; topic out READ, topic out-shadow READ, topic scores READ, topic cells READ",
        "model; topic commands WRITE, topic events READ",
        "model,read; topic out READ, topic out-shadow READ, topic bad READ, topic commands WRITE, topic events READ",
        "postgres; topic out READ, topic out-shadow READ, topic scores READ, topic cells READ, topic bad WRITE, topic events READ, group copier READ"
      })
  void shouldPrintWhatOtherTasksNeed(String tasks, String expected) throws IOException {
    assertThat(execute(WIDE, "--for", tasks)).as("%s", err).isZero();

    assertThat(
            out.toString()
                .lines()
                .skip(2)
                .map(line -> line.split(" {2,}"))
                .map(cells -> "%s %s %s".formatted(cells[0], cells[1], cells[2])))
        .containsExactlyInAnyOrder(expected.split(", "));
  }

  @Test
  void shouldNeedNoTransactionsAndNoGroupWhereThereAreNone() throws IOException {
    String atLeastOnce = SMALL + "sink: {delivery: at-least-once}\n";
    assertThat(execute(atLeastOnce)).as("%s", err).isZero();
    assertThat(out.toString()).doesNotContain("transactional").contains("group");

    String backward =
        SMALL.replace("{topic: meters}", "{topic: meters, stop: latest, order: newest-first}");
    assertThat(execute(backward)).as("%s", err).isZero();
    assertThat(out.toString()).contains("transactional").doesNotContain("group");
  }

  @Test
  void shouldSayThatAPatternIsEveryTopic() throws IOException {
    assertThat(
            execute(
                SMALL.replace("topic: meters", "topic-pattern: '.*-meters'")
                    + "dead-letters: {topic: bad}\n"))
        .as("%s", err)
        .isZero();
    assertThat(out.toString())
        .contains("topic             *           READ    source.topic-pattern")
        .contains("so * is every topic");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "--principal tidecast; --principal must be a type and a name, such as User:tidecast: found tidecast",
        "--format strimzi --principal User:Tide_Cast; --principal must be User:NAME or User:CN=NAME",
        "--for everything; must be job, postgres, create-topics, page, read or model: found everything",
        "--for postgres; must be given, for --for postgres is about its copy: postgres.url",
        "--for model; must be given, for --for model is about it: commands.topic"
      })
  void shouldRefuse(String options, String sentence) throws IOException {
    assertThat(execute(SMALL, options.split(" "))).isEqualTo(2);
    assertThat(err.toString()).contains(sentence);
  }

  private int execute(String job, String... options) throws IOException {
    out.getBuffer().setLength(0);
    Path file = Files.writeString(folder.resolve("job.yaml"), job);
    CommandLine command = TidecastCommand.commandLine();
    command.setOut(new PrintWriter(out, true));
    command.setErr(new PrintWriter(err, true));
    String[] arguments = new String[options.length + 3];
    arguments[0] = "acls";
    arguments[1] = "--config";
    arguments[2] = file.toString();
    System.arraycopy(options, 0, arguments, 3, options.length);
    return command.execute(arguments);
  }
}
