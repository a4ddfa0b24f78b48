package io.tidecast.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class QuickstartITCase {
  private static final double RELATIVE = 1e-4;
  private static final int TEST_WINDOWS = 625;

  @TempDir private Path folder;

  @Test
  void shouldForecastAsEvaluatedAndTheSameAgain() throws IOException {
    Path once = folder.resolve("once.csv");
    Path again = folder.resolve("again.csv");
    Path offline = folder.resolve("offline.csv");

    String summary = tidecast("quickstart", "--speed", "1000", "--forecasts", once.toString());
    tidecast("quickstart", "--speed", "350", "--parallelism", "2", "--forecasts", again.toString());
    tidecast(
        "evaluate",
        "--model",
        "patchtst-uk-demand",
        "--data",
        demandFile().toString(),
        "--split",
        "2688,672,672",
        "--forecasts",
        offline.toString());

    assertThat(summary)
        .containsPattern("Observations in +1,344\n")
        .containsPattern("Forecasts out +1,009\n")
        .containsPattern("Dead letters +0\n")
        .containsPattern("every known outcome +961 ")
        .containsPattern("the two test weeks +625 ");
    // At another speed other batches form; the bytes must not depend on them.
    assertThat(again).hasSameBinaryContentAs(once);
    shouldBeServedAsEvaluated(read(once, 3), read(offline, 2));
  }

  private static void shouldBeServedAsEvaluated(
      Map<Instant, List<Float>> served, Map<Instant, List<Float>> offline) {
    assertThat(offline).hasSize(TEST_WINDOWS);
    offline.forEach(
        (origin, expected) -> {
          List<Float> actual = served.get(origin);
          assertThat(actual).as("origin %s", origin).hasSize(Pipelines.HORIZON);
          for (int step = 0; step < Pipelines.HORIZON; step++) {
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
