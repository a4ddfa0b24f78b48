package io.tidecast.flink.series;

import io.tidecast.flink.grid.CellRule;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * The observations of the open cells of a series, for rules that must remember each of them: a list
 * at the end of its bytes, ordered by time, of a time (long) and a value per channel (NaN is
 * missing), at most one of each time. A view, as {@link SeriesRing} is.
 *
 * <p>Where they are readings, the last one of each channel that is not in the list any more is kept
 * before it, and has the index {@link #FORGOTTEN}.
 */
final class OpenObservations {

  /** The index of the last reading of a channel before those of the list. */
  static final int FORGOTTEN = -1;

  /** No index. */
  static final int NONE = -2;

  private final SeriesLayout layout;
  private final CellRule rule;
  private final ByteBuffer scratch = ByteBuffer.allocate(3 * Long.BYTES);
  private ByteBuffer state;

  OpenObservations(SeriesLayout layout, CellRule rule, ByteBuffer state) {
    this.layout = layout;
    this.rule = rule;
    this.state = state;
  }

  /** The bytes of the series, others once the number of observations has changed. */
  ByteBuffer state() {
    return state;
  }

  int size() {
    return state.getInt(SeriesLayout.OBSERVATIONS_AT);
  }

  long timeMillis(int index) {
    return state.getLong(layout.observationAt(index));
  }

  /** NaN where the observation has none of the channel. */
  double value(int index, int channel) {
    return layout.observationValue(state, valueAt(index, channel));
  }

  private int valueAt(int index, int channel) {
    return layout.observationAt(index) + Long.BYTES + channel * layout.observationValueBytes();
  }

  /** When a reading was, the forgotten one of its channel included. */
  long timeMillis(int index, int channel) {
    return index == FORGOTTEN ? state.getLong(layout.readingAt(channel)) : timeMillis(index);
  }

  /** What a reading said, the forgotten one of its channel included. */
  double reading(int index, int channel) {
    return index == FORGOTTEN
        ? state.getDouble(layout.readingAt(channel) + Long.BYTES)
        : value(index, channel);
  }

  /** The last reading of a channel before an index: an index, or {@link #NONE}. */
  int lastBefore(int index, int channel) {
    for (int i = index - 1; i >= 0; i--) {
      if (!Double.isNaN(value(i, channel))) {
        return i;
      }
    }
    return Double.isNaN(reading(FORGOTTEN, channel)) ? NONE : FORGOTTEN;
  }

  /** The first reading of a channel from an index on, or {@link #NONE}. */
  int firstFrom(int index, int channel) {
    int size = size();
    for (int i = index; i < size; i++) {
      if (!Double.isNaN(value(i, channel))) {
        return i;
      }
    }
    return NONE;
  }

  /** How many are before a time. */
  int before(long timeMillis) {
    int low = 0;
    int high = size();
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (timeMillis(middle) < timeMillis) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  }

  boolean holds(long timeMillis) {
    int index = before(timeMillis);
    return index < size() && timeMillis(index) == timeMillis;
  }

  /** Remembers an observation, as the rule says of duplicates. */
  void add(long timeMillis, double[] values) {
    int index = before(timeMillis);
    if (index == size() || timeMillis(index) != timeMillis) {
      insert(index, timeMillis);
    }
    boolean replaces = rule.duplicates() == CellRule.Duplicates.LAST;
    for (int channel = 0; channel < values.length; channel++) {
      int at = valueAt(index, channel);
      boolean isFree = replaces || Double.isNaN(layout.observationValue(state, at));
      if (!Double.isNaN(values[channel]) && isFree) {
        layout.putObservationValue(state, at, values[channel]);
      }
    }
  }

  /** Forgets those before a time. */
  void forgetBefore(long timeMillis) {
    int gone = before(timeMillis);
    if (gone == 0) {
      return;
    }
    if (rule.isOfReadings()) {
      for (int i = 0; i < gone; i++) {
        keepReading(i);
      }
    }
    int left = size() - gone;
    ByteBuffer shorter = resized(left);
    shorter.put(
        layout.observationAt(0),
        state,
        layout.observationAt(gone),
        left * layout.observationBytes());
    state = shorter;
  }

  private void keepReading(int index) {
    for (int channel = 0; channel < layout.channels(); channel++) {
      double value = value(index, channel);
      if (!Double.isNaN(value)) {
        state.putLong(layout.readingAt(channel), timeMillis(index));
        state.putDouble(layout.readingAt(channel) + Long.BYTES, value);
      }
    }
  }

  /** The value of a channel over the observations of a cell, in the order of their times. */
  double value(int from, int to, int channel) {
    double cell = Double.NaN;
    for (int index = from; index < to; index++) {
      double value = value(index, channel);
      if (!Double.isNaN(value)) {
        cell = rule.fold(scratch, 0, cell, timeMillis(index), value);
      }
    }
    return cell;
  }

  private void insert(int index, long timeMillis) {
    int size = size();
    ByteBuffer longer = resized(size + 1);
    int at = layout.observationAt(index);
    longer.put(
        layout.observationAt(0), state, layout.observationAt(0), at - layout.observationAt(0));
    longer.put(
        layout.observationAt(index + 1), state, at, (size - index) * layout.observationBytes());
    longer.putLong(at, timeMillis);
    for (int channel = 0; channel < layout.channels(); channel++) {
      layout.putObservationValue(longer, valueAt(index, channel), Double.NaN);
    }
    state = longer;
  }

  /** All but the observations, with kept for so many. */
  private ByteBuffer resized(int size) {
    ByteBuffer other =
        ByteBuffer.allocate(layout.observationAt(size)).order(ByteOrder.LITTLE_ENDIAN);
    other.put(0, state, 0, layout.observationAt(0));
    other.putInt(SeriesLayout.OBSERVATIONS_AT, size);
    return other;
  }
}
