package io.tidecast.flink.format.avro;

import static java.util.Objects.requireNonNull;

import io.tidecast.flink.format.field.RefusedException;
import io.tidecast.flink.format.schema.Written;
import io.tidecast.flink.registry.RegisteredSchema;
import io.tidecast.flink.registry.SchemaKind;
import io.tidecast.flink.registry.SchemaRef;
import io.tidecast.flink.registry.SchemaRegistry;
import io.tidecast.flink.registry.UnknownSchemaException;
import io.tidecast.schemas.ErrorCode;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeSet;
import org.apache.avro.Schema;
import org.jspecify.annotations.Nullable;

/** Has the schemas that wrote the records of a topic. One thread uses it. */
public final class Writers {

  /** A topic has some dozens. The registry remembers what is forgotten here. */
  private static final int MOST = 1_000;

  private final Schema read;
  private final Written written;
  private final @Nullable SchemaRegistry registry;
  private final String schemasKey;
  private final Map<SchemaRef, Writer> known = new HashMap<>();

  /**
   * @param read that the mapping was held against
   * @param registry null where the records are not read with one
   * @param schemasKey that may say which schema has which id
   */
  public Writers(
      Schema read, Written written, @Nullable SchemaRegistry registry, String schemasKey) {
    this.read = requireNonNull(read, "read is null");
    this.written = requireNonNull(written, "written is null");
    this.registry = registry;
    this.schemasKey = requireNonNull(schemasKey, "schemasKey is null");
  }

  /** Says where the schemas are. */
  Written written() {
    return written;
  }

  /** Returns the one that wrote all records where none names its schema. */
  Writer unframed() {
    return Writer.of(null, read, read);
  }

  /**
   * Returns the one that a record names.
   *
   * @throws RefusedException if nobody knows it
   */
  Writer of(SchemaRef ref) throws RefusedException {
    Writer writer = known.get(ref);
    if (writer == null) {
      writer = Writer.of(ref, schema(ref), read);
      if (known.size() >= MOST) {
        known.clear();
      }
      known.put(ref, writer);
    }
    return writer;
  }

  private Schema schema(SchemaRef ref) throws RefusedException {
    if (written instanceof Written.Declared declared) {
      Schema schema = ref instanceof SchemaRef.Id id ? declared.schemas().get(id.id()) : null;
      if (schema == null) {
        throw unknown(
            "schema must be one of %s=%s: %s"
                .formatted(schemasKey, new TreeSet<>(declared.schemas().keySet()), ref));
      }
      return schema;
    }
    if (written instanceof Written.OneId one) {
      if (!ref.equals(one.named())) {
        throw unknown(
            "schema must be %s, for the job has one schema and no registry: %s; name the schemas in %s, or give registry.url"
                .formatted(
                    one.named() == null
                        ? "one whose id is known"
                        : "the one that the first records name, " + one.named(),
                    ref,
                    schemasKey));
      }
      return read;
    }
    return registered(ref);
  }

  private Schema registered(SchemaRef ref) throws RefusedException {
    RegisteredSchema found;
    try {
      found = requireNonNull(registry, "registry is null").schema(ref);
    } catch (UnknownSchemaException e) {
      throw unknown(e.getMessage());
    }
    if (found.kind() != SchemaKind.AVRO) {
      throw new RefusedException(
          ErrorCode.INCOMPATIBLE_SCHEMA,
          "schema must be of Avro: %s is of %s".formatted(ref, found.kind()));
    }
    try {
      return AvroSchemas.parse(found);
    } catch (IllegalArgumentException e) {
      throw new RefusedException(
          ErrorCode.INCOMPATIBLE_SCHEMA,
          "schema must be one that Avro can read: %s".formatted(ref));
    }
  }

  private static RefusedException unknown(String message) {
    return new RefusedException(ErrorCode.UNKNOWN_SCHEMA, message);
  }
}
