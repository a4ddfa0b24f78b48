package io.tidecast.flink.sink.record;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.google.protobuf.ByteString;
import com.google.protobuf.DescriptorProtos.FileDescriptorProto;
import com.google.protobuf.DescriptorProtos.FileDescriptorSet;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Descriptors.FileDescriptor;
import com.google.protobuf.DynamicMessage;
import com.google.protobuf.Message;
import com.google.protobuf.TimestampProto;
import io.tidecast.flink.sink.RecordFormat;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.Base64;
import java.util.Date;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericDatumReader;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.io.BinaryDecoder;
import org.apache.avro.io.DecoderFactory;
import org.apache.avro.message.BinaryMessageDecoder;
import org.apache.kafka.connect.data.Field;
import org.apache.kafka.connect.data.SchemaAndValue;
import org.apache.kafka.connect.data.Struct;
import org.apache.kafka.connect.json.JsonConverter;

/**
 * Reads records as others do, with nothing of what writes them. What was read is a map: whole
 * numbers as longs, times as instants, bytes in base64.
 */
final class Readers {

  private static final ObjectMapper JSON =
      JsonMapper.builder().enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION).build();

  private Readers() {}

  static Map<String, Object> of(RecordFormat format, RecordKind kind, byte[] value)
      throws Exception {
    return switch (format) {
      case TIDECAST ->
          avro(
              new BinaryMessageDecoder<GenericRecord>(new GenericData(), kind.schema())
                  .decode(value));
      case JSON -> json(value);
      case CONNECT_JSON -> connect(value);
      case AVRO -> avro(bare(kind.schema(), value));
      case PROTOBUF -> protobuf(DynamicMessage.parseFrom(descriptor(kind), value));
    };
  }

  private static GenericRecord bare(Schema schema, byte[] value) throws Exception {
    BinaryDecoder decoder = DecoderFactory.get().binaryDecoder(value, null);
    GenericRecord record = new GenericDatumReader<GenericRecord>(schema).read(null, decoder);
    assertThat(decoder.isEnd()).isTrue();
    return record;
  }

  private static Map<String, Object> avro(GenericRecord record) {
    Map<String, Object> read = new LinkedHashMap<>();
    for (Schema.Field field : record.getSchema().getFields()) {
      Object value = record.get(field.pos());
      boolean time =
          field.schema().toString().contains("timestamp-millis") && value instanceof Long;
      read.put(field.name(), time ? Instant.ofEpochMilli((Long) value) : plain(value));
    }
    return read;
  }

  @SuppressWarnings("unchecked") // An object of JSON is one of names.
  private static Map<String, Object> json(byte[] value) throws Exception {
    Map<String, Object> read = JSON.readValue(value, LinkedHashMap.class);
    read.replaceAll(
        (name, one) ->
            one instanceof String text && text.matches("\\d{4}-.*Z")
                ? Instant.parse(text)
                : plain(one));
    return read;
  }

  /** As a sink of Connect does that has {@code JsonConverter} with schemas. */
  static Map<String, Object> connect(byte[] value) {
    try (JsonConverter converter = new JsonConverter()) {
      converter.configure(Map.of("schemas.enable", true), false);
      SchemaAndValue read = converter.toConnectData("topic", value);
      Struct struct = (Struct) read.value();
      struct.validate();
      Map<String, Object> fields = new LinkedHashMap<>();
      for (Field field : read.schema().fields()) {
        fields.put(field.name(), plain(struct.get(field)));
      }
      return fields;
    }
  }

  static Descriptor descriptor(RecordKind kind) throws Exception {
    FileDescriptorSet files;
    try (InputStream in = Readers.class.getResourceAsStream("records.desc")) {
      files = FileDescriptorSet.parseFrom(in);
    }
    String name = kind.fullName().substring(kind.fullName().lastIndexOf('.') + 1);
    for (FileDescriptorProto file : files.getFileList()) {
      if (file.getMessageTypeCount() > 0 && file.getMessageType(0).getName().equals(name)) {
        return FileDescriptor.buildFrom(file, new FileDescriptor[] {TimestampProto.getDescriptor()})
            .getMessageTypes()
            .get(0);
      }
    }
    throw new AssertionError("no message " + name);
  }

  private static Map<String, Object> protobuf(DynamicMessage message) {
    assertThat(message.getUnknownFields().asMap()).isEmpty();
    Map<String, Object> read = new LinkedHashMap<>();
    for (FieldDescriptor field : message.getDescriptorForType().getFields()) {
      boolean absent = field.hasPresence() && !message.hasField(field);
      read.put(field.getJsonName(), absent ? null : plain(message.getField(field)));
    }
    return read;
  }

  private static Object plain(Object value) {
    if (value instanceof Integer whole) {
      return whole.longValue();
    }
    if (value instanceof Date time) {
      return time.toInstant();
    }
    if (value instanceof CharSequence text) {
      return text.toString();
    }
    if (value instanceof ByteString bytes) {
      return Base64.getEncoder().encodeToString(bytes.toByteArray());
    }
    if (value instanceof ByteBuffer bytes) {
      byte[] copy = new byte[bytes.remaining()];
      bytes.duplicate().get(copy);
      return Base64.getEncoder().encodeToString(copy);
    }
    if (value instanceof byte[] bytes) {
      return Base64.getEncoder().encodeToString(bytes);
    }
    if (value instanceof Message time) {
      Descriptor type = time.getDescriptorForType();
      return Instant.ofEpochSecond(
          (Long) time.getField(type.findFieldByName("seconds")),
          (Integer) time.getField(type.findFieldByName("nanos")));
    }
    if (value instanceof List<?> list) {
      return list.stream().map(Readers::plain).toList();
    }
    return value;
  }
}
