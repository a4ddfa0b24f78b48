package io.tidecast.flink.sink.record;

import io.tidecast.flink.registry.RegistryWatcher;
import io.tidecast.flink.registry.SchemaRegistry;
import io.tidecast.flink.registry.UnknownSchemaException;
import io.tidecast.flink.registry.http.HttpSchemaRegistry;
import io.tidecast.flink.sink.DeadLetterSettings;
import io.tidecast.flink.sink.Layout;
import io.tidecast.flink.sink.SinkSettings;
import java.util.ArrayList;
import java.util.List;
import org.apache.flink.runtime.execution.SuppressRestartsException;
import org.jspecify.annotations.Nullable;

/** The schemas of what a job writes, in the registry. */
public final class SinkSchemas {

  private static final byte[] NO_FRAME = {};

  private SinkSchemas() {}

  /**
   * The topics of what answers for forecasts; null where there are none.
   *
   * @param scores of the forecasts
   * @param anomalies that forecasts did not expect
   */
  public record Answers(@Nullable String scores, @Nullable String anomalies) {}

  /**
   * Says what stands in the way of writing, a sentence each. The registry is asked and not changed.
   *
   * @param answers the topics of what answers for forecasts
   * @throws io.tidecast.flink.registry.RegistryException if it does not answer
   */
  public static List<String> problems(
      SinkSettings.Kafka sink,
      DeadLetterSettings deadLetters,
      Answers answers,
      SchemaRegistry registry) {
    List<String> problems = new ArrayList<>();
    add(forecasts(sink), registry, problems);
    add(shadows(sink), registry, problems);
    add(scores(answers.scores, sink), registry, problems);
    add(anomalies(answers.anomalies, sink), registry, problems);
    add(deadLetters(deadLetters), registry, problems);
    return problems;
  }

  private static void add(
      @Nullable TopicSchema schema, SchemaRegistry registry, List<String> problems) {
    String problem = schema == null ? null : schema.problem(registry);
    if (problem != null) {
      problems.add(problem);
    }
  }

  private static @Nullable TopicSchema forecasts(SinkSettings.Kafka sink) {
    return TopicSchema.of("sink.topic", sink.topic(), kind(sink.layout()), sink.records());
  }

  private static @Nullable TopicSchema shadows(SinkSettings.Kafka sink) {
    String topic = sink.shadowTopic();
    return topic == null
        ? null
        : TopicSchema.of("sink.shadow-topic", topic, kind(sink.layout()), sink.records());
  }

  private static @Nullable TopicSchema deadLetters(DeadLetterSettings settings) {
    return TopicSchema.of(
        "dead-letters.topic", settings.topic(), RecordKind.DEAD_LETTER, settings.records());
  }

  private static @Nullable TopicSchema scores(@Nullable String topic, SinkSettings.Kafka sink) {
    return topic == null
        ? null
        : TopicSchema.of("scores.topic", topic, RecordKind.SCORE, sink.records());
  }

  private static @Nullable TopicSchema anomalies(@Nullable String topic, SinkSettings.Kafka sink) {
    return topic == null
        ? null
        : TopicSchema.of("anomalies.topic", topic, RecordKind.ANOMALY, sink.records());
  }

  /** What records of a layout are. */
  static RecordKind kind(Layout layout) {
    return switch (layout) {
      case FORECAST -> RecordKind.FORECAST;
      case POINTS -> RecordKind.POINT;
    };
  }

  /** What stands before each record of the forecast topic; empty where there is no registry. */
  static byte[] forecastFrame(SinkSettings.Kafka sink) {
    return frame(forecasts(sink));
  }

  /** What stands before each record of the topic of shadows; empty where there is no registry. */
  static byte[] shadowFrame(SinkSettings.Kafka sink) {
    return frame(shadows(sink));
  }

  /** What stands before each dead letter; empty where there is no registry. */
  static byte[] deadLetterFrame(DeadLetterSettings settings) {
    return frame(deadLetters(settings));
  }

  /** What stands before each score; empty where there is no registry. */
  static byte[] scoreFrame(String topic, SinkSettings.Kafka sink) {
    return frame(scores(topic, sink));
  }

  /** What stands before each anomaly; empty where there is no registry. */
  static byte[] anomalyFrame(String topic, SinkSettings.Kafka sink) {
    return frame(anomalies(topic, sink));
  }

  /** Ends the job for an answer that another try would not change. */
  private static byte[] frame(@Nullable TopicSchema schema) {
    if (schema == null) {
      return NO_FRAME;
    }
    SchemaRegistry registry =
        HttpSchemaRegistry.open(schema.registration().registry(), RegistryWatcher.NONE);
    try {
      return schema.frame(registry);
    } catch (UnknownSchemaException e) {
      throw new SuppressRestartsException(new IllegalStateException(e.getMessage(), e));
    }
  }
}
