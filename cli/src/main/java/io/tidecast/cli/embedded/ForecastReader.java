package io.tidecast.cli.embedded;

import io.tidecast.schemas.AvroCodec;
import io.tidecast.schemas.CodecException;
import io.tidecast.schemas.DeadLetter;
import io.tidecast.schemas.Forecast;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/**
 * Reads forecasts and dead letters with a plain {@code read_committed} consumer, as any user of the
 * topics would, and keeps them. One thread uses it.
 */
public final class ForecastReader implements AutoCloseable {
  private static final Duration POLL = Duration.ofMillis(50);

  private final String forecastTopic;
  private final AvroCodec<Forecast> forecastCodec = AvroCodec.forecasts();
  private final AvroCodec<DeadLetter> deadLetterCodec = AvroCodec.deadLetters();
  private final Consumer<byte[], byte[]> consumer;
  private final List<Received> forecasts = new ArrayList<>();
  private final List<DeadLetter> deadLetters = new ArrayList<>();

  /**
   * @param forecast as read
   * @param readableMillis wall clock when the consumer had it
   */
  public record Received(Forecast forecast, long readableMillis) {}

  /** Reads both topics from their beginning. */
  public ForecastReader(String bootstrapServers, String forecastTopic, String deadLetterTopic) {
    this.forecastTopic = forecastTopic;
    this.consumer =
        new KafkaConsumer<>(
            Map.of(
                "bootstrap.servers", bootstrapServers,
                "group.id", "tidecast-reader",
                "auto.offset.reset", "earliest",
                "enable.auto.commit", false,
                "isolation.level", "read_committed"),
            new ByteArrayDeserializer(),
            new ByteArrayDeserializer());
    consumer.subscribe(List.of(forecastTopic, deadLetterTopic));
  }

  /**
   * Waits at most {@code timeout} for records and keeps them.
   *
   * @return number of records read
   */
  public int poll(Duration timeout) {
    ConsumerRecords<byte[], byte[]> records = consumer.poll(timeout);
    long now = System.currentTimeMillis();
    for (ConsumerRecord<byte[], byte[]> record : records) {
      try {
        if (record.topic().equals(forecastTopic)) {
          forecasts.add(new Received(forecastCodec.decode(record.value()), now));
        } else {
          deadLetters.add(deadLetterCodec.decode(record.value()));
        }
      } catch (CodecException e) {
        throw new IllegalStateException(
            "the job wrote a record that cannot be read: topic=%s offset=%d"
                .formatted(record.topic(), record.offset()),
            e);
      }
    }
    return records.count();
  }

  /**
   * Keeps everything that is committed by now.
   *
   * @param patience how long that may take
   * @throws IllegalStateException if it takes longer
   */
  public void readToEnd(Duration patience) {
    long deadline = System.nanoTime() + patience.toNanos();
    // The first answers come before the topics are assigned.
    while (consumer.assignment().isEmpty() || !isAtEnd()) {
      if (System.nanoTime() > deadline) {
        throw new IllegalStateException("the topics were not read to their ends in " + patience);
      }
      poll(POLL);
    }
  }

  private boolean isAtEnd() {
    return consumer.endOffsets(consumer.assignment()).entrySet().stream()
        .allMatch(end -> consumer.position(end.getKey()) >= end.getValue());
  }

  /** The forecasts so far, in the order of the topic; a view. */
  public List<Received> forecasts() {
    return Collections.unmodifiableList(forecasts);
  }

  /** The dead letters so far, in the order of the topic; a view. */
  public List<DeadLetter> deadLetters() {
    return Collections.unmodifiableList(deadLetters);
  }

  /** Hands over the forecasts since it was last called, which it then does not keep. */
  public List<Received> takeForecasts() {
    List<Received> taken = List.copyOf(forecasts);
    forecasts.clear();
    return taken;
  }

  /** Hands over the dead letters since it was last called, which it then does not keep. */
  public List<DeadLetter> takeDeadLetters() {
    List<DeadLetter> taken = List.copyOf(deadLetters);
    deadLetters.clear();
    return taken;
  }

  @Override
  public void close() {
    consumer.close();
  }
}
