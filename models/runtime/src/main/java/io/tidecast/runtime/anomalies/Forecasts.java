package io.tidecast.runtime.anomalies;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The forecasts of a series that name cells which have not closed yet. A cell is expected by the
 * newest forecast that was made before it, so of each forecast only the steps up to the origin of
 * the next one are kept: forecasts may come before the cells that they were made at. One thread.
 */
final class Forecasts {

  /** A series whose cells do not come must not fill the state. */
  private static final int MOST = 256;

  private static final int MOST_STEPS = 1 << 20;

  private final int longestLead;

  /** By origin, oldest first. */
  private final List<Kept> kept = new ArrayList<>();

  Forecasts(int longestLead) {
    this.longestLead = longestLead;
  }

  /**
   * A forecast.
   *
   * @param channels {@code [target]}, which channel each is
   * @param points {@code [step][target]}, units of the series
   */
  record Kept(Source source, int revision, int[] channels, double[] points) {

    int steps() {
      return points.length / channels.length;
    }

    /** Whether it says something of a cell. */
    boolean names(long cell) {
      return cell > source.origin() && cell - source.origin() <= steps();
    }

    double point(long cell, int target) {
      return points[(int) (cell - source.origin() - 1) * channels.length + target];
    }

    /** The same without what it says of the cells after one. */
    Kept through(long cell) {
      long wanted = Math.max(0, cell - source.origin());
      return wanted >= steps()
          ? this
          : new Kept(
              source, revision, channels, Arrays.copyOf(points, (int) wanted * channels.length));
    }
  }

  /**
   * Takes a forecast.
   *
   * @param newestCell the newest that has closed
   * @return false if it is of no use: a newer one is known, or all that it names has closed
   */
  boolean add(Expectation expectation, long newestCell) {
    long origin = expectation.source().origin();
    int steps = Math.min(longestLead, expectation.horizon());
    int at = kept.size();
    while (at > 0 && kept.get(at - 1).source.origin() > origin) {
      at--;
    }
    boolean isPassed = at < kept.size() && kept.get(at).source.origin() <= newestCell;
    if (isPassed || origin + steps <= newestCell) {
      return false;
    }
    boolean isAgain = at > 0 && kept.get(at - 1).source.origin() == origin;
    if (isAgain && kept.get(at - 1).revision > expectation.revision()) {
      return false;
    }
    if (isAgain) {
      kept.remove(--at);
    }
    kept.add(at, copy(expectation, steps));
    if (at > 0) {
      kept.set(at - 1, kept.get(at - 1).through(origin));
    }
    if (at < kept.size() - 1) {
      kept.set(at, kept.get(at).through(kept.get(at + 1).source.origin()));
    }
    if (kept.size() > MOST) {
      kept.remove(0);
    }
    return true;
  }

  private static Kept copy(Expectation expectation, int steps) {
    int targets = expectation.channels().length;
    double[] points = new double[steps * targets];
    for (int step = 0; step < steps; step++) {
      for (int target = 0; target < targets; target++) {
        points[step * targets + target] = expectation.points().point(step, target);
      }
    }
    return new Kept(expectation.source(), expectation.revision(), expectation.channels(), points);
  }

  /** Returns the forecast that expects the cell that closes; null where there is none. */
  @Nullable Kept of(long cell) {
    while (kept.size() > 1 && kept.get(1).source.origin() < cell) {
      kept.remove(0);
    }
    return kept.isEmpty() || !kept.get(0).names(cell) ? null : kept.get(0);
  }

  /**
   * The length of {@link #write}.
   *
   * @param sources takes the models that are named
   */
  int bytes(Sources sources) {
    int bytes = Integer.BYTES;
    for (Kept forecast : kept) {
      sources.add(forecast.source);
      bytes +=
          Long.BYTES
              + 4 * Integer.BYTES
              + forecast.channels.length * Integer.BYTES
              + forecast.points.length * Double.BYTES;
    }
    return bytes;
  }

  void write(ByteBuffer out, Sources sources) {
    out.putInt(kept.size());
    for (Kept forecast : kept) {
      out.putInt(sources.add(forecast.source)).putLong(forecast.source.origin());
      out.putInt(forecast.revision).putInt(forecast.steps()).putInt(forecast.channels.length);
      for (int channel : forecast.channels) {
        out.putInt(channel);
      }
      for (double point : forecast.points) {
        out.putDouble(point);
      }
    }
  }

  /** Takes what was written, of a series of so many channels. */
  void read(ByteBuffer in, Sources sources, int channels) {
    int count = KeptBytes.count("forecasts", in.getInt(), MOST);
    for (int i = 0; i < count; i++) {
      Source source = sources.get(in.getInt(), in.getLong());
      int revision = in.getInt();
      int steps = KeptBytes.count("steps", in.getInt(), MOST_STEPS);
      int[] of = new int[KeptBytes.count("targets", in.getInt(), channels)];
      for (int target = 0; target < of.length; target++) {
        of[target] = KeptBytes.count("channel", in.getInt(), channels - 1);
      }
      double[] points = new double[steps * of.length];
      for (int point = 0; point < points.length; point++) {
        points[point] = in.getDouble();
      }
      kept.add(new Kept(source, revision, of, points));
    }
  }
}
