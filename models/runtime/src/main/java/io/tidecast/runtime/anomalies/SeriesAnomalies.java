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
 * (int), newest cell (long), models (number, then id and version of each), the newest forecast
 * (number of the model or -1, origin, revision, first step, steps, targets, channels, points), and
 * for each channel whether anything is known (byte) and what.
 */
public final class SeriesAnomalies {

  private static final int VERSION = 1;
  private static final long NO_CELL = Long.MIN_VALUE;
  private static final int MOST_STEPS = 1 << 20;

  private final AnomalySettings settings;
  private final Tally tally;
  private final @Nullable Detector[] detectors;
  private final List<Finding> findings = new ArrayList<>();
  private long newest = NO_CELL;
  private @Nullable Newest forecast;

  /** The points that are still of use of the newest forecast, {@code [step][target]}. */
  private record Newest(
      Source source, int revision, int[] channels, int firstStep, double[] points) {

    /** Whether it says something of a cell. */
    boolean names(long cell) {
      long step = cell - source.origin() - 1;
      return step >= firstStep && step - firstStep < points.length / channels.length;
    }

    double point(long cell, int target) {
      int step = (int) (cell - source.origin() - 1) - firstStep;
      return points[step * channels.length + target];
    }
  }

  /**
   * A series that nothing is known of.
   *
   * @param tally counts what becomes of its values
   */
  public SeriesAnomalies(AnomalySettings settings, Tally tally) {
    this.settings = settings;
    this.tally = tally;
    this.detectors = new Detector[settings.channels()];
  }

  /**
   * Takes a forecast.
   *
   * @return false if a newer one is known, or it says nothing of a cell to come
   */
  public boolean forecast(Expectation expectation) {
    Newest known = forecast;
    Source source = expectation.source();
    if (known != null
        && (source.origin() < known.source.origin()
            || (source.origin() == known.source.origin()
                && expectation.revision() < known.revision))) {
      return false;
    }
    long passed = newest == NO_CELL ? 0 : Math.max(0, newest - source.origin());
    int steps = (int) Math.max(0, Math.min(settings.longestLead(), expectation.horizon()) - passed);
    if (steps == 0) {
      return false;
    }
    int targets = expectation.channels().length;
    double[] points = new double[steps * targets];
    for (int step = 0; step < steps; step++) {
      for (int target = 0; target < targets; target++) {
        points[step * targets + target] = expectation.points().point((int) passed + step, target);
      }
    }
    forecast =
        new Newest(source, expectation.revision(), expectation.channels(), (int) passed, points);
    return true;
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
    Newest by = forecast;
    if (by == null || !by.names(cell)) {
      for (double value : values) {
        if (!Double.isNaN(value)) {
          tally.unexpected();
        }
      }
      return true;
    }
    for (int target = 0; target < by.channels.length; target++) {
      int channel = by.channels[target];
      double point = by.point(cell, target);
      if (Double.isFinite(point)) {
        detector(channel).close(cell, values[channel], point, by.source, findings);
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
    int length = 1 + Integer.BYTES + Long.BYTES + detectors.length;
    Newest newestForecast = forecast;
    length += Integer.BYTES;
    if (newestForecast != null) {
      sources.add(newestForecast.source);
      length +=
          Long.BYTES
              + 4 * Integer.BYTES
              + newestForecast.channels.length * Integer.BYTES
              + newestForecast.points.length * Double.BYTES;
    }
    for (Detector detector : detectors) {
      length += detector == null ? 0 : detector.bytes(sources);
    }
    ByteBuffer out = ByteBuffer.allocate(length + sources.bytes());
    out.put((byte) VERSION).putInt(settings.id()).putLong(newest);
    sources.write(out);
    write(newestForecast, out, sources);
    for (Detector detector : detectors) {
      out.put((byte) (detector == null ? 0 : 1));
      if (detector != null) {
        detector.write(out, sources);
      }
    }
    return out.array();
  }

  private static void write(@Nullable Newest forecast, ByteBuffer out, Sources sources) {
    if (forecast == null) {
      out.putInt(-1);
      return;
    }
    out.putInt(sources.add(forecast.source));
    out.putLong(forecast.source.origin()).putInt(forecast.revision).putInt(forecast.firstStep);
    out.putInt(forecast.points.length / forecast.channels.length);
    out.putInt(forecast.channels.length);
    for (int channel : forecast.channels) {
      out.putInt(channel);
    }
    for (double point : forecast.points) {
      out.putDouble(point);
    }
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
    int model = in.getInt();
    if (model >= 0) {
      forecast = readForecast(sources.get(model, in.getLong()), in);
    }
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

  private Newest readForecast(Source source, ByteBuffer in) {
    int revision = in.getInt();
    int firstStep = in.getInt();
    int steps = Kept.count("steps", in.getInt(), MOST_STEPS);
    int[] channels = new int[Kept.count("targets", in.getInt(), detectors.length)];
    for (int i = 0; i < channels.length; i++) {
      channels[i] = Kept.count("channel", in.getInt(), detectors.length - 1);
    }
    double[] points = new double[steps * channels.length];
    for (int i = 0; i < points.length; i++) {
      points[i] = in.getDouble();
    }
    return new Newest(source, revision, channels, firstStep, points);
  }
}
