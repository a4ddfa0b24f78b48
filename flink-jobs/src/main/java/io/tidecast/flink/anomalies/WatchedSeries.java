package io.tidecast.flink.anomalies;

import io.tidecast.flink.hindsight.HindsightSeries;
import io.tidecast.runtime.anomalies.AnomalySettings;
import io.tidecast.runtime.anomalies.SeriesAnomalies;
import io.tidecast.runtime.anomalies.Tally;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;

/**
 * What is kept of a series whose anomalies are told, and the cells that wait. One thread.
 *
 * <p>Version 1 of the bytes, big-endian: version (byte), the waiting cells, the bytes of what is
 * known of the series.
 */
final class WatchedSeries extends HindsightSeries {

  private static final int VERSION = 1;

  private final SeriesAnomalies anomalies;

  private WatchedSeries(AnomalySettings settings, Tally tally) {
    super(settings.channels());
    this.anomalies = new SeriesAnomalies(settings, tally);
  }

  private WatchedSeries(AnomalySettings settings, Tally tally, ByteBuffer in) {
    super(settings.channels(), in);
    byte[] rest = new byte[in.remaining()];
    in.get(rest);
    this.anomalies = SeriesAnomalies.read(settings, tally, rest);
  }

  static WatchedSeries begin(AnomalySettings settings, Tally tally) {
    return new WatchedSeries(settings, tally);
  }

  /**
   * A series that was kept.
   *
   * @throws IllegalStateException if the bytes are none of a series, or of a later version
   */
  static WatchedSeries read(AnomalySettings settings, Tally tally, byte[] bytes) {
    ByteBuffer in = ByteBuffer.wrap(bytes);
    try {
      int version = in.get();
      if (version != VERSION) {
        throw new IllegalStateException(
            "watched series must be of version %d; go on with the version of Tidecast that kept them, or a later one: version=%d"
                .formatted(VERSION, version));
      }
      return new WatchedSeries(settings, tally, in);
    } catch (BufferUnderflowException e) {
      throw new IllegalStateException("watched series must be whole, their bytes end early", e);
    }
  }

  @Override
  public byte[] bytes() {
    byte[] kept = anomalies.bytes();
    ByteBuffer out = ByteBuffer.allocate(1 + waitingBytes() + kept.length).put((byte) VERSION);
    writeWaiting(out);
    return out.put(kept).array();
  }

  SeriesAnomalies anomalies() {
    return anomalies;
  }

  @Override
  protected boolean close(long cell, double[] values) {
    return anomalies.close(cell, values);
  }
}
