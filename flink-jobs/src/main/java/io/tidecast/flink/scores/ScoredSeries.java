package io.tidecast.flink.scores;

import io.tidecast.flink.hindsight.HindsightSeries;
import io.tidecast.runtime.promotion.ModelName;
import io.tidecast.runtime.scores.ScoredForecast;
import io.tidecast.runtime.scores.Scoring;
import io.tidecast.runtime.scores.SeriesScores;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * What is kept of a series whose forecasts are scored: its scores, and the cells that wait. One
 * thread.
 *
 * <p>Version 1 of the bytes, big-endian: version (byte), the waiting cells, the {@linkplain Turns
 * turns}, the bytes of the scores.
 */
final class ScoredSeries extends HindsightSeries {

  private static final int VERSION = 1;

  private final SeriesScores scores;
  private final @Nullable Comparison comparison;
  private final Turns turns = new Turns();

  private ScoredSeries(Scoring scoring, @Nullable Comparison comparison) {
    super(scoring.settings().channels());
    this.comparison = comparison;
    this.scores = scoring.begin();
  }

  private ScoredSeries(Scoring scoring, @Nullable Comparison comparison, ByteBuffer in) {
    super(scoring.settings().channels(), in);
    this.comparison = comparison;
    turns.read(in);
    byte[] rest = new byte[in.remaining()];
    in.get(rest);
    this.scores = scoring.read(rest);
  }

  /**
   * A series that nothing is known of.
   *
   * @param comparison is told whose turn it was; null where nobody compares
   */
  static ScoredSeries begin(Scoring scoring, @Nullable Comparison comparison) {
    return new ScoredSeries(scoring, comparison);
  }

  /**
   * A series that was kept.
   *
   * @throws IllegalStateException if the bytes are none of a series, or of a later version
   */
  static ScoredSeries read(Scoring scoring, @Nullable Comparison comparison, byte[] bytes) {
    ByteBuffer in = ByteBuffer.wrap(bytes);
    try {
      int version = in.get();
      if (version != VERSION) {
        throw new IllegalStateException(
            "scores must be of version %d; go on with the version of Tidecast that kept them, or a later one: version=%d"
                .formatted(VERSION, version));
      }
      return new ScoredSeries(scoring, comparison, in);
    } catch (BufferUnderflowException e) {
      throw new IllegalStateException("scores must be whole, their bytes end early", e);
    }
  }

  @Override
  public byte[] bytes() {
    byte[] kept = scores.bytes();
    ByteBuffer out = ByteBuffer.allocate(1 + waitingBytes() + turns.length() + kept.length);
    out.put((byte) VERSION);
    writeWaiting(out);
    turns.write(out);
    return out.put(kept).array();
  }

  SeriesScores scores() {
    return scores;
  }

  /** Takes a forecast. */
  void forecast(ScoredForecast forecast) {
    look();
    scores.forecast(forecast);
  }

  /** Takes note of who has answered an origin. */
  void answered(long origin, String slot, ModelName primary) {
    turns.answered(origin, slot, primary);
  }

  private void look() {
    if (comparison != null) {
      comparison.look(turns);
    }
  }

  @Override
  protected boolean close(long cell, double[] values) {
    look();
    return scores.close(cell, values);
  }
}
