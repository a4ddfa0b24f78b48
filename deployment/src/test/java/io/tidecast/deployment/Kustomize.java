package io.tidecast.deployment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** The kustomize command, which Go builds once from its module. */
final class Kustomize {
  /** Its engine, {@code sigs.k8s.io/kustomize/api}, is v0.21.2. */
  private static final String VERSION = "v5.8.2";

  private static final Path FOLDER =
      Repository.ROOT.resolve("deployment/target/kustomize-" + VERSION);
  private static final long BUILD_MINUTES = 5;

  /** No test changes what it has built. */
  private static final Map<String, Manifests> BUILT = new HashMap<>();

  private Kustomize() {}

  /** The test is skipped, and says so, where there is no Go, or where Go cannot have the module. */
  static synchronized void assume() throws Exception {
    if (Files.isExecutable(FOLDER.resolve("kustomize"))) {
      return;
    }
    Programs.assume("go", "it builds kustomize, see https://go.dev/dl");
    ProcessBuilder builder =
        new ProcessBuilder("go", "install", "sigs.k8s.io/kustomize/kustomize/v5@" + VERSION)
            .redirectErrorStream(true);
    builder.environment().put("GOBIN", FOLDER.toString());
    Process process = builder.start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor(BUILD_MINUTES, TimeUnit.MINUTES)).isTrue();
    assumeTrue(
        process.exitValue() == 0, "kustomize could not be built, so this was not tested: " + said);
  }

  /**
   * What {@code kustomize build} makes of a folder, each document held against its kind.
   *
   * @param folder relative to the top of the repository
   */
  static synchronized Manifests build(String folder) throws Exception {
    Manifests built = BUILT.get(folder);
    if (built == null) {
      built = Manifests.of(Repository.parse(run(folder)));
      BUILT.put(folder, built);
    }
    return built;
  }

  private static String run(String folder) throws IOException, InterruptedException {
    Path errors = Files.createTempFile("kustomize", ".txt");
    try {
      Process process =
          new ProcessBuilder(FOLDER.resolve("kustomize").toString(), "build", folder)
              .directory(Repository.ROOT.toFile())
              .redirectError(errors.toFile())
              .start();
      String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      // Deprecated fields are warned of there.
      assertThat(Files.readString(errors)).isEmpty();
      assertThat(process.waitFor()).isZero();
      return text;
    } finally {
      Files.delete(errors);
    }
  }

  /** Folders that can be applied as they are. */
  static List<String> overlays() {
    return List.of("k8s/overlays/cpu", "k8s/overlays/gpu", "k8s/overlays/dev", "k8s/overlays/prod");
  }
}
