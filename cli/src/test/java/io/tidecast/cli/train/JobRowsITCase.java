package io.tidecast.cli.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.tidecast.cli.console.CliException;
import io.tidecast.cli.testing.Said;
import io.tidecast.evaluation.data.TimeSeries;
import io.tidecast.flink.config.JobConfig;
import io.tidecast.flink.config.JobFile;
import io.tidecast.runtime.bundle.ModelBundle;
import io.tidecast.runtime.manifest.ModelManifest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Several series of different length, one with gaps, whose cells are means of two rows. */
@Tag("cluster")
@Timeout(90)
class JobRowsITCase {
  private static final int HOURS = 600;

  @TempDir private Path folder;

  private Path job(String fill) throws IOException {
    List<String> lines = new ArrayList<>(List.of("meter,at,kw"));
    for (int hour = 0; hour < HOURS; hour++) {
      for (int half = 0; half < 2; half++) {
        add(lines, "old", hour, half);
        if (hour >= 200) {
          add(lines, "young", hour, half);
        }
        if (hour != 300 && hour != 301) {
          add(lines, "gaps", hour, half);
        }
      }
    }
    Path csv = Files.write(folder.resolve("meters.csv"), lines);
    return Files.writeString(
        folder.resolve("job.yaml"),
        """
        kafka:
          bootstrap-servers: 127.0.0.1:9
        source:
          format: csv
          files: %s
          mapping:
            series: meter
            time: at
            time-format: iso-8601
            values: kw
        series:
          step: 1h
          aggregate: mean
          close: watermark
          %s
        model:
          path: %s
        sink:
          topic: out
        dead-letters:
          topic: dlq
        """
            .formatted(csv, fill, folder.resolve("model")));
  }

  private static void add(List<String> lines, String meter, int hour, int half) {
    // The two halves of an hour are one off to both sides.
    lines.add(
        String.format(
            Locale.ROOT,
            "%s,%s,%.12f",
            meter,
            Instant.ofEpochSecond(1_700_002_800L + hour * 3_600L + half * 1_800L),
            value(hour) + (half == 0 ? 1 : -1)));
  }

  private static double value(int hour) {
    return 20 + 5 * Math.sin(hour * Math.PI / 12) + hour % 5;
  }

  @Test
  void shouldKeepTheRowsOfAnInterruptedTraining() throws IOException {
    Path file = job("fill: linear");
    Files.writeString(
        file, "covariates:\n  zone: UTC\n  calendar:\n    hour: hour\n", StandardOpenOption.APPEND);
    JobConfig config = JobFile.load(file);
    List<String> said = new ArrayList<>();
    Path rows = folder.resolve("out/history");

    JobRows first = JobRows.read(config, 48, rows, said::add);
    // What comes later is no part of a training that was begun before.
    Files.writeString(
        folder.resolve("meters.csv"), "new,2023-11-15T00:00:00Z,1\n", StandardOpenOption.APPEND);
    JobRows again = JobRows.read(config, 48, rows, said::add);

    assertThat(first.set().series().keySet()).containsExactly("gaps", "old", "young");
    assertThat(again.set().series().keySet()).isEqualTo(first.set().series().keySet());
    assertThat(first.covariates()).containsExactly("hour");
    assertThat(first.set().channels()).containsExactly("kw", "hour");
    // The newest hour is not over.
    TimeSeries old = first.set().series().get("old");
    assertThat(old.rows()).isEqualTo(HOURS - 1);
    for (int hour = 0; hour < old.rows(); hour++) {
      assertThat(old.values()[2 * hour]).isCloseTo(value(hour), within(1e-9));
      // The first is 23 o'clock.
      assertThat(old.values()[2 * hour + 1]).isEqualTo((hour + 23) % 24);
    }
    assertThat(first.set().series().get("young").rows()).isEqualTo(HOURS - 201);
    assertThat(first.set().series().get("gaps").values()[2 * 300]).isNaN();
    assertThat(first.set().series().get("gaps").missing()).isEqualTo(2);
    assertThat(said)
        .anyMatch(
            line -> line.contains("3 series, 1,597 closed cells, of which 1,595 have a value"))
        .contains(
            "  gaps: 599 cells from 2023-11-14T23:00:00Z on, 2 of them empty",
            "Taking up the rows that the interrupted training read.");
    assertThatThrownBy(() -> JobRows.read(config, 24, rows, said::add))
        .isInstanceOf(CliException.class)
        .hasMessageContaining("must be those of this job, its covariates and this context");
    first.discard();
    assertThat(rows).doesNotExist();
  }

  @Test
  void shouldTrainOnAllSeriesDividedAtOneTime() throws IOException {
    Path file = job("fill: linear");
    Path model = folder.resolve("model");

    String said = train(file, model);

    assertThat(said).contains("3 series, 1,597 closed cells");
    ModelManifest manifest = ModelBundle.read(model).manifest();
    assertThat(manifest.step()).isEqualTo("PT1H");
    assertThat(manifest.training())
        .containsEntry("series", 3)
        // 419 of 599 hours.
        .containsEntry("trainingEnds", "2023-12-02T10:00:00Z")
        .containsEntry("validationEnds", "2023-12-04T23:00:00Z");
    assertThat(model.resolve("card.md"))
        .content()
        .contains("3 series, all divided at the same times", "meters.csv`, lines 2 to ");

    // The job's own model is measured on what came after its training.
    String measured = tidecast("evaluate", "--config", file.toString());
    assertThat(measured).contains("test windows of 3 series, rows 419,61,119");
  }

  /** A job forecasts none of it, for no window of it is whole. */
  @Test
  void shouldLeaveOutSeriesWithoutAnyValueOfAChannel() throws IOException {
    Path file = job("fill: linear");
    String config =
        Files.readString(file)
            .replace("values: kw", "values: [kw, volts]\n    missing-values: nan");
    Files.writeString(file, config.replace("  step: 1h", "  step: 1h\n  channels: 2"));
    Path csv = folder.resolve("meters.csv");
    List<String> lines = new ArrayList<>(Files.readAllLines(csv));
    lines.replaceAll(
        line ->
            line + (line.startsWith("young") ? "," : ",230." + Math.floorMod(line.hashCode(), 7)));
    lines.set(0, "meter,at,kw,volts");
    Files.write(csv, lines);
    Path model = folder.resolve("model");
    String why = "Series young is left out: it has no value of volts.";

    String said = train(file, model);
    assertThat(said).contains("3 series", why);
    assertThat(ModelBundle.read(model).manifest().training()).containsEntry("series", 2);

    String measured = tidecast("evaluate", "--config", file.toString());
    assertThat(measured).contains(why, "test windows of 2 series");
  }

  /** Trains a model that looks two days back and half a day ahead. */
  private static String train(Path file, Path model) {
    return tidecast(
        "train",
        "--config",
        file.toString(),
        "--architecture",
        "linear",
        "--context",
        "48",
        "--horizon",
        "12",
        "--out",
        model.toString());
  }

  private static String tidecast(String... arguments) {
    return Said.tidecast(arguments).printed();
  }
}
