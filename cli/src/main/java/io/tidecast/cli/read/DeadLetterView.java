package io.tidecast.cli.read;

import io.tidecast.cli.console.Requirements;
import io.tidecast.cli.console.ShortBytes;
import io.tidecast.schemas.DeadLetter;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Shows dead letters: to people by reason and by what was required, to programs each as an object.
 */
final class DeadLetterView implements View<DeadLetter> {

  private static final int MOST_KINDS = 8;

  @Override
  public List<String> lines(List<Decoded<DeadLetter>> all) {
    Map<String, Map<String, List<DeadLetter>>> byReason = new TreeMap<>();
    List<String> lines = new ArrayList<>();
    for (Decoded<DeadLetter> one : all) {
      DeadLetter letter = one.value();
      if (letter == null) {
        lines.addAll(View.unread(one));
      } else {
        byReason
            .computeIfAbsent(letter.getReason(), none -> new LinkedHashMap<>())
            .computeIfAbsent(Requirements.of(letter.getDetail()), none -> new ArrayList<>())
            .add(letter);
      }
    }
    byReason.forEach((reason, kinds) -> lines.addAll(lines(reason, kinds)));
    return lines;
  }

  private static List<String> lines(String reason, Map<String, List<DeadLetter>> kinds) {
    List<String> lines = new ArrayList<>();
    lines.add(
        "%s, %,d (docs/troubleshooting.md#%s)"
            .formatted(reason, kinds.values().stream().mapToInt(List::size).sum(), reason));
    kinds.values().stream()
        .sorted((a, b) -> b.size() - a.size())
        .limit(MOST_KINDS)
        .forEach(
            letters -> {
              DeadLetter last = letters.get(letters.size() - 1);
              lines.add("  %,d  %s".formatted(letters.size(), last.getDetail()));
              lines.add("     last " + place(last));
              if (last.getTopic() != null) {
                lines.add("     " + value(last));
              }
            });
    if (kinds.size() > MOST_KINDS) {
      lines.add("  and %d other kinds; --json has all".formatted(kinds.size() - MOST_KINDS));
    }
    return lines;
  }

  private static String place(DeadLetter letter) {
    List<String> words = new ArrayList<>();
    if (letter.getTopic() != null) {
      words.add("%s-%d@%d".formatted(letter.getTopic(), letter.getPartition(), letter.getOffset()));
    }
    if (letter.getSeries() != null) {
      words.add("series " + letter.getSeries());
    }
    if (letter.getTime() != null) {
      words.add("time " + letter.getTime());
    }
    words.add("at " + letter.getRejectedAt());
    return String.join(", ", words);
  }

  private static String value(DeadLetter letter) {
    return ShortBytes.of(bytes(letter.getValue()), letter.getValueLength());
  }

  private static byte @Nullable [] bytes(@Nullable ByteBuffer buffer) {
    if (buffer == null) {
      return null;
    }
    byte[] bytes = new byte[buffer.remaining()];
    buffer.duplicate().get(bytes);
    return bytes;
  }

  @Override
  public List<String> lines(Decoded<DeadLetter> decoded, DeadLetter letter) {
    List<String> lines = new ArrayList<>();
    lines.add("%s: %s".formatted(letter.getReason(), letter.getDetail()));
    lines.add("     " + place(letter));
    if (letter.getTopic() != null) {
      lines.add("     " + value(letter));
    }
    return lines;
  }

  @Override
  public Map<String, Object> json(Decoded<DeadLetter> decoded, DeadLetter letter) {
    Map<String, Object> object = new LinkedHashMap<>();
    object.put("reason", letter.getReason());
    object.put("detail", letter.getDetail());
    put(object, "topic", letter.getTopic());
    put(object, "partition", letter.getPartition());
    put(object, "offset", letter.getOffset());
    put(object, "timestamp", text(letter.getTimestamp()));
    put(object, "series", letter.getSeries());
    put(object, "time", text(letter.getTime()));
    put(object, "rejectedAt", text(letter.getRejectedAt()));
    putBytes(object, "key", letter.getKey(), letter.getKeyLength());
    putBytes(object, "value", letter.getValue(), letter.getValueLength());
    return object;
  }

  /** Text in short for people, and all that there is for programs. */
  private static void putBytes(
      Map<String, Object> object, String name, @Nullable ByteBuffer buffer, long length) {
    byte[] bytes = bytes(buffer);
    if (bytes != null) {
      object.put(name, ShortBytes.of(bytes, length));
      object.put(name + "Base64", Base64.getEncoder().encodeToString(bytes));
    }
    object.put(name + "Length", length);
  }

  private static void put(Map<String, Object> object, String name, @Nullable Object value) {
    if (value != null) {
      object.put(name, value);
    }
  }

  private static @Nullable String text(@Nullable Instant time) {
    return time == null ? null : time.toString();
  }
}
