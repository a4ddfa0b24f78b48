package io.tidecast.flink.sink.record;

import io.tidecast.flink.sink.Delivery;
import io.tidecast.flink.sink.Layout;
import io.tidecast.flink.sink.LossPolicy;
import io.tidecast.flink.sink.RecordEncoder;
import io.tidecast.flink.sink.RecordKey;
import io.tidecast.flink.sink.RecordSettings;
import io.tidecast.flink.sink.SinkSettings;
import io.tidecast.flink.sink.Tuning;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.apache.flink.api.common.serialization.SerializationSchema.InitializationContext;
import org.apache.flink.metrics.MetricGroup;
import org.apache.flink.util.UserCodeClassLoader;
import org.apache.kafka.clients.producer.ProducerRecord;

/** What sinks write, without a sink. */
public final class WrittenRecords {

  private WrittenRecords() {}

  /** Whole forecasts in Tidecast's own format. */
  public static SinkSettings.Kafka sink(String topic) {
    return sink(topic, Layout.FORECAST, RecordKey.SERIES, RecordSettings.TIDECAST);
  }

  public static SinkSettings.Kafka sink(
      String topic, Layout layout, RecordKey key, RecordSettings records) {
    return new SinkSettings.Kafka(
        topic,
        topic + "-shadow",
        Delivery.EXACTLY_ONCE,
        "t",
        Duration.ofMinutes(1),
        LossPolicy.REPORT,
        layout,
        key,
        Tuning.THROUGHPUT,
        records);
  }

  /** The records of elements, made by an encoder that was sent to a subtask. */
  @SafeVarargs
  public static <T> List<ProducerRecord<byte[], byte[]>> of(
      RecordEncoder<T> encoder, MetricGroup metrics, T... elements) throws Exception {
    RecordEncoder<T> sent = sent(encoder);
    sent.open(new Context(metrics));
    List<ProducerRecord<byte[], byte[]>> records = new ArrayList<>();
    for (T element : elements) {
      sent.encode(element, records::add);
    }
    return records;
  }

  @SuppressWarnings("unchecked") // It is what was written.
  private static <T> RecordEncoder<T> sent(RecordEncoder<T> encoder)
      throws IOException, ClassNotFoundException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
      out.writeObject(encoder);
    }
    try (ObjectInputStream in =
        new ObjectInputStream(new ByteArrayInputStream(bytes.toByteArray()))) {
      return (RecordEncoder<T>) in.readObject();
    }
  }

  /** What a sink tells its encoder. */
  private record Context(MetricGroup metrics) implements InitializationContext {

    @Override
    public MetricGroup getMetricGroup() {
      return metrics;
    }

    @Override
    public UserCodeClassLoader getUserCodeClassLoader() {
      throw new UnsupportedOperationException();
    }
  }
}
