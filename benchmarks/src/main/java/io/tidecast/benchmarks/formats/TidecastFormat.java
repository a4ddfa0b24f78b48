package io.tidecast.benchmarks.formats;

import io.tidecast.schemas.AvroCodec;
import io.tidecast.schemas.Observation;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.producer.ProducerRecord;

/** Observations of Tidecast's own schema, as Avro single objects. */
final class TidecastFormat implements RecordFormat {

  private final AvroCodec<Observation> codec = AvroCodec.observations();

  @Override
  public String name() {
    return "tidecast";
  }

  @Override
  public Map<String, Object> keys() {
    return Map.of("source.format", "tidecast");
  }

  @Override
  public ProducerRecord<byte[], byte[]> record(String topic, Sample sample) {
    return new ProducerRecord<>(
        topic,
        codec.encode(
            new Observation(
                sample.series(),
                Instant.ofEpochMilli(sample.timeMillis()),
                List.of(sample.value()))));
  }
}
