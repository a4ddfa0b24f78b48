package io.tidecast.flink.format.protobuf;

import static java.util.Objects.requireNonNull;

import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FileDescriptor;
import io.tidecast.flink.format.field.RefusedException;
import io.tidecast.schemas.ErrorCode;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * Says which message of a file a record is of: one after the other, the place of each message
 * within the one around it. They are written as zigzag varints, their number first; a single zero
 * stands for the first message.
 */
final class MessageIndexes {

  private static final int DEEPEST = 100;

  private MessageIndexes() {}

  /**
   * Reads the indexes at the position of some bytes, and leaves it after them.
   *
   * @throws RefusedException if they are none
   */
  static List<Integer> read(ByteBuffer bytes) throws RefusedException {
    try {
      int count = varint(bytes);
      if (count == 0) {
        return List.of(0);
      }
      List<Integer> indexes = new ArrayList<>();
      while (count > 0 && count <= DEEPEST && indexes.size() < count) {
        indexes.add(varint(bytes));
      }
      if (indexes.size() == count) {
        return indexes;
      }
    } catch (BufferUnderflowException e) {
      // Said below.
    }
    throw new RefusedException(
        ErrorCode.MALFORMED,
        "bytes must say after the schema id which message of the schema they are");
  }

  private static int varint(ByteBuffer bytes) {
    int value = 0;
    for (int shift = 0; shift < Integer.SIZE; shift += 7) {
      byte one = bytes.get();
      value |= (one & 0x7F) << shift;
      if (one >= 0) {
        return (value >>> 1) ^ -(value & 1);
      }
    }
    return -1;
  }

  /**
   * Returns the message.
   *
   * @param schema names the file, for messages
   * @throws RefusedException if there is none
   */
  static Descriptor message(FileDescriptor file, List<Integer> indexes, String schema)
      throws RefusedException {
    List<Descriptor> messages = file.getMessageTypes();
    Descriptor found = null;
    for (int index : indexes) {
      if (index < 0 || index >= messages.size()) {
        throw new RefusedException(
            ErrorCode.INCOMPATIBLE_SCHEMA,
            "record must be of a message of its schema: message indexes %s of %s"
                .formatted(indexes, schema));
      }
      found = messages.get(index);
      messages =
          found.getNestedTypes().stream().filter(one -> !one.getOptions().getMapEntry()).toList();
    }
    return requireNonNull(found, "indexes is empty");
  }
}
