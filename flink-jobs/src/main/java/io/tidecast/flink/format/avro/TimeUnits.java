package io.tidecast.flink.format.avro;

import io.tidecast.flink.format.field.FieldPath.Step;
import java.math.BigInteger;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.apache.avro.LogicalType;
import org.apache.avro.LogicalTypes;
import org.apache.avro.Schema;
import org.jspecify.annotations.Nullable;

/**
 * Says what the numbers of a time count.
 *
 * @param kind of the time: since 1970 in UTC, by a wall clock, or days
 * @param perSecond how many of them are a second; 0 for days
 */
public record TimeUnits(String kind, long perSecond) {

  private static final String DAYS = "date";

  /**
   * Gives a field that is a plain number the unit that a mapping has for it. Nothing happens where
   * the field is something else, or the unit is none of Avro's.
   *
   * @param schema that is changed
   * @param steps that lead to the field
   * @param format of the time in the mapping
   */
  public static void name(Schema schema, List<Step> steps, String format) {
    LogicalType type =
        switch (format) {
          case "epoch-millis" -> LogicalTypes.timestampMillis();
          case "epoch-micros" -> LogicalTypes.timestampMicros();
          case "epoch-nanos" -> LogicalTypes.timestampNanos();
          default -> null;
        };
    List<Schema> nodes = List.of(schema);
    for (Step step : steps) {
      nodes =
          nodes.stream()
              .filter(node -> node.getType() == Schema.Type.RECORD && step.name() != null)
              .map(node -> node.getField(step.name()))
              .filter(Objects::nonNull)
              .flatMap(field -> branches(field.schema()))
              .toList();
    }
    for (Schema node : nodes) {
      if (type != null && node.getType() == Schema.Type.LONG && node.getLogicalType() == null) {
        type.addToSchema(node);
      }
    }
  }

  private static Stream<Schema> branches(Schema schema) {
    return schema.getType() == Schema.Type.UNION ? schema.getTypes().stream() : Stream.of(schema);
  }

  /** Returns null for what is no time. */
  static @Nullable TimeUnits of(Schema schema) {
    LogicalType type = schema.getLogicalType();
    if (type == null) {
      return null;
    }
    return switch (type.getName()) {
      case DAYS -> new TimeUnits(DAYS, 0);
      case "timestamp-millis" -> new TimeUnits("timestamp", 1_000);
      case "timestamp-micros" -> new TimeUnits("timestamp", 1_000_000);
      case "timestamp-nanos" -> new TimeUnits("timestamp", 1_000_000_000);
      case "local-timestamp-millis" -> new TimeUnits("local-timestamp", 1_000);
      case "local-timestamp-micros" -> new TimeUnits("local-timestamp", 1_000_000);
      case "local-timestamp-nanos" -> new TimeUnits("local-timestamp", 1_000_000_000);
      default -> null;
    };
  }

  /** Returns what counts in other units, or null if the two are not of one kind. */
  @Nullable Shape to(TimeUnits other) {
    if (!other.kind.equals(kind)) {
      return null;
    }
    if (other.perSecond == perSecond) {
      return Shape.SAME;
    }
    return new Shape() {
      @Override
      @Nullable Object of(@Nullable Object datum) {
        return datum instanceof Number number ? converted(number.longValue(), other) : datum;
      }
    };
  }

  private Number converted(long time, TimeUnits other) {
    if (other.perSecond < perSecond) {
      return Math.floorDiv(time, perSecond / other.perSecond);
    }
    BigInteger finer =
        BigInteger.valueOf(time).multiply(BigInteger.valueOf(other.perSecond / perSecond));
    return finer.bitLength() < Long.SIZE ? (Number) finer.longValue() : finer;
  }
}
