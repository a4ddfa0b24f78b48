package io.tidecast.flink.sink.record;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tidecast.flink.registry.RegisteredSchema;
import io.tidecast.flink.registry.RegistrySettings;
import io.tidecast.flink.registry.SchemaKind;
import io.tidecast.flink.registry.SchemaRef;
import io.tidecast.flink.registry.SchemaRegistry;
import io.tidecast.flink.registry.UnknownSchemaException;
import io.tidecast.flink.sink.DeadLetterSettings;
import io.tidecast.flink.sink.JsonTimes;
import io.tidecast.flink.sink.Layout;
import io.tidecast.flink.sink.RecordFormat;
import io.tidecast.flink.sink.RecordKey;
import io.tidecast.flink.sink.RecordSettings;
import io.tidecast.flink.sink.SchemaRegistration;
import io.tidecast.flink.sink.SinkSettings;
import io.tidecast.flink.sink.SubjectNames;
import io.tidecast.schemas.Forecast;
import java.net.URI;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.avro.Schema;
import org.junit.jupiter.api.Test;

class SinkSchemasTest {

  private final Registry registry = new Registry();

  @Test
  void shouldRegisterWhatItWritesAndNameItInFiveBytes() throws Exception {
    TopicSchema avro = schema(RecordFormat.AVRO, true, SubjectNames.TOPIC);
    TopicSchema protobuf = schema(RecordFormat.PROTOBUF, true, SubjectNames.TOPIC_RECORD);

    assertThat(avro.problem(registry)).isNull();
    assertThat(registry.ids).as("asking changes nothing").isEmpty();
    assertThat(avro.frame(registry)).containsExactly(0, 0, 0, 1, 0);
    assertThat(protobuf.frame(registry))
        .as("the first message of its file")
        .containsExactly(0, 0, 0, 1, 1, 0);

    assertThat(registry.ids).containsOnlyKeys("out-value", "out-io.tidecast.schemas.Forecast");
    RegisteredSchema registered = registry.ids.get("out-value");
    assertThat(registered.kind()).isEqualTo(SchemaKind.AVRO);
    assertThat(new Schema.Parser().parse(registered.text())).isEqualTo(Forecast.getClassSchema());
    RegisteredSchema message = registry.ids.get("out-io.tidecast.schemas.Forecast");
    assertThat(message.kind()).isEqualTo(SchemaKind.PROTOBUF);
    assertThat(message.text()).contains("message Forecast {", "repeated double points = 10;");
  }

  @Test
  void shouldRegisterNothingUnlessToldSo() throws Exception {
    TopicSchema schema = schema(RecordFormat.AVRO, false, SubjectNames.RECORD);
    String problem =
        "must be in the registry, or sink.register-schemas must be true: Forecast.avsc of sink.topic=out, subject=io.tidecast.schemas.Forecast";

    assertThat(schema.problem(registry)).isEqualTo(problem);
    assertThatThrownBy(() -> schema.frame(registry))
        .isInstanceOf(UnknownSchemaException.class)
        .hasMessage(problem);
    assertThat(registry.ids).isEmpty();

    registry.register(
        "io.tidecast.schemas.Forecast",
        RegisteredSchema.of(SchemaKind.AVRO, Forecast.getClassSchema().toString()));
    assertThat(schema.problem(registry)).isNull();
    assertThat(schema.frame(registry)).containsExactly(0, 0, 0, 1, 0);
  }

  @Test
  void shouldSayWhatTheRegistryHasAgainstASchema() {
    registry.complaint = "READER_FIELD_MISSING_DEFAULT_VALUE at /fields/3";
    TopicSchema schema = schema(RecordFormat.AVRO, true, SubjectNames.TOPIC);

    assertThat(schema.problem(registry))
        .isEqualTo(
            "must be compatible with the latest schema of its subject in the registry: Forecast.avsc of sink.topic=out, subject=out-value; set another sink.subject-names or topic, or change the compatibility of the subject. The registry says: READER_FIELD_MISSING_DEFAULT_VALUE at /fields/3");
    assertThatThrownBy(() -> schema.frame(registry)).isInstanceOf(UnknownSchemaException.class);
    assertThat(registry.ids).isEmpty();
  }

  @Test
  void shouldAskForEveryTopicThatNamesItsSchema() {
    RecordSettings framed = settings(RecordFormat.AVRO, false, SubjectNames.TOPIC);
    SinkSettings.Kafka points = WrittenRecords.sink("out", Layout.POINTS, RecordKey.SERIES, framed);

    assertThat(
            SinkSchemas.problems(
                points,
                new DeadLetterSettings("dlq", 1, false, framed),
                new SinkSchemas.Topics("scores", "cells"),
                registry))
        .satisfiesExactly(
            one -> assertThat(one).contains(": ForecastPoint.avsc of sink.topic=out, "),
            one ->
                assertThat(one).contains(": ForecastPoint.avsc of sink.shadow-topic=out-shadow, "),
            one -> assertThat(one).contains(": ForecastScore.avsc of scores.topic=scores, "),
            one -> assertThat(one).contains(": Cell.avsc of cells.topic=cells, "),
            one -> assertThat(one).contains(": DeadLetter.avsc of dead-letters.topic=dlq, "));
    assertThat(
            SinkSchemas.problems(
                WrittenRecords.sink("out"),
                new DeadLetterSettings("dlq", 1, false),
                new SinkSchemas.Topics("scores", "cells"),
                registry))
        .isEmpty();
  }

  private static TopicSchema schema(RecordFormat format, boolean register, SubjectNames subjects) {
    return TopicSchema.of(
        "sink.topic", "out", RecordKind.FORECAST, settings(format, register, subjects));
  }

  private static RecordSettings settings(
      RecordFormat format, boolean register, SubjectNames subjects) {
    RegistrySettings nowhere = RegistrySettings.of(URI.create("http://127.0.0.1:1"));
    return new RecordSettings(
        format, JsonTimes.ISO_8601, null, new SchemaRegistration(nowhere, register, subjects));
  }

  /** Knows one schema of each subject; the first has the id 256. */
  private static final class Registry implements SchemaRegistry {

    private final Map<String, RegisteredSchema> ids = new LinkedHashMap<>();
    private String complaint;

    @Override
    public RegisteredSchema schema(SchemaRef ref) {
      throw new UnsupportedOperationException();
    }

    @Override
    public RegisteredSchema latest(String subject) {
      throw new UnsupportedOperationException();
    }

    @Override
    public int id(String subject, RegisteredSchema schema) throws UnknownSchemaException {
      if (!schema.equals(ids.get(subject))) {
        throw new UnknownSchemaException("no");
      }
      return 255 + List.copyOf(ids.keySet()).indexOf(subject) + 1;
    }

    @Override
    public int register(String subject, RegisteredSchema schema) {
      ids.putIfAbsent(subject, schema);
      try {
        return id(subject, schema);
      } catch (UnknownSchemaException e) {
        throw new IllegalStateException(e);
      }
    }

    @Override
    public List<String> complaints(String subject, RegisteredSchema schema) {
      return complaint == null ? List.of() : List.of(complaint);
    }

    @Override
    public void ping() {}
  }
}
