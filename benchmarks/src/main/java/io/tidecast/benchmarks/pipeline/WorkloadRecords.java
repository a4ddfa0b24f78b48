package io.tidecast.benchmarks.pipeline;

import io.tidecast.benchmarks.inference.Contexts;
import io.tidecast.runtime.manifest.ForecasterSpec;
import io.tidecast.schemas.AvroCodec;
import io.tidecast.schemas.Observation;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.clients.producer.ProducerRecord;

/** The observations of a workload as records of a topic. One thread. */
final class WorkloadRecords {

  private static final Instant START = Instant.parse("2000-01-01T00:00:00Z");

  private final Workload workload;
  private final String topic;
  private final float[][] values;
  private final AvroCodec<Observation> codec = AvroCodec.observations();

  /**
   * @param steps so many observations of each series can be made
   */
  WorkloadRecords(Workload workload, String topic, int steps) {
    ForecasterSpec spec = workload.spec();
    this.workload = workload;
    this.topic = topic;
    this.values =
        Contexts.of(
            new ForecasterSpec(
                spec.id(), spec.version(), steps, 1, spec.channels(), spec.quantileLevels()),
            workload.series());
  }

  static String name(int series) {
    return "series-" + series;
  }

  /** The time of the observation of this number of every series. */
  Instant at(int number) {
    return START.plus(workload.step().multipliedBy(number));
  }

  /** Makes the observation of this number of a series. */
  ProducerRecord<byte[], byte[]> record(int series, int number) {
    String name = name(series);
    byte[] value = codec.encode(new Observation(name, at(number), cell(series, number)));
    return new ProducerRecord<>(topic, name.getBytes(StandardCharsets.UTF_8), value);
  }

  private List<Double> cell(int series, int number) {
    int channels = workload.spec().channels();
    List<Double> cell = new ArrayList<>(channels);
    for (int channel = 0; channel < channels; channel++) {
      cell.add((double) values[series][number * channels + channel]);
    }
    return cell;
  }
}
