package io.tidecast.cli.train;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.tidecast.cli.TidecastCommand;
import io.tidecast.runtime.bundle.ModelBundle;
import io.tidecast.runtime.grid.GridStep;
import io.tidecast.runtime.manifest.ModelManifest;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Files as people have them, all the way: trained on, measured, and what is said about it. */
class FileCasesTest {
  private static final Path ROOT = Path.of(System.getProperty("tidecast.root"));
  private static final Path CASES =
      ROOT.resolve("models/evaluation/src/test/resources/io/tidecast/evaluation/data/cases");

  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  @TempDir private Path folder;

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "months-without-days  |                                  | P1M | MONTH        | yearly | 12",
        "months-without-times | --start 1949-01-01 --step P1M    | P1M | MONTH        | yearly | 12",
        "business-days        |                                  | business-day | BUSINESS_DAY | weekly | 5",
        "quarters             |                                  | P3M | QUARTER      | yearly | 4",
        "years                | --step P1Y                       | P1Y | YEAR         |        | 1"
      })
  void shouldTrainAndMeasureOnStepsOfTheCalendar(
      String file, String options, String step, GridStep.Unit unit, String season, int steps)
      throws IOException {
    Path model = folder.resolve("model");
    String[] data = with(options, "--data", path(file));
    assertThat(train(model, data)).as("%s", err).isZero();
    ModelManifest manifest = ModelBundle.read(model).manifest();
    assertThat(manifest.step()).isEqualTo(step);
    assertThat(manifest.takes(GridStep.of(unit, ZoneOffset.UTC))).isTrue();
    assertThat(manifest.accuracy().get(0)).containsEntry("maseSeason", steps);
    String trained = row("linear");
    assertThat(Files.readString(model.resolve("card.md")))
        .contains(", step " + step + ",", trained);

    out.getBuffer().setLength(0);
    assertThat(run(with("evaluate --model " + model, data))).as("%s", err).isZero();
    assertThat(row("linear")).as("evaluated as trained").isEqualTo(trained);
    assertThat(out.toString())
        .contains("MASE: MAE by that of the seasonal naive of " + steps + " step")
        .doesNotContain("The model is made for steps of");
    if (season != null) {
      assertThat(row(season + " seasonal naive")).isNotEmpty();
    }
  }

  @Test
  void shouldGiveNoCalendarOfMonthsToANetworkThatReadsIt() throws IOException {
    assertThat(
            run(
                with(
                    "train --architecture timexer --context 24 --horizon 6 --out "
                        + folder.resolve("model"),
                    "--data",
                    path("quarters"))))
        .isEqualTo(2);
    assertThat(err.toString())
        .contains(
            "timexer is given the calendar, which it can't be of rows that are not always as far from each other, and the step is P3M; take linear, patchtst or sundial");
  }

  /** Near 1e9, floats are 64 apart; what is learned and measured is the same as without it. */
  @Test
  void shouldBeAsExactAtALargeLevelAsAtASmallOne() throws IOException {
    Path small = folder.resolve("small.csv");
    Files.writeString(
        small, Files.readString(CASES.resolve("large-level.csv")).replace(",1000000", ","));
    assertThat(train(folder.resolve("a"), "--data", small.toString())).as("%s", err).isZero();
    List<double[]> expected = figures();
    out.getBuffer().setLength(0);
    assertThat(train(folder.resolve("b"), "--data", path("large-level"))).as("%s", err).isZero();
    List<double[]> large = figures();
    assertThat(expected).hasSize(4);
    for (int i = 0; i < expected.size(); i++) {
      assertThat(large.get(i))
          .containsExactly(expected.get(i), org.assertj.core.data.Offset.offset(2e-3));
    }
    out.getBuffer().setLength(0);
    Path forecasts = folder.resolve("forecasts.csv");
    assertThat(
            run(
                with(
                    "evaluate --model " + folder.resolve("b"),
                    "--data",
                    path("large-level"),
                    "--forecasts",
                    forecasts.toString())))
        .as("%s", err)
        .isZero();
    assertThat(row("linear")).isNotEmpty();
    String first = Files.readAllLines(forecasts).get(1);
    double point = Double.parseDouble(first.substring(first.lastIndexOf(',') + 1));
    assertThat(point - 1e9).isBetween(80.0, 120.0);
  }

  @Test
  void shouldTellANetworkOfALevelThatFloatsCantHold() throws IOException {
    assertThat(
            run(
                with(
                    "train --architecture informer --context 24 --horizon 6 --out "
                        + folder.resolve("model"),
                    "--data",
                    path("large-level"))))
        .isEqualTo(2);
    assertThat(err.toString())
        .contains("channel counter has values up to 1000000112, where 32-bit floats");
    Path model = ROOT.resolve("models/zoo/informer-uk-demand/1");
    assertThat(
            run(
                with(
                    "evaluate --split 150,50,100 --model " + model, "--data", path("large-level"))))
        .isEqualTo(2);
    assertThat(err.toString().lines().filter(line -> line.contains("channel counter has values")))
        .as("told of the model, too")
        .hasSize(2);
  }

  @Test
  void shouldCountWindowsInWhichAModelGivesNoNumber() throws Exception {
    Path model = Path.of(FileCasesTest.class.getResource("nan-on-constants").toURI());
    assertThat(run(with("evaluate --model " + model, "--data", path("a-constant-day"))))
        .as("%s", err)
        .isZero();
    assertThat(out.toString())
        .contains(
            "a-constant-day.csv: 135 of 217 test windows, ",
            "Left out are 82 of 217 windows in which the forecast of the model has NaN or infinity; its figures are of the others alone.");
    assertThat(row("noeps")).doesNotContain("NaN");
    assertThat(row("repeat last")).doesNotContain("NaN");
  }

  @Test
  void shouldLearnFromManySeriesAndMeasureAllOfThem() throws IOException {
    Path model = folder.resolve("model");
    String data = path("long-of-two-series");
    assertThat(train(model, "--data", data)).as("%s", err).isZero();
    // 200 days each, of which 40 are to test on.
    assertThat(out.toString())
        .startsWith(
            "long-of-two-series.csv is read as: UTF-8, separated by \",\", names in line 1, times in ds, 2 series by unique_id\n")
        .contains("On the 70 test windows of long-of-two-series.csv");
    assertThat(Files.readString(model.resolve("card.md")))
        .contains("`long-of-two-series.csv`, 2 series, all divided at the same times.");
    String trained = row("linear");
    out.getBuffer().setLength(0);
    Path forecasts = folder.resolve("forecasts.csv");
    assertThat(
            run(
                with(
                    "evaluate --model " + model,
                    "--data",
                    data,
                    "--series",
                    "unique_id",
                    "--values",
                    "y",
                    "--time",
                    "ds",
                    "--forecasts",
                    forecasts.toString())))
        .as("%s", err)
        .isZero();
    assertThat(row("linear")).isEqualTo(trained);
    List<String> lines = Files.readAllLines(forecasts);
    assertThat(lines.get(0)).isEqualTo("series,origin,step,y");
    assertThat(lines).hasSize(1 + 70 * 6);
    assertThat(lines.get(1)).startsWith("A,2020-06-08T00:00:00Z,1,");
    assertThat(lines.get(lines.size() - 1)).startsWith("B,");
  }

  @Test
  void shouldTrainANetworkOnSeriesOfDifferentLengths() throws IOException {
    List<String> lines = new ArrayList<>(List.of("item_id,timestamp,target"));
    for (int series = 0; series < 3; series++) {
      for (int day = 30 * series; day < 140; day++) {
        lines.add(
            "s%d,%s,%s"
                .formatted(
                    series,
                    LocalDate.of(2020, 1, 1).plusDays(day),
                    Math.pow(10, series) * (5 + Math.sin(day * 2 * Math.PI / 7))));
      }
    }
    Path data = Files.write(folder.resolve("items.csv"), lines);
    Path model = folder.resolve("model");
    assertThat(
            run(
                with(
                    "train --architecture patchtst --context 14 --horizon 4 --epochs 1 --threads 1"
                        + " --set e_layers=1 --set d_model=8 --set n_heads=2 --set d_ff=8"
                        + " --set patch_len=7 --set stride=7 --out "
                        + model,
                    "--data",
                    data.toString())))
        .as("%s", err)
        .isZero();
    // Days 112 to 139 of each: 98 train, 14 validation, 28 test.
    assertThat(out.toString())
        .contains("3 series by item_id", "On the 75 test windows of items.csv");
    JsonNode training = new ObjectMapper().readTree(model.resolve("manifest.json").toFile());
    assertThat(training.findPath("rows").toString())
        .isEqualTo("{\"train\":98,\"validation\":14,\"test\":28}");
    assertThat(training.findPath("series").asInt()).isEqualTo(3);
  }

  @Test
  void shouldFillGapsAndLeaveOutWhatIsMissing() throws IOException {
    Path model = folder.resolve("model");
    assertThat(train(model, "--data", path("missing-na"))).as("%s", err).isZero();
    assertThat(out.toString())
        .contains("2 of 300 values missing, which are filled and never counted as what happened");
    List<String> lines = new ArrayList<>(Files.readAllLines(CASES.resolve("missing-na.csv")));
    // Twenty days of the test rows are not there.
    lines.subList(250, 270).clear();
    Path gap = Files.write(folder.resolve("gap.csv"), lines);
    out.getBuffer().setLength(0);
    assertThat(run(with("evaluate --model " + model, "--data", gap.toString())))
        .as("%s", err)
        .isZero();
    assertThat(out.toString())
        .contains("22 of 300 values missing")
        .containsPattern("gap.csv: \\d+ of 55 test windows")
        .contains("windows of whose context more is missing than a job would fill");
    out.getBuffer().setLength(0);
    assertThat(
            run(
                with(
                    "evaluate --model " + model + " --max-filled-cells 30 --fill LINEAR",
                    "--data",
                    gap.toString())))
        .as("%s", err)
        .isZero();
    assertThat(out.toString()).doesNotContainPattern("gap.csv: every one of 55 test windows");
  }

  @Test
  void shouldTakeTheSeasonsThatAreAskedFor() throws IOException {
    Path model = folder.resolve("model");
    String[] data =
        with(
            "--start 1920-01-01 --step P1D --season 12,24",
            "--data",
            path("months-of-temperatures"));
    assertThat(train(model, data)).as("%s", err).isZero();
    assertThat(row("seasonal naive of 12")).isNotEmpty();
    assertThat(row("seasonal naive of 24")).isNotEmpty();
    assertThat(out.toString())
        .contains("MASE: MAE by that of the seasonal naive of 12 steps on the training rows.")
        .doesNotContain("weekly seasonal naive");
  }

  /** The context of the general model is longer than the file. */
  @Test
  void shouldNeedNoMoreRowsThanAModelThatPadsIsGiven() throws IOException {
    String[] data =
        with(
            "evaluate --model sundial-general --start 1920-01-01 --step P1M --horizon 12",
            "--data",
            path("months-of-temperatures"));
    assertThat(run(data)).as("%s", err).isZero();
    assertThat(out.toString())
        .contains(
            "The shortest context has 192 of the 672 cells that the model takes, for there are no more rows before it.",
            "every one of 37 test windows");
    String naive = row("yearly seasonal naive");
    String whole = row("sundial-general");
    out.getBuffer().setLength(0);
    List<String> shorter = new ArrayList<>(List.of(data));
    shorter.addAll(List.of("--context", "36"));
    assertThat(run(shorter.toArray(String[]::new))).as("%s", err).isZero();
    assertThat(out.toString()).contains("The model is given the newest 36 of the 672 cells");
    assertThat(row("yearly seasonal naive")).as("of the same windows").isEqualTo(naive);
    assertThat(row("sundial-general")).isNotEqualTo(whole);
  }

  @Test
  void shouldSayWhatIsWrongWithAStep() throws IOException {
    assertThat(run(with("evaluate --model sundial-general --step P2M", "--data", path("quarters"))))
        .isEqualTo(2);
    assertThat(err.toString())
        .contains(
            "must be P1D, P1W, P1M, P3M, P6M, P1Y, business-day or a duration of a millisecond or more such as PT30M: 'P2M'");
  }

  private static String path(String file) {
    return CASES.resolve(file + ".csv").toString();
  }

  private int train(Path model, String... more) {
    return run(with("train --architecture linear --context 24 --horizon 6 --out " + model, more));
  }

  private static String[] with(String options, String... more) {
    Stream<String> words = options == null ? Stream.empty() : Stream.of(options.split(" "));
    return Stream.concat(words, Stream.of(more)).toArray(String[]::new);
  }

  private String row(String name) {
    return out.toString()
        .lines()
        .filter(line -> line.startsWith("| " + name))
        .findFirst()
        .orElseThrow();
  }

  /** The figures of every row: scaled and relative ones. */
  private List<double[]> figures() {
    return out.toString()
        .lines()
        .filter(line -> line.matches("\\| (linear|repeat last|weekly|ridge).*"))
        .map(
            line ->
                Stream.of(line.split("\\|"))
                    .skip(2)
                    .limit(2)
                    .mapToDouble(figure -> Double.parseDouble(figure.strip()))
                    .toArray())
        .toList();
  }

  private int run(String... arguments) {
    return TidecastCommand.commandLine()
        .setOut(new PrintWriter(out, true))
        .setErr(new PrintWriter(err, true))
        .execute(arguments);
  }
}
