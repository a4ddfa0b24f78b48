package io.tidecast.flink.series;

import io.tidecast.flink.grid.CellRule;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * The observations of the open cells of a series, for rules that must remember each of them: a list
 * at the end of its bytes, ordered by time, of a time (long) and a value per channel (NaN is
 * missing), at most one of each time. A view, as {@link SeriesRing} is.
 */
final class OpenObservations {

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

  double value(int index, int channel) {
    return layout.value(state, valueAt(index, channel));
  }

  private int valueAt(int index, int channel) {
    return layout.observationAt(index) + Long.BYTES + channel * layout.valueBytes();
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
    int at = layout.observationAt(index) + Long.BYTES;
    boolean replaces = rule.duplicates() == CellRule.Duplicates.LAST;
    for (double value : values) {
      if (!Double.isNaN(value) && (replaces || Double.isNaN(layout.value(state, at)))) {
        layout.put(state, at, value);
      }
      at += layout.valueBytes();
    }
  }

  /** Forgets those before a time. */
  void forgetBefore(long timeMillis) {
    int gone = before(timeMillis);
    if (gone == 0) {
      return;
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
      layout.put(longer, valueAt(index, channel), Double.NaN);
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
