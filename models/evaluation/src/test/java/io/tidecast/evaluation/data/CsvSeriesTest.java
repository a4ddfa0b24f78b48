package io.tidecast.evaluation.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tidecast.runtime.csv.CsvOptions;
import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CsvSeriesTest {
  @TempDir private Path folder;

  private Path file(String text) throws IOException {
    return Files.writeString(folder.resolve("data.csv"), text);
  }

  @Test
  void shouldReadEveryChannel() throws IOException {
    TimeSeries series =
        CsvSeries.read(file("date, a,b\n2000-06-05 00:00:00,1,2.5\n2000-06-05 00:30:00,-3,4e2\n"));
    assertThat(series.channels()).containsExactly("a", "b");
    assertThat(series.step()).isEqualTo(Duration.ofMinutes(30));
    assertThat(series.timeMillis(1))
        .isEqualTo(Instant.parse("2000-06-05T00:30:00Z").toEpochMilli());
    assertThat(series.values()).containsExactly(1, 2.5, -3, 400);
  }

  @Test
  void shouldReadTheTimesOfOtherTools() throws IOException {
    for (String time :
        new String[] {
          "2011/1/9 0:00",
          "2011-01-09T00:00:00",
          "2011-01-09 00:00",
          "2011-01-09",
          "2011-01-09T02:00:00+02:00"
        }) {
      TimeSeries series = CsvSeries.read(file("t,a\n" + time + ",1\n2011/1/9 1:00,2\n"));
      assertThat(series.step()).as(time).isEqualTo(Duration.ofHours(1));
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "2000-01-01 03:30:00,1 | 2000-01-01T03:30:00Z is PT1H30M after the row before, but most are PT1H apart; --step says",
        "2000-01-01 03:00:00,much | column a must be a finite number, found \"much\"",
        "2000-01-01 03:00:00,inf | column a must be a finite number, found \"inf\"",
        "2000-01-01 03:00:00,1e39 | column a must be within what a 32-bit float, in which models compute, can hold",
        "2000-01-01 03:00:00,$5 | column a must be a finite number, found \"$5\"; write the bare number",
        "yesterday,1 | must be a time such as 2016-07-01 00:00:00, found \"yesterday\"; a file without times needs --start and --step",
        "2000-01-01 03:00:00 | must have 2 columns, found 1"
      })
  void shouldSayWhichLineIsWrongAndWhy(String line, String message) throws IOException {
    Path file = file("date,a\n2000-01-01 01:00:00,1\n2000-01-01 02:00:00,1\n" + line + "\n");
    assertThatThrownBy(() -> CsvSeries.read(file))
        .isInstanceOf(DataException.class)
        .hasMessageStartingWith(file + ", line 4: ")
        .hasMessageContaining(message);
  }

  @Test
  void shouldSayThatThereIsNoFile() {
    Path missing = folder.resolve("missing.csv");
    assertThatThrownBy(() -> CsvSeries.read(missing))
        .isInstanceOf(DataException.class)
        .hasMessage(missing + ": no such file");
  }

  @Test
  void shouldRefuseAFileWithoutData() throws IOException {
    Path file = file("date,a\n");
    assertThatThrownBy(() -> CsvSeries.read(file))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("at least two rows of data, found 0");
  }

  @Test
  void shouldNameTheChannelsOfAFileWithoutAHeader() throws IOException {
    TimeSeries series = CsvSeries.read(file("2000-01-01,1,2.5\n2000-01-02,3,4\n"));
    assertThat(series.channels()).containsExactly("channel_1", "channel_2");
    assertThat(series.step()).isEqualTo(Duration.ofDays(1));
    assertThat(series.values()).containsExactly(1, 2.5, 3, 4);
    assertThat(CsvSeries.read(file("date,0,1\n2000-01-01,1,2\n2000-01-02,3,4\n")).channels())
        .as("names may be numbers")
        .containsExactly("0", "1");
  }

  private static Path resource(String name) {
    return Path.of(
        System.getProperty("tidecast.root"),
        "models/evaluation/src/test/resources/io/tidecast/evaluation/data/cases",
        name);
  }

  @Test
  void shouldNotTakeAByteOrderMarkForAHeader() {
    TimeSeries series = CsvSeries.read(resource("bom-no-header.csv"));
    assertThat(series.rows()).isEqualTo(300);
    assertThat(series.channels()).containsExactly("channel_1");
    assertThat(series.values()[0]).isEqualTo(101.76);
    assertThat(CsvSeries.hasTimes(resource("bom-no-header.csv"))).isTrue();
  }

  @Test
  void shouldNotTakeANumberWithASuffixForOne() {
    Path file = resource("number-suffix.csv");
    assertThatThrownBy(() -> CsvSeries.read(file))
        .isInstanceOf(DataException.class)
        .hasMessage(
            file
                + ", line 2: column lead must be a finite number, found \"101.8d\"; numbers are written as"
                + " 101.8 or 1.018e2");
  }

  @ParameterizedTest
  @ValueSource(strings = {"1d", "1f", "0x1p3", "1_000", "1e400", "much", "1,5,0"})
  void shouldRefuseAFirstRowThatIsNoHeader(String field) throws IOException {
    Path file = file("2000-01-01,\"" + field + "\"\n2000-01-02,1\n2000-01-03,1\n");
    assertThatThrownBy(() -> CsvSeries.read(file))
        .isInstanceOf(DataException.class)
        .hasMessageStartingWith(
            file + ", line 1: column channel_1 must be a finite number, found \"" + field + "\"");
  }

  @Test
  void shouldReadTheEncodingsThatCanBeTold() throws IOException {
    String text = "date,höhe\n2000-01-01,1\n2000-01-02,2\n";
    Path file = folder.resolve("data.csv");
    for (Charset charset : List.of(StandardCharsets.UTF_16, StandardCharsets.UTF_16LE)) {
      Files.writeString(file, text, charset);
      assertThat(CsvSeries.read(file).channels()).containsExactly("höhe");
    }
    Files.writeString(file, text, StandardCharsets.ISO_8859_1);
    assertThatThrownBy(() -> CsvSeries.read(file))
        .isInstanceOf(DataException.class)
        .hasMessage(
            file
                + ": must be the encoding of the file, such as windows-1252, for column h\uFFFDhe has"
                + " bytes that are no UTF-8: --encoding");
    Files.writeString(file, "\uFEFF" + text);
    assertThat(CsvSeries.read(file).channels()).containsExactly("höhe");
  }

  @Test
  void shouldReadWhatTheUtilityWrote() throws IOException {
    String text =
        "Netzlast\n\nZeit;Last;Prognose\n;MW;MW\n"
            + "27.10.2024 02:00;1.000,5;1\n27.10.2024 02:00;1.001,5;2\n27.10.2024 03:00;1.002;3\n";
    Path file = folder.resolve("last.csv");
    Files.writeString(file, text, StandardCharsets.ISO_8859_1);
    CsvFormat format =
        new CsvFormat(
            new CsvOptions(null, null, null, 2, List.of(), null, CsvOptions.Keys.OF_COMMAND),
            null,
            null,
            "dd.MM.yyyy HH:mm",
            ZoneId.of("Europe/Berlin"));
    CsvSeries.Described read = CsvSeries.read(file, format, null);
    assertThat(read.series().values()).containsExactly(1000.5, 1, 1001.5, 2, 1002, 3);
    assertThat(read.series().step()).as("an hour that comes twice").isEqualTo(Duration.ofHours(1));
    assertThat(read.series().timeMillis(0))
        .isEqualTo(Instant.parse("2024-10-27T00:00:00Z").toEpochMilli());
    assertThat(read.described())
        .isEqualTo(
            "read as: UTF-8, separated by \";\", names in line 3, 1 line(s) under the names without"
                + " a time skipped, decimal comma, points between thousands");
    Path plain = file("27.10.2024 02:00;1,5\n27.10.2024 03:00;2,5\n");
    CsvFormat separated =
        new CsvFormat(
            new CsvOptions(';', null, null, null, List.of(), null, CsvOptions.Keys.OF_COMMAND),
            null,
            null,
            "dd.MM.yyyy HH:mm",
            null);
    assertThat(CsvSeries.read(plain, separated, null).series().values()).containsExactly(1.5, 2.5);
    assertThatThrownBy(() -> CsvSeries.read(plain))
        .hasMessage(
            plain
                + ": must be given, for more than one separator divides the lines evenly: --separator");
  }

  @Test
  void shouldRefuseALevelAtWhichFloatsAreTooFarApart() throws IOException {
    TimeSeries large = CsvSeries.read(resource("large-level.csv"));
    assertThatThrownBy(() -> SplitSeries.of(large, new Split(200, 40, 60)).requireResolvable())
        .isInstanceOf(DataException.class)
        .hasMessage(
            "channel counter has values up to 1000000112, where 32-bit floats, in which models"
                + " compute, are 64.0 apart: too coarse for its standard deviation of 7.33 and its"
                + " change of 6.46 from row to row; subtract a constant from it first, in the file"
                + " and in the topic, or forecast its changes");
  }

  private static CsvSeries.Times times() {
    return CsvSeries.Times.of("1990-01-01", Duration.ofDays(1));
  }

  @Test
  void shouldReadAFileWithoutTimes() throws IOException {
    TimeSeries series = CsvSeries.read(file("0.5, 1e2\n-3,4\n5,6"), times());
    assertThat(series.channels()).containsExactly("channel_1", "channel_2");
    assertThat(series.values()).containsExactly(0.5, 100, -3, 4, 5, 6);
    assertThat(series.timeMillis(2))
        .isEqualTo(Instant.parse("1990-01-03T00:00:00Z").toEpochMilli());
    assertThat(series.step()).isEqualTo(Duration.ofDays(1));
    assertThat(CsvSeries.read(file("a, b c\n1,2\n3,4\n"), times()).channels())
        .containsExactly("a", "b c");
    assertThat(CsvSeries.read(file("a\n1\n2\n"), times()).values()).containsExactly(1, 2);
  }

  @Test
  void shouldAskForTheTimesThatAFileLacks() throws IOException {
    for (String text : List.of("1.5,2\n3,4\n", "1.5\n2\n")) {
      Path file = file(text);
      assertThatThrownBy(() -> CsvSeries.read(file))
          .isInstanceOf(DataException.class)
          .hasMessage(
              file
                  + ", line 1: has numbers only and no time; a file without times needs --start and"
                  + " --step, such as --start 1990-01-01 --step P1D");
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "date,a;2000-01-01,1;2000-01-02,2 | 2: column date must be a finite number, found \"2000-01-01\"; a file with times goes",
        "1,2;3,4;5 | 3: must have 2 columns, found 1",
        "1,2;3,4;5,inf | 3: column channel_2 must be a finite number, found \"inf\"",
        "a,b,a;1,2,3;4,5,6 | 1: must name every column differently, found a twice",
        "1,2d;3,4;5,6 | 1: column channel_2 must be a finite number, found \"2d\"",
        "1,2 | 1: must have at least two rows of data, found 1"
      })
  void shouldSayWhatIsWrongInAFileWithoutTimes(String lines, String message) throws IOException {
    Path file = file(lines.replace(';', '\n'));
    assertThatThrownBy(() -> CsvSeries.read(file, times()))
        .isInstanceOf(DataException.class)
        .hasMessageStartingWith(file + ", line " + message);
  }

  @Test
  void shouldRefuseTimesThatAreNone() {
    assertThatThrownBy(() -> CsvSeries.Times.of("tomorrow", Duration.ofDays(1)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageEndingWith("or 2016-07-01: start=tomorrow");
    assertThatThrownBy(() -> CsvSeries.Times.of("1990-01-01", Duration.ZERO))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("step must be a millisecond or more: step=PT0S");
  }
}
