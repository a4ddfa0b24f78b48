package io.tidecast.flink.scores;

import io.tidecast.runtime.promotion.ModelName;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Which model has answered a series from which origin on. One thread.
 *
 * <p>The bytes, big-endian: how many (byte); for each the origin (long), and slot, id and version
 * (length as short, UTF-8).
 */
final class Turns {

  /** Of forecasts that wait for their cells there is rarely more than one turn, or two. */
  private static final int MOST = 8;

  /**
   * A model answers from an origin on.
   *
   * @param origin number of its cell
   */
  record Turn(long origin, String slot, ModelName primary) {

    boolean isOf(String otherSlot, ModelName other) {
      return slot.equals(otherSlot) && primary.equals(other);
    }
  }

  /** Ascending by origin. */
  private final List<Turn> turns = new ArrayList<>(1);

  /** Takes note of who has answered. */
  void answered(long origin, String slot, ModelName primary) {
    int place = placeOf(origin);
    if (place >= 0 && turns.get(place).isOf(slot, primary)) {
      return;
    }
    if (place >= 0 && turns.get(place).origin() == origin) {
      turns.set(place, new Turn(origin, slot, primary));
    } else {
      turns.add(place + 1, new Turn(origin, slot, primary));
    }
    if (turns.size() > MOST) {
      turns.remove(0);
    }
  }

  /** Who has answered an origin; null where that is not known. */
  @Nullable Turn at(long origin) {
    int place = placeOf(origin);
    return place < 0 ? null : turns.get(place);
  }

  private int placeOf(long origin) {
    int place = turns.size() - 1;
    while (place >= 0 && turns.get(place).origin() > origin) {
      place--;
    }
    return place;
  }

  int length() {
    int length = 1;
    for (Turn turn : turns) {
      length += Long.BYTES + 3 * Short.BYTES;
      length += bytes(turn.slot()).length;
      length += bytes(turn.primary().id()).length + bytes(turn.primary().version()).length;
    }
    return length;
  }

  void write(ByteBuffer out) {
    out.put((byte) turns.size());
    for (Turn turn : turns) {
      out.putLong(turn.origin());
      write(turn.slot(), out);
      write(turn.primary().id(), out);
      write(turn.primary().version(), out);
    }
  }

  private static void write(String text, ByteBuffer out) {
    byte[] bytes = bytes(text);
    out.putShort((short) bytes.length).put(bytes);
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  void read(ByteBuffer in) {
    int count = in.get();
    for (int i = 0; i < count; i++) {
      long origin = in.getLong();
      turns.add(new Turn(origin, text(in), new ModelName(text(in), text(in))));
    }
  }

  private static String text(ByteBuffer in) {
    byte[] bytes = new byte[in.getShort() & 0xffff];
    in.get(bytes);
    return new String(bytes, StandardCharsets.UTF_8);
  }
}
