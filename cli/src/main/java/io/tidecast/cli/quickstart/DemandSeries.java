package io.tidecast.cli.quickstart;

import io.tidecast.evaluation.data.CsvSeries;
import io.tidecast.evaluation.data.TimeSeries;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.time.Instant;

/**
 * The electricity demand of England and Wales that ships with Tidecast: twelve weeks of half-hours
 * of the year 2000. It does not change once it is read.
 *
 * <p>Its clock times carry no zone and are read as UTC.
 */
public final class DemandSeries {
  public static final String NAME = "uk-electricity-demand";
  static final Duration STEP = Duration.ofMinutes(30);

  /** The first row of the two validation weeks; the eight weeks before are for training. */
  public static final int FIRST_VALIDATION_ROW = 2688;

  /** The first row of the two test weeks, which end with the series. */
  static final int FIRST_TEST_ROW = 3360;

  /** A week has so many half-hours: the season of the baseline. */
  public static final int WEEK = 336;

  private static final String RESOURCE = "/io/tidecast/cli/uk-electricity-demand-2000.csv";

  private final TimeSeries series;

  private DemandSeries(TimeSeries series) {
    this.series = series;
  }

  /** Reads the series that ships with the command. */
  public static DemandSeries load() {
    try (InputStream in = DemandSeries.class.getResourceAsStream(RESOURCE)) {
      Path file = Files.createTempFile("tidecast-", ".csv");
      try {
        Files.copy(in, file, StandardCopyOption.REPLACE_EXISTING);
        return new DemandSeries(CsvSeries.read(file));
      } finally {
        Files.deleteIfExists(file);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  public int rows() {
    return series.rows();
  }

  public Instant time(int row) {
    return Instant.ofEpochMilli(series.timeMillis(row));
  }

  /**
   * Finds the row of a time on the grid; outside the series it is negative or beyond {@link #rows}.
   */
  int row(Instant time) {
    return Math.toIntExact(Duration.between(time(0), time).dividedBy(STEP));
  }

  /** The demand of a row, in MW. */
  public double value(int row) {
    return series.values()[row];
  }

  /** The demand of rows from one on, in MW. */
  float[] values(int firstRow, int rows) {
    float[] values = new float[rows];
    series.copy(firstRow, values);
    return values;
  }
}
