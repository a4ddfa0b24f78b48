package io.tidecast.cli.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.tidecast.cli.TidecastCommand;
import io.tidecast.cli.model.ModelZoo;
import io.tidecast.runtime.bundle.ModelBundle;
import io.tidecast.runtime.manifest.Residuals;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.util.List;
import java.util.stream.Stream;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVParser;
import org.apache.commons.csv.CSVRecord;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class EvaluateCommandTest {
  private static final Path VECTORS =
      Path.of(
          System.getProperty("tidecast.root"),
          "models/architectures/src/test/resources/parity/patchtst");

  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  @TempDir private Path folder;
  private Path data;

  /** Half-hourly days of two sizes, and their sum. */
  @BeforeEach
  void lay() throws IOException {
    StringBuilder csv = new StringBuilder("date, south, north,both\n");
    LocalDateTime time = LocalDateTime.of(2000, 1, 1, 0, 0);
    for (int row = 0; row < 480; row++) {
      double south = 100 + 10 * Math.sin(row * Math.PI / 24) + row % 5;
      double north = 30 + 4 * Math.cos(row * Math.PI / 24) + row % 7;
      csv.append(time.plusMinutes(30L * row)).append(',').append(south).append(',').append(north);
      csv.append(',').append(south + north).append('\n');
    }
    data = Files.writeString(folder.resolve("days.csv"), csv);
  }

  /** As the same values, written as another country does. */
  @Test
  void shouldReadAForeignFileAsItDeclares() throws IOException {
    evaluate("--split", "340,60,80");
    String plain = table();
    out.getBuffer().setLength(0);
    String foreign =
        Files.readString(data)
            .replace(',', ';')
            .replace('.', ',')
            .replaceAll("(?m)^(\\d+)-(\\d+)-(\\d+)T", "$3.$2.$1 ");
    Files.writeString(data, "Lastgang\n" + foreign, StandardCharsets.UTF_16);

    evaluate("--split", "340,60,80", "--skip-lines", "1", "--time-format", "dd.MM.yyyy HH:mm");

    assertThat(out.toString())
        .startsWith(
            "days.csv is read as: UTF-16BE, separated by \";\", names in line 2, decimal comma\n");
    assertThat(table()).isEqualTo(plain);
  }

  private String table() {
    return out.toString().substring(out.toString().indexOf("| forecaster"));
  }

  @Test
  void shouldMeasureAModelOfOneChannelOnEachColumn() throws IOException {
    Path forecasts = folder.resolve("forecasts.csv");
    evaluate("--split", "340,60,80", "--forecasts", forecasts.toString());
    assertThat(out.toString())
        .startsWith("The model has one channel: each of [south, north, both] is a series")
        .contains("days.csv: every one of " + 3 * (80 - 48 + 1) + " test windows, rows 340,60,80")
        .contains("MASE: MAE by that of the seasonal naive of 48 steps on the training rows.")
        .doesNotContain("CRPS");
    assertThat(row("patchtst-uk-demand")).hasSize(5);
    List<String> lines = Files.readAllLines(forecasts);
    assertThat(lines.get(0)).isEqualTo("origin,step,south,north,both");
    assertThat(lines).hasSize(1 + (80 - 48 + 1) * 48);

    double[] mse = new double[3];
    String[] channels = {"south", "north", "both"};
    double[] all = row("patchtst-uk-demand");
    for (int i = 0; i < mse.length; i++) {
      out.getBuffer().setLength(0);
      evaluate("--split", "340,60,80", "--channels", channels[i]);
      assertThat(out.toString())
          .startsWith("Channel " + channels[i] + " for the model's demand_mw.");
      mse[i] = row("patchtst-uk-demand")[0];
    }
    assertThat(all[0]).isCloseTo((mse[0] + mse[1] + mse[2]) / 3, within(1e-5));
  }

  @Test
  void shouldEndWithAMessageWhereAValueKeepsTheModelBusy() throws Exception {
    String days = Files.readString(data);
    data = Files.writeString(data, days.replaceFirst("(2000-01-10T00:00),[^,]*,", "$1,6666,"));
    Path model = Path.of(EvaluateCommandTest.class.getResource("hangs-on-a-value").toURI());
    int exitCode =
        TidecastCommand.commandLine()
            .setOut(new PrintWriter(out))
            .setErr(new PrintWriter(err))
            .execute(
                "evaluate",
                "--model",
                model.toString(),
                "--data",
                data.toString(),
                "--run-timeout",
                "1");
    assertThat(exitCode).isEqualTo(2);
    assertThat(err.toString())
        .startsWith(
            "tidecast: model must answer within 1 s, its run was ended: model=hangs-on-a-value/1")
        .contains("--run-timeout");
  }

  @Test
  void shouldMeasureAMixtureToo() {
    evaluate("--split", "340,60,80", "--channels", "both");
    double[] model = row("patchtst-uk-demand");
    assertThat(out.toString()).doesNotContain("mixture");
    out.getBuffer().setLength(0);
    evaluate("--split", "340,60,80", "--channels", "both", "--mixture");
    assertThat(row("patchtst-uk-demand")).isEqualTo(model);
    assertThat(row("mixture")[1])
        .as("of the daily naive")
        .isLessThan(1.1 * row("daily seasonal naive")[1]);
    assertThat(out.toString())
        .contains("The mixture: the model 0.", ", weekly seasonal naive 0.", ", line 0.")
        .contains("(weights after the last row), from 64 windows before the first that counts on.")
        .contains("| steps ahead | 50 % interval held | 90 % interval held |", "| 33 to 48    |");
  }

  /** A gap that is longer than what is filled, and MASE by another season than the step's. */
  @Test
  void shouldMeasureAMixtureByTheSeasonAndOnTheWindowsOfTheModel() throws IOException {
    String gap = "(?m)^(2000-01-02T(?:09|1[0-8]).*),[^,]*$";
    data = Files.writeString(data, Files.readString(data).replaceAll(gap, "$1,"));
    evaluate("--split", "340,60,80", "--channels", "both", "--mixture", "--season", "1");
    double[] model = row("patchtst-uk-demand");
    double[] mixture = row("mixture");
    assertThat(out.toString())
        .contains("days.csv: 27 of 33 test windows", "Left out are 6 windows of whose context");
    assertThat(mixture[2] / mixture[1]).isCloseTo(model[2] / model[1], within(1e-3));
  }

  @ParameterizedTest
  @ValueSource(strings = {"--json", "--html"})
  void shouldWriteNoFileOfOtherContextsThanThoseOfTheTable(String option) {
    Path file = folder.resolve("figures");
    String[] options = {"--split", "340,60,80", "--context", "96", option, file.toString()};
    assertThat(run("sundial-uk-demand", options)).isEqualTo(2);
    assertThat(err.toString())
        .contains(
            "must be measured with whole contexts, so leave out one of them: %s --context=96"
                .formatted(option));
    assertThat(file).doesNotExist();
  }

  @Test
  void shouldWriteErrorsIntoTheFolderOfTheModel() throws IOException {
    Path copy = Files.createDirectory(folder.resolve("copy"));
    try (Stream<Path> files = Files.list(ModelZoo.ofInstallation().find("patchtst-uk-demand"))) {
      for (Path file : files.toList()) {
        Files.copy(file, copy.resolve(file.getFileName()));
      }
    }
    String card = Files.readString(copy.resolve("card.md"));
    int known = ModelBundle.read(copy).manifest().residuals().size();
    for (int turn = 0; turn < 2; turn++) {
      assertThat(
              run(
                  copy.toString(),
                  "--split",
                  "340,60,80",
                  "--channels",
                  "both",
                  "--write-residuals"))
          .as("%s", err)
          .isZero();
    }
    assertThat(out.toString())
        .contains(
            "The manifest and the card of patchtst-uk-demand/1 say now how far it was off on days.csv.");
    List<Residuals> written = ModelBundle.read(copy).manifest().residuals();
    List<Residuals> ofTheDays =
        written.stream().filter(one -> one.data().equals("days.csv")).toList();
    assertThat(ofTheDays).isNotEmpty();
    assertThat(written).hasSize(known + ofTheDays.size());
    assertThat(ofTheDays.get(0).leads()).containsExactly(1, 2, 4, 8, 16, 32, 48);
    assertThat(ofTheDays.get(0).targets().get(0).unit()).as("of another channel").isNull();
    String after = Files.readString(copy.resolve("card.md"));
    assertThat(after).containsOnlyOnce("## First intervals").containsOnlyOnce("## Limits");
    assertThat(after).contains("| days.csv | 33 | last value | demand_mw | 48 |");
    String limits = card.substring(card.indexOf("## Limits"));
    assertThat(after).endsWith(limits);
  }

  @Test
  void shouldWriteColumnsUnderTheNamesThatTheFileHas() throws IOException {
    data =
        Files.writeString(
            data,
            Files.readString(data)
                .replaceFirst(
                    "date, south, north,both",
                    "date,\"south, inner\",\"the \"\"old\"\" north\",\"two\nlines\""));
    Path forecasts = folder.resolve("forecasts.csv");
    evaluate("--split", "340,60,80", "--forecasts", forecasts.toString());

    try (CSVParser written =
        CSVParser.parse(forecasts, StandardCharsets.UTF_8, CSVFormat.RFC4180)) {
      List<CSVRecord> records = written.getRecords();
      assertThat(records.get(0).toList())
          .containsExactly("origin", "step", "south, inner", "the \"old\" north", "two\nlines");
      assertThat(records).hasSize(1 + (80 - 48 + 1) * 48).allMatch(record -> record.size() == 5);
    }
  }

  @Test
  void shouldMeasureOnTheRowsOfAnotherPart() {
    evaluate("--split", "340,60,80", "--channels", "north,both", "--part", "validation");
    assertThat(out.toString())
        .contains("each of [north, both] is a series of its own")
        .contains("every one of " + 2 * (60 - 48 + 1) + " validation windows");
  }

  @Test
  void shouldMeasureAFileWithoutHeaderAndTimes() throws IOException {
    Path bare = folder.resolve("bare.txt");
    try (Stream<String> lines = Files.lines(data)) {
      Files.write(bare, lines.skip(1).map(line -> line.substring(line.indexOf(',') + 1)).toList());
    }
    evaluate("--split", "340,60,80");
    double[] timed = row("patchtst-uk-demand");
    out.getBuffer().setLength(0);
    data = bare;
    evaluate("--split", "340,60,80", "--start", "2000-01-01", "--step", "PT30M");
    assertThat(out.toString()).contains("each of [channel_1, channel_2, channel_3] is a series");
    assertThat(row("patchtst-uk-demand")).isEqualTo(timed);
  }

  @Test
  void shouldFindTheColumnsByName() throws IOException {
    Path named = imported("both,south,north");
    assertThat(targets(named)).isEqualTo("both,south,north");
    assertThat(out.toString()).startsWith("days.csv: every one of 67 test windows");
    double[] byName = row("patchtst");

    Path other = imported("x,y,z");
    assertThat(targets(other)).isEqualTo("south,north,both");
    assertThat(out.toString())
        .startsWith("Channels by order: [south, north, both] for the model's [x, y, z].\n");
    assertThat(targets(other, "--channels", "both,south,north")).isEqualTo("both,south,north");
    assertThat(row("patchtst")).isEqualTo(byName);

    data =
        Files.writeString(folder.resolve("more.csv"), Files.readString(data).replace("\n", ",1\n"));
    assertThat(targets(named)).isEqualTo("both,south,north");
    assertThat(row("patchtst")).isEqualTo(byName);

    assertThat(targets(imported("channel_1,channel_2,channel_3")))
        .as("the first of more, for a model that knows no names")
        .isEqualTo("south,north,both");
  }

  /** The columns that were forecast. */
  private String targets(Path model, String... options) throws IOException {
    out.getBuffer().setLength(0);
    Path forecasts = folder.resolve("targets.csv");
    String[] fixed = {"--split", "300,90,90", "--forecasts", forecasts.toString()};
    String[] all = Stream.of(fixed, options).flatMap(Stream::of).toArray(String[]::new);
    assertThat(run(model.toString(), all)).as("%s", err).isZero();
    return Files.readAllLines(forecasts).get(0).substring("origin,step,".length());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "--channels south,west | the series must have the channel west, it has [south, north, both]",
        "--channels south,z | the series must have the channel z",
        "--channels south,north | data must have the model's channels [x, south, north], missing are [x], found [south, north]; --channels",
        "--start 2000-01-01 | start and step must be given together: start=2000-01-01, step=null",
        "--start 2000-01-01 --step P1D | line 2: column date must be a finite number, found \"2000-01-01T00:00\"; a file with times goes",
        "--start soon --step P1D | start must be a time such as 2016-07-01 00:00:00 or 2016-07-01: start=soon",
        "--context 48 | context must be left out, since patchtst takes no shorter one than its 96 cells: context=48",
        "--mixture --context 48 | must be measured with whole contexts, so leave out one of them: --mixture --context=48",
        "--write-residuals --part TRAIN | must be measured on validation or test rows, with whole contexts and the model's own horizon",
        "--part all | expected one of [TRAIN, VALIDATION, TEST]",
        "--split 300,90,20 | the test rows of split 300,90,20 must hold a window"
      })
  void shouldSayInOneLineWhatToPutRight(String options, String message) throws IOException {
    Path model = imported("x,south,north");
    assertThat(run(model.toString(), options.split(" "))).isEqualTo(2);
    assertThat(err.toString()).startsWith("tidecast: ").contains(message).doesNotContain("\tat ");
    assertThat(err.toString().lines().count()).isLessThanOrEqualTo(2);
  }

  /** A model of three channels, 96 steps to 24. */
  private Path imported(String channels) {
    Path model = folder.resolve("model-" + channels);
    String command =
        "model import --architecture patchtst --config %s --weights %s --out %s --channels %s"
            .formatted(
                VECTORS.resolve("config.json"),
                VECTORS.resolve("weights.safetensors"),
                model,
                channels);
    assertThat(execute(command.split(" "))).as("%s", err).isZero();
    out.getBuffer().setLength(0);
    return model;
  }

  private void evaluate(String... options) {
    assertThat(run("patchtst-uk-demand", options)).as("%s", err).isZero();
  }

  private int run(String model, String... options) {
    String[] fixed = {"evaluate", "--model", model, "--data", data.toString()};
    return execute(Stream.of(fixed, options).flatMap(Stream::of).toArray(String[]::new));
  }

  private int execute(String... words) {
    return TidecastCommand.commandLine()
        .setOut(new PrintWriter(out, true))
        .setErr(new PrintWriter(err, true))
        .execute(words);
  }

  /** The figures of a forecaster, MSE first. */
  private double[] row(String name) {
    String line =
        out.toString()
            .lines()
            .filter(l -> l.startsWith("| " + name + " "))
            .findFirst()
            .orElseThrow();
    return Stream.of(line.split("\\|")).skip(2).mapToDouble(Double::parseDouble).toArray();
  }
}
