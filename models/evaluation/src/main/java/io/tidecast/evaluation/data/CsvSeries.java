package io.tidecast.evaluation.data;

import io.tidecast.runtime.csv.CsvException;
import io.tidecast.runtime.csv.CsvLayout;
import io.tidecast.runtime.csv.CsvOptions;
import io.tidecast.runtime.csv.CsvRecord;
import io.tidecast.runtime.csv.CsvRows;
import io.tidecast.runtime.csv.CsvWanted;
import io.tidecast.runtime.text.DecimalText;
import io.tidecast.runtime.text.MissingWords;
import io.tidecast.runtime.text.NumberMarks;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Reads a CSV file as a job reads it: the first column is the time, every other one a channel. In a
 * file without times every column is a channel, and the caller says when the rows were. Rows must
 * lie one step apart; nothing is guessed or repaired. Times without a zone are read as UTC, unless
 * another is declared.
 *
 * <p>A first line that begins with a time is no header, and neither is one with numbers in a file
 * without times; the channels are then {@code channel_1}, {@code channel_2} and so on.
 */
public final class CsvSeries {

  /** Describes files of which there is nothing to say. */
  public static final String PLAIN = "read as: UTF-8, separated by \",\", names in line 1";

  /** Matches what other tools write where a number is none, or too large. */
  private static final Pattern NOT_FINITE =
      Pattern.compile("[+-]?(nan|inf|infinity)", Pattern.CASE_INSENSITIVE);

  private static final MissingWords MISSING = MissingWords.usual();

  private static final int FEWEST_ROWS = 2;
  private static final String NEEDS_TIMES =
      "a file without times needs --start and --step, such as --start 1990-01-01 --step P1D";

  private final Path file;
  private final CsvFormat format;
  private final @Nullable Times given;
  private final RowTimes rowTimes;
  private final List<Long> times = new ArrayList<>();
  private final List<double[]> rows = new ArrayList<>();
  private List<String> columns = List.of();
  private NumberMarks marks = NumberMarks.PLAIN;

  private CsvSeries(Path file, CsvFormat format, @Nullable Times given) {
    this.file = file;
    this.format = format;
    this.given = given;
    this.rowTimes = new RowTimes(format);
  }

  /**
   * Says when the rows of a file without times were.
   *
   * @param start time of the first row
   * @param step from one row to the next
   */
  public record Times(Instant start, Duration step) {

    /** Checks the step. */
    public Times {
      if (step.toMillis() < 1) {
        throw new IllegalArgumentException("step must be a millisecond or more: step=" + step);
      }
    }

    /**
     * Parses a time as a file would have it.
     *
     * @throws IllegalArgumentException if it is none
     */
    public static Times of(String start, Duration step) {
      long first =
          new RowTimes(CsvFormat.FOUND)
              .millis(start)
              .orElseThrow(
                  () ->
                      new IllegalArgumentException(
                          "start must be a time such as 2016-07-01 00:00:00 or 2016-07-01: start="
                              + start));
      return new Times(Instant.ofEpochMilli(first), step);
    }
  }

  /**
   * Is what was read.
   *
   * @param described how the file was read, as a sentence for people
   */
  public record Described(TimeSeries series, String described) {}

  /**
   * Reads every channel of a file whose first column is the time.
   *
   * @throws DataException naming file, line and what to do
   */
  public static TimeSeries read(Path file) {
    return read(file, null);
  }

  /**
   * Reads every channel of a file.
   *
   * @param times of a file without; null where the first column is the time
   * @throws DataException naming file, line and what to do
   */
  public static TimeSeries read(Path file, @Nullable Times times) {
    return read(file, CsvFormat.FOUND, times).series();
  }

  /**
   * Reads every channel of a file of which something is declared.
   *
   * @param times of a file without; null where the first column is the time
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
   * Tells whether a file seems to hold times: its first line is not numbers alone.
   *
   * @throws DataException if it can't be read
   */
  public static boolean hasTimes(Path file) {
    try {
      List<String> first = new CsvSeries(file, CsvFormat.FOUND, null).first().columns();
      return isNothing(first) || !first.stream().allMatch(CsvSeries::isNumberLike);
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

  /** Looks at the first line, whatever it is. */
  private CsvLayout first() throws IOException, CsvException {
    return CsvLayout.of(file, format.options(), wanted(List.of(), List.of()));
  }

  private CsvWanted wanted(List<String> timeNames, List<String> values) {
    return new CsvWanted(
        List.of(), timeNames, values, format.decimal(), format.thousands(), MISSING);
  }

  private Described read() throws IOException, CsvException {
    CsvLayout first = first();
    if (isNothing(first.columns())) {
      throw problem(1, "must have at least two rows of data, found nothing");
    }
    CsvLayout layout = layout(first);
    try (CsvRows records = layout.open(file)) {
      for (CsvRecord row = records.next(); row != null; row = records.next()) {
        add(layout, row);
      }
    }
    if (rows.size() < FEWEST_ROWS) {
      throw problem(1, "must have at least two rows of data, found " + rows.size());
    }
    return new Described(series(), layout.described());
  }

  /** Finds the columns: those of the first line, or names for what it begins with. */
  private CsvLayout layout(CsvLayout first) throws IOException, CsvException {
    long line = first.linesBefore();
    boolean data = format.options().columns().isEmpty() && isData(first.columns(), line);
    columns = data ? synthetic(first.columns().size()) : first.columns();
    requireChannels(line);
    CsvOptions declared = format.options();
    CsvOptions options =
        data
            ? new CsvOptions(
                first.dialect().separator(),
                declared.quote(),
                declared.comment(),
                (int) line - 1,
                columns,
                declared.encoding(),
                declared.keys())
            : declared;
    CsvLayout layout =
        CsvLayout.of(
            file,
            options,
            wanted(
                columns.subList(0, firstChannel()),
                columns.subList(firstChannel(), columns.size())));
    marks = layout.marks();
    return layout;
  }

  private TimeSeries series() {
    int channels = columns.size() - firstChannel();
    double[] values = new double[rows.size() * channels];
    for (int row = 0; row < rows.size(); row++) {
      System.arraycopy(rows.get(row), 0, values, row * channels, channels);
    }
    List<String> names = columns.subList(firstChannel(), columns.size());
    return given == null
        ? new TimeSeries(
            names, times.get(0), Duration.ofMillis(times.get(1) - times.get(0)), values)
        : new TimeSeries(names, given.start().toEpochMilli(), given.step(), values);
  }

  private int firstChannel() {
    return given == null ? 1 : 0;
  }

  /**
   * Tells whether the first line is a row and no header: where there are times it begins with one,
   * else one of its fields looks like a number. What then is no number is refused with its row.
   */
  private boolean isData(List<String> first, long line) {
    if (given != null) {
      return first.stream().anyMatch(CsvSeries::isNumberLike);
    }
    if (format.timeFormat() == null && first.stream().allMatch(CsvSeries::isNumberLike)) {
      throw problem(line, "has numbers only and no time; " + NEEDS_TIMES);
    }
    return first.size() > 1 && isTime(first.get(0));
  }

  /** Names channels by their number from 1 on, whether there is a time before them or not. */
  private List<String> synthetic(int size) {
    int zero = given == null ? 0 : 1;
    return IntStream.range(0, size).mapToObj(i -> "channel_" + (i + zero)).toList();
  }

  private void requireChannels(long line) {
    if (columns.size() <= firstChannel()) {
      throw problem(
          line,
          "must have a time column and at least one channel, found "
              + columns
              + "; "
              + NEEDS_TIMES);
    }
    Set<String> names = new HashSet<>();
    for (String channel : columns.subList(firstChannel(), columns.size())) {
      if (!names.add(channel)) {
        throw problem(line, "must name every column differently, found " + channel + " twice");
      }
    }
  }

  private void add(CsvLayout layout, CsvRecord record) {
    List<String> fields;
    try {
      fields = layout.fields(record.bytes());
    } catch (CsvException e) {
      throw problem(record.line(), e.getMessage());
    }
    if (given == null) {
      addTime(fields.get(0), record.line());
    }
    double[] row = new double[columns.size() - firstChannel()];
    for (int i = 0; i < row.length; i++) {
      int column = i + firstChannel();
      row[i] = number(fields.get(column), columns.get(column), record.line());
    }
    rows.add(row);
  }

  private void addTime(String text, long line) {
    long time =
        rowTimes
            .millis(text)
            .orElseThrow(
                () ->
                    problem(
                        line,
                        "the first column must be a time %s, found \"%s\"; %s%s"
                            .formatted(
                                format.timeFormat() == null
                                    ? "such as 2016-07-01 00:00:00"
                                    : "(" + format.timeFormat() + ")",
                                text,
                                NEEDS_TIMES,
                                format.timeFormat() == null
                                    ? ", and other times --time-format, such as \"dd.MM.yyyy HH:mm\""
                                    : "")));
    int n = times.size();
    if (n > 0 && time <= times.get(n - 1)) {
      throw problem(
          line,
          text
              + (time == times.get(n - 1) ? " repeats the time" : " is older than the time")
              + " of the line before; sort the file by time and keep one row per time");
    }
    if (n > 1 && time - times.get(n - 1) != times.get(1) - times.get(0)) {
      throw problem(
          line,
          text
              + " is "
              + Duration.ofMillis(time - times.get(n - 1))
              + " after the line before, but the step is "
              + Duration.ofMillis(times.get(1) - times.get(0))
              + "; fill or cut the gap first");
    }
    times.add(time);
  }

  private double number(String text, String column, long line) {
    String plain = marks.plain(text);
    OptionalDouble value = plain == null ? OptionalDouble.empty() : DecimalText.parse(plain);
    if (value.isPresent()) {
      return value.getAsDouble();
    }
    throw problem(
        line,
        "column "
            + column
            + " must be a finite number, found \""
            + text
            + (given != null && isTime(text)
                ? "\"; a file with times goes without --start and --step"
                : MISSING.contains(text) ? "\"; fill missing values first" : "\""));
  }

  /** Tells whether a text is a time, whatever the rows before it were. */
  private boolean isTime(String text) {
    return new RowTimes(format).millis(text).isPresent();
  }

  /** Tells whether a field is a number, of those that are refused too. */
  private static boolean isNumberLike(String text) {
    return DecimalText.isDecimal(text) || NOT_FINITE.matcher(text).matches();
  }

  private DataException problem(long line, String what) {
    return new DataException(file + ", line " + line + ": " + what);
  }
}
