package io.tidecast.benchmarks.stream;

import com.sun.management.OperatingSystemMXBean;
import io.tidecast.benchmarks.inference.Speed;
import io.tidecast.schemas.AvroCodec;
import io.tidecast.schemas.CodecException;
import io.tidecast.schemas.Forecast;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/** A plain {@code read_committed} consumer that times the forecasts as they become readable. */
final class ForecastMeter implements AutoCloseable {

  /** The share of forecasts after which the clock starts: the job is warm then. */
  private static final double WARM = 0.2;

  private static final Duration POLL = Duration.ofMillis(50);
  private static final long PATIENCE_NANOS = Duration.ofMinutes(5).toNanos();

  private final OperatingSystemMXBean process =
      ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);
  private final String forecastTopic;
  private final Consumer<byte[], byte[]> consumer;
  private final List<byte[]> forecasts = new ArrayList<>();

  ForecastMeter(String bootstrapServers, String forecastTopic, String deadLetterTopic) {
    this.forecastTopic = forecastTopic;
    this.consumer =
        new KafkaConsumer<>(
            Map.of(
                "bootstrap.servers",
                bootstrapServers,
                "group.id",
                "forecast-meter",
                "auto.offset.reset",
                "earliest",
                "isolation.level",
                "read_committed",
                "max.poll.records",
                100_000,
                "max.partition.fetch.bytes",
                64 << 20,
                "fetch.max.bytes",
                64 << 20),
            new ByteArrayDeserializer(),
            new ByteArrayDeserializer());
    consumer.subscribe(List.of(forecastTopic, deadLetterTopic));
  }

  /**
   * Reads until all forecasts are there.
   *
   * @param check throws if the job has failed
   * @return the speed from the first commit after warm-up to the last, processor time being that of
   *     this whole JVM: job, broker and consumer
   */
  Speed awaitAll(long expected, Runnable check) {
    long deadlineNanos = System.nanoTime() + PATIENCE_NANOS;
    Mark warm = null;
    Mark latest = mark();
    while (forecasts.size() < expected) {
      int before = forecasts.size();
      poll();
      check.run();
      if (forecasts.size() > before) {
        latest = mark();
      } else if (warm == null && forecasts.size() >= WARM * expected) {
        // Forecasts come in one burst per commit: the clock starts after a whole one.
        warm = latest;
      }
      if (System.nanoTime() - deadlineNanos > 0) {
        throw new IllegalStateException(
            "forecasts must arrive: expected=" + expected + " found=" + forecasts.size());
      }
    }
    if (warm == null) {
      throw new IllegalStateException("must take more than one commit: forecasts=" + expected);
    }
    return Speed.of(
        latest.count() - warm.count(),
        latest.nanos() - warm.nanos(),
        latest.cpuNanos() - warm.cpuNanos());
  }

  private Mark mark() {
    return new Mark(forecasts.size(), System.nanoTime(), process.getProcessCpuTime());
  }

  private record Mark(long count, long nanos, long cpuNanos) {}

  private void poll() {
    for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL)) {
      if (!record.topic().equals(forecastTopic)) {
        throw new IllegalStateException("nothing may be rejected: offset=" + record.offset());
      }
      forecasts.add(record.value());
    }
  }

  /** Refuses to have measured anything but one forecast of the model per series and origin. */
  void verify() throws CodecException {
    AvroCodec<Forecast> codec = AvroCodec.forecasts();
    Set<String> seen = new HashSet<>();
    for (byte[] value : forecasts) {
      Forecast forecast = codec.decode(value);
      if (forecast.getFallback()) {
        throw new IllegalStateException("no forecast may be a fallback: " + forecast);
      }
      if (!seen.add(forecast.getSeries() + " " + forecast.getOrigin())) {
        throw new IllegalStateException("no forecast may come twice: " + forecast);
      }
    }
  }

  @Override
  public void close() {
    consumer.close();
  }
}
