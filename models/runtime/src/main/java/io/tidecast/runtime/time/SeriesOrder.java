package io.tidecast.runtime.time;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Remembers where the series of one file are while their clocks go back, so that of a local time
 * that comes twice the one is taken that goes on from the time before. What it knows can be kept as
 * bytes, and is then as it was before the present line: who reads a file has read one line ahead.
 * One thread uses it.
 */
public final class SeriesOrder {

  /** Nothing is known of any series. */
  private static final byte[] NOTHING = {};

  /** Longer names are none of a series, and are refused elsewhere. */
  private static final int MAX_NAME_CHARS = 10_000;

  private final Map<String, Last> known = new HashMap<>();

  /** What the present line has told; null for what it has made unimportant. */
  private final Map<String, @Nullable Last> told = new HashMap<>();

  /**
   * Says where a series is.
   *
   * @param millis its last time
   * @param step from the time before to the last, negative in a file that goes back in time; 0 for
   *     want of two
   */
  private record Last(long millis, long step) {}

  /** Knows nothing yet. */
  public SeriesOrder() {}

  /** Forgets all, and goes on from what {@link #bytes} gave; of no bytes, from nothing. */
  public void restore(byte[] bytes) {
    known.clear();
    told.clear();
    if (bytes.length == 0) {
      return;
    }
    try {
      DataInputStream in = new DataInputStream(new ByteArrayInputStream(bytes));
      for (int left = in.readInt(); left > 0; left--) {
        known.put(in.readUTF(), new Last(in.readLong(), in.readLong()));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * Returns what is known, without what the present line has told: how many (int), then of each
   * series its name (modified UTF-8), time and step (longs). It has no bytes where nothing is
   * known, which is most of the year.
   */
  public byte[] bytes() {
    if (known.isEmpty()) {
      return NOTHING;
    }
    try {
      ByteArrayOutputStream bytes = new ByteArrayOutputStream();
      DataOutputStream out = new DataOutputStream(bytes);
      out.writeInt(known.size());
      for (Map.Entry<String, Last> one : new TreeMap<>(known).entrySet()) {
        out.writeUTF(one.getKey());
        out.writeLong(one.getValue().millis);
        out.writeLong(one.getValue().step);
      }
      return bytes.toByteArray();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Begins a line, be it good or not: what those before it have told counts from now on. */
  public void begin() {
    if (told.isEmpty()) {
      return;
    }
    told.forEach(
        (series, last) -> {
          if (last == null) {
            known.remove(series);
          } else {
            known.put(series, last);
          }
        });
    told.clear();
  }

  private @Nullable Last last(String series) {
    return told.containsKey(series) ? told.get(series) : known.get(series);
  }

  /** Takes note of a time near a change of the clocks. */
  void note(String series, long millis) {
    if (series.length() > MAX_NAME_CHARS) {
      return;
    }
    Last last = last(series);
    long step = last == null ? 0 : millis - last.millis;
    told.put(series, new Last(millis, step == 0 && last != null ? last.step : step));
  }

  /** Takes note of a time far from any change of the clocks. */
  void forget(String series) {
    if ((!known.isEmpty() || !told.isEmpty()) && last(series) != null) {
      told.put(series, null);
    }
  }

  /**
   * Chooses between two times the next one of a series in its direction: the nearer, unless the
   * other is as far away as the last was from the one before.
   *
   * @return null where neither goes on from the last
   */
  @Nullable Long choose(String series, long earlier, long later) {
    Last last = last(series);
    if (last == null) {
      return earlier;
    }
    boolean back = last.step < 0;
    long nearer = back ? later : earlier;
    long farther = back ? earlier : later;
    boolean goesOn = back ? nearer < last.millis : nearer > last.millis;
    if (goesOn && farther != last.millis + last.step) {
      return nearer;
    }
    return (back ? farther < last.millis : farther > last.millis) ? (Long) farther : null;
  }
}
