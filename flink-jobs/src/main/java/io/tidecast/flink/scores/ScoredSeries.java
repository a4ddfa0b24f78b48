package io.tidecast.flink.scores;

import io.tidecast.flink.state.LiveBytes;
import io.tidecast.runtime.scores.Scoring;
import io.tidecast.runtime.scores.SeriesScores;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Deque;

/**
 * The scores of one series, and cells that wait until no forecast that was made before them is
 * under way any more. One thread.
 *
 * <p>Version 1 of the bytes, big-endian: version (byte), time of the timer of its end (long), how
 * many cells wait (int), channels (int), for each the time when it is ready (long), its number
 * (long) and its values (doubles); then the bytes of the scores.
 */
final class ScoredSeries implements LiveBytes.Live {

  /** No timer looks after the end of the series. */
  static final long NEVER = Long.MIN_VALUE;

  private static final int VERSION = 1;

  /** A cell that has closed. */
  private record Waiting(long readyMillis, long cell, double[] values) {}

  private final SeriesScores scores;
  private final int channels;
  private final Deque<Waiting> waiting = new ArrayDeque<>();
  private long wakeMillis = NEVER;

  private ScoredSeries(SeriesScores scores, int channels) {
    this.scores = scores;
    this.channels = channels;
  }

  static ScoredSeries begin(Scoring scoring) {
    return new ScoredSeries(scoring.begin(), scoring.settings().channels());
  }

  /**
   * A series that was kept.
   *
   * @throws IllegalStateException if the bytes are none of a series, or of a later version
   */
  static ScoredSeries read(Scoring scoring, byte[] bytes) {
    ByteBuffer in = ByteBuffer.wrap(bytes);
    try {
      int version = in.get();
      if (version != VERSION) {
        throw new IllegalStateException(
            "scores must be of version %d; go on with the version of Tidecast that kept them, or a later one: version=%d"
                .formatted(VERSION, version));
      }
      long wakeMillis = in.getLong();
      int count = in.getInt();
      int channels = in.getInt();
      Deque<Waiting> waiting = new ArrayDeque<>();
      for (int i = 0; i < count; i++) {
        long readyMillis = in.getLong();
        long cell = in.getLong();
        double[] values = new double[channels];
        for (int channel = 0; channel < channels; channel++) {
          values[channel] = in.getDouble();
        }
        waiting.add(new Waiting(readyMillis, cell, values));
      }
      byte[] rest = new byte[in.remaining()];
      in.get(rest);
      ScoredSeries series = new ScoredSeries(scoring.read(rest), scoring.settings().channels());
      series.wakeMillis = wakeMillis;
      if (channels == series.channels) {
        series.waiting.addAll(waiting);
      }
      return series;
    } catch (BufferUnderflowException e) {
      throw new IllegalStateException("scores must be whole, their bytes end early", e);
    }
  }

  @Override
  public byte[] bytes() {
    byte[] kept = scores.bytes();
    int cell = 2 * Long.BYTES + channels * Double.BYTES;
    ByteBuffer out =
        ByteBuffer.allocate(
            1 + Long.BYTES + 2 * Integer.BYTES + waiting.size() * cell + kept.length);
    out.put((byte) VERSION).putLong(wakeMillis).putInt(waiting.size()).putInt(channels);
    for (Waiting one : waiting) {
      out.putLong(one.readyMillis).putLong(one.cell);
      for (double value : one.values) {
        out.putDouble(value);
      }
    }
    return out.put(kept).array();
  }

  SeriesScores scores() {
    return scores;
  }

  long wakeMillis() {
    return wakeMillis;
  }

  void wakeAt(long millis) {
    wakeMillis = millis;
  }

  int waiting() {
    return waiting.size();
  }

  void add(long readyMillis, long cell, double[] values) {
    waiting.add(new Waiting(readyMillis, cell, values));
  }

  /** Takes the cell that has waited for longest. Returns how many cells were too late. */
  int takeOldest() {
    Waiting oldest = waiting.remove();
    return scores.close(oldest.cell, oldest.values) ? 0 : 1;
  }

  /** Takes the cells that are ready by now. Returns how many were too late. */
  int takeReady(long nowMillis) {
    int late = 0;
    while (!waiting.isEmpty() && waiting.peek().readyMillis <= nowMillis) {
      late += takeOldest();
    }
    return late;
  }

  /** Takes the cells that an origin follows or is. Returns how many were too late. */
  int takeThrough(long origin) {
    int late = 0;
    while (!waiting.isEmpty() && waiting.peek().cell <= origin) {
      late += takeOldest();
    }
    return late;
  }
}
