package io.tidecast.flink.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.tidecast.flink.record.ParsedMeasurement;
import io.tidecast.flink.registry.http.HttpSchemaRegistry;
import io.tidecast.flink.source.ParseMeasurements;
import io.tidecast.flink.testing.Framed;
import io.tidecast.flink.testing.RealRegistry;
import io.tidecast.flink.testing.Samples;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericRecord;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is asked of a registry is what a real one answers. */
@Tag("cluster")
class RealRegistryITCase {

  private static final String V1 =
      "{\"type\": \"record\", \"name\": \"Reading\", \"namespace\": \"ex\", \"fields\": [{\"name\": \"meter\", \"type\": \"string\"}, {\"name\": \"ts\", \"type\": \"long\"}, {\"name\": \"kw\", \"type\": \"double\"}, {\"name\": \"volts\", \"type\": \"double\"}]}";
  private static final String V2 =
      "{\"type\": \"record\", \"name\": \"Reading\", \"namespace\": \"ex\", \"fields\": [{\"name\": \"meter\", \"type\": \"string\"}, {\"name\": \"ts\", \"type\": \"long\"}, {\"name\": \"volts\", \"type\": \"double\"}, {\"name\": \"kw\", \"type\": \"double\"}]}";
  private static final String PROTO =
      "syntax = \"proto3\";\npackage ex;\n\nmessage Reading {\n  string meter = 1;\n  int64 ts = 2;\n  double kw = 3;\n}\n";

  private static RealRegistry real;
  private static SchemaRegistry registry;

  @BeforeAll
  static void start(@TempDir Path folder) throws Exception {
    Optional<String> missing = RealRegistry.missing();
    assumeTrue(missing.isEmpty(), () -> missing.orElse(""));
    real = RealRegistry.start(folder);
    registry = HttpSchemaRegistry.open(RegistrySettings.of(real.url()), RegistryWatcher.NONE);
  }

  @AfterAll
  static void stop() {
    if (real != null) {
      real.close();
    }
  }

  @Test
  void shouldRegisterAndFindSchemasOfEveryKind() throws Exception {
    for (RegisteredSchema schema :
        List.of(
            RegisteredSchema.of(SchemaKind.AVRO, V1),
            RegisteredSchema.of(
                SchemaKind.JSON,
                "{\"$schema\":\"http://json-schema.org/draft-07/schema#\",\"type\":\"object\"}"),
            RegisteredSchema.of(SchemaKind.PROTOBUF, PROTO))) {
      String subject = "kind of " + schema.kind();
      assertThat(registry.complaints(subject, schema)).isEmpty();
      int id = registry.register(subject, schema);
      assertThat(registry.register(subject, schema)).isEqualTo(id);
      RegisteredSchema found = registry.schema(new SchemaRef.Id(id));
      assertThat(found.kind()).isEqualTo(schema.kind());
      assertThat(found.text().replaceAll("\\s", "")).isEqualTo(schema.text().replaceAll("\\s", ""));
      assertThat(registry.latest(subject)).isEqualTo(found);
    }
  }

  @Test
  void shouldTellWhatIsUnknown() {
    assertThatThrownBy(() -> registry.schema(new SchemaRef.Id(1_000_000)))
        .isInstanceOf(UnknownSchemaException.class);
    assertThatThrownBy(() -> registry.latest("nobody's"))
        .isInstanceOf(UnknownSchemaException.class);
    assertThatThrownBy(() -> registry.schema(new SchemaRef.Guid(UUID.randomUUID())))
        .isInstanceOf(UnknownSchemaException.class);
  }

  @Test
  void shouldFindOutAWrongAddress() {
    URI wrong = real.url().resolve("/apis/nothing");
    assertThatThrownBy(
            () -> HttpSchemaRegistry.open(RegistrySettings.of(wrong), RegistryWatcher.NONE).ping())
        .isInstanceOf(RegistryException.class)
        .hasMessageContaining("must be the address of a schema registry");
  }

  @Test
  void shouldReadEachRecordWithTheSchemaThatWroteIt() throws Exception {
    int first = registry.register("meters-value", RegisteredSchema.of(SchemaKind.AVRO, V1));
    int second = registry.register("meters-value", RegisteredSchema.of(SchemaKind.AVRO, V2));
    int proto = registry.register("protos-value", RegisteredSchema.of(SchemaKind.PROTOBUF, PROTO));
    ParseMeasurements parser = parser("meters", "avro");

    assertThat(outcome(parser, Framed.framed(first, record(V1)))).isEqualTo("m1 5 9.0");
    assertThat(outcome(parser, Framed.framed(second, record(V2)))).isEqualTo("m1 5 9.0");
    assertThat(outcome(parser, Framed.framed(777_777, record(V2)))).contains("id 777777");
    // The bytes of a message: its indexes, then meter, ts and kw.
    ByteArrayOutputStream message = new ByteArrayOutputStream();
    message.writeBytes(new byte[] {0, 10, 2, 'm', '1', 16, 5, 25});
    message.writeBytes(
        ByteBuffer.allocate(8).order(java.nio.ByteOrder.LITTLE_ENDIAN).putDouble(9).array());
    assertThat(outcome(parser("protos", "protobuf"), Framed.framed(proto, message.toByteArray())))
        .isEqualTo("m1 5 9.0");
  }

  private static ParseMeasurements parser(String topic, String format) {
    return Samples.parser(
        Samples.config(
            "source: {topic: %s, format: %s, framing: confluent, mapping: {series: meter, time: ts, values: kw}}"
                .formatted(topic, format),
            "registry: {url: '%s'}".formatted(real.url())));
  }

  private static byte[] record(String text) throws IOException {
    Schema schema = new Schema.Parser().parse(text);
    GenericRecord record = new GenericData.Record(schema);
    record.put("meter", "m1");
    record.put("ts", 5L);
    record.put("kw", 9.0);
    record.put("volts", 230.0);
    return Framed.avro(schema, record);
  }

  private static String outcome(ParseMeasurements parser, byte[] value) {
    ParsedMeasurement parsed = parser.parse(Samples.source(value), Samples.NO_HEADERS).get(0);
    return parsed.rejection() != null
        ? parsed.rejection().detail()
        : "%s %d %s"
            .formatted(
                parsed.accepted().series(),
                parsed.accepted().timeMillis(),
                parsed.accepted().values()[0]);
  }
}
