package io.tidecast.flink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tidecast.flink.config.ConfigException;
import io.tidecast.flink.config.JobConfig;
import io.tidecast.flink.format.SourceFormat;
import io.tidecast.flink.format.schema.Written;
import io.tidecast.flink.registry.SchemaRef;
import io.tidecast.flink.testing.Samples;
import java.util.Map;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;
import org.junit.jupiter.api.Test;

class OneSchemaTest {

  private static final String SCHEMA =
      "{\"type\": \"record\", \"name\": \"R\", \"fields\": [{\"name\": \"id\", \"type\": \"string\"}, {\"name\": \"t\", \"type\": \"long\"}, {\"name\": \"v\", \"type\": \"double\"}]}";
  private static final String MAPPING = "time: t, time-format: epoch-millis, values: v";

  private static final TopicPartition FIRST = new TopicPartition("t", 0);
  private static final TopicPartition SECOND = new TopicPartition("t", 1);

  @Test
  void shouldTakeTheIdThatAllPartitionsBeginWith() {
    JobConfig found =
        OneSchema.found(
            config("avro-schema: '%s'"),
            () -> Map.of(FIRST, new SchemaRef.Id(4), SECOND, new SchemaRef.Id(4)));

    assertThat(((SourceFormat.Avro) found.source().format()).written())
        .isEqualTo(new Written.OneId(new SchemaRef.Id(4)));
    assertThat(found.source().with(config("avro-schema: '%s'").source().format()))
        .as("the rest")
        .isEqualTo(config("avro-schema: '%s'").source());
    assertThat(OneSchema.found(found, OneSchemaTest::unasked)).isEqualTo(found);
  }

  @Test
  void shouldAskNothingWhereTheIdIsKnownOrThereIsNone() {
    JobConfig declared = config("avro-schemas: {4: '%s'}");
    assertThat(OneSchema.found(declared, OneSchemaTest::unasked)).isSameAs(declared);
    JobConfig own = Samples.config();
    assertThat(OneSchema.found(own, OneSchemaTest::unasked)).isSameAs(own);
  }

  @Test
  void shouldRefuseToChoose() {
    assertRefused(
        () -> Map.of(FIRST, new SchemaRef.Id(4), SECOND, new SchemaRef.Id(3)),
        "must be given, for the partitions of t begin with records of several schemas, id 3 and id 4, and there is no registry.url: source.avro-schemas, such as {1: reading.avsc}");
    assertRefused(
        Map::of,
        "must be given, for no record of t names a schema yet, and there is no registry.url: source.avro-schemas, such as {1: reading.avsc}");
    assertRefused(
        () -> {
          throw new TimeoutException("no answer within 10s");
        },
        "must be readable, for its first records say which schema id source.avro-schema has: t at 127.0.0.1:9092; Kafka says: no answer within 10s");
  }

  /** Their topic is read from its beginning at every start, and remembers nothing. */
  @Test
  void shouldRefuseFutureCovariatesOfAnUnknownId() {
    JobConfig config =
        Samples.config(
            "covariates: {topic: w, names: [c], keyed-by: global, format: avro, framing: confluent, avro-schema: '%s', mapping: {%s}}"
                .formatted(SCHEMA, MAPPING));
    assertThatThrownBy(() -> OneSchema.found(config, OneSchemaTest::unasked))
        .isInstanceOfSatisfying(
            ConfigException.class,
            e ->
                assertThat(e.problems())
                    .singleElement()
                    .asString()
                    .endsWith("covariates.avro-schemas, such as {1: weather.avsc}"));
  }

  private static void assertRefused(OneSchema.Topic topic, String problem) {
    assertThatThrownBy(() -> OneSchema.found(config("avro-schema: '%s'"), topic))
        .isInstanceOfSatisfying(
            ConfigException.class, e -> assertThat(e.problems()).containsExactly(problem));
  }

  private static Map<TopicPartition, SchemaRef> unasked() {
    throw new AssertionError("nobody should ask");
  }

  private static JobConfig config(String schema) {
    return Samples.config(
        "source: {topic: t, format: avro, framing: confluent, %s, mapping: {series: id, %s}}"
            .formatted(schema.formatted(SCHEMA), MAPPING));
  }
}
