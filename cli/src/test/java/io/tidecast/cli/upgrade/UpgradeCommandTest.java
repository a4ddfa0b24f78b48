package io.tidecast.cli.upgrade;

import static io.tidecast.cli.upgrade.FakeFlink.BLUE;
import static io.tidecast.cli.upgrade.FakeFlink.SAVEPOINT;
import static io.tidecast.cli.upgrade.FakeFlink.errors;
import static io.tidecast.cli.upgrade.FakeFlink.job;
import static org.assertj.core.api.Assertions.assertThat;

import io.tidecast.cli.TidecastCommand;
import io.tidecast.flink.registry.RegistrySettings.StoreFile;
import io.tidecast.flink.registry.RegistrySettings.Tls;
import io.tidecast.flink.registry.http.TlsContext;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class UpgradeCommandTest {

  private static final String STOP = "POST /jobs/" + BLUE + "/stop";
  private static final String RUN = "POST /jars/abc_job.jar/run";
  private static final String NO_FILE =
      "<Exception on server side:\\norg.apache.flink.client.program.ProgramInvocationException: The main method caused an error: "
          + "the job configuration has 1 problem:\\n  - must be readable: /x\\n\\tat org.apache.flink.A.b(A.java:1)\\n"
          + "Caused by: org.apache.flink.api.common.InvalidProgramException: the job configuration has 1 problem:\\n"
          + "  - must be readable: /x\\n\\nEnd of exception on server side>";

  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  @TempDir private Path folder;
  private FakeFlink flink;
  private Path jar;

  @BeforeEach
  void start() throws IOException {
    flink = new FakeFlink();
    jar = Files.writeString(folder.resolve("job.jar"), "the bytes of a jar");
  }

  @AfterEach
  void stop() {
    flink.close();
  }

  @Test
  void shouldPutAnotherJobIntoThePlaceOfTheOneThatRuns() {
    assertThat(execute("--savepoint-dir", "file:/savepoints")).as("%s", err).isZero();

    List<String> asked = flink.asked();
    assertThat(asked)
        .containsSubsequence(
            "POST /jars/upload",
            "POST /jars/abc_job.jar/plan",
            STOP,
            "GET /jobs/" + BLUE + "/savepoints/r1",
            RUN,
            "DELETE /jars/abc_job.jar");
    assertThat(body("POST /jars/upload")).contains("name=\"jarfile\"", "the bytes of a jar");
    assertThat(body("POST /jars/abc_job.jar/plan"))
        .isEqualTo("{\"programArgsList\":[\"--config\",\"/etc/green.yaml\"]}");
    assertThat(body(STOP)).isEqualTo("{\"drain\":false,\"targetDirectory\":\"file:/savepoints\"}");
    assertThat(body(RUN))
        .contains("\"savepointPath\":\"" + SAVEPOINT + "\"", "\"allowNonRestoredState\":false");
    assertThat(out.toString())
        .contains(
            "/etc/green.yaml is not on this machine: the JobManager alone checks it.",
            "The JobManager can start demand with this jar and this job file.",
            "Stopping " + BLUE + " (demand, RUNNING) with a savepoint.",
            "Savepoint: " + SAVEPOINT)
        .containsPattern("Done: [0-9a-f]{32} runs, and its first checkpoint is complete");
    assertThat(err.toString()).isEmpty();
  }

  @Test
  void shouldHaveTheFirstCheckpointTakenAtOnce() {
    flink.checkpoints(0);
    flink.on("GET /jobs/[0-9a-f]{32}/checkpoints", 200, "{\"counts\": {\"completed\": 1}}");

    assertThat(execute()).as("%s", err).isZero();

    assertThat(flink.asked())
        .anyMatch(asked -> asked.matches("POST /jobs/[0-9a-f]{32}/checkpoints"));
  }

  @Test
  void shouldChangeNothingInADryRun() {
    assertThat(execute("--dry-run")).as("%s", err).isZero();

    assertThat(out.toString())
        .contains(
            "Would stop " + BLUE + " (demand, RUNNING) with a savepoint in Flink's",
            "Nothing was stopped.");
    assertThat(flink.asked()).doesNotContain(STOP, RUN).contains("DELETE /jars/abc_job.jar");
  }

  @Test
  void shouldStopNothingForAJobThatCannotStart() {
    flink.instead("POST /jars/abc_job.jar/plan", 500, errors(NO_FILE));

    assertThat(execute()).isEqualTo(2);

    assertThat(err.toString())
        .isEqualToNormalizingNewlines(
            """
            tidecast: the JobManager cannot start the job: the job configuration has 1 problem:
              - must be readable: /x
                      Nothing was stopped.
            """);
    assertThat(flink.asked()).doesNotContain(STOP).contains("DELETE /jars/abc_job.jar");
  }

  @Test
  void shouldRefuseAJarThatIsNone() {
    flink.instead(
        "POST /jars/abc_job.jar/plan",
        400,
        errors(
            "org.apache.flink.client.program.ProgramInvocationException: Neither a 'Main-Class', nor a 'program-class' entry was found in the jar file.\\n\\tat A.b(A.java:1)"));

    assertThat(execute()).isEqualTo(1);

    assertThat(err.toString())
        .contains(
            "Neither a 'Main-Class', nor a 'program-class' entry was found in the jar file. Nothing was stopped.")
        .doesNotContain("A.java");
  }

  @Test
  void shouldStopTheOneJobThatIsMeant() {
    flink.jobs(job(BLUE, "demand", "RUNNING"), job("f".repeat(32), "demand", "RUNNING"));

    assertThat(execute()).isEqualTo(1);
    assertThat(err.toString())
        .contains("one job of the name demand must run: " + BLUE, "say which with --job-id");
    assertThat(flink.asked()).doesNotContain(STOP);

    assertThat(execute("--job-id", BLUE)).isZero();
    assertThat(out.toString())
        .contains("Another job of this name is there, and stays as it is: " + "f".repeat(32));
  }

  @Test
  void shouldRefuseAJobThatDoesNotRun() {
    flink.jobs(job(BLUE, "demand", "FAILED"), job("f".repeat(32), "other", "RUNNING"));

    assertThat(execute("--job-id", BLUE)).isEqualTo(1);
    assertThat(err.toString())
        .contains("the job to upgrade must be running: " + BLUE + " is FAILED; give the savepoint");

    assertThat(execute()).isEqualTo(1);
    assertThat(err.toString())
        .contains(
            "a job of the name demand must run, to be upgraded: these run: " + "f".repeat(32));

    assertThat(execute("--job-id", "1".repeat(32))).isEqualTo(1);
    assertThat(err.toString()).contains("--job-id must be a job that Flink knows: 1111");
    assertThat(flink.asked()).doesNotContain(STOP);
  }

  @Test
  void shouldSayThatTheOldJobGoesOnAfterASavepointThatFailed() {
    flink.savepoint(
        "{\"failure-cause\": {\"stack-trace\": \"java.util.concurrent.CompletionException: x\\n\\tat A.b(A.java:1)\\nCaused by: java.io.IOException: No space left on device\\n\\tat A.b(A.java:1)\"}}");

    assertThat(execute()).isEqualTo(1);

    assertThat(err.toString())
        .contains(
            "the savepoint of "
                + BLUE
                + " must be written: No space left on device; the job is RUNNING, and nothing else was changed")
        .doesNotContain("A.java");
    assertThat(flink.asked()).doesNotContain(RUN);
  }

  @Test
  void shouldSayWhereSavepointsMayGo() {
    flink.instead(
        "POST /jobs/[0-9a-f]{32}/stop",
        400,
        "{\"errors\": [\"Config key [execution.checkpointing.savepoint-dir] is not set. Property [targetDirectory] must be provided.\"]}");

    assertThat(execute()).isEqualTo(1);

    assertThat(err.toString())
        .contains("it goes on, and nothing was changed. --savepoint-dir says");
  }

  @Test
  void shouldSayThatItDoesNotKnowWhereNobodyAnswers() {
    flink.instead(
        "POST /jobs/[0-9a-f]{32}/stop",
        503,
        "{\"errors\": [\"Service temporarily unavailable.\"]}");

    assertThat(execute()).isEqualTo(1);

    assertThat(err.toString())
        .contains(
            "Service temporarily unavailable. Whether " + BLUE + " is being stopped is not known")
        .doesNotContain("nothing was");
  }

  @Test
  void shouldSayHowToGoOnWhereASavepointTakesLong() {
    flink.instead(
        "GET /jobs/[0-9a-f]{32}/savepoints/r1", 200, "{\"status\": {\"id\": \"IN_PROGRESS\"}}");

    assertThat(execute("--wait", "1s")).isEqualTo(1);

    assertThat(err.toString())
        .contains(
            "must be complete within --wait=1 s",
            "is under way, and the job stops when it is complete",
            "./tidecast upgrade --flink " + flink.url() + " --savepoint SAVEPOINT --jar " + jar);
    assertThat(flink.asked()).doesNotContain(RUN);
  }

  @Test
  void shouldSayHowToGoBackFromAJobThatIsRefused() {
    flink.instead(
        RUN, 400, errors("java.lang.IllegalStateException: no slots.\\n\\tat A.b(A.java:1)"));

    assertThat(execute()).isEqualTo(1);

    assertThat(err.toString())
        .contains(
            "the job must start: no slots. No job runs now. The savepoint of the old one is "
                + SAVEPOINT,
            "./tidecast upgrade --flink "
                + flink.url()
                + " --savepoint "
                + SAVEPOINT
                + " --jar OLD_JAR --config OLD_CONFIG");
  }

  @Test
  void shouldSayWhyTheNewJobFailed() {
    flink.progress("FAILED", 2, 0);
    flink.failure(
        "org.apache.flink.A: x\\n\\tat A.b(A.java:1)\\nCaused by: java.lang.IllegalStateException: state of a series must have been kept with series.step=PT30M\\n\\tat A.b(A.java:1)");
    flink.checkpoints(0);

    assertThat(execute()).isEqualTo(1);

    assertThat(err.toString())
        .containsPattern(
            "[0-9a-f]{32} was FAILED: state of a series must have been kept with series.step=PT30M\\. No job runs now\\.");
    assertThat(flink.asked()).noneMatch(asked -> asked.startsWith("PATCH "));
  }

  @Test
  void shouldCancelANewJobThatOnlyStartsAgain() {
    flink.progress("RESTARTING", 2, 0);
    flink.progressThen("RESTARTING", 2, 0);
    flink.progressThen("RESTARTING", 2, 0);
    flink.progressThen("RESTARTING", 2, 0);
    flink.progressThen("CANCELED", 2, 0);
    flink.checkpoints(0);

    assertThat(execute("--wait", "1s")).isEqualTo(1);

    assertThat(out.toString()).containsPattern("Cancelling [0-9a-f]{32}, which is RESTARTING\\.");
    assertThat(err.toString()).contains("was RESTARTING. No job runs now.");
    assertThat(flink.asked()).anyMatch(asked -> asked.startsWith("PATCH "));
  }

  @Test
  void shouldStartFromASavepointOnlyWhereNoJobRuns() {
    assertThat(execute("--savepoint", SAVEPOINT)).isEqualTo(1);
    assertThat(err.toString())
        .contains("with --savepoint, no job of the name demand must run: " + BLUE);
    assertThat(flink.asked()).doesNotContain(RUN);

    flink.jobs(job(BLUE, "demand", "FINISHED"));
    assertThat(execute("--savepoint", SAVEPOINT, "--allow-non-restored-state")).isZero();
    assertThat(flink.asked()).doesNotContain(STOP);
    assertThat(body(RUN))
        .contains("\"savepointPath\":\"" + SAVEPOINT + "\"", "\"allowNonRestoredState\":true");
  }

  @Test
  void shouldCheckAJobFileOfThisMachineFirst() throws IOException {
    Path file = folder.resolve("green.yaml");
    String good =
        """
        kafka: {bootstrap-servers: "127.0.0.1:1", properties: {ssl.key.password: "${NO_SUCH}"}}
        source: {topic: demand}
        series: {step: 30min}
        model: {path: /on/the/cluster}
        job: {name: demand}
        """;
    Files.writeString(file, good.replace("step", "stepp"));
    assertThat(executeWith(file)).isEqualTo(2);
    assertThat(err.toString()).contains("stepp");
    assertThat(flink.asked()).isEmpty();

    Files.writeString(file, good.replace("name: demand", "name: green"));
    assertThat(executeWith(file)).isEqualTo(1);
    assertThat(err.toString())
        .contains(
            "the job file must be the same here and at the JobManager: job.name here is green, there demand");
    assertThat(flink.asked()).doesNotContain(STOP);

    Files.writeString(file, good);
    assertThat(executeWith(file)).as("%s", err).isZero();
    assertThat(out.toString()).contains("Kafka is not asked from here, for a secret of");
  }

  @Test
  void shouldSendAPasswordAndNeverShowIt() throws IOException {
    Path secret = Files.writeString(folder.resolve("secret"), "abracadabra");
    flink.instead(RUN, 400, errors("java.lang.IllegalStateException: no"));
    String reference = "${file:" + secret + "}";

    assertThat(execute("--user", "ops", "--password", reference)).isEqualTo(1);

    assertThat(flink.requests())
        .allMatch(request -> request.authorization().equals("Basic b3BzOmFicmFjYWRhYnJh"));
    assertThat(out.toString() + err).doesNotContain("abracadabra").contains("'" + reference + "'");

    assertThat(execute("--user", "ops", "--password", "abracadabra")).isEqualTo(2);
    assertThat(err.toString())
        .contains("--password must say where it is")
        .doesNotContain("abracadabra");
  }

  @Test
  void shouldSpeakTls() throws Exception {
    Path store = folder.resolve("flink.p12");
    Path secret = Files.writeString(folder.resolve("secret"), "abracadabra");
    makeCertificate(store);
    try (FakeFlink secured = FakeFlink.of(certified(store))) {
      String url = secured.url();
      List<String> arguments =
          new ArrayList<>(
              List.of("--flink", url, "--jar", jar.toString(), "--config", "/etc/green.yaml"));
      assertThat(run(arguments)).isEqualTo(1);
      assertThat(err.toString())
          .contains("Flink and this command must trust each other's certificates: --flink=" + url);

      arguments.addAll(List.of("--truststore", store.toString()));
      arguments.addAll(List.of("--truststore-password", "${file:" + secret + "}"));
      assertThat(run(arguments)).as("%s", err).isZero();
    }
  }

  private static void makeCertificate(Path store) throws Exception {
    String keytool = Path.of(System.getProperty("java.home"), "bin", "keytool").toString();
    Process process =
        new ProcessBuilder(
                keytool,
                "-genkeypair",
                "-alias",
                "flink",
                "-keyalg",
                "EC",
                "-dname",
                "CN=flink",
                "-ext",
                "san=ip:127.0.0.1",
                "-storepass",
                "abracadabra",
                "-keystore",
                store.toString())
            .redirectErrorStream(true)
            .start();
    assertThat(new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8))
        .doesNotContain("rror");
    assertThat(process.waitFor()).isZero();
  }

  private static SSLContext certified(Path store) {
    Tls own = new Tls(null, new StoreFile(store.toString(), "abracadabra"));
    return TlsContext.of(own, "", text -> text);
  }

  @Test
  void shouldSayWhatFlinkDoesNotTake() {
    flink.instead("GET /config", 401, "{}");
    assertThat(execute()).isEqualTo(1);
    assertThat(err.toString())
        .contains("Flink must let the command in: --flink=" + flink.url() + ", status 401");

    flink.instead("GET /config", 200, "<html>");
    assertThat(execute()).isEqualTo(1);
    assertThat(err.toString()).contains("--flink must be the address of Flink's REST: ");

    flink.instead("GET /config", 200, "{\"flink-version\": \"2.3.0\"}");
    flink.instead("POST /jars/upload", 404, errors("Not found: /jars/upload"));
    assertThat(execute()).isEqualTo(1);
    assertThat(err.toString()).contains("it has no /jars/upload; set web.submit.enable: true");

    flink.close();
    assertThat(execute()).isEqualTo(1);
    assertThat(err.toString()).contains("Flink must answer: --flink=" + flink.url());
  }

  @Test
  void shouldSayWhichArgumentIsNotRight() {
    for (List<String> wrong :
        List.of(
            List.of("--flink", "jobmanager:8081"),
            List.of("--flink", "http://ops:secret@jobmanager:8081"),
            List.of("--flink", flink.url(), "--user", "ops"),
            List.of("--flink", flink.url(), "--truststore", folder + "/none.pem"),
            List.of("--flink", flink.url(), "--wait", "soon"),
            List.of("--flink", flink.url(), "--job-id", BLUE, "--savepoint", SAVEPOINT))) {
      List<String> arguments = new ArrayList<>(wrong);
      arguments.addAll(List.of("--jar", jar.toString(), "--config", "/etc/green.yaml"));
      assertThat(run(arguments)).as("%s", wrong).isEqualTo(2);
      assertThat(err.toString()).startsWith("tidecast: ").contains("--").doesNotContain("secret");
    }
    assertThat(run(List.of("--flink", flink.url(), "--jar", "/no.jar", "--config", "/x")))
        .isEqualTo(2);
    assertThat(err.toString()).contains("--jar must be a file: /no.jar is not there");
    assertThat(flink.asked()).isEmpty();
  }

  private String body(String what) {
    return flink.requests().stream()
        .filter(request -> request.what().equals(what))
        .reduce((first, last) -> last)
        .orElseThrow()
        .body();
  }

  private int execute(String... more) {
    return executeWith(Path.of("/etc/green.yaml"), more);
  }

  private int executeWith(Path config, String... more) {
    List<String> arguments = new ArrayList<>(List.of("--flink", flink.url()));
    arguments.addAll(List.of("--jar", jar.toString(), "--config", config.toString()));
    arguments.addAll(List.of(more));
    return run(arguments);
  }

  private int run(List<String> arguments) {
    out.getBuffer().setLength(0);
    err.getBuffer().setLength(0);
    List<String> all = new ArrayList<>(List.of("upgrade"));
    all.addAll(arguments);
    CommandLine command =
        TidecastCommand.commandLine()
            .setOut(new PrintWriter(out, true))
            .setErr(new PrintWriter(err, true))
            .setColorScheme(CommandLine.Help.defaultColorScheme(CommandLine.Help.Ansi.OFF));
    return command.execute(all.toArray(String[]::new));
  }
}
