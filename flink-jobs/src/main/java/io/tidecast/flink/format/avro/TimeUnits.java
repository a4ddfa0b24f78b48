package io.tidecast.flink.format.avro;

import java.math.BigInteger;
import org.apache.avro.LogicalType;
import org.apache.avro.Schema;
import org.jspecify.annotations.Nullable;

/**
 * Says what the numbers of a time count.
 *
 * @param kind of the time: since 1970 in UTC, by a wall clock, or days
 * @param perSecond how many of them are a second; 0 for days
 */
record TimeUnits(String kind, long perSecond) {

  private static final String DAYS = "date";

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
