package io.tidecast.flink.format.avro;

import io.tidecast.flink.format.SourceFormat.Framing;
import io.tidecast.flink.format.field.FieldPath.Step;
import io.tidecast.flink.format.field.RecordTree;
import io.tidecast.flink.format.field.RefusedException;
import io.tidecast.schemas.ErrorCode;
import java.io.IOException;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericDatumReader;
import org.apache.avro.generic.GenericEnumSymbol;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.io.BinaryDecoder;
import org.apache.avro.io.DatumReader;
import org.apache.avro.io.DecoderFactory;
import org.apache.avro.util.Utf8;
import org.jspecify.annotations.Nullable;

/** Reads records of one Avro schema in binary encoding. One thread uses it. */
public final class AvroTree implements RecordTree {

  /** The zero byte and the id have this length. */
  static final int CONFLUENT_HEADER_BYTES = 5;

  private final Schema schema;
  private final Framing framing;
  private final DatumReader<GenericRecord> reader;
  private @Nullable BinaryDecoder decoder;

  public AvroTree(Schema schema, Framing framing) {
    this.schema = schema;
    this.framing = framing;
    this.reader = new GenericDatumReader<>(schema);
  }

  @Override
  public Object decode(byte[] value) throws RefusedException {
    int from = bodyStart(value);
    try {
      // Over an array, not a stream: only so does Avro hold claimed lengths against the bytes there
      // are.
      decoder = DecoderFactory.get().binaryDecoder(value, from, value.length - from, decoder);
      GenericRecord root = reader.read(null, decoder);
      if (!decoder.isEnd()) {
        throw malformed("bytes must end with the record", value, "");
      }
      return root;
    } catch (IOException | RuntimeException | StackOverflowError e) {
      // The stack ends where a schema contains itself and the bytes go down and down.
      throw malformed("bytes must be a whole " + schema.getFullName(), value, ", " + e);
    }
  }

  @Override
  public @Nullable Object child(Object node, Step step) {
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
    return node instanceof CharSequence || node instanceof GenericEnumSymbol
        ? node.toString()
        : node;
  }

  private int bodyStart(byte[] value) throws RefusedException {
    if (framing == Framing.NONE) {
      return 0;
    }
    if (value.length < CONFLUENT_HEADER_BYTES || value[0] != 0) {
      throw malformed("bytes must start with a zero byte and a schema id of four", value, "");
    }
    return CONFLUENT_HEADER_BYTES;
  }

  private static RefusedException malformed(String requirement, byte[] value, String why) {
    return new RefusedException(
        ErrorCode.MALFORMED, "%s: length=%d%s".formatted(requirement, value.length, why));
  }
}
