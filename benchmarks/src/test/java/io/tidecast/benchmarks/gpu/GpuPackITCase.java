package io.tidecast.benchmarks.gpu;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** Packs what has been built, without CUDA, and runs it as on a machine that has nothing. */
@EnabledOnOs(OS.LINUX)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class GpuPackITCase {

  private static final long MIB = 1 << 20;

  @TempDir private static Path folder;
  private static Path packed;

  private record Ran(int exitCode, String output) {}

  @BeforeAll
  static void pack() throws Exception {
    packed = folder.resolve("packed");
    Path script = Path.of(System.getProperty("tidecast.root"), "benchmarks", "gpu");
    Ran ran =
        run(
            script.toString(),
            "pack",
            packed.toString(),
            "--without-cuda",
            "--models",
            "patchtst-uk-demand");
    assertThat(ran.exitCode()).as(ran.output()).isZero();
  }

  @Test
  @Order(1)
  void shouldPackPiecesThatAnyMediumTakes() throws IOException {
    try (Stream<Path> files = Files.list(packed)) {
      assertThat(files).hasSizeGreaterThan(3).allMatch(file -> file.toFile().length() < 60 * MIB);
    }
    assertThat(packed.resolve("SHA256SUMS"))
        .content()
        .contains("  piece-000\n", "  unpack-and-run\n");
  }

  @Test
  @Order(2)
  void shouldRunWhollyOnTheProcessor() throws Exception {
    Ran ran =
        unpackAndRun(
            "--device", "cpu", "--batches", "1,16", "--millis", "50", "--job-forecasts", "300");

    assertThat(ran.exitCode()).as(ran.output()).isZero();
    assertThat(ran.output())
        .contains("for the processor alone found.")
        .contains("patchtst-uk-demand/1: the model runs on the processor; greatest difference")
        .containsPattern(
            "patchtst-uk-demand/1-fp16: the model runs on the processor; half precision moves its"
                + " forecasts by up to 0\\.\\d\\d % of their spread; greatest difference")
        .containsPattern("\\| 1 \\| [\\d,]+ \\| \\d+\\.\\d{3} \\| \\d+\\.\\d{3} \\|")
        .containsPattern("\\| 16 \\| [\\d,]+ \\|")
        .contains("All answers are within the tolerance of the device.")
        .contains("The whole job on cpu")
        .containsPattern("figure pipeline.1.forecasts-per-second ");
  }

  @Test
  @Order(3)
  void shouldSayWhatIsMissingForAGpu() throws Exception {
    Ran ran = unpackAndRun();

    assertThat(ran.exitCode()).isEqualTo(4);
    assertThat(ran.output())
        .contains("There is nothing to measure: the ONNX Runtime of this process must have CUDA");
  }

  @Test
  @Order(4)
  void shouldRefusePiecesThatAreDamaged() throws Exception {
    Files.writeString(packed.resolve("piece-001"), "x", StandardOpenOption.APPEND);

    Ran ran = unpackAndRun("--device", "cpu");

    assertThat(ran.exitCode()).isEqualTo(3);
    assertThat(ran.output())
        .contains("the pieces must be those that were packed, they are not; copy them again");
  }

  private static Ran unpackAndRun(String... options) throws Exception {
    List<String> command = new ArrayList<>(List.of(packed.resolve("unpack-and-run").toString()));
    command.addAll(List.of(options));
    return run(command.toArray(String[]::new));
  }

  private static Ran run(String... command) throws Exception {
    Path output = folder.resolve("output");
    ProcessBuilder builder =
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(output.toFile());
    builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
    Process process = builder.start();
    if (!process.waitFor(5, TimeUnit.MINUTES)) {
      process.destroyForcibly();
    }
    return new Ran(process.waitFor(), Files.readString(output, StandardCharsets.UTF_8));
  }
}
