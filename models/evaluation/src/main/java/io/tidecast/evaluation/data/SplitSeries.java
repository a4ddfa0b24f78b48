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

  /** Divides a series and fits the scaler on its training rows. */
  public static SplitSeries of(TimeSeries series, Split split) {
    return new SplitSeries(series, split, Scaler.fit(series, split.train()));
  }

  /** Whether 32-bit floats, in which models compute, can tell the values of every channel apart. */
  boolean isResolvable() {
    int channels = series.channels().size();
    for (int channel = 0; channel < channels; channel++) {
      if (!FloatResolution.of(series.values(), channels, channel).isEnough()) {
        return false;
      }
    }
    return true;
  }

  /**
   * Checks that 32-bit floats, in which models compute, can tell values apart, for what is not told
   * from a base near them.
   *
   * @throws DataException naming the channel whose values they can't
   */
  public void requireResolvable() {
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
