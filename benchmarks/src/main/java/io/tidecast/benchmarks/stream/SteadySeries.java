package io.tidecast.benchmarks.stream;

import io.tidecast.schemas.AvroCodec;
import io.tidecast.schemas.Observation;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * Series of one channel that report in turn, one observation a step, and are forecast every so many
 * cells, each at another time, so that forecasts come as evenly as observations.
 *
 * @param contextLength cells of a context
 * @param every cells from one forecast to the next
 * @param silent cells at the beginning of each series of which only the first is reported: a
 *     context's worth of state without a context's worth of records; less than a context by {@code
 *     every} at least
 * @param cells from the first of series 0 to the last of all
 */
record SteadySeries(int series, int contextLength, int every, int silent, int cells) {

  static final Duration STEP = Duration.ofMinutes(30);

  private static final Instant START = Instant.parse("2000-01-01T00:00:00Z");

  /** Values repeat after so many: making them must cost nothing. */
  private static final int VALUES = 1024;

  /** Finds the first cell of a series; those of the others lie behind that of series 0. */
  private int first(int index) {
    return -(index % every);
  }

  private boolean reports(int index, int cell) {
    return cell == first(index) || cell > first(index) && cell >= silent;
  }

  long observations() {
    long count = 0;
    for (int phase = 0; phase < every; phase++) {
      count += inPhase(phase) * (cells - Math.max(silent, first(phase)));
      count += first(phase) < silent ? inPhase(phase) : 0;
    }
    return count;
  }

  long forecasts() {
    long count = 0;
    for (int phase = 0; phase < every; phase++) {
      int since = cells - 1 - (first(phase) + contextLength - 1);
      count += since < 0 ? 0 : inPhase(phase) * (since / every + 1);
    }
    return count;
  }

  private long inPhase(int phase) {
    return (series - phase + every - 1L) / every;
  }

  /** Makes the record of an observation. */
  @FunctionalInterface
  interface Encoder {

    /**
     * @param topic that it is sent to
     * @param name of the series
     * @param at the time of its cell
     * @param value whole and small; the same comes again and again
     */
    ProducerRecord<byte[], byte[]> encode(String topic, String name, Instant at, int value);
  }

  /** A record that has the name of its series for its key. */
  static ProducerRecord<byte[], byte[]> keyed(String topic, String name, byte[] value) {
    return new ProducerRecord<>(topic, name.getBytes(StandardCharsets.UTF_8), value);
  }

  static String name(int index) {
    return "series-" + index;
  }

  /** Sends every observation as Tidecast's own record; returns when the broker has them all. */
  void produce(String bootstrapServers, String topic) {
    AvroCodec<Observation> codec = AvroCodec.observations();
    produce(
        bootstrapServers,
        topic,
        (to, name, at, value) ->
            keyed(to, name, codec.encode(new Observation(name, at, List.of((double) value)))));
  }

  /** Sends every observation, time after time; returns when the broker has them all. */
  void produce(String bootstrapServers, String topic, Encoder encoder) {
    try (Producer<byte[], byte[]> producer =
        new KafkaProducer<>(
            Map.of("bootstrap.servers", bootstrapServers, "linger.ms", 20, "batch.size", 256 << 10),
            new ByteArraySerializer(),
            new ByteArraySerializer())) {
      for (int cell = 1 - every; cell < cells; cell++) {
        Instant at = START.plus(STEP.multipliedBy(cell));
        for (int i = 0; i < series; i++) {
          if (reports(i, cell)) {
            String name = name(i);
            int value = Math.floorMod(31 * cell + i, VALUES);
            var unused =
                producer.send(
                    encoder.encode(topic, name, at, value),
                    (metadata, failure) -> {
                      if (failure != null) {
                        throw new IllegalStateException(failure);
                      }
                    });
          }
        }
      }
    }
  }
}
