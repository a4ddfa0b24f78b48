package io.tidecast.flink.read;

import io.tidecast.flink.format.field.RefusedException;
import io.tidecast.flink.format.schema.Frame;
import io.tidecast.flink.registry.RegisteredSchema;
import io.tidecast.flink.registry.SchemaKind;
import io.tidecast.flink.registry.SchemaRef;
import io.tidecast.flink.registry.SchemaRegistry;
import io.tidecast.flink.registry.UnknownSchemaException;
import org.apache.kafka.common.header.internals.RecordHeaders;

/**
 * A record that names its schema, and what the registry knows of that.
 *
 * @param rest what stands after the id
 */
record Framed(SchemaRef ref, RegisteredSchema schema, byte[] rest) {

  /**
   * Takes a value apart.
   *
   * @throws IllegalArgumentException if it has no frame, or the registry has no such schema
   * @throws io.tidecast.flink.registry.RegistryException if the registry does not answer
   */
  static Framed of(byte[] value, SchemaKind kind, SchemaRegistry registry) {
    try {
      // The job names schemas in the bytes alone; headers may be those of a rejected record.
      Frame frame = Frame.of(value, new RecordHeaders(), Frame.VALUE_HEADER);
      byte[] rest = frame.rest();
      RegisteredSchema schema = registry.schema(frame.schema());
      if (schema.kind() != kind) {
        throw new IllegalArgumentException(
            "schema of the record must be of %s: %s is of %s"
                .formatted(kind, frame.schema(), schema.kind()));
      }
      return new Framed(frame.schema(), schema, rest);
    } catch (RefusedException | UnknownSchemaException e) {
      throw new IllegalArgumentException(e.getMessage(), e);
    }
  }
}
