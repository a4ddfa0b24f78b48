package io.tidecast.flink.format.avro;

import static java.util.Objects.requireNonNull;

import io.tidecast.flink.format.field.FieldPath.Step;
import io.tidecast.flink.format.field.RecordTree;
import io.tidecast.flink.format.field.RefusedException;
import io.tidecast.flink.format.schema.Frame;
import io.tidecast.flink.format.schema.Written;
import io.tidecast.flink.registry.SchemaRef;
import io.tidecast.schemas.ErrorCode;
import java.io.IOException;
import java.math.BigDecimal;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.IntStream;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericEnumSymbol;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.io.BinaryDecoder;
import org.apache.avro.io.DecoderFactory;
import org.apache.avro.util.Utf8;
import org.apache.kafka.common.header.Headers;
import org.jspecify.annotations.Nullable;

/**
 * Reads Avro records in binary encoding: decoded with the schema that wrote them, and seen through
 * the one that the mapping was held against. One thread uses it.
 */
public final class AvroTree implements RecordTree {

  private final Written written;
  private final Writers writers;
  private final String header;
  private @Nullable BinaryDecoder decoder;
  private @Nullable Writer writer;

  /**
   * @param writers where the schemas are that wrote the records; not shared
   */
  public AvroTree(Writers writers) {
    this(writers, Frame.VALUE_HEADER);
  }

  private AvroTree(Writers writers, String header) {
    this.written = writers.written();
    this.writers = writers;
    this.header = header;
    this.writer = writers.unframed();
  }

  /**
   * Returns a reader of keys, each of which names the schema that wrote it.
   *
   * @param writers where the schemas are; not shared
   */
  public static AvroTree ofKeys(Writers writers) {
    return new AvroTree(writers, Frame.KEY_HEADER);
  }

  @Override
  public byte[] unframed(byte[] value, Headers headers) throws RefusedException {
    if (written instanceof Written.Unframed) {
      return value;
    }
    writer = null;
    Frame frame = Frame.of(value, headers, header);
    writer = writers.of(frame.schema());
    return frame.rest();
  }

  @Override
  public @Nullable String schemaName() {
    SchemaRef ref = writer == null ? null : writer.ref();
    return ref == null ? null : ref.toString();
  }

  @Override
  public Object decode(byte[] value) throws RefusedException {
    Writer with = requireNonNull(writer, "writer is null");
    Object root;
    try {
      // Over an array, not a stream: only so does Avro hold claimed lengths against the bytes there
      // are.
      decoder = DecoderFactory.get().binaryDecoder(value, decoder);
      root = with.reader().read(null, decoder);
      if (!decoder.isEnd()) {
        throw malformed("bytes must end with the record", value);
      }
      root = with.shape().of(root);
    } catch (IOException | RuntimeException | StackOverflowError e) {
      // The stack ends where a schema contains itself and the bytes go down and down.
      throw malformed("bytes must be a whole " + with.schema().getFullName(), value);
    }
    if (root instanceof Shape.Unreadable unreadable) {
      throw unreadable.refused("the record");
    }
    return requireNonNull(root, "root is null");
  }

  @Override
  public @Nullable Object child(Object node, Step step) throws RefusedException {
    Object child = anyChild(node, step);
    if (child instanceof Shape.Unreadable unreadable) {
      throw unreadable.refused(step.toString());
    }
    return child;
  }

  private static @Nullable Object anyChild(Object node, Step step) {
    if (step.name() == null) {
      if (!(node instanceof List<?> list)) {
        return NO_PARENT;
      }
      return step.index() < list.size() ? list.get(step.index()) : null;
    }
    if (node instanceof Map<?, ?> map) {
      return map.containsKey(step.name()) ? map.get(step.name()) : map.get(new Utf8(step.name()));
    }
    if (!(node instanceof GenericRecord record)) {
      return NO_PARENT;
    }
    // Absent where a union holds a record of another kind.
    Schema.Field field = record.getSchema().getField(step.name());
    return field == null ? null : record.get(field.pos());
  }

  @Override
  public @Nullable Iterator<Child> children(Object node) {
    if (node instanceof List<?> list) {
      return IntStream.range(0, list.size()).mapToObj(i -> new Child(i, list.get(i))).iterator();
    }
    if (node instanceof Map<?, ?> map) {
      return map.entrySet().stream()
          .map(entry -> new Child(String.valueOf(entry.getKey()), entry.getValue()))
          .iterator();
    }
    return node instanceof GenericRecord record
        ? record.getSchema().getFields().stream()
            .map(field -> new Child(field.name(), record.get(field.pos())))
            .iterator()
        : null;
  }

  @Override
  public int length(Object node) {
    return node instanceof List<?> list ? list.size() : -1;
  }

  @Override
  public Object scalar(Object node) {
    if (node instanceof CharSequence || node instanceof GenericEnumSymbol || node instanceof UUID) {
      return node.toString();
    }
    if (node instanceof GenericRecord record) {
      BigDecimal number = AvroNumbers.variableScale(record);
      return number == null ? record : number;
    }
    return node;
  }

  private RefusedException malformed(String requirement, byte[] value) {
    boolean framed = written instanceof Written.Unframed && Frame.looksFramed(value);
    return new RefusedException(
        ErrorCode.MALFORMED,
        "%s: length=%d%s"
            .formatted(
                requirement,
                value.length,
                framed
                    ? "; they begin with a zero byte, as records of Confluent's serializers do, which are read with framing: confluent"
                    : ""));
  }
}
