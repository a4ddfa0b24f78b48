package io.tidecast.flink.format.protobuf;

import static java.util.Objects.requireNonNull;

import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Descriptors.FileDescriptor;
import com.google.protobuf.DynamicMessage;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import io.tidecast.flink.format.field.FieldPath.Step;
import io.tidecast.flink.format.field.RecordTree;
import io.tidecast.flink.format.field.RefusedException;
import io.tidecast.flink.format.schema.Frame;
import io.tidecast.flink.format.schema.Framing;
import io.tidecast.flink.registry.RegisteredSchema;
import io.tidecast.flink.registry.SchemaKind;
import io.tidecast.flink.registry.SchemaRef;
import io.tidecast.flink.registry.SchemaRegistry;
import io.tidecast.flink.registry.UnknownSchemaException;
import io.tidecast.schemas.ErrorCode;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.IntStream;
import org.apache.kafka.common.header.Headers;
import org.jspecify.annotations.Nullable;

/**
 * Reads Protobuf messages: decoded as the schema says that wrote them, where a registry has it, and
 * seen through the one that the mapping was held against. One thread uses it.
 */
public final class ProtobufTree implements RecordTree {

  private static final int MOST_SCHEMAS = 1_000;

  private final Descriptor read;
  private final Framing framing;
  private final String header;
  private final @Nullable SchemaRegistry registry;
  private final Map<SchemaRef, FileDescriptor> files = new HashMap<>();
  private final FieldPairs pairs = new FieldPairs();
  private Descriptor written;
  private @Nullable String schemaName;

  /**
   * @param type that the mapping was held against
   * @param registry null where every message is of that schema
   */
  public ProtobufTree(MessageType type, Framing framing, @Nullable SchemaRegistry registry) {
    this(type, framing, registry, Frame.VALUE_HEADER);
  }

  private ProtobufTree(
      MessageType type, Framing framing, @Nullable SchemaRegistry registry, String header) {
    this.read = type.descriptor();
    this.framing = framing;
    this.header = header;
    this.registry = registry;
    this.written = read;
  }

  /**
   * Returns a reader of keys, each of which names the schema that wrote it.
   *
   * @param type that the mapping was held against
   */
  public static ProtobufTree ofKeys(MessageType type, @Nullable SchemaRegistry registry) {
    return new ProtobufTree(type, Framing.CONFLUENT, registry, Frame.KEY_HEADER);
  }

  /** A message that was written, and the one that it is seen as. */
  private record Node(Message message, Descriptor read) {}

  /** Elements that were written, and the message that each is seen as, if they are messages. */
  private record Elements(List<?> list, @Nullable Descriptor read, FieldDescriptor written) {}

  /** Entries likewise. */
  private record Entries(
      Map<String, Object> map, @Nullable Descriptor read, FieldDescriptor written) {}

  @Override
  public byte[] unframed(byte[] value, Headers headers) throws RefusedException {
    if (framing == Framing.NONE) {
      return value;
    }
    schemaName = null;
    written = read;
    Frame frame = Frame.of(value, headers, header);
    schemaName = frame.schema().toString();
    FileDescriptor file = registry == null ? read.getFile() : file(registry, frame.schema());
    // A header that names the schema alone leaves no choice where there is one message.
    boolean only = !frame.after().hasRemaining() && file.getMessageTypes().size() == 1;
    List<Integer> indexes = only ? List.of(0) : MessageIndexes.read(frame.after());
    written = MessageIndexes.message(file, indexes, schemaName);
    if (!written.getFullName().equals(read.getFullName())) {
      throw new RefusedException(
          ErrorCode.INCOMPATIBLE_SCHEMA,
          "record must be of message %s: it is of %s"
              .formatted(read.getFullName(), written.getFullName()));
    }
    byte[] body = new byte[frame.body().remaining()];
    frame.body().get(body);
    return body;
  }

  private FileDescriptor file(SchemaRegistry from, SchemaRef ref) throws RefusedException {
    FileDescriptor known = files.get(ref);
    if (known != null) {
      return known;
    }
    FileDescriptor file;
    try {
      RegisteredSchema found = from.schema(ref);
      if (found.kind() != SchemaKind.PROTOBUF) {
        throw new RefusedException(
            ErrorCode.INCOMPATIBLE_SCHEMA,
            "schema must be of Protobuf: %s is of %s".formatted(ref, found.kind()));
      }
      file = ProtobufSchemas.of(found);
    } catch (UnknownSchemaException e) {
      throw new RefusedException(ErrorCode.UNKNOWN_SCHEMA, e.getMessage());
    } catch (IllegalArgumentException e) {
      throw new RefusedException(
          ErrorCode.INCOMPATIBLE_SCHEMA,
          "schema must be one that Protobuf can read: %s".formatted(ref));
    }
    if (files.size() >= MOST_SCHEMAS) {
      files.clear();
    }
    files.put(ref, file);
    return file;
  }

  @Override
  public @Nullable String schemaName() {
    return schemaName;
  }

  @Override
  public Object decode(byte[] value) throws RefusedException {
    try {
      return new Node(DynamicMessage.parseFrom(written, value), read);
    } catch (InvalidProtocolBufferException | RuntimeException | StackOverflowError e) {
      boolean framed = framing == Framing.NONE && Frame.looksFramed(value);
      throw new RefusedException(
          ErrorCode.MALFORMED,
          "bytes must be a whole %s: length=%d%s"
              .formatted(
                  written.getFullName(),
                  value.length,
                  framed
                      ? "; they begin with a zero byte, as records of Confluent's serializers do, which are read with framing: confluent"
                      : ""));
    }
  }

  @Override
  public @Nullable Object child(Object node, Step step) throws RefusedException {
    if (step.name() == null) {
      if (!(node instanceof Elements elements)) {
        return NO_PARENT;
      }
      List<?> list = elements.list();
      return step.index() < list.size()
          ? node(list.get(step.index()), elements.read(), elements.written())
          : null;
    }
    if (node instanceof Entries entries) {
      Object found = entries.map().get(step.name());
      return found == null ? null : node(found, entries.read(), entries.written());
    }
    return node instanceof Node parent && ProtobufValues.scalar(parent.message()) == null
        ? field(parent, step.name())
        : NO_PARENT;
  }

  private @Nullable Object field(Node parent, String name) throws RefusedException {
    Message message = parent.message();
    FieldPairs.Found found = pairs.find(parent.read(), message.getDescriptorForType(), name);
    FieldDescriptor field = found.written();
    if (field == null) {
      return null;
    }
    Descriptor child = messageOf(requireNonNull(found.read(), "read is null"));
    if (field.isMapField()) {
      FieldDescriptor value = field.getMessageType().findFieldByNumber(2);
      return new Entries(entries(message, field), child, value);
    }
    if (field.isRepeated()) {
      return new Elements((List<?>) message.getField(field), child, field);
    }
    if (field.hasPresence() && !message.hasField(field) && !field.hasDefaultValue()) {
      refuseOther(message, field);
      return null;
    }
    if (!message.hasField(field)) {
      refuseOther(message, field);
    }
    return node(message.getField(field), child, field);
  }

  /** The number may have been written with another type: then it is not absent, but unknown. */
  private static void refuseOther(Message message, FieldDescriptor field) throws RefusedException {
    if (message.getUnknownFields().hasField(field.getNumber())) {
      throw new RefusedException(
          ErrorCode.INCOMPATIBLE_SCHEMA,
          "field must be what the mapping was held against: %s = %d was written as something else than %s"
              .formatted(
                  field.getName(),
                  field.getNumber(),
                  field.getType().name().toLowerCase(Locale.ROOT)));
    }
  }

  /** Returns the message that a field or the value of a map is of; null if it is none. */
  private static @Nullable Descriptor messageOf(FieldDescriptor field) {
    FieldDescriptor value =
        field.isMapField() ? field.getMessageType().findFieldByNumber(2) : field;
    return value.getJavaType() == FieldDescriptor.JavaType.MESSAGE ? value.getMessageType() : null;
  }

  private static Map<String, Object> entries(Message message, FieldDescriptor field) {
    FieldDescriptor ofKey = field.getMessageType().findFieldByNumber(1);
    FieldDescriptor ofValue = field.getMessageType().findFieldByNumber(2);
    Map<String, Object> entries = new LinkedHashMap<>();
    for (Object one : (List<?>) message.getField(field)) {
      Message entry = (Message) one;
      entries.put(
          String.valueOf(ProtobufValues.leaf(entry.getField(ofKey), ofKey)),
          entry.getField(ofValue));
    }
    return entries;
  }

  /**
   * @param seen the message that it is seen as; null if it was to be none
   */
  private static Object node(Object value, @Nullable Descriptor seen, FieldDescriptor field) {
    if (value instanceof Message message) {
      return new Node(message, seen == null ? message.getDescriptorForType() : seen);
    }
    return ProtobufValues.leaf(value, field);
  }

  @Override
  public Object scalar(Object node) {
    if (node instanceof Node message) {
      Object scalar = ProtobufValues.scalar(message.message());
      return scalar == null ? node : scalar;
    }
    return node;
  }

  @Override
  public @Nullable Iterator<Child> children(Object node) throws RefusedException {
    if (node instanceof Elements elements) {
      List<?> list = elements.list();
      return IntStream.range(0, list.size())
          .mapToObj(i -> new Child(i, node(list.get(i), elements.read(), elements.written())))
          .iterator();
    }
    if (node instanceof Entries entries) {
      return entries.map().entrySet().stream()
          .map(
              one ->
                  new Child(one.getKey(), node(one.getValue(), entries.read(), entries.written())))
          .iterator();
    }
    if (!(node instanceof Node message)) {
      return null;
    }
    Map<String, Child> children = new LinkedHashMap<>();
    for (FieldDescriptor field : message.read().getFields()) {
      children.put(field.getName(), new Child(field.getName(), field(message, field.getName())));
    }
    return children.values().iterator();
  }

  @Override
  public int length(Object node) {
    return node instanceof Elements elements ? elements.list().size() : -1;
  }
}
