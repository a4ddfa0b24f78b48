package io.tidecast.distribution;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidecast.distribution.Unpacked.Ran;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import java.util.jar.JarFile;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** The archive runs where there is a JRE and nothing else: no JDK, no Maven, no repository. */
@Tag("cluster")
@Timeout(170)
@DisabledOnOs(OS.WINDOWS)
class ArchiveITCase {

  @TempDir private static Path folder;
  private static Unpacked unpacked;

  @BeforeAll
  static void unpack() throws Exception {
    unpacked = Unpacked.into(folder);
  }

  /**
   * Maven leaves a jar as it is whose classes are the same, so that it may be of a former commit.
   */
  @Test
  void shouldSayVersionAndCommitOfItsJar() throws Exception {
    String version = System.getProperty("tidecast.version");
    Path jar = unpacked.root().resolve("lib/tidecast-flink-jobs-%s.jar".formatted(version));
    String commit;
    try (JarFile file = new JarFile(jar.toFile())) {
      commit = file.getManifest().getMainAttributes().getValue("Implementation-Commit");
    }
    assertThat(unpacked.run("--version"))
        .satisfies(
            ran -> {
              assertThat(ran.exitCode()).isZero();
              assertThat(ran.output())
                  .startsWith("tidecast %s, commit %s (Java ".formatted(version, commit));
            });
  }

  @Test
  void shouldForecastInTheQuickstart() throws Exception {
    Ran ran = unpacked.run("quickstart", "--speed", "1000");

    assertThat(ran.output())
        .containsPattern("Observations in +1,344")
        .containsPattern("Forecasts out +1,009")
        .containsPattern("Dead letters +0");
    assertThat(ran.exitCode()).isZero();
  }

  @Test
  void shouldSayWhereTorchIsToBeHad() throws Exception {
    Ran ran =
        unpacked.run(
            "train",
            "--architecture",
            "patchtst",
            "--data",
            "a.csv",
            "--out",
            "m",
            "--horizon",
            "4",
            "--context",
            "16");

    assertThat(ran.output())
        .startsWith("tidecast: training needs torch, which the archive leaves out for its 107 MB")
        .contains("pytorch-native-cpu-", "into the folder lib of Tidecast")
        .doesNotContain("\tat ");
    assertThat(ran.exitCode()).isEqualTo(1);
  }

  @Test
  void shouldSayThatAJreIsMissingOrTooOld() throws Exception {
    Path old = Files.createDirectories(folder.resolve("old/bin")).resolve("java");
    Files.writeString(old, "#!/bin/sh\necho 'openjdk version \"11.0.2\" 2019-01-15' >&2\n");
    executable(old);

    assertThat(unpacked.run(Map.of("JAVA_HOME", "/nowhere"), "run"))
        .isEqualTo(
            new Ran(
                2,
                "tidecast: a JRE 17 or newer is needed, and there is no /nowhere/bin/java."
                    + " Install one, or set JAVA_HOME to it.\n"));
    assertThat(unpacked.run(Map.of("JAVA_HOME", folder.resolve("old").toString()), "run"))
        .satisfies(
            ran -> {
              assertThat(ran.exitCode()).isEqualTo(2);
              assertThat(ran.output()).contains("17 or newer is needed", "is version 11");
            });
  }

  @Test
  void shouldRunThroughALink() throws Exception {
    Path link = unpacked.root().resolveSibling("link");
    Files.createSymbolicLink(
        link, Path.of(unpacked.root().getFileName().toString(), "bin/tidecast"));
    ProcessBuilder builder = new ProcessBuilder(link.toString(), "--version");
    builder.environment().put("PATH", unpacked.programs().toString());

    assertThat(builder.start().waitFor()).isZero();
  }

  private static void executable(Path file) throws IOException {
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
  }
}
