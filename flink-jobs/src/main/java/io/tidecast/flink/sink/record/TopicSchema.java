package io.tidecast.flink.sink.record;

import static java.util.Objects.requireNonNull;

import io.tidecast.flink.registry.RegisteredSchema;
import io.tidecast.flink.registry.SchemaKind;
import io.tidecast.flink.registry.SchemaRegistry;
import io.tidecast.flink.registry.UnknownSchemaException;
import io.tidecast.flink.sink.RecordFormat;
import io.tidecast.flink.sink.RecordSettings;
import io.tidecast.flink.sink.SchemaRegistration;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The schema of what a job writes to a topic, as a registry has it.
 *
 * @param key of the topic in the job file, for messages
 * @param after what stands after the id in each record
 */
record TopicSchema(
    String key, String topic, SchemaRegistration registration, Named schema, byte[] after) {

  private static final byte MAGIC = 0;

  /** The message is the first of its file, which Protobuf says in a byte. */
  private static final byte[] FIRST_MESSAGE = {0};

  /**
   * A schema and its name.
   *
   * @param file that has it among the published ones
   */
  record Named(String name, String file, RegisteredSchema text) {}

  /** Returns null where records do not name their schema. */
  static @Nullable TopicSchema of(
      String key, String topic, RecordKind kind, RecordSettings settings) {
    SchemaRegistration registration = settings.schemas();
    if (registration == null) {
      return null;
    }
    boolean avro = settings.format() == RecordFormat.AVRO;
    String file = avro ? kind.schema().getName() + ".avsc" : kind.protobufFile();
    RegisteredSchema text =
        avro
            ? RegisteredSchema.of(SchemaKind.AVRO, kind.schema().toString())
            : RegisteredSchema.of(SchemaKind.PROTOBUF, published(file));
    return new TopicSchema(
        key,
        topic,
        registration,
        new Named(kind.fullName(), file, text),
        avro ? new byte[0] : FIRST_MESSAGE);
  }

  private static String published(String file) {
    try (InputStream in =
        requireNonNull(
            io.tidecast.schemas.Forecast.class.getResourceAsStream(file), "a published file")) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private String subject() {
    return registration.subjects().subject(topic, schema.name());
  }

  /** Says what stands in the way; null if nothing does. The registry is asked and not changed. */
  @Nullable String problem(SchemaRegistry registry) {
    return registration.register() ? incompatible(registry) : unknown(registry);
  }

  private @Nullable String incompatible(SchemaRegistry registry) {
    List<String> complaints = registry.complaints(subject(), schema.text());
    return complaints.isEmpty()
        ? null
        : "must be compatible with the latest schema of its subject in the registry: %s of %s=%s, subject=%s; set another sink.subject-names or topic, or change the compatibility of the subject. The registry says: %s"
            .formatted(schema.file(), key, topic, subject(), String.join("; ", complaints));
  }

  private @Nullable String unknown(SchemaRegistry registry) {
    try {
      int id = registry.id(subject(), schema.text());
      return id < 0 ? "must not be negative: schema id " + id : null;
    } catch (UnknownSchemaException e) {
      return missing();
    }
  }

  private String missing() {
    return "must be in the registry, or sink.register-schemas must be true: %s of %s=%s, subject=%s"
        .formatted(schema.file(), key, topic, subject());
  }

  /**
   * Makes what stands before each record. It registers the schema if the job is told to.
   *
   * @throws UnknownSchemaException if it is not to, and the registry does not have it; or the
   *     registry has something against it
   */
  byte[] frame(SchemaRegistry registry) throws UnknownSchemaException {
    int id;
    if (registration.register()) {
      String complaint = incompatible(registry);
      if (complaint != null) {
        throw new UnknownSchemaException(complaint);
      }
      id = registry.register(subject(), schema.text());
    } else {
      try {
        id = registry.id(subject(), schema.text());
      } catch (UnknownSchemaException e) {
        throw new UnknownSchemaException(missing());
      }
    }
    return ByteBuffer.allocate(1 + Integer.BYTES + after.length)
        .put(MAGIC)
        .putInt(id)
        .put(after)
        .array();
  }
}
