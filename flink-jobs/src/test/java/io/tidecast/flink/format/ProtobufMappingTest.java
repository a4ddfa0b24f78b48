package io.tidecast.flink.format;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.DescriptorProtos.FileDescriptorSet;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FileDescriptor;
import com.google.protobuf.DynamicMessage;
import com.google.protobuf.TextFormat;
import com.google.protobuf.TimestampProto;
import io.tidecast.flink.config.ConfigException;
import io.tidecast.flink.config.JobConfig;
import io.tidecast.flink.format.protobuf.MessageType;
import io.tidecast.flink.format.protobuf.ProtobufSchemas;
import io.tidecast.flink.record.ParsedMeasurement;
import io.tidecast.flink.registry.RegisteredSchema;
import io.tidecast.flink.registry.SchemaKind;
import io.tidecast.flink.source.ParseMeasurements;
import io.tidecast.flink.testing.FakeRegistry;
import io.tidecast.flink.testing.Framed;
import io.tidecast.flink.testing.Samples;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import org.apache.flink.util.InstantiationUtil;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ProtobufMappingTest {

  private static final String ALL =
      """
      // Whatever a language has.
      syntax = "proto3";
      package com.example;
      import "google/protobuf/timestamp.proto";
      import "google/protobuf/wrappers.proto";
      import "confluent/type/decimal.proto";
      import "confluent/meta.proto";
      option java_package = "com.example.generated";
      message Reading {
        option deprecated = false;
        reserved 2, 40 to 50;
        enum Kind { UNKNOWN = 0; POWER = 1; }
        message Part { double v = 1; }
        string id = 1 [(confluent.field_meta) = {doc: "a meter"}];
        int64 millis = 3;
        google.protobuf.Timestamp at = 4;
        Kind kind = 5;
        double d = 6;
        float f = 7;
        optional double maybe = 8;
        uint64 big = 9;
        uint32 small = 10;
        sint32 signed = 11;
        repeated Part parts = 12;
        map<string, Part> by = 13;
        map<int32, double> by_number = 14;
        oneof either { double left = 15; string right = 16; }
        google.protobuf.DoubleValue wrapped = 17;
        confluent.type.Decimal exact = 18;
        repeated double list = 19;
        bool on = 20;
        google.protobuf.FloatValue narrow = 21;
      }
      service Readings { rpc Read (Reading) returns (Reading); }
      """;

  private final FakeRegistry registry = new FakeRegistry();

  @AfterEach
  void close() {
    registry.close();
  }

  /** What the message says besides its id and time, a path, and its value or why there is none. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "d: 1.5|d|1.5",
        "f: 1.5|f|1.5",
        "|d|0.0",
        "|maybe|missing-field maybe schema of id 1",
        "maybe: 0|maybe|0.0",
        "big: 18446744073709551615|big|1.8446744073709552E19",
        "small: 4294967295|small|4.294967295E9",
        "signed: -3|signed|-3.0",
        "parts {v: 1} parts {v: 2}|parts[1].v|2.0",
        "parts {v: 1}|parts[1].v|missing-field parts[1].v",
        "by {key: 'a' value {v: 4}}|by.a.v|4.0",
        "by_number {key: 7 value: 4}|by_number.7|4.0",
        "left: 4|left|4.0",
        "right: 'x'|left|missing-field left",
        "wrapped {value: 0}|wrapped|0.0",
        "|wrapped|missing-field wrapped",
        "f: -999.9|f|missing-field f",
        "narrow {value: -999.9}|narrow|missing-field narrow",
        "narrow {value: 1.5}|narrow|1.5",
        "exact {value: '\\003\\204' precision: 9 scale: 2}|exact|9.0",
        "list: [1, 2, 3]|list[2]|3.0",
        "on: true|on|refused",
        "|parts|refused",
        "|nothing|refused",
      })
  void shouldMap(String text, String path, String expected) throws Exception {
    registry.add("observations-value", SchemaKind.PROTOBUF, ALL);
    if (expected.equals("refused")) {
      assertThatThrownBy(
              () -> parser("mapping: {series: id, time: at, values: '%s'}".formatted(path)))
          .isInstanceOf(ConfigException.class);
      return;
    }
    ParseMeasurements parser =
        parser(
            "mapping: {series: [id, kind], time: at, values: '%s', missing-words: [-999.9]}"
                .formatted(path));
    byte[] message =
        message(
            descriptor(ALL, "com.example.Reading"),
            "id: 'm1' kind: POWER at {seconds: 1700000100 nanos: 5999999} "
                + (text == null ? "" : text));

    assertOutcome(parse(parser, framed(1, message, 0)), "m1/POWER 1700000100005 [%s]", expected);
  }

  /** The fields that are read and that were written, what was, and kw or why there is none. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "double kw = 3; double volts = 4;|double volts = 4; double kw = 3;|kw: 9 volts: 230|9.0",
        "double kw = 3;|double kw = 3; string more = 4;|kw: 9 more: 'x'|9.0",
        "double kw = 3;|double other = 4;|other: 230|missing-field kw schema of id 2",
        "double kw = 3;|double power = 3;|power: 9|9.0",
        "double kw = 3;|double kw = 7;|kw: 9|9.0",
        "double kw = 3;|sint32 kw = 3;|kw: 9|9.0",
        "double kw = 3;|float kw = 3;|kw: 1.5|1.5",
        "int32 kw = 3;|int64 kw = 3;|kw: 9|9.0",
        "double kw = 3;|string kw = 3;|kw: '9'|invalid-field kw schema of id 2",
        "double kw = 3; double volts = 4;|double kw = 4; double volts = 3;|kw: 9 volts: 230|incompatible-schema kw = 4 volts = 3 id 2",
        "double kw = 3; double volts = 4;|double volts = 3;|volts: 230|missing-field kw schema of id 2",
        "double kw = 3;|double power = 3; double kw = 4;|kw: 230 power: 9|incompatible-schema kw = 4 power = 3",
      })
  void shouldReadTheRightValueOrSayWhyNot(String read, String written, String text, String expected)
      throws Exception {
    String reader = reading(read);
    registry.add("observations-value", SchemaKind.PROTOBUF, reading(written));
    // The mapping is held against the latest.
    registry.add("old", SchemaKind.PROTOBUF, reading(written));
    registry.add("read", SchemaKind.PROTOBUF, reader);
    ParseMeasurements parser = parser("subject: read, mapping: {series: id, time: at, values: kw}");
    byte[] message = message(descriptor(reading(written), "ex.Reading"), "id: 'm1' at: 5 " + text);

    assertOutcome(parse(parser, framed(2, message, 0)), "m1 5 [%s]", expected);
  }

  @Test
  void shouldNameSeriesByTheNumberThatADecimalIs() throws Exception {
    registry.add("observations-value", SchemaKind.PROTOBUF, ALL);
    ParseMeasurements parser = parser("mapping: {series: exact, time: at, values: d}");
    String text = "at {seconds: 1} d: 2 exact {value: '\\003\\%s' precision: 9 scale: 2}";
    Descriptor type = descriptor(ALL, "com.example.Reading");

    assertOutcome(
        parse(parser, framed(1, message(type, text.formatted("204")), 0)), "9 1000 [%s]", "2.0");
    assertOutcome(
        parse(parser, framed(1, message(type, text.formatted("205")), 0)),
        "",
        "invalid-field whole exact=9.01");
  }

  private static String reading(String fields) {
    return "syntax = \"proto3\"; package ex; message Reading { string id = 1; int64 at = 2; %s }"
        .formatted(fields);
  }

  /** Several messages in one file, and several of them in one topic. */
  @Test
  void shouldKnowTheMessageByItsIndexes() throws Exception {
    String text =
        """
        syntax = "proto3";
        package ex;
        enum Before { NONE = 0; }
        message Weather { string id = 1; int64 at = 2; double kw = 3; }
        message Outer {
          map<string, int32> some = 1;
          message First { string id = 1; int64 at = 2; double kw = 3; }
          enum Between { ALSO_NONE = 0; }
          message Reading { string id = 1; int64 at = 2; double kw = 3; }
        }
        """;
    int id = registry.add("observations-value", SchemaKind.PROTOBUF, text);
    ParseMeasurements parser =
        parser("protobuf-message: ex.Outer.Reading, mapping: {series: id, time: at, values: kw}");
    byte[] message = message(descriptor(text, "ex.Outer.Reading"), "id: 'm1' at: 5 kw: 9");

    assertOutcome(parse(parser, framed(id, message, 4, 2, 2)), "m1 5 [%s]", "9.0");
    assertOutcome(
        parse(parser, framed(id, message, 0)),
        "",
        "incompatible-schema ex.Outer.Reading ex.Weather id 1");
    assertOutcome(
        parse(parser, framed(id, message, 4, 2, 0)), "", "incompatible-schema ex.Outer.First");
    assertOutcome(parse(parser, framed(id, message, 4, 2, 8)), "", "incompatible-schema [1, 4]");
    assertOutcome(parse(parser, framed(id, new byte[0], 4, 2)), "", "malformed which message");
    assertOutcome(
        parse(parser, framed(id, new byte[0], 255, 255, 255, 255, 255)),
        "",
        "malformed which message");
    assertOutcome(parse(parser, framed(77, message, 0)), "", "unknown-schema id 77");
    // In the header the indexes follow the GUID.
    ByteArrayOutputStream header = new ByteArrayOutputStream();
    header.write(1);
    UUID guid = registry.guid(id);
    header.writeBytes(
        ByteBuffer.allocate(16)
            .putLong(guid.getMostSignificantBits())
            .putLong(guid.getLeastSignificantBits())
            .array());
    header.writeBytes(new byte[] {4, 2, 2});
    assertOutcome(
        parse(parser, message, new RecordHeaders().add("__value_schema_id", header.toByteArray())),
        "m1 5 [%s]",
        "9.0");
  }

  @Test
  void shouldReadFilesThatImportOthers() throws Exception {
    String load = "syntax = \"proto3\"; package ex; message Load { double kw = 1; }";
    registry.add("load", SchemaKind.PROTOBUF, load);
    String text =
        "syntax = \"proto3\"; package ex; import \"load.proto\"; message Reading { string id = 1; int64 at = 2; Load load = 3; }";
    int id =
        registry.add(
            "observations-value",
            SchemaKind.PROTOBUF,
            text,
            new String[] {"load.proto", "load", "1"});
    ParseMeasurements parser = parser("mapping: {series: id, time: at, values: load.kw}");
    Descriptor reading =
        ProtobufSchemas.of(
                new RegisteredSchema(SchemaKind.PROTOBUF, text, Map.of("load.proto", load)))
            .getMessageTypes()
            .get(0);

    assertOutcome(
        parse(parser, framed(id, message(reading, "id: 'm1' at: 5 load {kw: 9}"), 0)),
        "m1 5 [%s]",
        "9.0");
  }

  @Test
  void shouldReadWithADescriptorSetAndNoRegistry(@TempDir Path folder) throws Exception {
    FileDescriptor file = ProtobufSchemas.of(RegisteredSchema.of(SchemaKind.PROTOBUF, ALL));
    Path set = folder.resolve("reading.desc");
    Files.write(
        set,
        FileDescriptorSet.newBuilder()
            .addFile(TimestampProto.getDescriptor().toProto())
            .addFile(file.toProto())
            .build()
            .toByteArray());
    byte[] message =
        message(descriptor(ALL, "com.example.Reading"), "id: 'm1' at {seconds: 1} d: 9");
    for (boolean framed : new boolean[] {false, true}) {
      ParseMeasurements parser =
          without(
              "framing: %s, protobuf-descriptor: '%s', mapping: {series: id, time: at, values: d}"
                  .formatted(framed ? "confluent" : "none", set));
      byte[] value = framed ? framed(12, message, 0) : message;
      assertOutcome(parse(parser, value), "m1 1000 [%s]", "9.0");
      if (!framed) {
        assertOutcome(parse(parser, framed(12, message, 0)), "", "malformed framing: confluent");
      }
    }
  }

  /** Without the schema that wrote it, a number of another type would seem to be absent, and 0. */
  @Test
  void shouldNotTakeForAbsentWhatWasWrittenAsSomethingElse(@TempDir Path folder) throws Exception {
    Path set = folder.resolve("reading.desc");
    FileDescriptor file =
        ProtobufSchemas.of(RegisteredSchema.of(SchemaKind.PROTOBUF, reading("double kw = 3;")));
    Files.write(set, FileDescriptorSet.newBuilder().addFile(file.toProto()).build().toByteArray());
    ParseMeasurements parser =
        without(
            "protobuf-descriptor: '%s', mapping: {series: id, time: at, values: kw}"
                .formatted(set));
    byte[] message =
        message(descriptor(reading("string kw = 3;"), "ex.Reading"), "id: 'm1' at: 5 kw: '9'");

    assertOutcome(parse(parser, message), "", "incompatible-schema kw = 3 double");
  }

  @Test
  void shouldTravelToTheClusterAndAnswerForWhateverIsInTheBytes() throws Exception {
    registry.add("observations-value", SchemaKind.PROTOBUF, ALL);
    ParseMeasurements parser =
        InstantiationUtil.clone(
            Samples.closedParser(
                config("mapping: {series: id, time: at, values: 'parts[0].v'}", true)));
    parser.open(null);
    byte[] whole =
        framed(
            1,
            message(
                descriptor(ALL, "com.example.Reading"),
                "id: 'm1' at {seconds: 1} parts {v: 9} by {key: 'a' value {v: 4}}"),
            0);
    assertOutcome(parse(parser, whole), "m1 1000 [%s]", "9.0");
    Random random = new Random(7);
    int good = 0;
    for (int i = 0; i < 3_000; i++) {
      byte[] bytes = whole.clone();
      for (int flips = 1 + random.nextInt(3); flips > 0; flips--) {
        bytes[5 + random.nextInt(bytes.length - 5)] ^= (byte) (1 << random.nextInt(8));
      }
      good += parse(parser, bytes).accepted() == null ? 0 : 1;
    }
    assertThat(good).isBetween(1, 2_999);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "subject: two|must be a message of source.subject=two, one of ex.A, ex.B: source.protobuf-message",
        "protobuf-message: ex.C, subject: two|must be a message of source.subject=two, one of ex.A, ex.B: source.protobuf-message=ex.C",
        "subject: avro|must be of a schema of Protobuf: source.subject=avro is of AVRO",
        "subject: bad|must be of a schema that Protobuf can read: source.subject=bad",
        "protobuf-descriptor: nowhere|must be a readable file: source.protobuf-descriptor=nowhere",
      })
  void shouldRefuseAtTheStart(String keys, String problem) {
    registry.add(
        "two", SchemaKind.PROTOBUF, "syntax = \"proto3\"; package ex; message A {} message B {}");
    registry.add("avro", SchemaKind.AVRO, "\"string\"");
    registry.add("bad", SchemaKind.PROTOBUF, "mess {");
    assertThatThrownBy(() -> config(keys + ", mapping: {series: id, time: at, values: kw}", true))
        .isInstanceOfSatisfying(
            ConfigException.class, e -> assertThat(e.problems()).contains(problem));
  }

  private ParseMeasurements parser(String keys) {
    return Samples.parser(config(keys, true));
  }

  private ParseMeasurements without(String keys) {
    return Samples.parser(config(keys, false));
  }

  private JobConfig config(String keys, boolean registered) {
    List<String> lines = new ArrayList<>();
    lines.add(
        "source: {format: protobuf, %s%s}"
            .formatted(registered ? "framing: confluent, " : "", keys));
    if (registered) {
      lines.add("registry: {url: '%s'}".formatted(registry.url()));
    }
    return Samples.config(lines.toArray(new String[0]));
  }

  private static Descriptor descriptor(String text, String name) {
    return MessageType.find(
        ProtobufSchemas.of(RegisteredSchema.of(SchemaKind.PROTOBUF, text)), name);
  }

  private static byte[] message(Descriptor type, String text) throws Exception {
    DynamicMessage.Builder message = DynamicMessage.newBuilder(type);
    TextFormat.merge(text, message);
    return message.build().toByteArray();
  }

  /**
   * @param indexes as they are written
   */
  private static byte[] framed(int id, byte[] message, int... indexes) {
    ByteArrayOutputStream body = new ByteArrayOutputStream();
    for (int one : indexes) {
      body.write(one);
    }
    body.writeBytes(message);
    return Framed.framed(id, body.toByteArray());
  }

  private static ParsedMeasurement parse(ParseMeasurements parser, byte[] value) {
    return parse(parser, value, Samples.NO_HEADERS);
  }

  private static ParsedMeasurement parse(ParseMeasurements parser, byte[] value, Headers headers) {
    List<ParsedMeasurement> all = parser.parse(Samples.source(value), headers);
    assertThat(all.stream().filter(one -> one.passedOver() == null)).hasSize(1);
    return all.get(0);
  }

  private static void assertOutcome(ParsedMeasurement parsed, String good, String expected) {
    if (expected.matches("-?\\d.*")) {
      assertThat(parsed.rejection()).isNull();
      assertThat(JsonMappingTest.outcome(parsed)).isEqualTo(good.formatted(expected));
      return;
    }
    String[] words = expected.split(" ");
    assertThat(parsed.rejection()).as("%s", parsed).isNotNull();
    assertThat(parsed.rejection().code().code()).isEqualTo(words[0]);
    assertThat(parsed.rejection().detail())
        .contains(Arrays.copyOfRange(words, 1, words.length))
        .doesNotContain("Exception", "com.google");
  }
}
