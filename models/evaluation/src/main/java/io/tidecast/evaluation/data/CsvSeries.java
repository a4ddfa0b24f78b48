package io.tidecast.evaluation.data;

import static java.util.Objects.requireNonNull;

import io.tidecast.runtime.text.DecimalText;
import java.io.IOException;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.time.format.ResolverStyle;
import java.time.temporal.TemporalAccessor;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVParser;
import org.apache.commons.csv.CSVRecord;
import org.jspecify.annotations.Nullable;

/**
 * Reads a CSV file: the first column is the time, every other one a channel. In a file without
 * times every column is a channel, and the caller says when the rows were. Rows must lie one step
 * apart; nothing is guessed or repaired. Times without a zone are read as UTC.
 *
 * <p>A first line that begins with a time is no header, and neither is one with numbers in a file
 * without times; the channels are then {@code channel_1}, {@code channel_2} and so on. Numbers are
 * those of {@link DecimalText}, the text is UTF-8, with a byte-order mark or without.
 */
public final class CsvSeries {
  private static final List<DateTimeFormatter> TIMES =
      List.of(
          strict("uuuu-MM-dd HH:mm:ss"),
          DateTimeFormatter.ISO_DATE_TIME,
          strict("uuuu-MM-dd HH:mm"),
          strict("uuuu/M/d H:mm"),
          strict("uuuu/M/d H:mm:ss"),
          DateTimeFormatter.ISO_LOCAL_DATE);
  private static final CSVFormat FORMAT =
      CSVFormat.DEFAULT.builder().setTrim(true).setIgnoreEmptyLines(true).get();

  /** Matches what other tools write where a number is none, or too large. */
  private static final Pattern NOT_FINITE =
      Pattern.compile("[+-]?(nan|inf|infinity)", Pattern.CASE_INSENSITIVE);

  /** Matches what other tools write where there is no value. */
  private static final Pattern MISSING =
      Pattern.compile("|nan|n/?a|null|none|nil|\\?|-+|\\.", Pattern.CASE_INSENSITIVE);

  private static final int FEWEST_ROWS = 2;
  private static final String NEEDS_TIMES =
      "a file without times needs --start and --step, such as --start 1990-01-01 --step P1D";

  private final String name;
  private final @Nullable Times given;
  private final List<Long> times = new ArrayList<>();
  private final List<double[]> rows = new ArrayList<>();
  private List<String> columns = List.of();

  private CsvSeries(String name, @Nullable Times given) {
    this.name = name;
    this.given = given;
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
      Instant first =
          CsvSeries.time(start)
              .orElseThrow(
                  () ->
                      new IllegalArgumentException(
                          "start must be a time such as 2016-07-01 00:00:00 or 2016-07-01: start="
                              + start));
      return new Times(first, step);
    }
  }

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
    try (Reader reader = Utf8Text.open(file)) {
      return new CsvSeries(file.toString(), times).read(reader);
    } catch (IOException e) {
      throw unreadable(file, e);
    }
  }

  /**
   * Tells whether a file seems to hold times: its first line is not numbers alone.
   *
   * @throws DataException if it can't be read
   */
  public static boolean hasTimes(Path file) {
    try (CSVParser parser = FORMAT.parse(Utf8Text.open(file))) {
      Iterator<CSVRecord> records = parser.iterator();
      return !records.hasNext() || !records.next().stream().allMatch(CsvSeries::isNumberLike);
    } catch (IOException e) {
      throw unreadable(file, e);
    } catch (UncheckedIOException e) {
      throw unreadable(file, requireNonNull(e.getCause()));
    }
  }

  private static DataException unreadable(Path file, IOException e) {
    if (e instanceof NoSuchFileException) {
      return new DataException(file + ": no such file");
    }
    return new DataException(
        file
            + (e instanceof CharacterCodingException
                ? ": must be text in UTF-8; save it as UTF-8"
                : ": can't be read: " + e.getMessage()));
  }

  /**
   * Reads every channel of a text whose first column is the time.
   *
   * @param name of the text in messages
   * @param reader stays the caller's
   * @throws DataException naming the text, line and what to do
   */
  public static TimeSeries read(String name, Reader reader) {
    return new CsvSeries(name, null).read(reader);
  }

  private TimeSeries read(Reader reader) {
    try (CSVParser parser = FORMAT.parse(reader)) {
      Iterator<CSVRecord> records = parser.iterator();
      if (!records.hasNext()) {
        throw problem(1, "must have at least two rows of data, found nothing");
      }
      CSVRecord first = records.next();
      long line = parser.getCurrentLineNumber();
      if (isData(first, line)) {
        columns = synthetic(first.size());
        add(first, line);
      } else {
        columns = first.toList();
      }
      requireChannels(line);
      while (records.hasNext()) {
        CSVRecord record = records.next();
        add(record, parser.getCurrentLineNumber());
      }
      if (rows.size() < FEWEST_ROWS) {
        throw problem(1, "must have at least two rows of data, found " + rows.size());
      }
      return series();
    } catch (UncheckedIOException e) {
      throw unreadable(Path.of(name), requireNonNull(e.getCause()));
    } catch (IOException | IllegalArgumentException e) {
      throw new DataException(name + ": can't be read as CSV: " + e.getMessage());
    }
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
  private boolean isData(CSVRecord first, long line) {
    if (given != null) {
      return first.stream().anyMatch(CsvSeries::isNumberLike);
    }
    if (first.stream().allMatch(CsvSeries::isNumberLike)) {
      throw problem(line, "has numbers only and no time; " + NEEDS_TIMES);
    }
    return first.size() > 1 && time(first.get(0)).isPresent();
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

  private void add(CSVRecord record, long line) {
    if (record.size() != columns.size()) {
      throw problem(line, "must have " + columns.size() + " columns, found " + record.size());
    }
    if (given == null) {
      addTime(record.get(0), line);
    }
    double[] row = new double[columns.size() - firstChannel()];
    for (int i = 0; i < row.length; i++) {
      row[i] = number(record, i + firstChannel(), line);
    }
    rows.add(row);
  }

  private void addTime(String text, long line) {
    long time =
        time(text)
            .orElseThrow(
                () ->
                    problem(
                        line,
                        "the first column must be a time such as 2016-07-01 00:00:00, found \""
                            + text
                            + "\"; "
                            + NEEDS_TIMES))
            .toEpochMilli();
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

  private double number(CSVRecord record, int column, long line) {
    String text = record.get(column);
    OptionalDouble value = DecimalText.parse(text);
    if (value.isPresent()) {
      return value.getAsDouble();
    }
    throw problem(
        line,
        "column "
            + columns.get(column)
            + " must be a finite number, found \""
            + text
            + (given != null && time(text).isPresent()
                ? "\"; a file with times goes without --start and --step"
                : MISSING.matcher(text).matches() ? "\"; fill missing values first" : "\""));
  }

  /** Tells whether a field is a number, of those that are refused too. */
  private static boolean isNumberLike(String text) {
    return DecimalText.isDecimal(text) || NOT_FINITE.matcher(text).matches();
  }

  /** Takes no 31st of February for the last day of that month. */
  private static DateTimeFormatter strict(String pattern) {
    return DateTimeFormatter.ofPattern(pattern).withResolverStyle(ResolverStyle.STRICT);
  }

  private static Optional<Instant> time(String text) {
    for (DateTimeFormatter format : TIMES) {
      try {
        return Optional.of(
            instant(
                format.parseBest(text, ZonedDateTime::from, LocalDateTime::from, LocalDate::from)));
      } catch (DateTimeParseException e) {
        // The next format may do.
      }
    }
    return Optional.empty();
  }

  private static Instant instant(TemporalAccessor time) {
    if (time instanceof ZonedDateTime zoned) {
      return zoned.toInstant();
    }
    return time instanceof LocalDateTime local
        ? local.toInstant(ZoneOffset.UTC)
        : LocalDate.from(time).atStartOfDay().toInstant(ZoneOffset.UTC);
  }

  private DataException problem(long line, String what) {
    return new DataException(name + ", line " + line + ": " + what);
  }
}
