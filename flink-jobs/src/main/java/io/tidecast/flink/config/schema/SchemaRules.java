package io.tidecast.flink.config.schema;

import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FileDescriptor;
import io.tidecast.flink.config.value.ConfigKey;
import io.tidecast.flink.config.value.ConfigValues;
import io.tidecast.flink.format.SourceFormat.Kind;
import io.tidecast.flink.format.avro.AvroSchemas;
import io.tidecast.flink.format.avro.TimeUnits;
import io.tidecast.flink.format.field.FieldPath;
import io.tidecast.flink.format.field.KeyFormat;
import io.tidecast.flink.format.field.KeyType;
import io.tidecast.flink.format.field.Mapping;
import io.tidecast.flink.format.field.Mapping.TimeField;
import io.tidecast.flink.format.key.AvroKeys;
import io.tidecast.flink.format.key.ProtobufKeys;
import io.tidecast.flink.format.protobuf.MessageShape;
import io.tidecast.flink.format.protobuf.MessageType;
import io.tidecast.flink.format.protobuf.ProtobufSchemas;
import io.tidecast.flink.format.schema.Framing;
import io.tidecast.flink.format.schema.Written;
import io.tidecast.flink.grid.Spelling;
import io.tidecast.flink.registry.RegisteredSchema;
import io.tidecast.flink.registry.RegistrySettings;
import io.tidecast.flink.registry.SchemaKind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.avro.Schema;
import org.jspecify.annotations.Nullable;

/**
 * Holds the keys of schemas against each other and finds the schemas that they name. A key that was
 * refused by itself breaks no rule here. One thread uses it.
 */
public final class SchemaRules {

  private final ConfigValues values;
  private final SchemaKeys keys;
  private final Records records;
  private final SchemaLookup lookup;

  /**
   * Which records the schemas are of.
   *
   * @param format has the format of the records
   * @param topics that they are in; empty where those are not known
   */
  public record Records(ConfigKey<Kind> format, List<String> topics) {

    public Records {
      topics = List.copyOf(topics);
    }
  }

  public SchemaRules(ConfigValues values, SchemaKeys keys, Records records, SchemaLookup lookup) {
    this.values = values;
    this.keys = keys;
    this.records = records;
    this.lookup = lookup;
  }

  /** Refuses the keys that the format of the records has no use for. */
  public void check(Kind kind) {
    if (kind != Kind.AVRO) {
      keys.ofAvro().forEach(this::refuse);
    }
    if (kind != Kind.PROTOBUF) {
      keys.ofProtobuf().forEach(this::refuse);
    }
    if (kind != Kind.AVRO && kind != Kind.PROTOBUF) {
      refuse(keys.subject);
      if (kind != Kind.JSON) {
        refuse(keys.framing);
      }
    }
  }

  /** Returns how records name their schemas; null if that was refused. */
  public @Nullable Framing framing() {
    if (!values.isGiven(keys.avroFraming)) {
      return values.get(keys.framing);
    }
    if (values.isGiven(keys.framing)) {
      values.problem(
          "must not be given with %s: %s".formatted(keys.framing.path(), keys.avroFraming.path()));
      return null;
    }
    return values.get(keys.avroFraming);
  }

  /**
   * What is known of Avro records.
   *
   * @param schema that the mapping is to be held against
   */
  public record Avro(Schema schema, Written written) {

    /**
     * Lets the schema say what the numbers of a time count where only the mapping does: a producer
     * may say it later, and count something else.
     */
    public Avro withUnits(Mapping mapping) {
      if (mapping.each().depth() == 0) {
        nameUnits(schema, mapping.time(), FieldPath.Place.VALUE);
      }
      return this;
    }
  }

  /**
   * Does so with a schema.
   *
   * @param place that it is of
   */
  private static void nameUnits(Schema schema, TimeField time, FieldPath.Place place) {
    FieldPath path = time.paths().get(0);
    if (time.paths().size() == 1 && path.place() == place && !time.format().local()) {
      TimeUnits.name(schema, path.steps(), time.format().name());
    }
  }

  /** Returns null if something is wrong, and the values have a problem more. */
  public @Nullable Avro avro() {
    Framing framing = framing();
    RegistrySettings registry = lookup.settings();
    boolean declared = values.isGiven(keys.avroSchemas);
    if (declared && framing == Framing.NONE) {
      values.problem(
          "must go with %s=confluent, for no record names its schema: %s"
              .formatted(keys.framing.path(), keys.avroSchemas.path()));
      return null;
    }
    TreeMap<Integer, Schema> schemas = declared ? declaredSchemas() : new TreeMap<>();
    boolean asked = framing == Framing.CONFLUENT && registry != null && !declared;
    if (asked) {
      lookup.check();
    }
    Schema schema = null;
    if (values.isGiven(keys.avroSchema)) {
      refuseSubject(keys.avroSchema);
      schema = schema(keys.avroSchema.path(), values.get(keys.avroSchema));
    } else if (schemas == null) {
      return null;
    } else if (declared) {
      refuseSubject(keys.avroSchemas);
      schema = schemas.lastEntry().getValue();
    } else if (asked) {
      schema = latest();
    } else if (values.isMissing(keys.avroSchema)) {
      values.problem(
          "must be given with %s=avro%s: %s, %s"
              .formatted(
                  records.format().path(),
                  registry == null ? "" : " and " + keys.framing.path() + "=none",
                  keys.avroSchema.path(),
                  keys.avroSchema.type().range()));
    }
    if (framing == null || schema == null || schemas == null) {
      return null;
    }
    return new Avro(schema, written(framing, schemas, registry));
  }

  private static Written written(
      Framing framing, Map<Integer, Schema> declared, @Nullable RegistrySettings registry) {
    if (framing == Framing.NONE) {
      return new Written.Unframed();
    }
    if (!declared.isEmpty()) {
      return new Written.Declared(declared);
    }
    return registry == null ? new Written.OneId(null) : new Written.Registered(registry);
  }

  private void refuseSubject(ConfigKey<?> instead) {
    if (values.isGiven(keys.subject)) {
      values.problem(
          "must not be given with %s: %s".formatted(instead.path(), keys.subject.path()));
    }
  }

  /** Returns null if one of them is wrong. */
  private @Nullable TreeMap<Integer, Schema> declaredSchemas() {
    Map<Integer, String> given = values.get(keys.avroSchemas);
    if (given == null) {
      return null;
    }
    TreeMap<Integer, Schema> schemas = new TreeMap<>();
    given.forEach(
        (id, text) -> {
          Schema schema = schema(keys.avroSchemas.path() + "." + id, text);
          if (schema != null) {
            schemas.put(id, schema);
          }
        });
    return schemas.size() == given.size() ? schemas : null;
  }

  /** Returns the latest schema of the subject, or null. */
  private @Nullable Schema latest() {
    Subject subject = subject();
    RegisteredSchema found = latest(subject, SchemaKind.AVRO);
    Schema schema = subject == null || found == null ? null : parsed(subject, found);
    return subject == null || schema == null ? null : record(subject.shown(), schema);
  }

  private @Nullable Schema parsed(Subject subject, RegisteredSchema found) {
    try {
      return AvroSchemas.parse(found);
    } catch (IllegalArgumentException e) {
      values.problem("must be of a schema that Avro can read: %s".formatted(subject.shown()));
      return null;
    }
  }

  /** Returns the latest schema of a subject if it is of a kind, or null. */
  private @Nullable RegisteredSchema latest(@Nullable Subject subject, SchemaKind kind) {
    RegisteredSchema found = subject == null ? null : lookup.latest(subject.key, subject.name);
    if (subject == null || found == null || found.kind() == kind) {
      return found;
    }
    values.problem(
        "must be of a schema of %s: %s is of %s"
            .formatted(
                kind == SchemaKind.AVRO ? "Avro" : "Protobuf", subject.shown(), found.kind()));
    return null;
  }

  /**
   * What is known of keys that name their schema.
   *
   * @param shape of their fields, in the words of Avro
   */
  public record Key(KeyFormat format, Schema shape) {

    /** Lets the schema say what the numbers of a time count, as that of a value does. */
    public void nameUnits(Mapping mapping) {
      SchemaRules.nameUnits(shape, mapping.time(), FieldPath.Place.KEY);
    }
  }

  /**
   * Finds the schema of keys that a registry has.
   *
   * @param typeKey that has the type
   * @return null for keys of other types; and if something is wrong, and the values have a problem
   *     more
   */
  public @Nullable Key key(ConfigKey<KeyType> typeKey) {
    KeyType type = values.get(typeKey);
    if (type == null || !type.isOfRegistry()) {
      if (values.isGiven(keys.keySubject)) {
        values.problem(
            "must go with %s=avro or protobuf: %s"
                .formatted(typeKey.path(), keys.keySubject.path()));
      }
      return null;
    }
    RegistrySettings registry = lookup.settings();
    if (registry == null) {
      if (values.isMissing(RegistryKeys.URL)) {
        values.problem(
            "must go with registry.url, which has the schemas of keys: %s=%s"
                .formatted(typeKey.path(), Spelling.of(type)));
      }
      return null;
    }
    lookup.check();
    Subject subject = subject(keys.keySubject, "-key", "");
    SchemaKind kind = type == KeyType.AVRO ? SchemaKind.AVRO : SchemaKind.PROTOBUF;
    RegisteredSchema found = latest(subject, kind);
    if (subject == null || found == null) {
      return null;
    }
    if (type == KeyType.AVRO) {
      Schema schema = parsed(subject, found);
      return schema == null ? null : new Key(new AvroKeys(schema, registry), schema);
    }
    List<FileDescriptor> files = descriptors(subject.shown(), found);
    Descriptor message = files == null ? null : onlyMessage(subject, files.get(0));
    return message == null
        ? null
        : new Key(new ProtobufKeys(MessageType.of(message), registry), MessageShape.of(message));
  }

  private @Nullable Descriptor onlyMessage(Subject subject, FileDescriptor file) {
    if (file.getMessageTypes().size() == 1) {
      return file.getMessageTypes().get(0);
    }
    values.problem(
        "must be of a schema with one message: %s has %s"
            .formatted(subject.shown(), String.join(", ", ProtobufSchemas.messages(file))));
    return null;
  }

  /**
   * What is known of Protobuf messages.
   *
   * @param registry null where every message is of the type
   */
  public record Protobuf(
      Descriptor message, Framing framing, @Nullable RegistrySettings registry) {}

  /** Returns null if something is wrong, and the values have a problem more. */
  public @Nullable Protobuf protobuf() {
    Framing framing = framing();
    RegistrySettings registry = framing == Framing.CONFLUENT ? lookup.settings() : null;
    List<FileDescriptor> files = null;
    String shown = keys.protobufDescriptor.path() + "=" + values.get(keys.protobufDescriptor);
    if (registry != null) {
      lookup.check();
    }
    if (values.isGiven(keys.protobufDescriptor)) {
      refuseSubject(keys.protobufDescriptor);
      files = descriptors(shown, values.get(keys.protobufDescriptor));
    } else if (registry != null) {
      Subject subject = subject();
      RegisteredSchema found = latest(subject, SchemaKind.PROTOBUF);
      shown = subject == null ? "" : subject.shown();
      files = found == null ? null : descriptors(shown, found);
    } else if (values.isMissing(keys.protobufDescriptor)) {
      values.problem(
          "must be given with %s=protobuf, unless there are registry.url and %s=confluent: %s, %s"
              .formatted(
                  records.format().path(),
                  keys.framing.path(),
                  keys.protobufDescriptor.path(),
                  keys.protobufDescriptor.type().range()));
    }
    Descriptor message = files == null ? null : message(shown, files);
    return message == null || framing == null ? null : new Protobuf(message, framing, registry);
  }

  private @Nullable List<FileDescriptor> descriptors(String shown, @Nullable String path) {
    if (path == null) {
      return null;
    }
    try {
      return ProtobufSchemas.of(Files.readAllBytes(Path.of(path)));
    } catch (IOException | InvalidPathException e) {
      values.problem("must be a readable file: %s".formatted(shown));
    } catch (IllegalArgumentException e) {
      values.problem(
          "must be a file that protoc --descriptor_set_out has written: %s".formatted(shown));
    }
    return null;
  }

  private @Nullable List<FileDescriptor> descriptors(String shown, RegisteredSchema found) {
    try {
      return List.of(ProtobufSchemas.of(found));
    } catch (IllegalArgumentException e) {
      values.problem("must be of a schema that Protobuf can read: %s".formatted(shown));
      return null;
    }
  }

  /**
   * Returns the message that is named, or the only one of the last file, which is what was asked
   * for.
   */
  private @Nullable Descriptor message(String shown, List<FileDescriptor> files) {
    String name = values.get(keys.protobufMessage);
    List<String> names = new ArrayList<>();
    for (FileDescriptor file : files) {
      Descriptor found = name == null ? null : MessageType.find(file, name);
      if (found != null) {
        return found;
      }
      names.addAll(ProtobufSchemas.messages(file));
    }
    FileDescriptor last = files.get(files.size() - 1);
    if (!values.isGiven(keys.protobufMessage) && last.getMessageTypes().size() == 1) {
      return last.getMessageTypes().get(0);
    }
    values.problem(
        "must be a message of %s, one of %s: %s%s"
            .formatted(
                shown,
                String.join(", ", names),
                keys.protobufMessage.path(),
                name == null ? "" : "=" + name));
    return null;
  }

  /**
   * A subject of the registry.
   *
   * @param key that may give it
   */
  private record Subject(ConfigKey<String> key, String name) {

    String shown() {
      return key.path() + "=" + name;
    }
  }

  /** Returns that of the values, or null. */
  private @Nullable Subject subject() {
    ConfigKey<?> instead =
        values.get(records.format()) == Kind.AVRO ? keys.avroSchema : keys.protobufDescriptor;
    return subject(keys.subject, "-value", ", unless %s is".formatted(instead.path()));
  }

  /** Returns the subject that is given, or that of the one topic, or null. */
  private @Nullable Subject subject(ConfigKey<String> key, String ending, String unless) {
    List<String> topics = records.topics();
    String name = values.get(key);
    if (!values.isGiven(key) && topics.size() == 1) {
      name = topics.get(0) + ending;
    }
    if (name == null && !values.isGiven(key)) {
      values.problem(
          "must be given where there is not one topic%s: %s, %s"
              .formatted(unless, key.path(), key.type().range()));
    }
    return name == null ? null : new Subject(key, name);
  }

  private @Nullable Schema schema(String path, @Nullable String given) {
    if (given == null) {
      return null;
    }
    boolean inline = given.strip().startsWith("{");
    String shown = path + "=" + (inline ? "(inline)" : given);
    try {
      return record(shown, AvroSchemas.parse(inline ? given : Files.readString(Path.of(given))));
    } catch (IOException | InvalidPathException e) {
      values.problem("must be a readable file: %s".formatted(shown));
    } catch (IllegalArgumentException e) {
      values.problem("must be an Avro schema: %s".formatted(shown));
    }
    return null;
  }

  private @Nullable Schema record(String shown, Schema schema) {
    if (schema.getType() == Schema.Type.RECORD) {
      return schema;
    }
    values.problem(
        "must be the schema of a record: %s is of type %s"
            .formatted(shown, schema.getType().getName()));
    return null;
  }

  private void refuse(ConfigKey<?> key) {
    if (values.isGiven(key)) {
      values.problem(
          "must not be given with %s=%s: %s"
              .formatted(
                  records.format().path(),
                  Spelling.of(values.require(records.format())),
                  key.path()));
    }
  }
}
