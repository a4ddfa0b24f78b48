package io.tidecast.evaluation.data;

import io.tidecast.runtime.csv.CsvException;
import io.tidecast.runtime.csv.CsvLayout;
import io.tidecast.runtime.csv.CsvOptions;
import io.tidecast.runtime.csv.CsvRecord;
import io.tidecast.runtime.csv.CsvRows;
import io.tidecast.runtime.csv.CsvWanted;
import io.tidecast.runtime.grid.GridStep;
import io.tidecast.runtime.text.DecimalText;
import io.tidecast.runtime.text.MissingWords;
import io.tidecast.runtime.text.NumberMarks;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Reads a CSV file as a job reads it: one column is the time, another may tell several series
 * apart, and every other one is a channel. What is not declared is found, where it is plain, and
 * refused where it may be two things. Rows need no order; of two in one cell the last counts; what
 * is missing is NaN. In a file without times every column is a channel, and the caller says when
 * the rows were. Times without a zone are read as UTC, unless another is declared.
 *
 * <p>A first line that has a time where the others have one is no header, and neither is one with
 * numbers in a file without times; the channels are then {@code channel_1}, {@code channel_2} and
 * so on.
 */
public final class CsvSeries {

  /** Describes files of which there is nothing to say. */
  public static final String PLAIN = "read as: UTF-8, separated by \",\", names in line 1";

  static final String NEEDS_TIMES =
      "a file without times needs --start and --step, such as --start 1990-01-01 --step P1D";

  /** Matches what other tools write where a number is none, or too large. */
  private static final Pattern NOT_FINITE =
      Pattern.compile("[+-]?(nan|inf|infinity)", Pattern.CASE_INSENSITIVE);

  /** Matches numbers of money, of per cent, or with a unit behind a space. */
  private static final Pattern WITH_A_SIGN =
      Pattern.compile(
          "[+-]?(\\p{Sc}|[A-Z]{3})\\s?[\\d.,' ]+|[+-]?[\\d.,]+(\\s?[%\\p{Sc}°]|\\s\\S+).*");

  private static final MissingWords MISSING = MissingWords.usual();

  private static final int FEWEST_ROWS = 2;

  /** Where more of so many rows share a time with another, they are hardly of one series. */
  private static final double MOST_DOUBLED = 0.25;

  private static final int ENOUGH_ROWS = 8;

  private final Path file;
  private final CsvFormat format;
  private final @Nullable Times given;
  private final ZoneId zone;
  private final Map<String, SeriesRows> found = new LinkedHashMap<>();
  private NumberMarks marks = NumberMarks.PLAIN;
  private CsvColumns columns =
      new CsvColumns(List.of(), true, List.of(), List.of(), List.of(), TimeSpelling.USUAL);
  private RowTimes rowTimes = TimeSpelling.USUAL.reader(null);

  private CsvSeries(Path file, CsvFormat format, @Nullable Times given) {
    this.file = file;
    this.format = format;
    this.given = given;
    this.zone = format.zone() == null ? ZoneOffset.UTC : format.zone();
  }

  /**
   * Says when the rows of a file without times were.
   *
   * @param start time of the first row
   * @param step from one row to the next
   */
  public record Times(Instant start, GridStep step) {

    /** Rows that are always as far from each other. */
    public Times(Instant start, Duration step) {
      this(start, fixed(step));
    }

    private static GridStep fixed(Duration step) {
      if (step.toMillis() < 1) {
        throw new IllegalArgumentException("step must be a millisecond or more: step=" + step);
      }
      return GridStep.fixed(step);
    }

    /**
     * Parses a time as a file would have it.
     *
     * @throws IllegalArgumentException if it is none
     */
    public static Times of(String start, Duration step) {
      return of(start, fixed(step));
    }

    /**
     * Parses a time as a file would have it.
     *
     * @throws IllegalArgumentException if it is none
     */
    public static Times of(String start, GridStep step) {
      long first =
          TimeSpelling.USUAL
              .reader(step.zone())
              .millis(start)
              .orElseThrow(
                  () ->
                      new IllegalArgumentException(
                          "start must be a time such as 2016-07-01 00:00:00 or 2016-07-01: start="
                              + start));
      return new Times(Instant.ofEpochMilli(first), step);
    }

    private long millis(int row) {
      return step.isCalendar()
          ? step.startMillis(step.cell(start.toEpochMilli()) + row)
          : start.toEpochMilli() + row * step.millis();
    }
  }

  /**
   * Is what was read.
   *
   * @param described how the file was read, as a sentence for people
   */
  public record Described(SeriesSet set, String described) {

    /** Returns the only series. */
    public TimeSeries series() {
      return set.only();
    }
  }

  /**
   * Reads every channel of a file of one series whose first column is the time.
   *
   * @throws DataException naming file, line and what to do
   */
  public static TimeSeries read(Path file) {
    return read(file, null);
  }

  /**
   * Reads every channel of a file of one series.
   *
   * @param times of a file without; null where there is a column of times
   * @throws DataException naming file, line and what to do
   */
  public static TimeSeries read(Path file, @Nullable Times times) {
    return read(file, CsvFormat.FOUND, times).series();
  }

  /**
   * Reads every channel of a file of which something is declared.
   *
   * @param times of a file without; null where there is a column of times
   * @throws DataException naming file, line and what to do
   * @throws IllegalArgumentException if the time format is none
   */
  public static Described read(Path file, CsvFormat format, @Nullable Times times) {
    CsvSeries reading = new CsvSeries(file, format, times);
    try {
      return reading.read();
    } catch (IOException e) {
      throw unreadable(file, e);
    } catch (CsvException e) {
      throw new DataException(file + ": " + e.getMessage());
    }
  }

  /**
   * Tells whether a file seems to hold times: its first line is not numbers alone, or begins with
   * one that counts seconds since 1970, or parts of them.
   *
   * @throws DataException if it can't be read
   */
  public static boolean hasTimes(Path file) {
    CsvSeries reading = new CsvSeries(file, CsvFormat.FOUND, null);
    try {
      CsvSample sample = CsvSample.of(file, reading.first());
      return isNothing(sample.first()) || !isNumbersOnly(sample, CsvFormat.FOUND);
    } catch (IOException e) {
      throw unreadable(file, e);
    } catch (CsvException e) {
      throw new DataException(file + ": " + e.getMessage());
    }
  }

  private static DataException unreadable(Path file, IOException e) {
    return new DataException(
        file
            + (e instanceof NoSuchFileException
                ? ": no such file"
                : ": can't be read: " + e.getMessage()));
  }

  private static boolean isNothing(List<String> first) {
    return first.equals(List.of(""));
  }

  /** Whether the first line is a row of numbers of which none is a time. */
  private static boolean isNumbersOnly(CsvSample sample, CsvFormat format) {
    return format.timeFormat() == null
        && format.columns().time().isEmpty()
        && sample.first().stream().allMatch(CsvSeries::isNumberLike)
        && TimeSpelling.find("", sample.first().subList(0, 1), null).times() == 0;
  }

  /** Looks at the first line, whatever it is, unless names are declared. */
  private CsvLayout first() throws IOException, CsvException {
    CsvFormat.Columns declared = format.columns();
    return CsvLayout.of(
        file,
        format.options(),
        new CsvWanted(
            Stream.of(declared.time(), declared.series(), declared.values())
                .flatMap(List::stream)
                .toList(),
            List.of(),
            List.of(),
            format.decimal(),
            format.thousands(),
            MISSING));
  }

  private Described read() throws IOException, CsvException {
    CsvLayout first = first();
    if (isNothing(first.columns())) {
      throw problem(1, "must have at least two rows of data, found nothing");
    }
    CsvSample sample = CsvSample.of(file, first);
    if (given == null && isNumbersOnly(sample, format)) {
      throw problem(sample.line(), "has numbers only and no time; " + NEEDS_TIMES);
    }
    columns = CsvColumns.find(sample, format, given == null, this::problem);
    rowTimes = columns.spelling().reader(format.zone());
    CsvLayout layout = layout(first, sample.line());
    marks = layout.marks();
    try (CsvRows records = layout.open(file)) {
      for (CsvRecord row = records.next(); row != null; row = records.next()) {
        add(layout, row);
      }
    }
    int rows = found.values().stream().mapToInt(SeriesRows::size).sum();
    if (rows < FEWEST_ROWS) {
      throw problem(1, "must have at least two rows of data, found " + rows);
    }
    SeriesSet set = set(rows);
    return new Described(set, described(layout, set));
  }

  /** Reads on with the columns known: their names, or names for what the file begins with. */
  private CsvLayout layout(CsvLayout first, long line) throws IOException, CsvException {
    CsvOptions declared = format.options();
    CsvOptions options =
        columns.isNamed()
            ? declared
            : new CsvOptions(
                first.dialect().separator(),
                declared.quote(),
                declared.comment(),
                (int) line - 1,
                columns.names(),
                declared.encoding(),
                declared.keys());
    List<String> times = columns.named(columns.time());
    List<String> values = columns.named(columns.values());
    return CsvLayout.of(
        file,
        options,
        new CsvWanted(
            columns.isNamed() && !format.columns().equals(CsvFormat.Columns.FOUND)
                ? Stream.of(times, columns.named(columns.series()), values)
                    .flatMap(List::stream)
                    .toList()
                : List.of(),
            times,
            values,
            format.decimal(),
            format.thousands(),
            MISSING));
  }

  private void add(CsvLayout layout, CsvRecord record) {
    List<String> fields;
    try {
      fields = layout.fields(record.bytes());
    } catch (CsvException e) {
      throw problem(record.line(), e.getMessage());
    }
    String name = CsvColumns.joined(fields, columns.series(), "/");
    SeriesRows rows = found.computeIfAbsent(name, added -> new SeriesRows(columns.values().size()));
    double[] row = new double[columns.values().size()];
    for (int i = 0; i < row.length; i++) {
      row[i] = number(fields, columns.values().get(i), record.line());
    }
    long time = given == null ? time(fields, name, record.line()) : given.millis(rows.size());
    rows.add(time, record.line(), row);
  }

  private long time(List<String> fields, String series, long line) {
    String text = CsvColumns.joined(fields, columns.time(), " ");
    return rowTimes
        .millis(text, series)
        .orElseThrow(
            () ->
                problem(
                    line,
                    "column %s must be a time %s, found \"%s\"; %s%s"
                        .formatted(
                            String.join(" and ", columns.named(columns.time())),
                            columns.spelling().name() == null
                                ? "such as 2016-07-01 00:00:00"
                                : "(" + columns.spelling().name() + ")",
                            text,
                            TimeSpelling.hasShortYear(text)
                                ? "a year of two digits may be of two centuries, write it with four; "
                                    + NEEDS_TIMES
                                : NEEDS_TIMES,
                            format.timeFormat() == null
                                ? ", and other times --time-format, such as \"dd.MM.yyyy HH:mm\""
                                : "")));
  }

  private double number(List<String> fields, int column, long line) {
    String text = fields.get(column);
    String plain = marks.plain(text);
    OptionalDouble value = plain == null ? OptionalDouble.empty() : DecimalText.parse(plain);
    if (value.isPresent()) {
      if (Math.abs(value.getAsDouble()) > Float.MAX_VALUE) {
        throw problem(
            line,
            "column %s must be within what a 32-bit float, in which models compute, can hold, 3.4e38; found \"%s\"; divide the column, in the file and in the topic"
                .formatted(columns.names().get(column), text));
      }
      return value.getAsDouble();
    }
    if (MISSING.contains(text)) {
      return Double.NaN;
    }
    throw problem(
        line,
        "column "
            + columns.names().get(column)
            + " must be a finite number, found \""
            + text
            + "\""
            + remedy(text, columns.names().get(column)));
  }

  private String remedy(String text, String column) {
    if (given != null && TimeSpelling.USUAL.reader(null).millis(text).isPresent()) {
      return "; a file with times goes without --start and --step";
    }
    if (WITH_A_SIGN.matcher(text).matches()) {
      return "; write the bare number, without unit, sign of a currency or per cent";
    }
    if (text.matches("[\\d.,+-].*")) {
      return "; numbers are written as 101.8 or 1.018e2";
    }
    if (!columns.isNamed() || given != null) {
      return "";
    }
    List<String> others = new ArrayList<>(columns.named(columns.values()));
    others.remove(column);
    String without =
        others.isEmpty() ? "" : "; --values=" + String.join(",", others) + " leaves the column out";
    return TimeSpelling.isTimeOfDay(text)
        ? "; --time=%s,%s joins a date and a time of day"
            .formatted(String.join(",", columns.named(columns.time())), column)
        : others.isEmpty() || text.matches("(?i)true|false|yes|no")
            ? without
            : without + ", and --series=" + column + " takes it for the name of the series";
  }

  private SeriesSet set(int rows) {
    found.values().forEach(SeriesRows::sort);
    GridStep grid = grid();
    Map<String, TimeSeries> series = new LinkedHashMap<>();
    List<String> channels = columns.named(columns.values());
    found.forEach((name, one) -> series.put(name, one.onGrid(channels, grid, this::problem)));
    long doubled = 0;
    long unordered = 0;
    for (SeriesRows one : found.values()) {
      doubled += one.doubled();
      unordered += one.unordered();
    }
    if (format.step() == null && rows >= ENOUGH_ROWS && doubled > MOST_DOUBLED * rows) {
      throw problem(
          1,
          "%d of %d rows are of a time that another has; --series names the columns that tell series apart, such as --series=%s"
              .formatted(doubled, rows, channels.get(0)));
    }
    long missing = series.values().stream().mapToLong(TimeSeries::missing).sum();
    series.forEach((name, one) -> requireValues(name, one));
    return new SeriesSet(series, new SeriesSet.Counts(rows, missing, unordered, doubled));
  }

  private void requireValues(String name, TimeSeries series) {
    for (int channel = 0; channel < series.channels().size(); channel++) {
      if (series.isEmpty(channel)) {
        throw problem(
            1,
            "column %s must have a value somewhere%s; --values leaves it out"
                .formatted(
                    series.channels().get(channel), name.isEmpty() ? "" : ", in series " + name));
      }
    }
  }

  private GridStep grid() {
    if (given != null) {
      return given.step().isCalendar()
          ? given.step()
          : given
              .step()
              .plus(
                  Duration.ofMillis(
                      Math.floorMod(given.start().toEpochMilli(), given.step().millis())));
    }
    StepFinder finder = new StepFinder(found.values(), zone, this::problem);
    if (format.step() != null) {
      return finder.of(format.step());
    }
    boolean several = found.values().stream().anyMatch(SeriesRows::hasTwoTimes);
    if (!several) {
      throw problem(1, "must have at least two times in a series; --step says how far rows are");
    }
    return finder.find();
  }

  private String described(CsvLayout layout, SeriesSet set) {
    StringBuilder text =
        new StringBuilder(
            columns.isNamed()
                ? layout.described()
                : layout.described().replace("names as declared", "no line of names"));
    if (columns.time().size() > 1 || !columns.time().isEmpty() && columns.time().get(0) != 0) {
      text.append(", times in ").append(String.join(" and ", columns.named(columns.time())));
    }
    if (columns.spelling().name() != null && format.timeFormat() == null) {
      text.append(", times as ").append(columns.spelling().name());
    }
    if (!columns.series().isEmpty()) {
      text.append(
          ", %,d series by %s"
              .formatted(
                  set.series().size(), String.join(" and ", columns.named(columns.series()))));
    }
    SeriesSet.Counts counts = set.counts();
    if (set.grid().isCalendar() && given == null && format.step() == null) {
      text.append(", step ").append(set.grid().text());
    }
    if (counts.missing() > 0) {
      text.append(
          ", %,d of %,d values missing, which are filled and never counted as what happened"
              .formatted(
                  counts.missing(),
                  set.series().values().stream().mapToLong(one -> one.values().length).sum()));
    }
    if (counts.unordered() > 0) {
      text.append(", %s put in order of time".formatted(rows(counts.unordered())));
    }
    if (counts.doubled() > 0) {
      text.append(
          ", %s of a time that has another, of which the last counts"
              .formatted(rows(counts.doubled())));
    }
    return text.toString();
  }

  private static String rows(long count) {
    return count == 1 ? "1 row" : "%,d rows".formatted(count);
  }

  /** Tells whether a field is a number, of those that are refused too. */
  static boolean isNumberLike(String text) {
    return DecimalText.isDecimal(text) || NOT_FINITE.matcher(text).matches();
  }

  private DataException problem(long line, String what) {
    return new DataException(file + ", line " + line + ": " + what);
  }
}
