package io.tidecast.flink.series;

import io.tidecast.flink.grid.CellRule;
import java.io.Serializable;
import java.nio.ByteBuffer;

/**
 * Where the bytes of a {@link SeriesRing} are.
 *
 * @param ruleCode of {@link CellRule#code}
 * @param openBytes of {@link CellRule#openBytes}
 * @param readingBytes of the last reading of a channel before those that are remembered; 0 where
 *     observations are no readings
 * @param heldBytes of the last value of a channel before the kept cells; 0 where silence is not
 *     filled with it
 * @param originsAt where the origins begin; then come cells, open values, readings, held values and
 *     observations
 * @param valueBytes of a value of a cell: of a float or of a double
 */
record SeriesLayout(
    int channels,
    int capacity,
    int openCells,
    int origins,
    int ruleCode,
    int openBytes,
    int readingBytes,
    int heldBytes,
    int originsAt,
    int valueBytes)
    implements Serializable {

  /** Beside the version where values are doubles. */
  static final int DOUBLES = 0x100;

  static final int CHANNELS_AT = 4;
  static final int CAPACITY_AT = 8;
  static final int STEP_AT = 12;
  static final int FIRST_AT = 20;
  static final int NEWEST_AT = 28;
  static final int CLOSED_AT = 36;
  static final int FORECAST_AT = 44;
  static final int CALENDAR_AT = 52;
  static final int RULE_AT = 56;
  static final int OPEN_CELLS_AT = 60;
  static final int ORIGINS_AT = 64;
  static final int OBSERVATIONS_AT = 68;
  static final int OPEN_FROM_AT = 72;
  static final int ASKED_AT = 80;
  static final int REPAIRED_AT = 88;
  static final int REPAIRS_AT = 96;
  static final int WAKE_AT = 100;
  static final int OBSERVED_AT = 108;
  static final int SPOKEN_AT = 116;
  static final int FORMER_FIRST_AT = 124;
  static final int FORMER_LAST_AT = 132;
  static final int HELD_AT = 140;

  /** An origin and its revision. */
  static final int ORIGIN_BYTES = Long.BYTES + Integer.BYTES;

  private static final int HEADER_1_BYTES = 52;
  private static final int HEADER_2_BYTES = 80;
  private static final int HEADER_3_BYTES = 108;
  private static final int HEADER_4_BYTES = 144;
  private static final int READING_BYTES = Long.BYTES + Double.BYTES;

  static SeriesLayout of(SeriesGrid grid, boolean doubles) {
    return new SeriesLayout(
        grid.channels(),
        grid.capacity(),
        grid.kept().openCells(),
        grid.kept().origins(),
        grid.rule().code(),
        grid.rule().openBytes(),
        readingBytes(grid.rule()),
        grid.kept().holdsValues() ? Double.BYTES : 0,
        HEADER_4_BYTES,
        valueBytes(doubles));
  }

  private static int valueBytes(boolean doubles) {
    return doubles ? Double.BYTES : Float.BYTES;
  }

  /** The version of some bytes. */
  static int version(ByteBuffer state) {
    return state.getInt(0) & ~DOUBLES;
  }

  /** Whether some bytes have doubles. */
  static boolean hasDoubles(ByteBuffer state) {
    return (state.getInt(0) & DOUBLES) != 0;
  }

  /** Whether bytes of the current version are laid out so. */
  boolean isOf(ByteBuffer state) {
    return state.getInt(CHANNELS_AT) == channels
        && state.getInt(CAPACITY_AT) == capacity
        && state.getInt(OPEN_CELLS_AT) == openCells
        && state.getInt(ORIGINS_AT) == origins
        && state.getInt(RULE_AT) == ruleCode
        && state.getInt(HELD_AT) == heldBytes;
  }

  /** Of what was kept: version 1 had neither origins nor anything of open cells but their value. */
  static SeriesLayout kept(ByteBuffer state, CellRule rule) {
    int channels = state.getInt(CHANNELS_AT);
    int capacity = state.getInt(CAPACITY_AT);
    int version = version(state);
    if (version == 1) {
      return new SeriesLayout(channels, capacity, 0, 0, 0, 0, 0, 0, HEADER_1_BYTES, Float.BYTES);
    }
    boolean before4 = version < 4;
    return new SeriesLayout(
        channels,
        capacity,
        state.getInt(OPEN_CELLS_AT),
        state.getInt(ORIGINS_AT),
        state.getInt(RULE_AT),
        rule.openBytes(),
        before4 ? 0 : readingBytes(rule),
        before4 ? 0 : state.getInt(HELD_AT),
        version == 2 ? HEADER_2_BYTES : before4 ? HEADER_3_BYTES : HEADER_4_BYTES,
        valueBytes(hasDoubles(state)));
  }

  private static int readingBytes(CellRule rule) {
    return rule.isOfReadings() ? READING_BYTES : 0;
  }

  int originAt(int index) {
    return originsAt + index * ORIGIN_BYTES;
  }

  int slot(long cell) {
    return Math.floorMod(cell, capacity);
  }

  /** Where a kept cell is; its channels follow each other. */
  int cellAt(long cell) {
    return slotAt(slot(cell));
  }

  int slotAt(int slot) {
    return cellsAt() + slot * cellBytes();
  }

  int cellBytes() {
    return channels * valueBytes;
  }

  boolean hasDoubles() {
    return valueBytes == Double.BYTES;
  }

  /** A value of a cell; NaN is missing. */
  double value(ByteBuffer state, int at) {
    return hasDoubles() ? state.getDouble(at) : state.getFloat(at);
  }

  /** Writes a value of a cell, as well as it can be. */
  void put(ByteBuffer state, int at, double value) {
    if (hasDoubles()) {
      state.putDouble(at, value);
    } else {
      state.putFloat(at, (float) value);
    }
  }

  /** Where an open cell keeps what it needs besides its value, channel by channel. */
  int openAt(long cell) {
    int slot = openCells == 1 ? 0 : Math.floorMod(cell, openCells);
    return openValuesAt() + slot * channels * openBytes;
  }

  /** Of a value of an observation: readings are doubles, others are as the values of cells. */
  int observationValueBytes() {
    return readingBytes > 0 ? Double.BYTES : valueBytes;
  }

  int observationBytes() {
    return Long.BYTES + channels * observationValueBytes();
  }

  /** A value of an observation; NaN is missing. */
  double observationValue(ByteBuffer state, int at) {
    return readingBytes > 0 ? state.getDouble(at) : value(state, at);
  }

  /** Writes a value of an observation, as well as it can be. */
  void putObservationValue(ByteBuffer state, int at, double value) {
    if (readingBytes > 0) {
      state.putDouble(at, value);
    } else {
      put(state, at, value);
    }
  }

  /** Where the last forgotten reading of a channel is: its time (long), and its value (double). */
  int readingAt(int channel) {
    return openValuesAt() + openCells * channels * openBytes + channel * readingBytes;
  }

  /** Where the value (double) is that held before the oldest kept cell. */
  int heldAt(int channel) {
    return readingAt(channels) + channel * heldBytes;
  }

  int observationAt(int index) {
    return heldAt(channels) + index * observationBytes();
  }

  int cellsAt() {
    return originsAt + origins * ORIGIN_BYTES;
  }

  int openValuesAt() {
    return cellsAt() + capacity * cellBytes();
  }
}
