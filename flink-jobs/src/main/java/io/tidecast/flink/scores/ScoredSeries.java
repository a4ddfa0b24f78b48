package io.tidecast.flink.scores;

import io.tidecast.flink.hindsight.HindsightSeries;
import io.tidecast.runtime.scores.Scoring;
import io.tidecast.runtime.scores.SeriesScores;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;

/**
 * What is kept of a series whose forecasts are scored: its scores, and the cells that wait. One
 * thread.
 *
 * <p>Version 1 of the bytes, big-endian: version (byte), the waiting cells, the bytes of the
 * scores.
 */
final class ScoredSeries extends HindsightSeries {

  private static final int VERSION = 1;

  private final SeriesScores scores;

  private ScoredSeries(Scoring scoring) {
    super(scoring.settings().channels());
    this.scores = scoring.begin();
  }

  private ScoredSeries(Scoring scoring, ByteBuffer in) {
    super(scoring.settings().channels(), in);
    byte[] rest = new byte[in.remaining()];
    in.get(rest);
    this.scores = scoring.read(rest);
  }

  static ScoredSeries begin(Scoring scoring) {
    return new ScoredSeries(scoring);
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
      return new ScoredSeries(scoring, in);
    } catch (BufferUnderflowException e) {
      throw new IllegalStateException("scores must be whole, their bytes end early", e);
    }
  }

  @Override
  public byte[] bytes() {
    byte[] kept = scores.bytes();
    ByteBuffer out = ByteBuffer.allocate(1 + waitingBytes() + kept.length).put((byte) VERSION);
    writeWaiting(out);
    return out.put(kept).array();
  }

  SeriesScores scores() {
    return scores;
  }

  @Override
  protected boolean close(long cell, double[] values) {
    return scores.close(cell, values);
  }
}
