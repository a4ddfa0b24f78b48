package io.tidecast.flink.read;

import org.apache.avro.LogicalTypes;
import org.apache.avro.Schema;

/** What a field of a record is that the job writes, whatever the format. */
enum FieldType {
  TEXT,
  TIME,
  INT,
  LONG,
  NUMBER,
  FLAG,
  BYTES,
  TEXTS,
  NUMBERS;

  /** Says it of a field of our schemas. */
  static FieldType of(Schema.Field field) {
    return of(isOptional(field) ? field.schema().getTypes().get(1) : field.schema());
  }

  /** Whether the field may have no value. */
  static boolean isOptional(Schema.Field field) {
    return field.schema().getType() == Schema.Type.UNION;
  }

  private static FieldType of(Schema schema) {
    return switch (schema.getType()) {
      case STRING -> TEXT;
      case INT -> INT;
      case LONG -> schema.getLogicalType() instanceof LogicalTypes.TimestampMillis ? TIME : LONG;
      case DOUBLE -> NUMBER;
      case BOOLEAN -> FLAG;
      case BYTES -> BYTES;
      case ARRAY -> schema.getElementType().getType() == Schema.Type.STRING ? TEXTS : NUMBERS;
      default -> throw new IllegalStateException("must be a type of our schemas: " + schema);
    };
  }
}
