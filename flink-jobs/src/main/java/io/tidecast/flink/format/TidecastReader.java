package io.tidecast.flink.format;

import io.tidecast.flink.format.field.RefusedException;
import io.tidecast.flink.record.Measurement;
import io.tidecast.flink.record.SourceRecord;
import io.tidecast.schemas.AvroCodec;
import io.tidecast.schemas.CodecException;
import io.tidecast.schemas.ErrorCode;
import io.tidecast.schemas.Observation;
import java.util.List;
import org.apache.kafka.common.header.Headers;

/** Reads Tidecast's own observations. One thread uses it. */
public final class TidecastReader implements ObservationReader {

  private final AvroCodec<Observation> codec = AvroCodec.observations();
  private final int channels;

  public TidecastReader(int channels) {
    this.channels = channels;
  }

  @Override
  public void read(SourceRecord source, Headers headers, Readings out) throws RefusedException {
    try {
      out.found(measurement(codec.decode(source.value()), source));
    } catch (CodecException e) {
      throw new RefusedException(e.code(), String.valueOf(e.getMessage()));
    }
  }

  private Measurement measurement(Observation observation, SourceRecord source)
      throws RefusedException {
    String series = observation.getSeries();
    long timeMillis = observation.getTime().toEpochMilli();
    try {
      return new Measurement(source.origin(), series, timeMillis, checked(observation.getValues()));
    } catch (RefusedException e) {
      throw e.about(series, timeMillis);
    }
  }

  private double[] checked(List<Double> values) throws RefusedException {
    if (values.size() != channels) {
      throw new RefusedException(
          ErrorCode.WRONG_CHANNEL_COUNT,
          "values must have one entry per channel, %d: size=%d".formatted(channels, values.size()));
    }
    double[] checked = new double[channels];
    for (int i = 0; i < channels; i++) {
      Double value = values.get(i);
      if (value != null && !Measurement.isValue(value)) {
        throw RefusedException.notFinite("values[%d]".formatted(i), value);
      }
      checked[i] = value == null ? Double.NaN : value;
    }
    return checked;
  }
}
