package io.tidecast.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** The launcher in a folder of its own, between a {@code java} and a {@code mvn} of the test's. */
@DisabledOnOs(OS.WINDOWS)
class LauncherTest {
  private static final String JAVA_17 =
      """
      case $1 in
        -version) echo 'openjdk version "17.0.9" 2023-10-17' >&2 ;;
        --list-modules) echo 'jdk.compiler@17.0.9' ;;
        *) printf '%s\\n' "$@"; exit ${FAKE_EXIT_CODE:-0} ;;
      esac
      """;

  private static final String MAVEN =
      """
      echo "$PWD $*" >>"$BUILDS"
      sleep 0.3
      touch cli/target/tidecast-cli.jar cli/target/other.jar
      printf '%s' "$PWD/cli/target/other.jar" >cli/target/classpath
      """;

  @TempDir private Path folder;
  private Path root;
  private Path programs;
  private Path builds;

  /** Exit code and everything that was printed. */
  private record Ran(int exitCode, String output) {}

  @BeforeEach
  void lay() throws IOException {
    root = Files.createDirectories(folder.resolve("a root"));
    programs = Files.createDirectories(folder.resolve("programs"));
    builds = folder.resolve("builds");
    Files.copy(Path.of(System.getProperty("tidecast.root"), "tidecast"), root.resolve("tidecast"));
    executable(root.resolve("tidecast"));
    Files.createFile(root.resolve("pom.xml"));
    source("cli/src/main/java/Some.java", -3600);
    program("java", JAVA_17);
    program("mvn", MAVEN);
  }

  @Test
  void shouldBuildOnceThenRun() throws Exception {
    Ran first = run(root, "./tidecast", "quickstart", "--speed", "5", "two words");
    Ran second = run(root, "./tidecast", "run");

    assertThat(first.exitCode()).isZero();
    assertThat(first.output())
        .contains("first use; building", "-Dtidecast.root=" + root)
        .contains(root + "/cli/target/tidecast-cli.jar:" + root + "/cli/target/other.jar\n")
        .endsWith("TidecastCommand\nquickstart\n--speed\n5\ntwo words\n");
    assertThat(second.output()).doesNotContain("building");
    assertThat(Files.readAllLines(builds)).hasSize(1);
    assertThat(Files.readString(builds)).startsWith(root + " ").contains("-pl cli -am package");
  }

  @Test
  void shouldBuildAgainWhenASourceIsNewerOrAJarHasGone() throws Exception {
    run(root, "./tidecast", "run");

    source("models/runtime/src/main/java/Other.java", 5);
    assertThat(run(root, "./tidecast", "run").output()).contains("out of date; building");
    assertThat(Files.readAllLines(builds)).hasSize(2);
    source("models/runtime/src/main/java/Other.java", -3600);
    Files.delete(root.resolve("cli/target/other.jar"));
    run(root, "./tidecast", "run");
    assertThat(Files.readAllLines(builds)).hasSize(3);
  }

  @Test
  void shouldStayWithTheOnnxRuntimeThatWasAskedForLast() throws Exception {
    run(root, "./tidecast", "run");

    Ran gpu = run(root, Map.of("TIDECAST_ORT", "gpu"), "./tidecast", "run");
    Ran again = run(root, "./tidecast", "run");
    Ran wrong = run(root, Map.of("TIDECAST_ORT", "tpu"), "./tidecast", "run");

    assertThat(gpu.output()).contains("another ONNX Runtime than that of TIDECAST_ORT=gpu");
    assertThat(again.output()).doesNotContain("building");
    assertThat(wrong.exitCode()).isEqualTo(2);
    assertThat(wrong.output()).contains("TIDECAST_ORT must be cpu or gpu: tpu");
    assertThat(Files.readAllLines(builds)).hasSize(2);
    assertThat(Files.readAllLines(builds).get(0)).contains("-Dort=cpu");
    assertThat(Files.readAllLines(builds).get(1)).contains("-Dort=gpu");
  }

  @Test
  void shouldRunItsOwnJarsWhenTheFolderWasCopied() throws Exception {
    run(root, "./tidecast", "run");
    Path stale = Files.createDirectories(root.resolve("cli/target/classes")).resolve("Some.class");
    Files.createFile(stale);
    Path copy = folder.resolve("a copy");
    // With -a, so that the copy looks up to date.
    assertThat(run(folder, "cp", "-a", root.toString(), copy.toString()).exitCode()).isZero();

    Ran copied = run(copy, "./tidecast", "run");

    assertThat(copied.output())
        .contains("copied or moved; building", "-Dtidecast.root=" + copy)
        .contains(copy + "/cli/target/tidecast-cli.jar:" + copy + "/cli/target/other.jar\n")
        .doesNotContain(root + "/");
    assertThat(copy.resolve("cli/target/classes/Some.class")).doesNotExist();
    assertThat(stale).exists();
    assertThat(run(copy, "./tidecast", "run").output()).doesNotContain("building");
    assertThat(run(root, "./tidecast", "run").output()).doesNotContain("building");
    assertThat(Files.readAllLines(builds)).hasSize(2);
  }

  @Test
  void shouldWorkThroughALinkFromAnywhere() throws Exception {
    Path elsewhere = Files.createDirectories(folder.resolve("elsewhere"));
    Files.createSymbolicLink(elsewhere.resolve("link"), Path.of("../a root/tidecast"));
    Files.createSymbolicLink(elsewhere.resolve("tide"), elsewhere.resolve("link"));

    assertThat(run(elsewhere, "./tide", "run").output()).contains("-Dtidecast.root=" + root);
  }

  @Test
  void shouldPassTheExitCodeOn() throws Exception {
    assertThat(run(root, Map.of("FAKE_EXIT_CODE", "130"), "./tidecast", "run").exitCode())
        .isEqualTo(130);
  }

  @Test
  void shouldLetOneBuildForAllWhoStartAtOnce() throws Exception {
    List<Process> processes = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      processes.add(start(root, Map.of(), "./tidecast", "run"));
    }
    for (Process process : processes) {
      assertThat(finish(process).exitCode()).isZero();
    }

    assertThat(Files.readAllLines(builds)).hasSize(1);
    assertThat(root.resolve("cli/target/launcher/lock")).doesNotExist();
  }

  @Test
  void shouldTakeOverFromABuildThatWasKilled() throws Exception {
    Path lock = Files.createDirectories(root.resolve("cli/target/launcher/lock"));
    Process dead = new ProcessBuilder("true").start();
    dead.waitFor();
    Files.writeString(lock.resolve("owner"), dead.pid() + "\n");

    assertThat(run(root, "./tidecast", "run").exitCode()).isZero();
    assertThat(lock).doesNotExist();
  }

  @Test
  void shouldSayThatTheBuildFailedAndTryAgainNextTime() throws Exception {
    program("mvn", "echo the reason; exit 1");
    Ran failed = run(root, "./tidecast", "run");
    program("mvn", MAVEN);

    assertThat(failed.exitCode()).isEqualTo(2);
    assertThat(failed.output()).contains("the reason", "the build failed");
    assertThat(run(root, "./tidecast", "run").exitCode()).isZero();
  }

  @Test
  void shouldSayWhatIsMissing() throws Exception {
    program("java", "echo 'openjdk version \"11.0.2\" 2019-01-15' >&2");
    assertThat(run(root, "./tidecast").output()).contains("17 or newer is needed", "version 11");

    assertThat(run(root, Map.of("JAVA_HOME", "/nowhere"), "./tidecast"))
        .isEqualTo(
            new Ran(
                2,
                "tidecast: a JDK 17 or newer is needed, and there is no /nowhere/bin/java."
                    + " Install one, or set JAVA_HOME to it.\n"));

    program("java", JAVA_17);
    Files.delete(programs.resolve("mvn"));
    assertThat(run(root, Map.of("PATH", programs + ":" + tools()), "./tidecast").output())
        .contains("no mvn on the PATH");
  }

  /** A folder with what the launcher calls, but for Maven, which may stand beside them. */
  private Path tools() throws IOException {
    Path tools = Files.createDirectories(folder.resolve("tools"));
    for (String tool :
        "bash env dirname find sed head cat mkdir mv rm cp touch sleep grep".split(" ", -1)) {
      Path real =
          Files.exists(Path.of("/bin", tool)) ? Path.of("/bin", tool) : Path.of("/usr/bin", tool);
      Path file =
          Files.writeString(tools.resolve(tool), "#!/bin/sh\nexec %s \"$@\"\n".formatted(real));
      executable(file);
    }
    return tools;
  }

  private void source(String name, int secondsFromNow) throws IOException {
    Path file = root.resolve(name);
    Files.createDirectories(file.getParent());
    Files.writeString(file, "", StandardOpenOption.CREATE);
    long millis = System.currentTimeMillis() + 1000L * secondsFromNow;
    Files.setLastModifiedTime(file, FileTime.fromMillis(millis));
    for (Path up = file.getParent(); !up.equals(root); up = up.getParent()) {
      Files.setLastModifiedTime(up, FileTime.fromMillis(millis));
    }
    Files.setLastModifiedTime(root.resolve("pom.xml"), FileTime.fromMillis(0));
  }

  private void program(String name, String script) throws IOException {
    Path file = programs.resolve(name);
    Files.writeString(file, "#!/usr/bin/env bash\n" + script);
    executable(file);
  }

  private static void executable(Path file) throws IOException {
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
  }

  private Ran run(Path where, String... command) throws Exception {
    return run(where, Map.of(), command);
  }

  private Ran run(Path where, Map<String, String> environment, String... command) throws Exception {
    return finish(start(where, environment, command));
  }

  private Process start(Path where, Map<String, String> environment, String... command)
      throws IOException {
    ProcessBuilder builder = new ProcessBuilder(command).directory(where.toFile());
    builder.redirectErrorStream(true);
    builder.environment().remove("JAVA_HOME");
    builder.environment().put("BUILDS", builds.toString());
    builder.environment().put("PATH", programs + ":" + System.getenv("PATH"));
    builder.environment().putAll(environment);
    return builder.start();
  }

  private static Ran finish(Process process) throws Exception {
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
    return new Ran(process.exitValue(), output);
  }
}
