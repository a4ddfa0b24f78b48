package io.tidecast.cli.size;

import io.tidecast.flink.JobSize;
import io.tidecast.flink.format.SourceFormat;
import io.tidecast.schemas.AvroCodec;
import io.tidecast.schemas.Observation;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Collections;

/**
 * Bytes of an observation in Kafka.
 *
 * @param sentence where the figure comes from
 */
record ObservationSize(long bytes, String sentence) {

  private static final String MEASURED =
      "An observation is %d bytes in Kafka, those of one channel of this format in docs/performance.md, records of each format (--observation-bytes).";

  /** As somebody knows it. */
  static ObservationSize given(long bytes) {
    return new ObservationSize(
        bytes, "An observation is %,d bytes in Kafka (--observation-bytes).".formatted(bytes));
  }

  /** Of a format: encoded where it is ours, and what was measured of others. */
  static ObservationSize of(SourceFormat format, int channels) {
    if (format instanceof SourceFormat.Tidecast) {
      byte[] value =
          AvroCodec.observations()
              .encode(
                  new Observation(
                      JobSize.SAMPLE_NAME,
                      Instant.parse("2026-01-05T12:00:00Z"),
                      Collections.nCopies(channels, 1.5)));
      int bytes = value.length + JobSize.SAMPLE_NAME.getBytes(StandardCharsets.UTF_8).length;
      return new ObservationSize(
          bytes,
          "An observation is %d bytes in Kafka: one of %d channel%s was encoded, with its key."
              .formatted(bytes, channels, channels == 1 ? "" : "s"));
    }
    if (format instanceof SourceFormat.Csv) {
      return new ObservationSize(0, "Observations come from files and cost Kafka nothing.");
    }
    long bytes =
        format instanceof SourceFormat.Json
            ? 71
            : format instanceof SourceFormat.Influx
                ? 70
                : format instanceof SourceFormat.Protobuf ? 33 : 38;
    return new ObservationSize(bytes, MEASURED.formatted(bytes));
  }
}
