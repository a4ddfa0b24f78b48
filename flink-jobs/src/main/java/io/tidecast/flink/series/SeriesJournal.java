package io.tidecast.flink.series;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;

/**
 * Observations of one series that its {@link SeriesRing} has still to take, in the order of their
 * arrival, and what has to be known of the ring meanwhile. Most observations ask for nothing: they
 * are written here, in some hundred bytes, and the ring, with all of a context, is only read and
 * written where a forecast is due or the journal is full. A view of a {@code byte[]} in keyed
 * state; one thread.
 *
 * <p>Version 1 of the bytes, little-endian: version (int), hash of the configuration (int, {@link
 * #configuration}), newest cell (long), last closed cell (long), last cell at which nothing is due
 * (long), time of the timer of the series' end (long), observations (int); then each of them: its
 * time (long) and its values (float). Version 2 is the same with values that are doubles: a journal
 * becomes so with the first value that a float does not hold exactly, and what the ring makes of it
 * is up to the ring.
 */
final class SeriesJournal {

  static final int VERSION = 1;
  static final int DOUBLES = 2;

  private static final int CONFIGURATION_AT = 4;
  private static final int NEWEST_AT = 8;
  private static final int CLOSED_AT = 16;
  private static final int NOTHING_DUE_AT = 24;
  private static final int WAKE_AT = 32;
  private static final int SIZE_AT = 40;
  private static final int OBSERVATIONS_AT = 44;

  /** A full journal is a small part of the ring that it saves from being written. */
  private static final int SHARE_OF_RING = 13;

  /** On a disk a ring is written again some times as files are merged, and a journal less often. */
  private static final int SHARE_OF_RING_ON_DISK = 7;

  private static final int MOST_OBSERVATIONS = 64;

  private final int channels;
  private ByteBuffer state;

  private SeriesJournal(int channels, byte[] bytes) {
    this.channels = channels;
    this.state = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
  }

  /**
   * Without observations.
   *
   * @param nothingDue {@link CellCloser#nothingDueThrough}
   * @param configuration hash of all that decides when a forecast is due
   */
  static SeriesJournal after(SeriesRing ring, int channels, long nothingDue, int configuration) {
    SeriesJournal journal = new SeriesJournal(channels, new byte[OBSERVATIONS_AT]);
    journal.state.putInt(0, VERSION);
    journal.state.putInt(CONFIGURATION_AT, configuration);
    journal.state.putLong(NEWEST_AT, ring.newest());
    journal.state.putLong(CLOSED_AT, ring.closed());
    journal.state.putLong(NOTHING_DUE_AT, nothingDue);
    journal.state.putLong(WAKE_AT, ring.wakeMillis());
    return journal;
  }

  /**
   * A journal that was kept.
   *
   * @throws IllegalStateException if it was kept by a later version
   */
  static SeriesJournal of(int channels, byte[] bytes) {
    SeriesJournal journal = new SeriesJournal(channels, bytes);
    if (journal.state.getInt(0) != VERSION && !journal.hasDoubles()) {
      throw new IllegalStateException(
          "state of a series must have been kept by this version or an earlier one: journal version=%d"
              .formatted(journal.state.getInt(0)));
    }
    return journal;
  }

  /** The bytes of a journal that holds so many observations, at most. */
  static int bytes(int observations, int channels) {
    return OBSERVATIONS_AT + observations * (Long.BYTES + channels * Double.BYTES);
  }

  /**
   * How many observations are worth it beside a ring of so many bytes.
   *
   * @param isHeap whether both are on the heap; else they are on a disk
   */
  static int capacity(int ringBytes, int channels, boolean isHeap) {
    int observation = Long.BYTES + channels * Float.BYTES;
    int share = isHeap ? SHARE_OF_RING : SHARE_OF_RING_ON_DISK;
    return Math.min(MOST_OBSERVATIONS, ringBytes / share / observation);
  }

  /** Live until the next {@link #add}. */
  byte[] bytes() {
    return state.array();
  }

  /** Identifies the configuration that wrote it; a job of another must not go by what it says. */
  int configuration() {
    return state.getInt(CONFIGURATION_AT);
  }

  long newest() {
    return state.getLong(NEWEST_AT);
  }

  long closed() {
    return state.getLong(CLOSED_AT);
  }

  long nothingDueThrough() {
    return state.getLong(NOTHING_DUE_AT);
  }

  /** {@link SeriesRing#wakeMillis}. */
  long wakeMillis() {
    return state.getLong(WAKE_AT);
  }

  int size() {
    return state.getInt(SIZE_AT);
  }

  void closeThrough(long cell) {
    state.putLong(CLOSED_AT, Math.max(closed(), cell));
  }

  void add(long cell, long timeMillis, double[] values) {
    if (!hasDoubles() && !areFloats(values)) {
      becomeDoubles();
    }
    int at = observationAt(size());
    state =
        ByteBuffer.wrap(Arrays.copyOf(state.array(), observationAt(size() + 1)))
            .order(ByteOrder.LITTLE_ENDIAN);
    write(at, timeMillis, values);
    state.putLong(NEWEST_AT, Math.max(newest(), cell));
    state.putInt(SIZE_AT, size() + 1);
  }

  private static boolean areFloats(double[] values) {
    for (double value : values) {
      if ((float) value != value && !Double.isNaN(value)) {
        return false;
      }
    }
    return true;
  }

  private void becomeDoubles() {
    SeriesJournal floats = new SeriesJournal(channels, state.array());
    byte[] bytes = Arrays.copyOf(state.array(), bytes(size(), channels));
    state = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    state.putInt(0, DOUBLES);
    for (int i = 0; i < size(); i++) {
      write(observationAt(i), floats.timeMillis(i), floats.values(i));
    }
  }

  private void write(int at, long timeMillis, double[] values) {
    state.putLong(at, timeMillis);
    for (int channel = 0; channel < channels; channel++) {
      int valueAt = at + Long.BYTES + channel * valueBytes();
      if (hasDoubles()) {
        state.putDouble(valueAt, values[channel]);
      } else {
        state.putFloat(valueAt, (float) values[channel]);
      }
    }
  }

  private boolean hasDoubles() {
    return state.getInt(0) == DOUBLES;
  }

  private int valueBytes() {
    return hasDoubles() ? Double.BYTES : Float.BYTES;
  }

  long timeMillis(int index) {
    return state.getLong(observationAt(index));
  }

  double[] values(int index) {
    double[] values = new double[channels];
    int at = observationAt(index) + Long.BYTES;
    for (int channel = 0; channel < channels; channel++) {
      int valueAt = at + channel * valueBytes();
      values[channel] = hasDoubles() ? state.getDouble(valueAt) : state.getFloat(valueAt);
    }
    return values;
  }

  private int observationAt(int index) {
    return OBSERVATIONS_AT + index * (Long.BYTES + channels * valueBytes());
  }
}
