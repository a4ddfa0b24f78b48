package io.tidecast.training;

import java.io.IOException;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVParser;
import org.apache.commons.csv.CSVRecord;

/**
 * Reads a CSV file with a header: the first column is the time, every other one a channel. Rows
 * must lie one step apart; nothing is guessed or repaired. Times without a zone are read as UTC.
 */
public final class CsvSeries {
  private static final List<DateTimeFormatter> TIMES =
      List.of(
          DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss"),
          DateTimeFormatter.ISO_LOCAL_DATE_TIME,
          DateTimeFormatter.ISO_DATE_TIME,
          DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm"),
          DateTimeFormatter.ofPattern("yyyy/M/d H:mm"),
          DateTimeFormatter.ofPattern("yyyy/M/d H:mm:ss"));
  private static final int FEWEST_ROWS = 2;

  private final String name;
  private final List<Long> times = new ArrayList<>();
  private final List<double[]> rows = new ArrayList<>();

  private CsvSeries(String name) {
    this.name = name;
  }

  /**
   * Every channel of a file.
   *
   * @throws DataException naming file, line and what to do
   */
  public static TimeSeries read(Path file) {
    try (Reader reader = Files.newBufferedReader(file, StandardCharsets.UTF_8)) {
      return read(file.toString(), reader);
    } catch (NoSuchFileException e) {
      throw new DataException(file + ": no such file");
    } catch (IOException e) {
      throw new DataException(file + ": can't be read: " + e.getMessage());
    }
  }

  /**
   * Every channel of a text.
   *
   * @param name of the text in messages
   * @param reader stays the caller's
   * @throws DataException naming the text, line and what to do
   */
  public static TimeSeries read(String name, Reader reader) {
    return new CsvSeries(name).read(reader);
  }

  private TimeSeries read(Reader reader) {
    CSVFormat format =
        CSVFormat.DEFAULT
            .builder()
            .setHeader()
            .setSkipHeaderRecord(true)
            .setTrim(true)
            .setIgnoreEmptyLines(true)
            .get();
    try (CSVParser parser = format.parse(reader)) {
      List<String> header = parser.getHeaderNames();
      if (header.size() < 2) {
        throw problem(1, "must have a time column and at least one channel, found " + header);
      }
      for (CSVRecord record : parser) {
        add(record, header, parser.getCurrentLineNumber());
      }
      if (rows.size() < FEWEST_ROWS) {
        throw problem(1, "must have at least two rows of data, found " + rows.size());
      }
      double[] values = new double[rows.size() * (header.size() - 1)];
      for (int i = 0; i < rows.size(); i++) {
        System.arraycopy(rows.get(i), 0, values, i * (header.size() - 1), header.size() - 1);
      }
      return new TimeSeries(
          header.subList(1, header.size()),
          times.get(0),
          Duration.ofMillis(times.get(1) - times.get(0)),
          values);
    } catch (IOException | UncheckedIOException | IllegalArgumentException e) {
      throw new DataException(name + ": can't be read as CSV: " + e.getMessage());
    }
  }

  private void add(CSVRecord record, List<String> header, long line) {
    if (record.size() != header.size()) {
      throw problem(line, "must have " + header.size() + " columns, found " + record.size());
    }
    long time = time(record.get(0), line);
    int n = times.size();
    if (n > 0 && time <= times.get(n - 1)) {
      throw problem(
          line,
          record.get(0)
              + (time == times.get(n - 1) ? " repeats the time" : " is older than the time")
              + " of the line before; sort the file by time and keep one row per time");
    }
    if (n > 1 && time - times.get(n - 1) != times.get(1) - times.get(0)) {
      throw problem(
          line,
          record.get(0)
              + " is "
              + Duration.ofMillis(time - times.get(n - 1))
              + " after the line before, but the step is "
              + Duration.ofMillis(times.get(1) - times.get(0))
              + "; fill or cut the gap first");
    }
    times.add(time);
    double[] row = new double[header.size() - 1];
    Arrays.setAll(row, i -> number(record.get(i + 1), header.get(i + 1), line));
    rows.add(row);
  }

  private double number(String text, String column, long line) {
    try {
      double value = Double.parseDouble(text);
      if (Double.isFinite(value)) {
        return value;
      }
    } catch (NumberFormatException e) {
      // Falls through to the one message for everything that is no number.
    }
    throw problem(
        line,
        "column "
            + column
            + " must be a finite number, found \""
            + text
            + "\"; fill missing values first");
  }

  private long time(String text, long line) {
    for (DateTimeFormatter format : TIMES) {
      try {
        return LocalDateTime.parse(text, format).toInstant(ZoneOffset.UTC).toEpochMilli();
      } catch (DateTimeParseException e) {
        // The next format may do.
      }
    }
    throw problem(
        line,
        "the first column must be a time such as 2016-07-01 00:00:00, found \"" + text + "\"");
  }

  private DataException problem(long line, String what) {
    return new DataException(name + ", line " + line + ": " + what);
  }
}
