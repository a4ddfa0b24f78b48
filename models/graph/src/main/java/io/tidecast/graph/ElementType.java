package io.tidecast.graph;

import ai.onnx.proto.OnnxMl.TensorProto;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The types of elements of a tensor, with what their values take in a file. */
enum ElementType {
  FLOAT(1, 32),
  UINT8(2, 8),
  INT8(3, 8),
  UINT16(4, 16),
  INT16(5, 16),
  INT32(6, 32),
  INT64(7, 64),
  /** Texts have no raw form. */
  STRING(8, 0),
  BOOL(9, 8),
  FLOAT16(10, 16),
  DOUBLE(11, 64),
  UINT32(12, 32),
  UINT64(13, 64),
  COMPLEX64(14, 64),
  COMPLEX128(15, 128),
  BFLOAT16(16, 16),
  FLOAT8E4M3FN(17, 8),
  FLOAT8E4M3FNUZ(18, 8),
  FLOAT8E5M2(19, 8),
  FLOAT8E5M2FNUZ(20, 8),
  UINT4(21, 4),
  INT4(22, 4),
  FLOAT4E2M1(23, 4),
  FLOAT8E8M0(24, 8),
  UINT2(25, 2),
  INT2(26, 2);

  private static final Set<ElementType> CONVERTIBLE =
      EnumSet.of(
          FLOAT, UINT8, INT8, UINT16, INT16, INT32, INT64, BOOL, FLOAT16, DOUBLE, UINT32, UINT64,
          BFLOAT16);

  private final int number;
  private final int bits;

  ElementType(int number, int bits) {
    this.number = number;
    this.bits = bits;
  }

  /** Finds the type of a number in the file; null where ONNX has no such number. */
  static @Nullable ElementType of(int number) {
    return Arrays.stream(values()).filter(type -> type.number == number).findFirst().orElse(null);
  }

  /**
   * Finds a type of numbers or truth values by its name.
   *
   * @throws GraphException if there is none, or numbers can't be converted to it
   */
  static ElementType numeric(String key) {
    return Arrays.stream(values())
        .filter(type -> CONVERTIBLE.contains(type) && type.key().equals(key))
        .findFirst()
        .orElseThrow(
            () ->
                new GraphException(
                    "must be a type that 32-bit floats are converted to, one of "
                        + CONVERTIBLE.stream().map(ElementType::key).toList()
                        + ": found "
                        + Shown.of(key)));
  }

  int number() {
    return number;
  }

  /** Returns the name as manifests have it. */
  String key() {
    return switch (this) {
      case FLOAT -> "float32";
      case DOUBLE -> "float64";
      default -> name().toLowerCase(Locale.ROOT);
    };
  }

  /** Says how many bytes so many values take; the last byte may be begun only. */
  long bytes(long values) {
    return (values * bits + Byte.SIZE - 1) / Byte.SIZE;
  }

  /** Counts the values that a tensor holds outside of its raw form, as entries of its lists. */
  long entries(TensorProto tensor) {
    return switch (this) {
      case FLOAT, COMPLEX64 -> tensor.getFloatDataCount();
      case DOUBLE, COMPLEX128 -> tensor.getDoubleDataCount();
      case INT64 -> tensor.getInt64DataCount();
      case UINT32, UINT64 -> tensor.getUint64DataCount();
      case STRING -> tensor.getStringDataCount();
      default -> tensor.getInt32DataCount();
    };
  }

  /** Says how many entries so many values take in the lists. */
  long entriesOf(long values) {
    return switch (this) {
      case COMPLEX64, COMPLEX128 -> 2 * values;
      case UINT4, INT4, FLOAT4E2M1, UINT2, INT2 -> bytes(values);
      default -> values;
    };
  }
}
