package io.tidecast.benchmarks.pipeline;

import io.tidecast.benchmarks.inference.Contexts;
import io.tidecast.runtime.manifest.ForecasterSpec;
import io.tidecast.schemas.AvroCodec;
import io.tidecast.schemas.Observation;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.clients.producer.ProducerRecord;

/** The observations of a workload as records of a topic. One thread. */
final class WorkloadRecords {

  private static final String NAME = "series-";
  private static final Instant START = Instant.parse("2000-01-01T00:00:00Z");

  private final Workload workload;
  private final String topic;
  private final float[][] values;
  private final int steps;
  private final AvroCodec<Observation> codec = AvroCodec.observations();

  /**
   * @param steps after so many observations of a series its values come again
   */
  WorkloadRecords(Workload workload, String topic, int steps) {
    ForecasterSpec spec = workload.spec();
    this.workload = workload;
    this.topic = topic;
    this.steps = steps;
    this.values =
        Contexts.of(
            new ForecasterSpec(
                spec.id(), spec.version(), steps, 1, spec.channels(), spec.quantileLevels()),
            workload.series());
  }

  static String name(int series) {
    return NAME + series;
  }

  /**
   * Tells the place of an observation among all of a workload, which come by their times and at
   * each time by their series; the first has 0.
   */
  static int place(Workload workload, String series, Instant at) {
    long number = Duration.between(START, at).dividedBy(workload.step());
    return Math.toIntExact(
        number * workload.series() + Integer.parseInt(series.substring(NAME.length())));
  }

  /** The time of the observation at a place. */
  static Instant at(Workload workload, int place) {
    return START.plus(workload.step().multipliedBy(place / workload.series()));
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
      cell.add((double) values[series][number % steps * channels + channel]);
    }
    return cell;
  }
}
