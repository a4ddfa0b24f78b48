package io.tidecast.flink.format.protobuf;

import com.google.protobuf.ByteString;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.EnumValueDescriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Message;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Makes numbers and text of what Protobuf has for them. */
final class ProtobufValues {

  static final String TIMESTAMP = "google.protobuf.Timestamp";
  static final String DECIMAL = "confluent.type.Decimal";

  /** Each of them stands for the one field that it has. */
  static final Set<String> WRAPPERS =
      Set.of(
          "google.protobuf.DoubleValue",
          "google.protobuf.FloatValue",
          "google.protobuf.Int64Value",
          "google.protobuf.UInt64Value",
          "google.protobuf.Int32Value",
          "google.protobuf.UInt32Value",
          "google.protobuf.BoolValue",
          "google.protobuf.StringValue");

  private static final long MILLIS = 1_000;
  private static final long NANOS_PER_MILLI = 1_000_000;

  private ProtobufValues() {}

  /**
   * Returns the value of a field that is no message: unsigned numbers as they were meant, enums by
   * their names, or by the number of one that has none.
   */
  static Object leaf(Object value, FieldDescriptor field) {
    if (value instanceof EnumValueDescriptor symbol) {
      return symbol.getIndex() < 0 ? (Object) symbol.getNumber() : symbol.getName();
    }
    return switch (field.getType()) {
      case UINT32, FIXED32 -> Integer.toUnsignedLong((Integer) value);
      case UINT64, FIXED64 -> {
        long number = (Long) value;
        yield number >= 0
            ? (Object) number
            : BigInteger.valueOf(number).add(BigInteger.ONE.shiftLeft(Long.SIZE));
      }
      default -> value;
    };
  }

  /**
   * Returns what a message stands for that has a meaning of its own: a timestamp the milliseconds
   * since 1970, a wrapper its value, a decimal its number. It is null for all others.
   */
  static @Nullable Object scalar(Message message) {
    Descriptor type = message.getDescriptorForType();
    String name = type.getFullName();
    if (name.equals(TIMESTAMP)) {
      long seconds = (Long) message.getField(type.findFieldByNumber(1));
      int nanos = (Integer) message.getField(type.findFieldByNumber(2));
      BigInteger millis =
          BigInteger.valueOf(seconds)
              .multiply(BigInteger.valueOf(MILLIS))
              .add(BigInteger.valueOf(Math.floorDiv((long) nanos, NANOS_PER_MILLI)));
      return millis.bitLength() < Long.SIZE ? (Object) millis.longValue() : millis;
    }
    if (WRAPPERS.contains(name)) {
      FieldDescriptor field = type.findFieldByNumber(1);
      return leaf(message.getField(field), field);
    }
    if (name.equals(DECIMAL)) {
      ByteString value = (ByteString) message.getField(type.findFieldByNumber(1));
      int scale = (Integer) message.getField(type.findFieldByNumber(3));
      return value.isEmpty()
          ? BigDecimal.ZERO
          : new BigDecimal(new BigInteger(value.toByteArray()), scale);
    }
    return null;
  }
}
