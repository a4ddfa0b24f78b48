package io.tidecast.cli.testing;

import io.tidecast.cli.quickstart.DemandSeries;
import io.tidecast.schemas.AvroCodec;
import io.tidecast.schemas.Observation;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * Sends the demand series from its first validation row, as many rows as it is told, and without an
 * end if it is told so: the rows begin again then, and their times go on.
 */
public final class DemandFeed implements AutoCloseable {
  private static final Duration STEP = Duration.ofMinutes(30);

  private final DemandSeries series = DemandSeries.load();
  private final AvroCodec<Observation> codec = AvroCodec.observations();
  private final String topic;
  private final Producer<byte[], byte[]> producer;
  private final Thread thread = new Thread(this::sendOn, "demand-feed");
  private volatile boolean closed;
  private int sent;

  public DemandFeed(String bootstrapServers, String topic) {
    this.topic = topic;
    this.producer =
        new KafkaProducer<>(
            Map.of("bootstrap.servers", bootstrapServers, "linger.ms", 0),
            new ByteArraySerializer(),
            new ByteArraySerializer());
  }

  /** Sends so many rows at once. */
  public void send(int rows) {
    for (int i = 0; i < rows; i++) {
      sendOne();
    }
    producer.flush();
  }

  /** Sends all rows that are left of the series at once. */
  public void sendRest() {
    send(series.rows() - DemandSeries.FIRST_VALIDATION_ROW - sent);
  }

  /** From now on sends 20 rows a second. */
  public void start() {
    thread.setDaemon(true);
    thread.start();
  }

  private void sendOn() {
    while (!closed) {
      sendOne();
      LockSupport.parkNanos(Duration.ofMillis(50).toNanos());
    }
  }

  private synchronized void sendOne() {
    int rows = series.rows() - DemandSeries.FIRST_VALIDATION_ROW;
    Instant time = series.time(DemandSeries.FIRST_VALIDATION_ROW).plus(STEP.multipliedBy(sent));
    double value = series.value(DemandSeries.FIRST_VALIDATION_ROW + sent % rows);
    sent++;
    var unused =
        producer.send(
            new ProducerRecord<>(
                topic,
                DemandSeries.NAME.getBytes(StandardCharsets.UTF_8),
                codec.encode(new Observation(DemandSeries.NAME, time, List.of(value)))));
  }

  @Override
  public void close() {
    closed = true;
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    producer.close();
  }
}
