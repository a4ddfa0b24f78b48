package io.tidecast.flink.format.protobuf;

import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import io.tidecast.flink.format.field.RefusedException;
import io.tidecast.schemas.ErrorCode;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Finds the field of a message that was written for one of the message that is read. A field is
 * known by its number, and may have another name; but where names and numbers say different things,
 * nobody knows. One thread uses it.
 */
final class FieldPairs {

  private final Map<Pair, Found> known = new HashMap<>();

  /** A field by its name, of the message that is read, in a message that was written. */
  private record Pair(Descriptor read, Descriptor written, String name) {}

  /**
   * What was found.
   *
   * @param read null where the message that is read has no such field
   * @param written null where the message that was written has none
   * @param refused null where the two are the same
   */
  record Found(
      @Nullable FieldDescriptor read,
      @Nullable FieldDescriptor written,
      @Nullable RefusedException refused) {}

  /**
   * @throws RefusedException if the field may be one or the other
   */
  Found find(Descriptor read, Descriptor written, String name) throws RefusedException {
    Found found = known.computeIfAbsent(new Pair(read, written, name), FieldPairs::found);
    if (found.refused() != null) {
      throw found.refused();
    }
    return found;
  }

  private static Found found(Pair pair) {
    FieldDescriptor read = pair.read().findFieldByName(pair.name());
    if (read == null || pair.read() == pair.written()) {
      return new Found(read, read, null);
    }
    FieldDescriptor byName = pair.written().findFieldByName(pair.name());
    FieldDescriptor byNumber = pair.written().findFieldByNumber(read.getNumber());
    if (byName == null || byNumber == null) {
      boolean another = byNumber != null && pair.read().findFieldByName(byNumber.getName()) != null;
      return new Found(read, byName != null ? byName : another ? null : byNumber, null);
    }
    if (byName.getNumber() == byNumber.getNumber()) {
      return new Found(read, byName, null);
    }
    return new Found(
        read,
        null,
        new RefusedException(
            ErrorCode.INCOMPATIBLE_SCHEMA,
            "field must be what the mapping was held against: %s may be %s = %d or %s = %d of what was written"
                .formatted(
                    pair.name(),
                    byName.getName(),
                    byName.getNumber(),
                    byNumber.getName(),
                    byNumber.getNumber())));
  }
}
