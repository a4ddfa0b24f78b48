package io.tidecast.runtime.anomalies;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Finds the anomalies of one series: it is told of each forecast and of each cell that closes, and
 * holds a cell against the newest forecast that named it. One thread.
 *
 * <p>A cell is held against the forecasts that came before it. A missing value is no anomaly. A
 * cell that closes again with another value is judged again, by the interval that it was judged by;
 * what was learned from its first value stays.
 *
 * <p>Version 1 of the bytes, big-endian: version (byte), {@linkplain AnomalySettings#id settings}
 * (int), newest cell (long), models (number, then id and version of each), forecasts (number, then
 * model, origin, revision, steps, targets, channels and points of each), and for each channel
 * whether anything is known (byte) and what.
 */
public final class SeriesAnomalies {

  private static final int VERSION = 1;
  private static final long NO_CELL = Long.MIN_VALUE;

  private final AnomalySettings settings;
  private final Tally tally;
  private final @Nullable Detector[] detectors;
  private final Forecasts forecasts;
  private final List<Finding> findings = new ArrayList<>();
  private long newest = NO_CELL;

  /**
   * A series that nothing is known of.
   *
   * @param tally counts what becomes of its values
   */
  public SeriesAnomalies(AnomalySettings settings, Tally tally) {
    this.settings = settings;
    this.tally = tally;
    this.detectors = new Detector[settings.channels()];
    this.forecasts = new Forecasts(settings.longestLead());
  }

  /**
   * Takes a forecast. It may come before the cells that it was made at.
   *
   * @return false if it is of no use: a newer one is known, or all that it names has closed
   */
  public boolean forecast(Expectation expectation) {
    return forecasts.add(expectation, newest);
  }

  /**
   * Takes the values of a cell that closes, or other values of one that has closed.
   *
   * @param values {@code [channel]}, units of the series; NaN is missing
   * @return false if the cell has closed too long ago; nothing has changed then
   */
  public boolean close(long cell, double[] values) {
    if (newest != NO_CELL && cell <= newest) {
      return correct(cell, values);
    }
    newest = cell;
    Forecasts.Kept by = forecasts.of(cell);
    if (by == null) {
      for (double value : values) {
        if (!Double.isNaN(value)) {
          tally.unexpected();
        }
      }
      return true;
    }
    for (int target = 0; target < by.channels().length; target++) {
      int channel = by.channels()[target];
      double point = by.point(cell, target);
      if (Double.isFinite(point)) {
        detector(channel).close(cell, values[channel], point, by.source(), findings);
      }
    }
    return true;
  }

  private boolean correct(long cell, double[] values) {
    boolean found = newest - cell <= settings.openCells();
    for (int channel = 0; channel < detectors.length; channel++) {
      Detector detector = detectors[channel];
      found |= detector != null && detector.correct(cell, values[channel], findings);
    }
    return found;
  }

  private Detector detector(int channel) {
    Detector known = detectors[channel];
    if (known == null) {
      known = new Detector(settings, channel, tally);
      detectors[channel] = known;
    }
    return known;
  }

  /** Returns what there is to tell since the last time, in the order in which it was found. */
  public List<Finding> findings() {
    if (findings.isEmpty()) {
      return List.of();
    }
    List<Finding> told = List.copyOf(findings);
    findings.clear();
    return told;
  }

  /** What is kept of the series; {@link #findings} must have been told. */
  public byte[] bytes() {
    Sources sources = new Sources();
    int length = 1 + Integer.BYTES + Long.BYTES + detectors.length + forecasts.bytes(sources);
    for (Detector detector : detectors) {
      length += detector == null ? 0 : detector.bytes(sources);
    }
    ByteBuffer out = ByteBuffer.allocate(length + sources.bytes());
    out.put((byte) VERSION).putInt(settings.id()).putLong(newest);
    sources.write(out);
    forecasts.write(out, sources);
    for (Detector detector : detectors) {
      out.put((byte) (detector == null ? 0 : 1));
      if (detector != null) {
        detector.write(out, sources);
      }
    }
    return out.array();
  }

  /**
   * A series that was kept. One that was kept under other settings begins anew.
   *
   * @param tally counts what becomes of its values
   * @throws IllegalStateException if the bytes are none of a series, or of a later version
   */
  public static SeriesAnomalies read(AnomalySettings settings, Tally tally, byte[] bytes) {
    SeriesAnomalies series = new SeriesAnomalies(settings, tally);
    ByteBuffer in = ByteBuffer.wrap(bytes);
    try {
      int version = in.get();
      if (version != VERSION) {
        throw new IllegalStateException(
            "anomalies must be of version %d; go on with the version of Tidecast that kept them, or a later one: version=%d"
                .formatted(VERSION, version));
      }
      if (in.getInt() == settings.id()) {
        series.read(in);
      }
      return series;
    } catch (BufferUnderflowException e) {
      throw new IllegalStateException("anomalies must be whole, their bytes end early", e);
    }
  }

  private void read(ByteBuffer in) {
    newest = in.getLong();
    Sources sources = Sources.read(in);
    forecasts.read(in, sources, detectors.length);
    for (int channel = 0; channel < detectors.length; channel++) {
      if (in.get() != 0) {
        detector(channel).read(in, sources);
      }
    }
    if (in.hasRemaining()) {
      throw new IllegalStateException(
          "anomalies must end with their last byte: left=" + in.remaining());
    }
  }
}
