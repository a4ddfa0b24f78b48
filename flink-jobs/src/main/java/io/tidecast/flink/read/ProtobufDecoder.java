package io.tidecast.flink.read;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.WireFormat;
import io.tidecast.flink.format.protobuf.ProtobufSchemas;
import io.tidecast.flink.registry.SchemaKind;
import io.tidecast.flink.registry.SchemaRef;
import io.tidecast.flink.registry.SchemaRegistry;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.apache.avro.Schema;
import org.apache.avro.specific.SpecificRecordBase;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;

/**
 * Reads messages of Protobuf whose fields are numbered in the order of the schema, from 1. Fields
 * of a later version are passed over. One thread.
 */
final class ProtobufDecoder<T extends SpecificRecordBase> implements RecordDecoder<T> {

  private final RecordType<T> type;
  private final @Nullable SchemaRegistry registry;
  private final Set<SchemaRef> known = new HashSet<>();

  /**
   * @param registry that has the schemas; null where records do not name them
   */
  ProtobufDecoder(RecordType<T> type, @Nullable SchemaRegistry registry) {
    this.type = type;
    this.registry = registry;
  }

  @Override
  public T decode(ConsumerRecord<byte[], byte[]> record) {
    byte[] message = RecordDecoders.value(record);
    if (registry != null) {
      message = unframed(Framed.of(message, SchemaKind.PROTOBUF, registry));
    }
    try {
      return read(CodedInputStream.newInstance(message));
    } catch (IOException e) {
      throw new IllegalArgumentException(
          "value must be a whole message %s%s: %d bytes"
              .formatted(
                  type.schema().getFullName(),
                  registry == null ? " without a frame, as sink.framing=none says" : "",
                  message.length),
          e);
    }
  }

  /** Sees to it that it is the first message of its schema, and that this is ours. */
  private byte[] unframed(Framed framed) {
    List<String> messages =
        known.contains(framed.ref())
            ? List.of(type.schema().getFullName())
            : ProtobufSchemas.messages(ProtobufSchemas.of(framed.schema()));
    if (framed.rest()[0] != 0
        || messages.isEmpty()
        || !messages.get(0).equals(type.schema().getFullName())) {
      throw new IllegalArgumentException(
          "record must be the message %s, first of its schema: %s has %s"
              .formatted(type.schema().getFullName(), framed.ref(), String.join(", ", messages)));
    }
    known.add(framed.ref());
    return Arrays.copyOfRange(framed.rest(), 1, framed.rest().length);
  }

  private T read(CodedInputStream in) throws IOException {
    T value = type.empty().get();
    List<Schema.Field> fields = type.schema().getFields();
    fields.forEach(field -> value.put(field.pos(), absent(field)));
    for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
      int number = WireFormat.getTagFieldNumber(tag);
      if (number > fields.size()) {
        in.skipField(tag);
      } else {
        Schema.Field field = fields.get(number - 1);
        value.put(field.pos(), read(in, tag, field, value.get(field.pos())));
      }
    }
    for (Schema.Field field : fields) {
      if (value.get(field.pos()) == null && !FieldType.isOptional(field)) {
        throw new InvalidProtocolBufferException(field.name());
      }
    }
    return value;
  }

  /** What a field is that was not written. */
  private static @Nullable Object absent(Schema.Field field) {
    if (FieldType.isOptional(field)) {
      return null;
    }
    return switch (FieldType.of(field)) {
      case TEXT -> field.defaultVal() instanceof String text ? text : "";
      case INT -> 0;
      case LONG -> 0L;
      case NUMBER -> 0.0;
      case FLAG -> false;
      case TEXTS, NUMBERS -> new ArrayList<>();
      case TIME, BYTES -> null;
    };
  }

  private static Object read(CodedInputStream in, int tag, Schema.Field field, Object before)
      throws IOException {
    FieldType of = FieldType.of(field);
    int wire = WireFormat.getTagWireType(tag);
    int expected =
        switch (of) {
          case INT, LONG, FLAG -> WireFormat.WIRETYPE_VARINT;
          case NUMBER -> WireFormat.WIRETYPE_FIXED64;
          case TEXT, TEXTS, TIME, BYTES, NUMBERS -> WireFormat.WIRETYPE_LENGTH_DELIMITED;
        };
    if (wire != expected) {
      throw new InvalidProtocolBufferException(field.name());
    }
    return switch (of) {
      case TEXT -> in.readStringRequireUtf8();
      case INT -> in.readInt32();
      case LONG -> in.readInt64();
      case NUMBER -> in.readDouble();
      case FLAG -> in.readBool();
      case BYTES -> ByteBuffer.wrap(in.readByteArray());
      case TIME -> time(CodedInputStream.newInstance(in.readByteArray()));
      case TEXTS -> added(before, in.readStringRequireUtf8());
      case NUMBERS -> numbers(before, CodedInputStream.newInstance(in.readByteArray()));
    };
  }

  private static List<Object> added(Object list, Object element) {
    List<Object> longer = new ArrayList<>((List<?>) list);
    longer.add(element);
    return longer;
  }

  private static List<Object> numbers(Object list, CodedInputStream packed) throws IOException {
    List<Object> longer = new ArrayList<>((List<?>) list);
    while (!packed.isAtEnd()) {
      longer.add(packed.readDouble());
    }
    return longer;
  }

  /** A {@code google.protobuf.Timestamp}. */
  private static Instant time(CodedInputStream in) throws IOException {
    long seconds = 0;
    int nanos = 0;
    for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
      switch (WireFormat.getTagFieldNumber(tag)) {
        case 1 -> seconds = in.readInt64();
        case 2 -> nanos = in.readInt32();
        default -> in.skipField(tag);
      }
    }
    try {
      return Instant.ofEpochSecond(seconds, nanos);
    } catch (DateTimeException e) {
      throw new InvalidProtocolBufferException("seconds");
    }
  }
}
