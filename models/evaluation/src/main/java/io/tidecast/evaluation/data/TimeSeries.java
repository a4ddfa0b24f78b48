package io.tidecast.evaluation.data;

import static java.util.Objects.requireNonNull;

import io.tidecast.runtime.context.Fill;
import io.tidecast.runtime.grid.GridStep;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;

/**
 * A multi-channel series on a regular grid. What was not observed is NaN.
 *
 * @param channels names, in the order of the values
 * @param firstMillis time of the first row, epoch milliseconds
 * @param grid from one row to the next; the first row is the beginning of a cell of it
 * @param values {@code [row][channel]}, units of the series, NaN is missing; not copied
 */
@SuppressWarnings("ArrayRecordComponent")
public record TimeSeries(List<String> channels, long firstMillis, GridStep grid, double[] values) {

  /** Checks the size. */
  public TimeSeries {
    channels = List.copyOf(channels);
    requireNonNull(grid, "grid is null");
    if (channels.isEmpty() || values.length % channels.size() != 0) {
      throw new IllegalArgumentException(
          "values must fill rows of " + channels.size() + ": values=" + values.length);
    }
  }

  /** A series whose rows are always as far from each other. */
  public TimeSeries(List<String> channels, long firstMillis, Duration step, double[] values) {
    this(channels, firstMillis, fixed(firstMillis, step), values);
  }

  private static GridStep fixed(long firstMillis, Duration step) {
    GridStep grid = GridStep.fixed(step);
    return grid.plus(Duration.ofMillis(Math.floorMod(firstMillis, grid.millis())));
  }

  /** Time from one row to the next; of a calendar the usual or the average one. */
  public Duration step() {
    return grid.length();
  }

  /** The number of rows. */
  public int rows() {
    return values.length / channels.size();
  }

  /** The time of a row in epoch milliseconds. */
  public long timeMillis(int row) {
    return grid.isCalendar()
        ? grid.startMillis(grid.cell(firstMillis) + row)
        : firstMillis + row * grid.millis();
  }

  /**
   * What a model takes for the time of a row: the date on the wall where the grid is of a calendar.
   */
  public long wallMillis(int row) {
    return grid.wallMillis(timeMillis(row));
  }

  /** Whether a channel has no value at all. */
  public boolean isEmpty(int channel) {
    for (int at = channel; at < values.length; at += channels.size()) {
      if (!Double.isNaN(values[at])) {
        return false;
      }
    }
    return true;
  }

  /** How many values are missing. */
  public int missing() {
    int missing = 0;
    for (double value : values) {
      missing += Double.isNaN(value) ? 1 : 0;
    }
    return missing;
  }

  /**
   * Returns the same with nothing missing: each value that is takes the one before, and those
   * before the first the first, as a job fills with {@link Fill#PREVIOUS}. This one where nothing
   * is.
   *
   * @throws DataException if a channel has no value at all
   */
  public TimeSeries filled() {
    if (missing() == 0) {
      return this;
    }
    double[] filled = values.clone();
    int width = channels.size();
    for (int channel = 0; channel < width; channel++) {
      int known = channel;
      while (known < filled.length && Double.isNaN(filled[known])) {
        known += width;
      }
      if (known >= filled.length) {
        throw new DataException(
            "channel " + channels.get(channel) + " must have a value somewhere");
      }
      double before = filled[known];
      for (int at = channel; at < filled.length; at += width) {
        filled[at] = Double.isNaN(filled[at]) ? before : filled[at];
        before = filled[at];
      }
    }
    return new TimeSeries(channels, firstMillis, grid, filled);
  }

  /**
   * Copies rows as floats, {@code [row][channel]}.
   *
   * @param destination filled from index 0; says how many rows
   */
  public void copy(int firstRow, float[] destination) {
    int offset = firstRow * channels.size();
    for (int i = 0; i < destination.length; i++) {
      destination[i] = (float) values[offset + i];
    }
  }

  /**
   * Copies some channels of rows, {@code [row][channel]}.
   *
   * @param wanted numbers of the channels, in the order in which they are wanted
   * @param destination filled from index 0; says how many rows
   */
  public void copy(int firstRow, int[] wanted, double[] destination) {
    for (int i = 0; i < destination.length; i++) {
      int row = firstRow + i / wanted.length;
      destination[i] = values[row * channels.size() + wanted[i % wanted.length]];
    }
  }

  /**
   * Copies some channels of rows as floats, {@code [row][channel]}.
   *
   * @param wanted numbers of the channels, in the order in which they are wanted
   * @param destination filled from index 0; says how many rows
   */
  public void copy(int firstRow, int[] wanted, float[] destination) {
    for (int i = 0; i < destination.length; i++) {
      int row = firstRow + i / wanted.length;
      destination[i] = (float) values[row * channels.size() + wanted[i % wanted.length]];
    }
  }

  /** Returns some rows. */
  public TimeSeries rows(int from, int until) {
    return new TimeSeries(
        channels,
        timeMillis(from),
        grid,
        Arrays.copyOfRange(values, from * channels.size(), until * channels.size()));
  }

  /**
   * Returns the same rows with some of the channels.
   *
   * @param names of them, in the order in which they are wanted
   * @throws DataException if one is not there
   */
  public TimeSeries select(List<String> names) {
    int[] sources = new int[names.size()];
    for (int i = 0; i < sources.length; i++) {
      sources[i] = channels.indexOf(names.get(i));
      if (sources[i] < 0) {
        throw new DataException(
            "the series must have the channel " + names.get(i) + ", it has " + channels);
      }
    }
    double[] selected = new double[rows() * sources.length];
    for (int i = 0; i < selected.length; i++) {
      selected[i] = values[i / sources.length * channels.size() + sources[i % sources.length]];
    }
    return new TimeSeries(names, firstMillis, grid, selected);
  }
}
