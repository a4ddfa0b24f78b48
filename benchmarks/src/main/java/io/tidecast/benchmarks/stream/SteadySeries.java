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
 * @param from first cell that is reported, unless a series begins later; no forecast is of an
 *     earlier one
 * @param cells from the first of series 0 to the last of all
 */
public record SteadySeries(int series, int contextLength, int every, int from, int cells) {

  public static final Duration STEP = Duration.ofMinutes(30);

  private static final Instant START = Instant.parse("2000-01-01T00:00:00Z");

  /** Whole values repeat after so many: making them must cost nothing. */
  private static final int VALUES = 1024;

  private static final int STEPS_OF_A_DAY = 48;

  /** The greatest level of a series of {@link #reading}. */
  private static final int LEVELS = 2_000;

  /** A job has no journals where forecasts are no more cells apart than that. */
  private static final int MOST_WITHOUT_JOURNAL = 2;

  /** Readings have two decimals. */
  private static final double PRECISION = 100;

  public SteadySeries {
    if (from >= contextLength - every + 1) {
      throw new IllegalArgumentException("from must come before every forecast: from=" + from);
    }
  }

  /** Finds the first cell of a series; those of the others lie behind that of series 0. */
  private int first(int index) {
    return -(index % every);
  }

  /** Says whether forecasts are so rare that a job keeps a journal of each series. */
  boolean isJournaled() {
    return every > MOST_WITHOUT_JOURNAL;
  }

  private boolean reports(int index, int cell) {
    return cell >= Math.max(from, first(index));
  }

  public long observations() {
    long count = 0;
    for (int phase = 0; phase < every; phase++) {
      count += inPhase(phase) * (cells - Math.max(from, first(phase)));
    }
    return count;
  }

  public long forecasts() {
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
     * @param at the time of its cell
     * @param index of the series
     * @param cell of the observation
     */
    ProducerRecord<byte[], byte[]> encode(String topic, Instant at, int index, int cell);
  }

  /** A value that is whole and small; the same comes again and again. */
  static int whole(int index, int cell) {
    return Math.floorMod(31 * cell + index, VALUES);
  }

  /**
   * A value as a meter has it: a level, a day and noise, with two decimals. The same for the same
   * series and cell; its bytes do not compress.
   */
  static double reading(int index, int cell) {
    long random = mixed(((long) index << Integer.SIZE) + cell);
    double level = 1 + Math.floorMod(mixed(index), LEVELS);
    double day = Math.sin(2 * Math.PI * Math.floorMod(cell, STEPS_OF_A_DAY) / STEPS_OF_A_DAY);
    double noise = (random >>> 11) * 0x1p-53 - 0.5;
    return Math.round(level * (1 + 0.4 * day + 0.2 * noise) * PRECISION) / PRECISION;
  }

  /** Scatters the bits of a number, so that neighbours have nothing in common. */
  private static long mixed(long value) {
    long bits = (value + 0x9E3779B97F4A7C15L) * 0xD1342543DE82EF95L;
    bits = (bits ^ bits >>> 32) * 0xDABA0B6EB09322E3L;
    return bits ^ bits >>> 29;
  }

  /** A record that has the name of its series for its key. */
  static ProducerRecord<byte[], byte[]> keyed(String topic, String name, byte[] value) {
    return new ProducerRecord<>(topic, name.getBytes(StandardCharsets.UTF_8), value);
  }

  static String name(int index) {
    return "series-" + index;
  }

  /**
   * A name that says nothing of the number of the series, another for each. So series report in
   * another order than that in which a disk keeps them, as meters do.
   */
  public static String scattered(int index) {
    // Odd factors and shifts lose nothing: no two numbers become one.
    int bits = index * 0x9E3779B1;
    bits = (bits ^ bits >>> 15) * 0x85EBCA77;
    bits = (bits ^ bits >>> 13) * 0xC2B2AE3D;
    return "meter-" + Integer.toHexString(bits ^ bits >>> 16);
  }

  /** Sends every {@linkplain #reading} as Tidecast's own record; returns when all are there. */
  public void produce(String bootstrapServers, String topic) {
    AvroCodec<Observation> codec = AvroCodec.observations();
    produce(
        bootstrapServers,
        topic,
        (to, at, index, cell) -> {
          String name = scattered(index);
          return keyed(
              to, name, codec.encode(new Observation(name, at, List.of(reading(index, cell)))));
        });
  }

  /** Sends every observation, time after time; returns when the broker has them all. */
  void produce(String bootstrapServers, String topic, Encoder encoder) {
    try (Producer<byte[], byte[]> producer =
        new KafkaProducer<>(
            Map.of("bootstrap.servers", bootstrapServers, "linger.ms", 20, "batch.size", 256 << 10),
            new ByteArraySerializer(),
            new ByteArraySerializer())) {
      for (int cell = Math.max(from, 1 - every); cell < cells; cell++) {
        Instant at = START.plus(STEP.multipliedBy(cell));
        for (int i = 0; i < series; i++) {
          if (reports(i, cell)) {
            var unused =
                producer.send(
                    encoder.encode(topic, at, i, cell),
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
