package io.tidecast.evaluation.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tidecast.runtime.csv.CsvOptions;
import io.tidecast.runtime.grid.GridStep;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Files as people have them: what becomes of each kind, file by file, and of more of its kind. */
class CsvCasesTest {
  private static final Path CASES =
      Path.of(
          System.getProperty("tidecast.root"),
          "models/evaluation/src/test/resources/io/tidecast/evaluation/data/cases");

  @TempDir private Path folder;

  /** Says what is read of each file, and what is said about it beyond where its names are. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "a-constant-day       | 1 | 1201 | PT30M        | Demand      | 3.390817286   | ",
        "months-without-days  | 1 | 144  | P1M          | #Passengers | 112           | , step P1M",
        "first-of-months      | 1 | 144  | P1M          | passengers  | 112           | , step P1M",
        "business-days        | 1 | 300  | business-day | y           | 101.76        | , step business-day",
        "years                | 1 | 120  | P1Y          | y           | 101.76        | , step P1Y",
        "quarters             | 1 | 108  | P3M          | y           | 101.8         | , times as uuuu'Q'Q, step P3M",
        "bom-no-header        | 1 | 300  | PT24H        | channel_1   | 101.76        | ",
        "large-level          | 1 | 300  | PT24H        | counter     | 1000000101.76 | ",
        "missing-empty        | 1 | 300  | PT24H        | y           | 101.764       | , 2 of 300 values missing, which are filled and never counted as what happened",
        "missing-na           | 1 | 300  | PT24H        | y           | 101.764       | , 2 of 300 values missing, which are filled and never counted as what happened",
        "missing-nan          | 1 | 300  | PT24H        | y           | 101.764       | , 2 of 300 values missing, which are filled and never counted as what happened",
        "slashes-month-first  | 1 | 60   | PT24H        | y           | 101.76        | , times as M/d/uuuu",
        "dots-day-first       | 1 | 60   | PT24H        | y           | 101.76        | , times as d.M.uuuu",
        "offsets-behind-a-space | 1 | 60 | PT24H        | y           | 101.76        | ",
        "microseconds         | 1 | 60   | PT24H        | y           | 101.76        | ",
        "epoch-seconds        | 1 | 60   | PT24H        | y           | 101.76        | , times as epoch-seconds",
        "long-of-two-series   | 2 | 200  | PT24H        | y           | 0             | , times in ds, 2 series by unique_id",
        "thousands            | 1 | 60   | PT24H        | y           | 101764.05     | , decimal point, commas between thousands",
        "tabs                 | 1 | 60   | PT24H        | y           | 101.764       | ",
        "utf16                | 1 | 300  | PT24H        | y           | 101.76        | ",
        "split-date-and-time  | 1 | 60   | PT1H         | y           | 101.76        | , times in Date and Time"
      })
  void shouldRead(
      String file,
      int series,
      int rows,
      String step,
      String channel,
      double first,
      @Nullable String said) {
    CsvSeries.Described read = CsvSeries.read(CASES.resolve(file + ".csv"), CsvFormat.FOUND, null);
    assertThat(read.set().series()).hasSize(series);
    assertThat(read.set().any().rows()).isEqualTo(rows);
    assertThat(read.set().grid().text()).isEqualTo(step);
    assertThat(read.set().channels()).containsExactly(channel);
    assertThat(read.set().any().values()[0]).isEqualTo(first);
    assertThat(read.described())
        .matches("read as: UTF-(8|16LE), separated by (\",\"|tabs), (names in|no line).*");
    assertThat(read.described().replaceFirst("^.*?(names in line 1|no line of names)", ""))
        .isEqualTo(said == null ? "" : said);
  }

  /** Says of each file that is refused where and why, and what would do. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "number-suffix | , line 2: column lead must be a finite number, found \"101.8d\"; numbers are written as 101.8 or 1.018e2",
        "huge          | , line 2: column y must be within what a 32-bit float, in which models compute, can hold, 3.4e38; found \"1.017641e+40\"; divide the column, in the file and in the topic",
        "currency      | , line 2: column y must be a finite number, found \"$101.76\"; write the bare number, without unit, sign of a currency or per cent",
        "percent       | , line 2: column y must be a finite number, found \"101.76%\"; write the bare number, without unit, sign of a currency or per cent",
        "semicolon-comma | : must be given, for \"101,764\" may be any of [101.764, 101764.0]: --decimal-mark, --thousands-separator",
        "text-column   | , line 2: column store must be a finite number, found \"S1\"; --values=y leaves the column out, and --series=store takes it for the name of the series",
        "latin1        | : must be the encoding of the file, such as windows-1252, for column Gr\uFFFD\uFFFDe has bytes that are no UTF-8: --encoding",
        "truth         | , line 2: column promo must be a finite number, found \"True\"; --values=y leaves the column out",
        "months-of-temperatures | , line 1: has numbers only and no time; a file without times needs --start and --step, such as --start 1990-01-01 --step P1D",
        "months-without-times | , line 1: must have a time column and at least one channel, found [passengers]; a file without times needs --start and --step"
      })
  void shouldSayWhereAndWhyAndWhatWouldDo(String name, String message) {
    Path file = CASES.resolve(name + ".csv");
    assertThatThrownBy(() -> CsvSeries.read(file, CsvFormat.FOUND, null))
        .isInstanceOf(DataException.class)
        .hasMessageStartingWith(file + message);
  }

  @ParameterizedTest
  @CsvSource({"months-of-temperatures,240,40.6", "months-without-times,144,112"})
  void shouldReadMonthsWithoutTimes(String name, int rows, double first) {
    GridStep months = GridStep.of(GridStep.Unit.MONTH, ZoneOffset.UTC);
    TimeSeries series =
        CsvSeries.read(CASES.resolve(name + ".csv"), CsvSeries.Times.of("1920-01-01", months));
    assertThat(series.rows()).isEqualTo(rows);
    assertThat(series.values()[0]).isEqualTo(first);
    assertThat(series.timeMillis(13)).isEqualTo(millis("1921-02-01T00:00:00Z"));
  }

  @Test
  void shouldReadWhatIsRefusedUnlessItIsSaidWhatIsWhat() {
    CsvFormat values = columns(List.of(), List.of(), List.of("y"));
    for (String file : List.of("truth", "text-column")) {
      TimeSeries series = CsvSeries.read(CASES.resolve(file + ".csv"), values, null).series();
      assertThat(series.channels()).containsExactly("y");
      assertThat(series.rows()).isEqualTo(60);
    }
    CsvFormat stores = columns(List.of("date"), List.of("store"), List.of());
    assertThat(CsvSeries.read(CASES.resolve("text-column.csv"), stores, null).set().series())
        .containsOnlyKeys("S1");
    CsvFormat joined = columns(List.of("Date", "Time"), List.of(), List.of("y"));
    assertThat(
            CsvSeries.read(CASES.resolve("split-date-and-time.csv"), joined, null)
                .series()
                .timeMillis(1))
        .isEqualTo(millis("2020-01-01T01:00:00Z"));
  }

  /** Days, months, quarters, years and hours, as other tools write them. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "yyyy/MM/dd         | P1D  | date    | PT24H",
        "yyyy-M-d           | P1D  | date    | PT24H",
        "yyyy.MM.dd         | P1D  | date    | PT24H",
        "yyyyMMdd           | P1D  | date    | PT24H",
        "dd/MM/yyyy         | P1D  | date    | PT24H",
        "MM/dd/yyyy HH:mm   | P1D  | when    | PT24H",
        "M/d/yy             | P1D  | when    | PT24H",
        "MM/dd/yyyy hh:mm a | PT1H | when    | PT1H",
        "dd.MM.yyyy HH:mm:ss | PT1H | Datum  | PT1H",
        "d-MMM-yyyy         | P1D  | day     | PT24H",
        "MMM d yyyy         | P1D  | day     | PT24H",
        "EEE MMM dd yyyy    | P1D  | day     | PT24H",
        "yyyy-MM-dd HH:mm:ss 'UTC' | PT1H | x | PT1H",
        "yyyy-MM-dd'T'HH:mm:ss'Z' | PT1H | x | PT1H",
        "yyyy-MM            | P1M  | month   | P1M",
        "yyyyMM             | P1M  | month   | P1M",
        "MM/yyyy            | P1M  | month   | P1M",
        "MMM yyyy           | P1M  | month   | P1M",
        "yyyy-MMM           | P1M  | month   | P1M",
        "yyyy'M'MM          | P1M  | month   | P1M",
        "yyyy'Q'Q           | P3M  | quarter | P3M",
        "yyyy-'Q'Q          | P3M  | quarter | P3M",
        "'Q'Q yyyy          | P3M  | quarter | P3M",
        "yyyy-MM-dd         | P3M  | date    | P3M",
        "yyyy-MM-dd         | P6M  | date    | P6M",
        "yyyy-MM-dd         | P1Y  | date    | P1Y",
        "yyyy               | P1Y  | year    | P1Y",
        "yyyy-MM-dd         | P7D  | date    | PT168H"
      })
  void shouldReadTimesAsToolsWriteThem(String pattern, String step, String name, String found)
      throws IOException {
    DateTimeFormatter writer = DateTimeFormatter.ofPattern(pattern, Locale.ENGLISH);
    LocalDateTime first = LocalDateTime.of(2020, 1, 1, 0, 0);
    IntFunction<LocalDateTime> time =
        row ->
            step.startsWith("PT")
                ? first.plusHours(row)
                : first.plus(java.time.Period.parse(step).multipliedBy(row));
    Path file =
        rows(
            name + ",y",
            400 / (step.startsWith("P1Y") ? 4 : 1),
            row -> time.apply(row).format(writer) + "," + row);
    CsvSeries.Described read = CsvSeries.read(file, CsvFormat.FOUND, null);
    assertThat(read.set().grid().text()).isEqualTo(found);
    assertThat(read.set().counts().missing()).isZero();
    for (int row : new int[] {0, 1, 50, 99}) {
      assertThat(read.series().timeMillis(row))
          .isEqualTo(time.apply(row).toInstant(ZoneOffset.UTC).toEpochMilli());
      assertThat(read.series().values()[row]).isEqualTo(row);
    }
  }

  @Test
  void shouldRefuseTimesThatMayMeanTwoThings() throws IOException {
    LocalDate first = LocalDate.of(1949, 1, 1);
    assertRefused(
        rows("date,y", 30, row -> write("MM/dd/yyyy", first.plusMonths(row)) + "," + row),
        "line 1: column date may be read as d/M/uuuu and as M/d/uuuu, such as \"01/01/1949\"; --time-format says which");
    assertRefused(
        rows("Month,y", 30, row -> write("MMM-yy", first.plusMonths(row)) + "," + row),
        "line 2: column Month must be a time such as 2016-07-01 00:00:00, found \"Jan-49\"; a year of two digits may be of two centuries");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {"epoch-millis | 1000", "epoch-micros | 1000000", "epoch-nanos  | 1000000000"})
  void shouldTellTheUnitOfNumbersThatAreTimes(String unit, long perSecond) throws IOException {
    Path file = rows("", 50, row -> (1_577_836_800L + 3_600 * row) * perSecond + "," + row);
    CsvSeries.Described read = CsvSeries.read(file, CsvFormat.FOUND, null);
    assertThat(read.described()).endsWith(", times as " + unit);
    assertThat(read.series().timeMillis(1)).isEqualTo(millis("2020-01-01T01:00:00Z"));
    assertThat(read.series().channels()).containsExactly("channel_1");
    assertThat(CsvSeries.hasTimes(file)).isTrue();
  }

  @Test
  void shouldTakeTheLastDayOfEachMonthForTheMonth() throws IOException {
    LocalDate first = LocalDate.of(1999, 1, 1);
    Path file = rows("date,y", 60, row -> first.plusMonths(row + 1).minusDays(1) + "," + row);
    TimeSeries series = CsvSeries.read(file);
    assertThat(series.grid().text()).isEqualTo("P1M");
    assertThat(series.timeMillis(1)).isEqualTo(millis("1999-02-01T00:00:00Z"));
  }

  @Test
  void shouldFindWhatIsMissingAmongMonthsAndBusinessDays() throws IOException {
    LocalDate first = LocalDate.of(2020, 1, 1);
    List<Integer> months = new ArrayList<>(IntStream.range(0, 40).boxed().toList());
    months.remove(17);
    Path file = rows("date,y", 39, row -> first.plusMonths(months.get(row)) + "," + row);
    SeriesSet read = CsvSeries.read(file, CsvFormat.FOUND, null).set();
    assertThat(read.grid().text()).isEqualTo("P1M");
    assertThat(read.any().values()[17]).isNaN();
    assertThat(read.counts()).isEqualTo(new SeriesSet.Counts(39, 1, 0, 0));

    List<LocalDate> days =
        IntStream.range(0, 60)
            .mapToObj(first::plusDays)
            .filter(day -> day.getDayOfWeek().getValue() < 6)
            .filter(day -> !day.equals(LocalDate.of(2020, 1, 20)))
            .toList();
    SeriesSet business =
        CsvSeries.read(
                rows("date,y", days.size(), row -> days.get(row) + "," + row),
                CsvFormat.FOUND,
                null)
            .set();
    assertThat(business.grid().text()).isEqualTo("business-day");
    assertThat(business.counts().missing()).as("a holiday").isEqualTo(1);
  }

  @Test
  void shouldTakeRowsIntoTheCellsOfADeclaredStep() throws IOException {
    Path file =
        rows(
            "time,y",
            50,
            row -> Instant.ofEpochSecond(1_577_836_811 + 613L * row + row * row) + "," + row);
    assertRefused(file, " apart; --step says how far rows are", null);
    SeriesSet hours =
        CsvSeries.read(
                file, CsvFormat.FOUND.withStep(GridStep.fixed(java.time.Duration.ofHours(1))), null)
            .set();
    assertThat(hours.any().timeMillis(0)).isEqualTo(millis("2020-01-01T00:00:00Z"));
    assertThat(hours.any().values()[0]).as("the last of the hour").isEqualTo(5);
    assertThat(hours.counts().doubled()).isEqualTo(50L - hours.any().rows());
  }

  @Test
  void shouldGoByTheDaysOfAZone() throws IOException {
    ZoneId berlin = ZoneId.of("Europe/Berlin");
    LocalDate first = LocalDate.of(2020, 3, 1);
    Path file =
        rows(
            "time,y",
            60,
            row -> first.plusDays(row).atStartOfDay(berlin).toOffsetDateTime() + "," + row);
    assertRefused(
        file, "is PT23H after the row before, but most are PT24H apart; --time-zone", null);
    CsvFormat zoned =
        new CsvFormat(CsvOptions.none(CsvOptions.Keys.OF_COMMAND), null, null, null, berlin);
    TimeSeries series = CsvSeries.read(file, zoned, null).series();
    assertThat(series.grid()).isEqualTo(GridStep.of(GridStep.Unit.DAY, berlin));
    assertThat(series.timeMillis(40))
        .isEqualTo(first.plusDays(40).atStartOfDay(berlin).toInstant().toEpochMilli());
    assertThat(series.wallMillis(40)).isEqualTo(millis(first.plusDays(40) + "T00:00:00Z"));
  }

  @Test
  void shouldPutRowsInOrderAndTakeTheLastOfTwo() throws IOException {
    LocalDate first = LocalDate.of(2020, 1, 1);
    List<String> lines =
        new ArrayList<>(IntStream.range(0, 40).mapToObj(i -> first.plusDays(i) + "," + i).toList());
    Collections.shuffle(lines, new Random(3));
    lines.add(first.plusDays(4) + ",-1");
    lines.add(first.plusDays(5) + ",?");
    CsvSeries.Described read =
        CsvSeries.read(rows("date,y", lines.size(), lines::get), CsvFormat.FOUND, null);
    assertThat(read.series().rows()).isEqualTo(40);
    assertThat(read.series().values()[3]).isEqualTo(3);
    assertThat(read.series().values()[4]).isEqualTo(-1);
    assertThat(read.series().values()[5]).as("what is missing takes no place").isEqualTo(5);
    assertThat(read.described())
        .contains(
            " rows put in order of time, 2 rows of a time that has another, of which the last counts");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "unique_id,ds,y         | 1 | 0 | y      | unique_id",
        "item_id,timestamp,target | 1 | 0 | target | item_id",
        "ds,unique_id,y         | 0 | 1 | y      | unique_id",
        "date,city,temperature  | 0 | 1 | temperature | city"
      })
  void shouldTellSeriesOfALongFileApart(
      String header, int time, int series, String channel, String named) throws IOException {
    LocalDate first = LocalDate.of(2020, 1, 1);
    Path file =
        rows(
            header,
            80,
            row -> {
              String[] fields = new String[3];
              fields[time] = first.plusDays(row / 2).toString();
              fields[series] = row % 2 == 0 ? "Bern" : "Rom";
              fields[2] = String.valueOf(row);
              return String.join(",", fields);
            });
    CsvSeries.Described read = CsvSeries.read(file, CsvFormat.FOUND, null);
    assertThat(read.set().series()).containsOnlyKeys("Bern", "Rom");
    assertThat(read.set().channels()).containsExactly(channel);
    assertThat(read.set().series().get("Rom").values()).startsWith(1, 3, 5);
    assertThat(read.described()).endsWith(", 2 series by " + named);
  }

  @Test
  void shouldAskForTheColumnsThatTellSeriesApart() throws IOException {
    LocalDate first = LocalDate.of(2020, 1, 1);
    Path file =
        rows(
            "date,store,item,sales",
            160,
            row -> "%s,%d,%d,%d".formatted(first.plusDays(row / 4), row % 2, row / 2 % 2, row));
    assertRefused(
        file,
        "line 1: 120 of 160 rows are of a time that another has; --series names the columns that tell series apart, such as --series=store");
    SeriesSet read =
        CsvSeries.read(file, columns(List.of(), List.of("store", "item"), List.of()), null).set();
    assertThat(read.series()).containsOnlyKeys("0/0", "1/0", "0/1", "1/1");
    assertThat(read.channels()).containsExactly("sales");
  }

  @Test
  void shouldDivideSeriesAtTheSameTimes() throws IOException {
    LocalDate first = LocalDate.of(2020, 1, 1);
    Path file =
        rows(
            "unique_id,ds,y",
            150,
            row ->
                row < 100
                    ? "A," + first.plusDays(row) + "," + row
                    : "B," + first.plusDays(row - 100 + 40) + "," + row);
    SeriesSet set = CsvSeries.read(file, CsvFormat.FOUND, null).set();
    assertThat(set.span()).isEqualTo(100);
    SplitSet split = SplitSet.of(set, Split.parse("0.6,0.2,0.2", set.span()));
    assertThat(split.series().get("A").split()).isEqualTo(new Split(60, 20, 20));
    assertThat(split.series().get("B").split()).isEqualTo(new Split(20, 20, 10));
    assertThat(split.windows(Split.Part.TEST, 10, 5)).isEqualTo(16 + 6);
    assertThat(split.windows(Split.Part.TRAIN, 15, 5)).isEqualTo(41 + 1);
  }

  @Test
  void shouldJoinAYearAndAMonthAndLeaveOutWhatCountsRows() throws IOException {
    Path file =
        rows(
            ",year,month,y",
            48,
            row -> row + "," + (1949 + row / 12) + "," + (row % 12 + 1) + "," + 2 * row);
    CsvSeries.Described read = CsvSeries.read(file, CsvFormat.FOUND, null);
    assertThat(read.set().grid().text()).isEqualTo("P1M");
    assertThat(read.set().channels()).containsExactly("y");
    assertThat(read.described()).contains(", times in year and month, ");
  }

  private static CsvFormat columns(List<String> time, List<String> series, List<String> values) {
    CsvFormat found = CsvFormat.FOUND;
    return new CsvFormat(
        found.options(), null, null, null, null, new CsvFormat.Columns(time, series, values), null);
  }

  private static String write(String pattern, LocalDate date) {
    return date.format(DateTimeFormatter.ofPattern(pattern, Locale.ENGLISH));
  }

  private static long millis(String time) {
    return Instant.parse(time).toEpochMilli();
  }

  private void assertRefused(Path file, String message) {
    assertRefused(file, message, "line");
  }

  private void assertRefused(Path file, String message, @Nullable String line) {
    assertThatThrownBy(() -> CsvSeries.read(file, CsvFormat.FOUND, null))
        .isInstanceOf(DataException.class)
        .hasMessageStartingWith(line == null ? file + ", line " : file + ", " + message)
        .hasMessageContaining(message);
  }

  private Path rows(String header, int count, IntFunction<String> row) throws IOException {
    List<String> lines = new ArrayList<>(header.isEmpty() ? List.of() : List.of(header));
    IntStream.range(0, count).mapToObj(row).forEach(lines::add);
    return Files.write(folder.resolve("file.csv"), lines);
  }
}
