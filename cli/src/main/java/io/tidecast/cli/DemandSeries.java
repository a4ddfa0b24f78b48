package io.tidecast.cli;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;

/**
 * The electricity demand of England and Wales that ships with Tidecast: twelve weeks of half-hours
 * of the year 2000. Immutable.
 *
 * <p>Its clock times carry no zone and are read as UTC.
 */
final class DemandSeries {
  static final String NAME = "uk-electricity-demand";
  static final Duration STEP = Duration.ofMinutes(30);

  /** First row of the two validation weeks; the eight weeks before are for training. */
  static final int FIRST_VALIDATION_ROW = 2688;

  /** First row of the two test weeks, which end with the series. */
  static final int FIRST_TEST_ROW = 3360;

  /** Half-hours of a week, the season of the baseline. */
  static final int WEEK = 336;

  private static final String RESOURCE = "uk-electricity-demand-2000.csv";
  private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm:ss");

  private final Instant start;
  private final double[] megawatts;

  private DemandSeries(Instant start, double[] megawatts) {
    this.start = start;
    this.megawatts = megawatts;
  }

  /**
   * Reads the series and checks that it is a grid without holes.
   *
   * @throws IllegalStateException if it is not
   */
  static DemandSeries load() {
    List<Double> values = new ArrayList<>();
    Instant start = null;
    try (InputStream in = DemandSeries.class.getResourceAsStream(RESOURCE);
        BufferedReader reader =
            new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8))) {
      reader.readLine(); // the header
      for (String line = reader.readLine(); line != null; line = reader.readLine()) {
        String[] cells = line.split(",", -1);
        Instant time = LocalDateTime.parse(cells[0], TIME).toInstant(ZoneOffset.UTC);
        start = start == null ? time : start;
        Instant expected = start.plus(STEP.multipliedBy(values.size()));
        if (!time.equals(expected)) {
          throw new IllegalStateException(
              "rows must be one step apart: file=%s expected=%s found=%s"
                  .formatted(RESOURCE, expected, time));
        }
        values.add(Double.parseDouble(cells[1]));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return new DemandSeries(start, values.stream().mapToDouble(Double::doubleValue).toArray());
  }

  int rows() {
    return megawatts.length;
  }

  Instant time(int row) {
    return start.plus(STEP.multipliedBy(row));
  }

  /** Row of a time on the grid; outside the series it is negative or beyond {@link #rows}. */
  int row(Instant time) {
    return Math.toIntExact(Duration.between(start, time).dividedBy(STEP));
  }

  /** Demand of a row, MW. */
  double value(int row) {
    return megawatts[row];
  }
}
