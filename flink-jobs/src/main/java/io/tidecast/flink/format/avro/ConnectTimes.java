package io.tidecast.flink.format.avro;

import java.util.Set;
import org.apache.avro.LogicalType;
import org.apache.avro.LogicalTypes;
import org.apache.avro.Schema;
import org.jspecify.annotations.Nullable;

/**
 * Knows the names that Kafka Connect and Debezium give the schemas of times, which their converters
 * write into the property {@code connect.name}.
 */
public final class ConnectTimes {

  private static final String NAME = "connect.name";
  private static final String CONNECT = "org.apache.kafka.connect.data.";
  private static final String DEBEZIUM = "io.debezium.time.";

  private static final Set<String> TIMES_OF_DAY =
      Set.of(
          CONNECT + "Time",
          DEBEZIUM + "Time",
          DEBEZIUM + "MicroTime",
          DEBEZIUM + "NanoTime",
          DEBEZIUM + "ZonedTime",
          DEBEZIUM + "IsoTime");

  private ConnectTimes() {}

  /**
   * Gives a number that is a time by its name the logical type that Avro has for it, unless it has
   * one.
   *
   * @param schema of an int or a long, which is changed
   */
  static void mend(Schema schema) {
    LogicalType type = schema.getLogicalType() == null ? type(schema) : null;
    if (type != null) {
      type.addToSchema(schema);
    }
  }

  private static @Nullable LogicalType type(Schema schema) {
    boolean isLong = schema.getType() == Schema.Type.LONG;
    return switch (connectName(schema)) {
      case CONNECT + "Timestamp", DEBEZIUM + "Timestamp" ->
          isLong ? LogicalTypes.timestampMillis() : null;
      case DEBEZIUM + "MicroTimestamp" -> isLong ? LogicalTypes.timestampMicros() : null;
      case DEBEZIUM + "NanoTimestamp" -> isLong ? LogicalTypes.timestampNanos() : null;
      case CONNECT + "Date", DEBEZIUM + "Date" -> isLong ? null : LogicalTypes.date();
      default -> null;
    };
  }

  /** Whether a field is text that ISO 8601 reads. */
  public static boolean isIso8601(Schema schema) {
    return switch (connectName(schema)) {
      case DEBEZIUM + "ZonedTimestamp", DEBEZIUM + "IsoTimestamp" -> true;
      default -> false;
    };
  }

  /** Whether a field is a time of some day, and of which it does not say. */
  public static boolean isTimeOfDay(Schema schema) {
    LogicalType type = schema.getLogicalType();
    return type instanceof LogicalTypes.TimeMillis
        || type instanceof LogicalTypes.TimeMicros
        || TIMES_OF_DAY.contains(connectName(schema));
  }

  private static String connectName(Schema schema) {
    return String.valueOf(schema.getObjectProp(NAME));
  }
}
