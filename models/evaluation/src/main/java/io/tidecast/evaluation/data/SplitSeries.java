package io.tidecast.evaluation.data;

import io.tidecast.runtime.measures.FloatResolution;
import java.nio.ByteBuffer;
import java.util.zip.CRC32C;

/**
 * A series, how it is divided, and the scaler fitted on its training rows.
 *
 * @param series every row
 * @param split of those rows
 * @param scaler fitted on the training rows
 */
public record SplitSeries(TimeSeries series, Split split, Scaler scaler) {

  /**
   * Divides a series and fits the scaler on its training rows.
   *
   * @throws DataException if 32-bit floats, in which models compute, can't tell its values apart
   */
  public static SplitSeries of(TimeSeries series, Split split) {
    requireResolvable(series);
    return new SplitSeries(series, split, Scaler.fit(series, split.train()));
  }

  private static void requireResolvable(TimeSeries series) {
    int channels = series.channels().size();
    for (int channel = 0; channel < channels; channel++) {
      FloatResolution resolution = FloatResolution.of(series.values(), channels, channel);
      if (!resolution.isEnough()) {
        throw new DataException(
            "channel "
                + series.channels().get(channel)
                + " "
                + resolution.complaint()
                + "; subtract a constant from it first, in the file and in the topic, or forecast"
                + " its changes");
      }
    }
  }

  /**
   * Checks that every part holds a window, the test rows too: better before a training than after.
   *
   * @throws DataException naming the part that does not
   */
  public void requireWindows(int contextLength, int horizon) {
    for (Split.Part part : Split.Part.values()) {
      split.windows(part, contextLength, horizon);
    }
  }

  /** Tells one data set from another in a checkpoint. */
  public String identity() {
    ByteBuffer bytes = ByteBuffer.allocate(series.values().length * Double.BYTES);
    bytes.asDoubleBuffer().put(series.values());
    CRC32C checksum = new CRC32C();
    checksum.update(bytes);
    return "split " + split + " data " + Long.toHexString(checksum.getValue());
  }
}
