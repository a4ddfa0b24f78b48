package io.tidecast.cli.quickstart;

import io.tidecast.cli.console.CliException;
import io.tidecast.schemas.AvroCodec;
import io.tidecast.schemas.Observation;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * Sends rows of the demand series to a topic at a steady speed, as a meter would, from a thread of
 * its own. The other methods may be called from any thread.
 */
public final class Replay implements AutoCloseable {
  private static final long NANOS_PER_SECOND = 1_000_000_000L;

  private final DemandSeries series;
  private final int firstRow;
  private final String topic;
  private final double observationsPerSecond;
  private final AvroCodec<Observation> codec = AvroCodec.observations();
  private final Producer<byte[], byte[]> producer;
  private final Thread thread = new Thread(this::send, "tidecast-replay");

  private final AtomicInteger accepted = new AtomicInteger();
  private final AtomicLongArray acceptedMillis;
  private final AtomicReference<Exception> failure = new AtomicReference<>();
  private volatile boolean stopped;

  /**
   * Says what is sent, and how fast.
   *
   * @param firstRow of the series to send; from there to its end
   */
  public record Plan(DemandSeries series, int firstRow, double observationsPerSecond) {}

  /**
   * @param topic with {@code message.timestamp.type=LogAppendTime}, for honest latencies
   */
  public Replay(String bootstrapServers, String topic, Plan plan) {
    this.series = plan.series();
    this.firstRow = plan.firstRow();
    this.topic = topic;
    this.observationsPerSecond = plan.observationsPerSecond();
    this.acceptedMillis = new AtomicLongArray(series.rows());
    this.producer =
        new KafkaProducer<>(
            Map.of("bootstrap.servers", bootstrapServers, "linger.ms", 0),
            new ByteArraySerializer(),
            new ByteArraySerializer());
    thread.setDaemon(true);
  }

  public void start() {
    thread.start();
  }

  /** The number of observations that the broker has accepted. */
  int accepted() {
    return accepted.get();
  }

  /** The number of observations that the whole replay sends. */
  int total() {
    return series.rows() - firstRow;
  }

  /** Says when the broker accepted a row, by its clock; 0 if it has not. */
  long acceptedMillis(int row) {
    return acceptedMillis.get(row);
  }

  /**
   * Throws the first failure, once the replay has one.
   *
   * @throws CliException if an observation could not be sent
   */
  public void check() {
    Exception e = failure.get();
    if (e != null) {
      throw new CliException("could not send an observation: " + e.getMessage(), e);
    }
  }

  @Override
  public void close() {
    stopped = true;
    LockSupport.unpark(thread);
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    producer.close();
  }

  private void send() {
    byte[] key = DemandSeries.NAME.getBytes(StandardCharsets.UTF_8);
    long begin = System.nanoTime();
    try {
      for (int row = firstRow; row < series.rows() && !stopped && failure.get() == null; row++) {
        waitUntil(begin + (long) ((row - firstRow) * (NANOS_PER_SECOND / observationsPerSecond)));
        Observation observation =
            new Observation(DemandSeries.NAME, series.time(row), List.of(series.value(row)));
        int sent = row;
        var unused =
            producer.send(
                new ProducerRecord<>(topic, key, codec.encode(observation)),
                (metadata, e) -> acknowledged(sent, metadata, e));
      }
      producer.flush();
    } catch (RuntimeException e) {
      failure.compareAndSet(null, e);
    }
  }

  private void acknowledged(int row, RecordMetadata metadata, Exception e) {
    if (e == null) {
      acceptedMillis.set(row, metadata.timestamp());
      accepted.incrementAndGet();
    } else {
      failure.compareAndSet(null, e);
    }
  }

  private void waitUntil(long nanos) {
    for (long left = nanos - System.nanoTime();
        left > 0 && !stopped;
        left = nanos - System.nanoTime()) {
      LockSupport.parkNanos(left);
    }
  }
}
