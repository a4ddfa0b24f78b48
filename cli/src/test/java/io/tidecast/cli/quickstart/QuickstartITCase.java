package io.tidecast.cli.quickstart;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidecast.cli.TidecastCommand;
import io.tidecast.cli.model.ModelZoo;
import io.tidecast.runtime.manifest.ModelManifest;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import picocli.CommandLine;

@Tag("cluster")
@Tag("zoo")
class QuickstartITCase {
  private static final double RELATIVE = 1e-4;
  private static final int OBSERVATIONS = 1344;
  private static final int TEST_ROWS = 672;

  @TempDir private Path folder;

  /** One that gives points and one that draws; every forecaster keeps the contract besides. */
  private static final Set<String> TWICE = Set.of("patchtst-uk-demand", "sundial-uk-demand");

  static List<ModelManifest> zoo() {
    return ModelZoo.ofInstallation().models().stream()
        .map(folder -> ModelManifest.read(folder.resolve(ModelManifest.FILE)))
        .toList();
  }

  @ParameterizedTest
  @MethodSource("zoo")
  void shouldForecastAsEvaluatedAndTheSameAgain(ModelManifest model) throws IOException {
    Path once = folder.resolve("once.csv");
    String summary = quickstart(model, "--speed", "1500", "--forecasts", once.toString());
    int forecasts = OBSERVATIONS - model.contextLength() + 1;
    assertThat(summary)
        .containsPattern("Page +http://127\\.0\\.0\\.1:\\d+/ while this runs")
        .containsPattern("Observations in +1,344\n")
        .containsPattern("Forecasts out +%,d\n".formatted(forecasts))
        .containsPattern("Dead letters +0\n")
        .containsPattern("every known outcome +" + (forecasts - model.predictionLength()) + " ")
        .containsPattern("the two test weeks +" + testWindows(model) + " ");
    if (TWICE.contains(model.id())) {
      // At another speed other batches form; the bytes must not depend on them.
      Path again = folder.resolve("again.csv");
      quickstart(model, "--speed", "700", "--parallelism", "2", "--forecasts", again.toString());
      assertThat(again).hasSameBinaryContentAs(once);
    }
    if (model.spec().inputs().noise() == 0) {
      // Noise is drawn for the name of the series, which is another one in an evaluation.
      shouldBeServedAsEvaluated(model, read(once, 3), read(evaluated(model), 2));
    }
  }

  private static int testWindows(ModelManifest model) {
    return TEST_ROWS - model.predictionLength() + 1;
  }

  private static String quickstart(ModelManifest model, String... more) {
    List<String> arguments = new ArrayList<>(List.of("quickstart", "--model", model.id()));
    arguments.addAll(List.of(more));
    return tidecast(arguments.toArray(String[]::new));
  }

  private Path evaluated(ModelManifest model) {
    Path offline = folder.resolve("offline.csv");
    tidecast(
        "evaluate",
        "--model",
        model.id(),
        "--data",
        demandFile().toString(),
        "--split",
        "2688,672,672",
        "--forecasts",
        offline.toString());
    return offline;
  }

  private static void shouldBeServedAsEvaluated(
      ModelManifest model, Map<Instant, List<Float>> served, Map<Instant, List<Float>> offline) {
    assertThat(offline).hasSize(testWindows(model));
    offline.forEach(
        (origin, expected) -> {
          List<Float> actual = served.get(origin);
          assertThat(actual).as("origin %s", origin).hasSize(model.predictionLength());
          for (int step = 0; step < model.predictionLength(); step++) {
            double allowed = RELATIVE * Math.abs(expected.get(step));
            assertThat((double) actual.get(step) - expected.get(step))
                .as("origin %s, step %d", origin, step + 1)
                .isBetween(-allowed, allowed);
          }
        });
  }

  private static String tidecast(String... arguments) {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    CommandLine commandLine =
        TidecastCommand.commandLine()
            .setOut(new PrintWriter(out, true))
            .setErr(new PrintWriter(err, true));

    int exitCode = commandLine.execute(arguments);

    assertThat(err.toString()).isEmpty();
    assertThat(exitCode).as(out.toString()).isZero();
    return out.toString();
  }

  private static Path demandFile() {
    return Path.of(
        System.getProperty("tidecast.root"),
        "cli/src/main/resources/io/tidecast/cli/uk-electricity-demand-2000.csv");
  }

  /** Values by origin from lines in order of origin and step. */
  private static Map<Instant, List<Float>> read(Path csv, int valueColumn) throws IOException {
    Map<Instant, List<Float>> points = new TreeMap<>();
    List<String> lines = Files.readAllLines(csv);
    for (String line : lines.subList(1, lines.size())) {
      String[] cells = line.split(",", -1);
      points
          .computeIfAbsent(Instant.parse(cells[valueColumn - 2]), origin -> new ArrayList<>())
          .add(Float.parseFloat(cells[valueColumn]));
    }
    return points;
  }
}
