package io.tidecast.flink.format;

import io.tidecast.flink.format.field.RefusedException;
import io.tidecast.flink.record.Measurement;
import io.tidecast.flink.record.SourceRecord;
import io.tidecast.schemas.CodecException;
import io.tidecast.schemas.ErrorCode;
import io.tidecast.schemas.Observation;
import io.tidecast.schemas.SingleObjectReader;
import org.apache.kafka.common.header.Headers;

/** Reads Tidecast's own observations, as {@code Observation.avsc} has them. One thread uses it. */
public final class TidecastReader implements ObservationReader {

  /** A value is a union of null, which stands for a missing one, and a double. */
  private static final int BRANCHES = 2;

  private static final int MISSING = 0;
  private static final int NONE = -1;

  private final SingleObjectReader in = new SingleObjectReader(Observation.getClassSchema());
  private final int channels;

  public TidecastReader(int channels) {
    this.channels = channels;
  }

  @Override
  public void read(SourceRecord source, Headers headers, Readings out) throws RefusedException {
    try {
      out.found(measurement(source));
    } catch (CodecException e) {
      throw new RefusedException(e.code(), String.valueOf(e.getMessage()));
    }
  }

  private Measurement measurement(SourceRecord source) throws CodecException, RefusedException {
    in.begin(source.value());
    String series = in.text();
    long timeMillis = in.whole();
    double[] values = new double[channels];
    int size = 0;
    int impossible = NONE;
    double found = 0;
    for (int items = in.items(); items > 0; items = in.items()) {
      for (int i = 0; i < items; i++, size++) {
        boolean missing = in.branch(BRANCHES) == MISSING;
        double value = missing ? Double.NaN : in.number();
        if (!missing && impossible == NONE && !Measurement.isValue(value)) {
          impossible = size;
          found = value;
        }
        if (size < channels) {
          values[size] = value;
        }
      }
    }
    // Before anything is said of the values: of bytes that are broken nothing is known.
    in.end();
    if (size != channels) {
      throw new RefusedException(
              ErrorCode.WRONG_CHANNEL_COUNT,
              "values must have one entry per channel, %d: size=%d".formatted(channels, size))
          .about(series, timeMillis);
    }
    if (impossible != NONE) {
      throw RefusedException.notFinite("values[%d]".formatted(impossible), found)
          .about(series, timeMillis);
    }
    return new Measurement(source.origin(), series, timeMillis, values);
  }
}
