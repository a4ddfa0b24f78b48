package io.tidecast.flink.format.avro;

import io.tidecast.flink.registry.SchemaRef;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericDatumReader;
import org.apache.avro.io.DatumReader;
import org.jspecify.annotations.Nullable;

/**
 * A schema that wrote records.
 *
 * @param ref that records name it by; null where they name none
 * @param shape that makes of its records those that are read
 */
record Writer(@Nullable SchemaRef ref, Schema schema, DatumReader<Object> reader, Shape shape) {

  static Writer of(@Nullable SchemaRef ref, Schema written, Schema read) {
    GenericData data = AvroNumbers.data();
    return new Writer(
        ref,
        written,
        new GenericDatumReader<>(written, written, data),
        Shapes.of(data, read, written));
  }
}
