package io.tidecast.flink.format.avro;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.util.Collections;
import java.util.EnumSet;
import java.util.IdentityHashMap;
import java.util.Map;
import java.util.Set;
import org.apache.avro.AvroRuntimeException;
import org.apache.avro.Conversions;
import org.apache.avro.LogicalTypes;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericRecord;
import org.jspecify.annotations.Nullable;

/** Knows the ways in which Avro writes numbers. Decimals are exact. */
public final class AvroNumbers {

  private static final Set<Schema.Type> PLAIN =
      EnumSet.of(Schema.Type.INT, Schema.Type.LONG, Schema.Type.FLOAT, Schema.Type.DOUBLE);

  /** Kafka Connect calls its decimals so in a property of the schema. */
  private static final String CONNECT_DECIMAL = "org.apache.kafka.connect.data.Decimal";

  /** Debezium writes a decimal of any scale as a record of this name. */
  private static final String VARIABLE_SCALE = "VariableScaleDecimal";

  /** More than any database has. */
  private static final int ANY_PRECISION = 10_000;

  private AvroNumbers() {}

  /** Says whether what a schema writes is a number. */
  public static boolean isNumber(Schema schema) {
    return PLAIN.contains(schema.getType()) || isDecimal(schema);
  }

  /** Says whether what a schema writes is a number with all its digits, in whatever way. */
  public static boolean isDecimal(Schema schema) {
    return schema.getLogicalType() instanceof LogicalTypes.Decimal
        || schema.getLogicalType() instanceof LogicalTypes.BigDecimal
        || isVariableScale(schema);
  }

  /** Returns what decodes decimals and UUIDs as such. */
  static GenericData data() {
    GenericData data = new GenericData();
    data.addLogicalTypeConversion(new Conversions.DecimalConversion());
    data.addLogicalTypeConversion(new Conversions.BigDecimalConversion());
    data.addLogicalTypeConversion(new Conversions.UUIDConversion());
    return data;
  }

  /** Returns the number that a record of Debezium's is, or null if it is none. */
  static @Nullable BigDecimal variableScale(GenericRecord record) {
    if (isVariableScale(record.getSchema())
        && record.get("scale") instanceof Integer scale
        && record.get("value") instanceof ByteBuffer value
        && value.hasRemaining()) {
      byte[] bytes = new byte[value.remaining()];
      value.duplicate().get(bytes);
      return new BigDecimal(new BigInteger(bytes), scale);
    }
    return null;
  }

  private static boolean isVariableScale(Schema schema) {
    return schema.getType() == Schema.Type.RECORD
        && schema.getName().equals(VARIABLE_SCALE)
        && schema.getField("scale") != null
        && schema.getField("value") != null;
  }

  /**
   * Makes decimals and times of what Kafka Connect has written for some, and Avro does not take for
   * one: of a decimal the precision is missing, and times go by other names.
   *
   * @param schema just parsed, which is changed
   */
  static Schema mended(Schema schema) {
    mend(schema, Collections.newSetFromMap(new IdentityHashMap<>()));
    return schema;
  }

  private static void mend(Schema schema, Set<Schema> met) {
    if (!met.add(schema)) {
      return;
    }
    switch (schema.getType()) {
      case RECORD -> schema.getFields().forEach(field -> mend(field.schema(), met));
      case UNION -> schema.getTypes().forEach(branch -> mend(branch, met));
      case ARRAY -> mend(schema.getElementType(), met);
      case MAP -> mend(schema.getValueType(), met);
      case INT, LONG -> ConnectTimes.mend(schema);
      case BYTES, FIXED -> {
        Integer scale = schema.getLogicalType() == null ? scale(schema) : null;
        if (scale != null && scale >= 0 && scale <= ANY_PRECISION) {
          int most = schema.getType() == Schema.Type.FIXED ? digits(schema) : ANY_PRECISION;
          if (scale <= most) {
            decimal(schema, LogicalTypes.decimal(most, scale));
          }
        }
      }
      default -> {}
    }
  }

  private static void decimal(Schema schema, LogicalTypes.Decimal type) {
    try {
      type.addToSchema(schema);
    } catch (AvroRuntimeException e) {
      // It says something else of itself, and stays the bytes that it is.
      return;
    }
  }

  /** Returns the scale of what is a decimal to whoever has written the schema, or null. */
  private static @Nullable Integer scale(Schema schema) {
    boolean decimal = "decimal".equals(schema.getObjectProp("logicalType"));
    boolean connect = CONNECT_DECIMAL.equals(schema.getObjectProp("connect.name"));
    if (!decimal && !connect) {
      return null;
    }
    Object scale = schema.getObjectProp("scale");
    if (scale == null
        && schema.getObjectProp("connect.parameters") instanceof Map<?, ?> parameters) {
      scale = parameters.get("scale");
    }
    if (scale == null) {
      return decimal ? 0 : null;
    }
    return String.valueOf(scale).matches("\\d{1,5}") ? Integer.valueOf(scale.toString()) : null;
  }

  /** As many digits always fit into the bytes. */
  private static int digits(Schema fixed) {
    return (int) Math.floor(Math.log10(2) * (8L * fixed.getFixedSize() - 1));
  }
}
