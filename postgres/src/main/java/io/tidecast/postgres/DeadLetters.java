package io.tidecast.postgres;

import static java.util.Objects.requireNonNull;

import io.tidecast.flink.kafka.ClientKind;
import io.tidecast.flink.kafka.KafkaSettings;
import io.tidecast.flink.record.Rejection;
import io.tidecast.flink.record.SourceRecord;
import io.tidecast.flink.sink.DeadLetterSettings;
import io.tidecast.flink.sink.record.DeadLetterRecords;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import org.apache.flink.api.common.serialization.SerializationSchema.InitializationContext;
import org.apache.flink.metrics.MetricGroup;
import org.apache.flink.metrics.groups.UnregisteredMetricsGroup;
import org.apache.flink.util.SimpleUserCodeClassLoader;
import org.apache.flink.util.UserCodeClassLoader;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;

/**
 * Sends records that cannot be copied to the job's dead-letter topic, in its format. One thread.
 */
final class DeadLetters implements Refusals {

  private final KafkaSettings kafka;
  private final DeadLetterSettings settings;
  private @Nullable Opened opened;

  private record Opened(DeadLetterRecords records, Producer<byte[], byte[]> producer) {}

  DeadLetters(KafkaSettings kafka, DeadLetterSettings settings) {
    this.kafka = kafka;
    this.settings = settings;
  }

  @Override
  public void send(List<Entry> refused) {
    Opened to = open();
    List<Future<RecordMetadata>> sent = new ArrayList<>();
    try {
      for (Entry entry : refused) {
        to.records.encode(rejection(entry), record -> sent.add(to.producer.send(record)));
      }
      to.producer.flush();
      for (Future<RecordMetadata> one : sent) {
        one.get();
      }
    } catch (ExecutionException e) {
      throw new KafkaException("the dead letter could not be written: " + e.getCause(), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new KafkaException("interrupted while writing dead letters", e);
    } catch (IOException e) {
      throw new KafkaException("the dead letter could not be made: " + e.getMessage(), e);
    }
  }

  private Rejection rejection(Entry entry) {
    Entry.Refusal refusal = requireNonNull(entry.refusal(), "refusal is null");
    return Rejection.of(
        refusal.code(),
        refusal.detail(),
        SourceRecord.of(entry.record()).whole(settings.maxValueBytes(), entry.record().headers()),
        System.currentTimeMillis());
  }

  private Opened open() {
    if (opened == null) {
      DeadLetterRecords records = new DeadLetterRecords(settings);
      records.open(new Context());
      Map<String, Object> properties = kafka.clientProperties(ClientKind.PRODUCER);
      opened =
          new Opened(
              records,
              new KafkaProducer<>(
                  properties, new ByteArraySerializer(), new ByteArraySerializer()));
    }
    return opened;
  }

  @Override
  public void close() {
    if (opened != null) {
      opened.producer.close();
    }
  }

  /** Outside of Flink its metrics go nowhere. */
  private record Context() implements InitializationContext {

    @Override
    public MetricGroup getMetricGroup() {
      return new UnregisteredMetricsGroup();
    }

    @Override
    public UserCodeClassLoader getUserCodeClassLoader() {
      return SimpleUserCodeClassLoader.create(DeadLetters.class.getClassLoader());
    }
  }
}
