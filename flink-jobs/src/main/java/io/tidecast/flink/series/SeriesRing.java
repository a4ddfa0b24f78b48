package io.tidecast.flink.series;

import static io.tidecast.flink.series.SeriesLayout.ASKED_AT;
import static io.tidecast.flink.series.SeriesLayout.CALENDAR_AT;
import static io.tidecast.flink.series.SeriesLayout.CAPACITY_AT;
import static io.tidecast.flink.series.SeriesLayout.CHANNELS_AT;
import static io.tidecast.flink.series.SeriesLayout.CLOSED_AT;
import static io.tidecast.flink.series.SeriesLayout.FIRST_AT;
import static io.tidecast.flink.series.SeriesLayout.FORECAST_AT;
import static io.tidecast.flink.series.SeriesLayout.FORMER_FIRST_AT;
import static io.tidecast.flink.series.SeriesLayout.FORMER_LAST_AT;
import static io.tidecast.flink.series.SeriesLayout.HELD_AT;
import static io.tidecast.flink.series.SeriesLayout.NEWEST_AT;
import static io.tidecast.flink.series.SeriesLayout.OBSERVED_AT;
import static io.tidecast.flink.series.SeriesLayout.OPEN_CELLS_AT;
import static io.tidecast.flink.series.SeriesLayout.OPEN_FROM_AT;
import static io.tidecast.flink.series.SeriesLayout.ORIGINS_AT;
import static io.tidecast.flink.series.SeriesLayout.REPAIRED_AT;
import static io.tidecast.flink.series.SeriesLayout.REPAIRS_AT;
import static io.tidecast.flink.series.SeriesLayout.RULE_AT;
import static io.tidecast.flink.series.SeriesLayout.SPOKEN_AT;
import static io.tidecast.flink.series.SeriesLayout.STEP_AT;
import static io.tidecast.flink.series.SeriesLayout.WAKE_AT;

import io.tidecast.flink.grid.CellRule;
import io.tidecast.flink.grid.Spelling;
import io.tidecast.runtime.context.Bases;
import io.tidecast.runtime.grid.GridStep;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.Duration;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * What a job remembers of one series: the newest cells of its grid and how far they are closed and
 * forecast. A view of the one {@code byte[]} in keyed state, which it changes in place; one thread.
 *
 * <p>Version 4 of the bytes, little-endian: version (int), channels (int), capacity in cells (int),
 * step in milliseconds (long), first cell (long), newest cell (long), last closed cell (long),
 * origin cell of the last forecast (long, {@link #NEVER} without one), calendar (int, {@link
 * GridStep#calendarId}), rule (int, {@link CellRule#code}), open cells (int), origins (int),
 * observations (int), oldest cell that may be open (long), last closed cell that could have asked
 * for a forecast (long, {@link #NEVER} without one), an origin and how often its context has
 * changed since its cell closed (long, int), time of the timer of its end (long, {@link #NEVER}
 * without one), newest cell with an observation (long), newest of those that are closed (long,
 * {@link #NEVER} without one), first and last cell before the silence that the first cell ended
 * (long, long, {@link #NEVER} without one), bytes of a held value (int). Then the newest origins,
 * newest first, each a cell (long) and its revision (int); the cells as {@code
 * [capacity][channels]} values, cell {@code n} at {@code floorMod(n, capacity)}, NaN is missing;
 * what open cells need besides, {@code [openCells][channels]} times {@link CellRule#openBytes};
 * where observations are readings, the last one of each channel that was forgotten, a time (long)
 * and its value (double, NaN without one); where silence is filled with the value before, that of
 * each channel before the oldest kept cell (double); {@link OpenObservations}.
 *
 * <p>Values are floats as long as floats hold them; else they all are doubles, and {@link
 * SeriesLayout#DOUBLES} is added to the version. They become doubles with the first value that a
 * float would round by too much, so that a first value mostly does that, and floats again when what
 * is kept turns out not to need doubles. Floats that are distances from a level would take less
 * room; but a counter that begins anew, or a device that says 0 once, leaves values of two levels
 * in one series, of which either the old or the new would then be lost.
 *
 * <p>Version 3 ended its header before the newest cell with an observation. Version 2 ended its
 * header before the last closed cell that could have asked. Version 1 ended its header before the
 * calendar and went on with the cells; it was of fixed steps and let the last observation win.
 */
final class SeriesRing {

  static final int VERSION = 4;

  /** The origin of the last forecast while there is none, and so on. */
  static final long NEVER = Long.MIN_VALUE;

  private static final int VERSION_1 = 1;
  private static final int VERSION_2 = 2;
  private static final int VERSION_3 = 3;

  /**
   * Closed or open cells that have other values now.
   *
   * @param through less than {@code from} if there are none
   */
  record Changed(long from, long through) {

    /** None at all. */
    static final Changed NOTHING = new Changed(0, -1);

    /** One cell, if it is. */
    static Changed of(long cell, boolean changed) {
      return changed ? new Changed(cell, cell) : NOTHING;
    }

    boolean isEmpty() {
      return through < from;
    }

    /** These and those, and the ones in between. */
    Changed and(Changed other) {
      return and(other.from, other.through);
    }

    /** These and some more, and those in between. */
    Changed and(long otherFrom, long otherThrough) {
      if (otherThrough < otherFrom) {
        return this;
      }
      return isEmpty()
          ? new Changed(otherFrom, otherThrough)
          : new Changed(Math.min(from, otherFrom), Math.max(through, otherThrough));
    }
  }

  /** A reading of a counter that is below the one before it. */
  record Fall(long timeMillis, double from, double to) {}

  /** What rounding may take of the change from the cell before. */
  private static final double SHARE_OF_CHANGE = 0.01;

  /** How many cells go by before it is looked at again whether values need doubles. */
  private static final int LOOK_EVERY = 8;

  private final SeriesGrid grid;
  private SeriesLayout layout;
  private ByteBuffer state;
  private @Nullable Fall fall;

  /** After a silence of more cells than this the series may have begun anew. */
  private int longestSilence;

  private SeriesRing(SeriesGrid grid, SeriesLayout layout, byte[] bytes) {
    this.grid = grid;
    this.layout = layout;
    this.state = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    this.longestSilence = grid.contextLength();
  }

  /**
   * A new series.
   *
   * @param first its first cell, still without a value
   * @param closed the last cell that takes no observation any more
   */
  static SeriesRing create(SeriesGrid grid, long first, long closed) {
    return create(grid, grid.layout(), first, closed);
  }

  private static SeriesRing create(SeriesGrid grid, SeriesLayout layout, long first, long closed) {
    SeriesRing ring = new SeriesRing(grid, layout, new byte[layout.observationAt(0)]);
    ring.state.putInt(0, VERSION | (layout.hasDoubles() ? SeriesLayout.DOUBLES : 0));
    ring.state.putInt(CHANNELS_AT, grid.channels());
    ring.state.putInt(CAPACITY_AT, grid.capacity());
    ring.state.putLong(STEP_AT, grid.step().millis());
    ring.state.putLong(FIRST_AT, first);
    ring.state.putLong(NEWEST_AT, first);
    ring.state.putLong(CLOSED_AT, closed);
    ring.state.putLong(FORECAST_AT, NEVER);
    ring.state.putInt(CALENDAR_AT, grid.step().calendarId());
    ring.state.putInt(RULE_AT, grid.rule().code());
    ring.state.putInt(OPEN_CELLS_AT, grid.kept().openCells());
    ring.state.putInt(ORIGINS_AT, grid.kept().origins());
    ring.state.putLong(OPEN_FROM_AT, Long.MIN_VALUE);
    ring.state.putLong(ASKED_AT, NEVER);
    ring.state.putLong(REPAIRED_AT, NEVER);
    ring.state.putLong(WAKE_AT, NEVER);
    ring.state.putLong(OBSERVED_AT, first);
    ring.state.putLong(SPOKEN_AT, NEVER);
    ring.state.putLong(FORMER_FIRST_AT, NEVER);
    ring.state.putLong(FORMER_LAST_AT, NEVER);
    ring.state.putInt(HELD_AT, layout.heldBytes());
    ring.forgetValues();
    for (int i = 0; i < grid.kept().origins(); i++) {
      ring.state.putLong(layout.originAt(i), NEVER);
    }
    for (int i = 0; i < grid.capacity(); i++) {
      ring.clear(i);
    }
    return ring;
  }

  /**
   * A series that was kept. A ring of another size, as another context length or allowed lateness
   * leaves behind, is carried over with its newest cells, of which no more are open than were. A
   * value of version 1 becomes one observation at the beginning of its cell.
   *
   * @throws IllegalStateException if it was kept with another grid, number of channels or rule, or
   *     by a later version
   */
  static SeriesRing of(SeriesGrid grid, byte[] bytes) {
    SeriesRing kept = new SeriesRing(grid, grid.layout(), bytes);
    kept.layout = grid.layout(SeriesLayout.hasDoubles(kept.state));
    if (kept.isCurrent()) {
      return kept;
    }
    ByteBuffer state = kept.state;
    requireSame(grid, state);
    return new SeriesRing(grid, SeriesLayout.kept(state, grid.rule()), bytes).carriedOver();
  }

  /** Looked at for every observation: compares numbers, and leaves what is wrong to others. */
  private boolean isCurrent() {
    return SeriesLayout.version(state) == VERSION
        && layout.isOf(state)
        && state.getLong(STEP_AT) == grid.step().millis()
        && state.getInt(CALENDAR_AT) == grid.step().calendarId();
  }

  private static void requireSame(SeriesGrid grid, ByteBuffer state) {
    int version = SeriesLayout.version(state);
    boolean first = version == VERSION_1;
    boolean known = first || version == VERSION_2 || version == VERSION_3;
    require("version", VERSION, known ? VERSION : version);
    require("series.channels", grid.channels(), state.getInt(CHANNELS_AT));
    Duration step = Duration.ofMillis(state.getLong(STEP_AT));
    require("series.step", grid.step().length(), step);
    requireSameCalendar(grid.step(), first ? 0 : state.getInt(CALENDAR_AT));
    requireSameRule(grid.rule(), CellRule.ofCode(first ? 0 : state.getInt(RULE_AT)));
  }

  /** Whether its values are doubles, which take twice the room. */
  boolean hasDoubles() {
    return layout.hasDoubles();
  }

  /** The same of a series that has been looked at since it began: others mostly need floats. */
  boolean takesTwice() {
    return hasDoubles() && newest() - first() >= 2 * LOOK_EVERY;
  }

  /** The state, live until the next {@link #put}. */
  byte[] bytes() {
    return state.array();
  }

  /** The cell that the series has begun with, or begun anew after a silence. */
  long first() {
    return state.getLong(FIRST_AT);
  }

  /** The cell that the series had begun with at an origin, the newest or one before a silence. */
  long first(long origin) {
    long former = state.getLong(FORMER_FIRST_AT);
    return origin < first() && former != NEVER ? former : first();
  }

  /** The newest cell that is kept, observed or silent. */
  long newest() {
    return state.getLong(NEWEST_AT);
  }

  /** The newest cell with an observation. */
  long observed() {
    return state.getLong(OBSERVED_AT);
  }

  /** The newest closed cell with an observation. */
  long spoken() {
    return state.getLong(SPOKEN_AT);
  }

  void spokenAt(long cell) {
    state.putLong(SPOKEN_AT, Math.max(spoken(), cell));
  }

  /**
   * The series begins anew with a cell, after a silence that makes it young again.
   *
   * @param last cell before the silence
   */
  void beginAt(long cell, long last) {
    state.putLong(FORMER_FIRST_AT, first());
    state.putLong(FORMER_LAST_AT, last);
    state.putLong(FIRST_AT, cell);
    for (int channel = 0; channel < layout.channels() && layout.heldBytes() > 0; channel++) {
      state.putDouble(layout.heldAt(channel), Double.NaN);
    }
  }

  /**
   * Says after how many silent cells the series may begin anew; without it, after a whole window.
   * It is not kept.
   */
  void mayBeginAfter(int silentCells) {
    longestSilence = silentCells;
  }

  /** The last cell that is over in {@code watermark} mode. */
  long closed() {
    return state.getLong(CLOSED_AT);
  }

  long lastForecast() {
    return state.getLong(FORECAST_AT);
  }

  /** The oldest cell that there is kept for. */
  long oldest() {
    return newest() - layout.capacity() + 1;
  }

  /** The oldest cell that takes observations with all the arithmetic of its rule. */
  long oldestOpen() {
    return Math.max(newest() - layout.openCells() + 1, state.getLong(OPEN_FROM_AT));
  }

  void closeThrough(long cell) {
    state.putLong(CLOSED_AT, Math.max(closed(), cell));
  }

  /** The last cell of the series that is over; one before the first if none is. */
  long lastClosed() {
    return Math.min(closed(), newest());
  }

  /** The last cell that closed with a value, whether or not a forecast was due there. */
  long lastAsked() {
    return state.getLong(ASKED_AT);
  }

  void askedAt(long cell) {
    state.putLong(ASKED_AT, cell);
  }

  /** How often the context of an origin has changed since it was the last closed cell. */
  int repairs(long origin) {
    return state.getLong(REPAIRED_AT) == origin ? state.getInt(REPAIRS_AT) : 0;
  }

  /** Counts a change of the context of the last closed cell. */
  void repaired(long origin) {
    int repairs = repairs(origin) + 1;
    state.putLong(REPAIRED_AT, origin);
    state.putInt(REPAIRS_AT, repairs);
  }

  /** When the timer fires that looks whether the series is to be forgotten, epoch milliseconds. */
  long wakeMillis() {
    return state.getLong(WAKE_AT);
  }

  void wakeAt(long millis) {
    state.putLong(WAKE_AT, millis);
  }

  /** Remembers a new origin, and forgets the oldest that there is no kept for. */
  void forecastAt(long origin) {
    state.putLong(FORECAST_AT, origin);
    for (int i = layout.origins() - 1; i >= 0; i--) {
      int at = layout.originAt(i);
      state.putLong(at, i == 0 ? origin : origin(i - 1));
      state.putInt(at + Long.BYTES, i == 0 ? 0 : revision(i - 1));
    }
  }

  /** One of the newest origins, from 0 for the last; {@link #NEVER} if there were not so many. */
  long origin(int index) {
    return state.getLong(layout.originAt(index));
  }

  /** How many further forecasts one of the newest origins had. */
  int revision(int index) {
    return state.getInt(layout.originAt(index) + Long.BYTES);
  }

  /** Counts a further forecast of one of the newest origins. */
  void revise(int index) {
    state.putInt(layout.originAt(index) + Long.BYTES, revision(index) + 1);
  }

  /** Whether a cell that remembers each of its observations can take no more of another time. */
  boolean isFull(long cell, long timeMillis) {
    if (!grid.rule().keepsObservations()) {
      return false;
    }
    OpenObservations observations = observations();
    return observations.before(grid.step().startMillis(cell + 1))
                - observations.before(grid.step().startMillis(cell))
            >= grid.rule().maxObservations()
        && !observations.holds(timeMillis);
  }

  /**
   * Takes an observation into its cell, an open one or one ahead; that becomes the newest, and
   * those between become gaps. A missing value leaves what is there.
   *
   * @return the cells that have other values now
   */
  Changed put(long cell, long timeMillis, double[] values) {
    long newest = newest();
    reach(cell);
    if (grid.rule().isOfReadings()) {
      return read(cell, timeMillis, values, newest);
    }
    if (grid.rule().keepsObservations()) {
      return remember(cell, timeMillis, values);
    }
    int slot = layout.slot(cell);
    int open = layout.openAt(cell) - layout.openValuesAt();
    boolean changed = false;
    for (int channel = 0; channel < values.length; channel++) {
      if (!Double.isNaN(values[channel])) {
        double kept = value(slot, channel);
        int openAt = layout.openValuesAt() + open + channel * layout.openBytes();
        double folded = grid.rule().fold(state, openAt, kept, timeMillis, values[channel]);
        changed |= replace(cell, slot, channel, folded);
      }
    }
    return Changed.of(cell, changed);
  }

  /** Replaces the values of a kept cell that is not open any more, as {@link #put} otherwise. */
  Changed correct(long cell, double[] values) {
    reach(cell);
    int slot = layout.slot(cell);
    boolean changed = false;
    for (int channel = 0; channel < values.length; channel++) {
      if (!Double.isNaN(values[channel])) {
        changed |= replace(cell, slot, channel, values[channel]);
      }
    }
    return Changed.of(cell, changed);
  }

  /**
   * Goes on to a cell that nothing was observed in, the one after the newest. It has no value, or
   * what its rule makes of what was before.
   */
  void reachSilent(long cell) {
    reachNewest(cell);
    if (grid.rule().valuesSilentCells()) {
      CellReadings readings = readings(observations());
      for (int channel = 0; channel < layout.channels(); channel++) {
        value(channel, Changed.of(cell, true), readings, closed());
      }
    }
  }

  /** The series begins with its first cell that has a value, at the latest with a cell. */
  void beginAt(long cell) {
    long first = Math.max(first(), oldest());
    while (first < cell && !hasValue(first)) {
      first++;
    }
    state.putLong(FIRST_AT, first);
  }

  /** The value in the slot of a kept cell; NaN is missing. */
  private double value(int slot, int channel) {
    return layout.value(state, layout.slotAt(slot) + channel * layout.valueBytes());
  }

  /** Writes a value into the slot of a kept cell; tells whether it was another. */
  private boolean replace(long cell, int slot, int channel, double value) {
    if (needsDoubles(cell, channel, value)) {
      become(grid.layout(true));
    }
    double kept = value(slot, channel);
    layout.put(state, layout.slotAt(slot) + channel * layout.valueBytes(), value);
    double held = value(slot, channel);
    return kept != held && !(Double.isNaN(kept) && Double.isNaN(held));
  }

  /**
   * Whether a float would round a value by too much: any that floats of its size have no whole
   * numbers for, or a part of the change from the cell before. How much changes in a series is not
   * known with its first value.
   */
  private boolean needsDoubles(long cell, int channel, double value) {
    return !hasDoubles()
        && Math.abs((float) value - value) > 0
        && (grid.isExact() || newest() == first() || isLossy(cell, channel, value));
  }

  private boolean isLossy(long cell, int channel, double value) {
    double lost = Math.abs((float) value - value);
    if (!(lost > 0) || Math.abs(value) >= Bases.WHOLE_BELOW) {
      return lost > 0;
    }
    if (cell <= Math.max(first(), oldest())) {
      return false;
    }
    double change = Math.abs(value - value(layout.slot(cell - 1), channel));
    return change > 0 && lost > SHARE_OF_CHANGE * change;
  }

  /** Goes back to floats where they hold all that is kept. */
  private void leaveDoubles() {
    for (long cell = Math.max(first(), oldest()); cell <= newest(); cell++) {
      for (int channel = 0; channel < layout.channels(); channel++) {
        if (isLossy(cell, channel, value(layout.slot(cell), channel))) {
          return;
        }
      }
    }
    become(grid.layout(false));
  }

  private void become(SeriesLayout to) {
    OpenObservations mine = observations();
    ByteBuffer other =
        ByteBuffer.allocate(to.observationAt(mine.size())).order(ByteOrder.LITTLE_ENDIAN);
    other.put(0, state, 0, layout.cellsAt());
    other.putInt(0, VERSION | (to.hasDoubles() ? SeriesLayout.DOUBLES : 0));
    for (int i = 0; i < layout.capacity() * layout.channels(); i++) {
      double value = layout.value(state, layout.cellsAt() + i * layout.valueBytes());
      to.put(other, to.cellsAt() + i * to.valueBytes(), value);
    }
    int open = layout.observationAt(0) - layout.openValuesAt();
    other.put(to.openValuesAt(), state, layout.openValuesAt(), open);
    for (int i = 0; i < mine.size(); i++) {
      int at = to.observationAt(i);
      other.putLong(at, mine.timeMillis(i));
      for (int channel = 0; channel < to.channels(); channel++) {
        int valueAt = at + Long.BYTES + channel * to.observationValueBytes();
        to.putObservationValue(other, valueAt, mine.value(i, channel));
      }
    }
    state = other;
    layout = to;
  }

  private void reach(long cell) {
    if (cell > newest()) {
      reachNewest(cell);
    }
    state.putLong(OBSERVED_AT, Math.max(observed(), cell));
    // A reading may well have no value for its cell.
    if (cell < first() && (lastAsked() == NEVER || !grid.rule().isOfReadings())) {
      reachBack(cell);
    }
  }

  private void reachNewest(long cell) {
    long newest = newest();
    if (hasDoubles()
        && !grid.isExact()
        && newest - first() >= LOOK_EVERY
        && Math.floorDiv(cell, LOOK_EVERY) != Math.floorDiv(newest, LOOK_EVERY)) {
      leaveDoubles();
    }
    for (long gone = oldest(); gone <= Math.min(newest, cell - layout.capacity()); gone++) {
      hold(gone);
    }
    long from = Math.max(newest + 1, cell - layout.capacity() + 1);
    for (long gap = from; gap <= cell; gap++) {
      clear(layout.slot(gap));
    }
    state.putLong(NEWEST_AT, cell);
  }

  /** Takes a cell before the first one; it may be that there was no silence before that. */
  private void reachBack(long cell) {
    long last = state.getLong(FORMER_LAST_AT);
    if (last == NEVER) {
      state.putLong(FIRST_AT, cell);
      return;
    }
    boolean joinsFormer = cell - last <= longestSilence;
    boolean joinsFirst = first() - cell <= longestSilence;
    if (joinsFormer && joinsFirst) {
      state.putLong(FIRST_AT, state.getLong(FORMER_FIRST_AT));
      state.putLong(FORMER_FIRST_AT, NEVER);
      state.putLong(FORMER_LAST_AT, NEVER);
    } else if (joinsFirst) {
      state.putLong(FIRST_AT, cell);
    } else if (cell > last) {
      if (!joinsFormer) {
        state.putLong(FORMER_FIRST_AT, cell);
      }
      state.putLong(FORMER_LAST_AT, cell);
    }
  }

  private Changed remember(long cell, long timeMillis, double[] values) {
    OpenObservations observations = observations();
    observations.forgetBefore(grid.step().startMillis(oldestOpen()));
    state = observations.state();
    for (int channel = 0; channel < values.length; channel++) {
      if (needsDoubles(cell, channel, values[channel])) {
        become(grid.layout(true));
        observations = observations();
      }
    }
    observations.add(timeMillis, values);
    state = observations.state();
    int from = observations.before(grid.step().startMillis(cell));
    int to = observations.before(grid.step().startMillis(cell + 1));
    int slot = layout.slot(cell);
    boolean changed = false;
    for (int channel = 0; channel < layout.channels(); channel++) {
      SeriesLayout was = layout;
      changed |= replace(cell, slot, channel, observations.value(from, to, channel));
      observations = layout.equals(was) ? observations : observations();
    }
    return Changed.of(cell, changed);
  }

  /**
   * Takes a reading, which counts in its cell and up to the next reading.
   *
   * @param newest cell before it
   */
  private Changed read(long cell, long timeMillis, double[] values, long newest) {
    OpenObservations observations = observations();
    observations.forgetBefore(grid.step().startMillis(oldestOpen()));
    boolean isNew = !observations.holds(timeMillis);
    observations.add(timeMillis, values);
    state = observations.state();
    if (isNew && grid.rule().isOfCounters()) {
      countFalls(observations, timeMillis);
    }
    CellReadings readings = readings(observations);
    int begin = observations.before(grid.step().startMillis(cell));
    int next = observations.before(timeMillis + 1);
    Changed changed = Changed.NOTHING;
    for (int channel = 0; channel < layout.channels(); channel++) {
      // What held before goes on in cells that the series has just come to.
      Changed touched =
          grid.rule().valuesSilentCells() ? new Changed(newest + 1, cell) : Changed.NOTHING;
      if (!Double.isNaN(values[channel])) {
        touched = touched.and(cell, cell);
        int before = observations.lastBefore(begin, channel);
        if (grid.rule().valuesSilentCells() && before != OpenObservations.NONE) {
          long after = grid.step().cell(observations.timeMillis(before, channel)) + 1;
          touched = touched.and(after, cell);
        }
        int after = observations.firstFrom(next, channel);
        if (after != OpenObservations.NONE) {
          touched = touched.and(cell, grid.step().cell(observations.timeMillis(after)));
        } else if (!grid.rule().isOfCounters()) {
          touched = touched.and(cell, newest());
        }
      }
      changed = value(channel, touched, readings, closed()).and(changed);
    }
    long last = Math.min(changed.through, first() - 1);
    for (long value = last; value >= changed.from && lastAsked() != NEVER; value--) {
      if (hasValue(value)) {
        reachBack(value);
      }
    }
    return changed;
  }

  /** Has a cell that is over say what was counted in silent cells before it. */
  Changed spread(long cell) {
    OpenObservations observations = observations();
    int begin = observations.before(grid.step().startMillis(cell));
    int end = observations.before(grid.step().startMillis(cell + 1));
    CellReadings readings = readings(observations);
    Changed changed = Changed.NOTHING;
    for (int channel = 0; channel < layout.channels(); channel++) {
      int first = observations.firstFrom(begin, channel);
      int before = observations.lastBefore(begin, channel);
      if (first != OpenObservations.NONE && first < end && before != OpenObservations.NONE) {
        long after = grid.step().cell(observations.timeMillis(before, channel)) + 1;
        changed = value(channel, new Changed(after, cell - 1), readings, cell).and(changed);
      }
    }
    return changed;
  }

  /** Makes the values of some cells of their readings; returns those that are other ones. */
  private Changed value(int channel, Changed cells, CellReadings readings, long closed) {
    Changed changed = Changed.NOTHING;
    for (long cell = Math.max(cells.from, oldest()); cell <= cells.through; cell++) {
      if (replace(cell, layout.slot(cell), channel, readings.value(cell, channel, closed))) {
        changed = changed.and(cell, cell);
      }
    }
    return changed;
  }

  private void countFalls(OpenObservations observations, long timeMillis) {
    int index = observations.before(timeMillis);
    for (int channel = 0; channel < layout.channels(); channel++) {
      double value = observations.value(index, channel);
      int before = observations.lastBefore(index, channel);
      int after = observations.firstFrom(index + 1, channel);
      boolean hasBefore = before != OpenObservations.NONE;
      boolean hasAfter = after != OpenObservations.NONE;
      double former = hasBefore ? observations.reading(before, channel) : Double.NaN;
      double latter = hasAfter ? observations.value(after, channel) : Double.NaN;
      int more =
          (falls(former, value) ? 1 : 0)
              + (falls(value, latter) ? 1 : 0)
              - (falls(former, latter) ? 1 : 0);
      if (more > 0) {
        fall =
            falls(former, value)
                ? new Fall(timeMillis, former, value)
                : new Fall(observations.timeMillis(after), value, latter);
      }
    }
  }

  private boolean falls(double from, double to) {
    return grid.rule().counter().falls(from, to);
  }

  /** The fall of a counter that the last observation has shown, once; null if there was none. */
  @Nullable Fall takeFall() {
    Fall taken = fall;
    fall = null;
    return taken;
  }

  /** Whether something was observed in a cell whose observations are remembered. */
  boolean isObserved(long cell) {
    OpenObservations observations = observations();
    int from = observations.before(grid.step().startMillis(cell));
    int to = observations.before(grid.step().startMillis(cell + 1));
    return from < to;
  }

  /** Holds the values of the oldest kept cell, for it is kept no longer. */
  private void hold(long cell) {
    if (layout.heldBytes() == 0 || cell < first()) {
      return;
    }
    for (int channel = 0; channel < layout.channels(); channel++) {
      double value = value(layout.slot(cell), channel);
      if (!Double.isNaN(value)) {
        state.putDouble(layout.heldAt(channel), value);
      }
    }
  }

  /**
   * The value of each channel that held before a context begins; only of a series that holds
   * values.
   *
   * @param cells of the context
   */
  double[] heldBefore(long origin, int cells) {
    double[] held = new double[layout.channels()];
    for (int channel = 0; channel < held.length; channel++) {
      held[channel] = state.getDouble(layout.heldAt(channel));
      long from = Math.max(oldest(), first());
      for (long cell = from; cell <= origin - cells; cell++) {
        double value = value(layout.slot(cell), channel);
        held[channel] = Double.isNaN(value) ? held[channel] : value;
      }
    }
    return held;
  }

  /** Copies the values of a kept cell, {@code [channel]}; NaN is missing. */
  double[] values(long cell) {
    double[] values = new double[layout.channels()];
    for (int channel = 0; channel < values.length; channel++) {
      values[channel] = value(layout.slot(cell), channel);
    }
    return values;
  }

  /** Whether a kept cell has a value in any channel. */
  boolean hasValue(long cell) {
    int at = layout.cellAt(cell);
    for (int channel = 0; channel < layout.channels(); channel++) {
      if (!Double.isNaN(layout.value(state, at + channel * layout.valueBytes()))) {
        return true;
      }
    }
    return false;
  }

  /** Whether a cell is there and has a value in every channel. */
  boolean isComplete(long cell) {
    if (cell < Math.max(first(), oldest()) || cell > newest()) {
      return false;
    }
    int at = layout.cellAt(cell);
    for (int channel = 0; channel < layout.channels(); channel++) {
      if (Double.isNaN(layout.value(state, at + channel * layout.valueBytes()))) {
        return false;
      }
    }
    return true;
  }

  /**
   * Copies the context that ends with a cell, of a series whose values are floats.
   *
   * @param context receives {@code [time][channel]} row-major, oldest first, as many cells as it
   *     has room for; NaN is missing
   */
  void context(long origin, float[] context) {
    int channels = layout.channels();
    long start = origin - context.length / channels + 1;
    long known = Math.max(start, oldest());
    int at = (int) (known - start) * channels;
    Arrays.fill(context, 0, at, Float.NaN);
    // At most two runs: the ring wraps at most once within a context.
    while (at < context.length) {
      int slot = layout.slot(known);
      int cells = Math.min(layout.capacity() - slot, (int) (origin - known + 1));
      state
          .slice(layout.slotAt(slot), cells * layout.cellBytes())
          .order(ByteOrder.LITTLE_ENDIAN)
          .asFloatBuffer()
          .get(context, at, cells * channels);
      at += cells * channels;
      known += cells;
    }
  }

  /** The same of a series whose values are doubles. */
  void context(long origin, double[] context) {
    long start = origin - context.length / layout.channels() + 1;
    long known = Math.max(start, oldest());
    int at = (int) (known - start) * layout.channels();
    Arrays.fill(context, 0, at, Double.NaN);
    for (long cell = known; cell <= origin; cell++) {
      int slot = layout.slot(cell);
      for (int channel = 0; channel < layout.channels(); channel++) {
        context[at++] = value(slot, channel);
      }
    }
  }

  private SeriesRing carriedOver() {
    SeriesRing ring = create(grid, grid.layout(hasDoubles()), newest(), closed());
    long from = Math.max(Math.max(oldest(), ring.oldest()), first());
    ring.state.putLong(FIRST_AT, oldest() <= ring.oldest() ? first() : from);
    for (long cell = from; cell <= newest(); cell++) {
      ring.state.put(ring.layout.cellAt(cell), state, layout.cellAt(cell), layout.cellBytes());
    }
    ring.state.putLong(FORECAST_AT, lastForecast());
    copyOrigins(ring);
    copyCadence(ring);
    copyHeld(ring);
    if (layout.openCells() == 0) {
      ring.dateValues(Math.max(from, ring.oldestOpen()));
    } else {
      ring.state.putLong(OPEN_FROM_AT, oldestOpen());
      copyOpen(ring);
    }
    return ring;
  }

  private void copyOrigins(SeriesRing to) {
    int common = Math.min(layout.origins(), to.layout.origins());
    to.state.put(
        to.layout.originAt(0), state, layout.originAt(0), common * SeriesLayout.ORIGIN_BYTES);
    if (common == 0 && to.layout.origins() > 0) {
      to.state.putLong(to.layout.originAt(0), lastForecast());
    }
  }

  private void copyCadence(SeriesRing to) {
    int version = SeriesLayout.version(state);
    if (version >= VERSION_3) {
      to.state.put(ASKED_AT, state, ASKED_AT, OBSERVED_AT - ASKED_AT);
      if (version == VERSION) {
        to.state.put(OBSERVED_AT, state, OBSERVED_AT, HELD_AT - OBSERVED_AT);
      } else {
        to.spokenAt(lastAsked());
      }
      return;
    }
    to.askedAt(lastForecast());
    to.spokenAt(lastForecast());
    if (layout.origins() > 0 && origin(0) != NEVER) {
      to.state.putLong(REPAIRED_AT, origin(0));
      to.state.putInt(REPAIRS_AT, revision(0));
    }
  }

  /** What was held, and what there are no cells for any more. */
  private void copyHeld(SeriesRing to) {
    if (to.layout.heldBytes() == 0) {
      return;
    }
    for (int channel = 0; channel < layout.channels(); channel++) {
      double held = layout.heldBytes() == 0 ? Double.NaN : state.getDouble(layout.heldAt(channel));
      for (long cell = Math.max(oldest(), first()); cell < to.oldest(); cell++) {
        double value = value(layout.slot(cell), channel);
        held = Double.isNaN(value) ? held : value;
      }
      to.state.putDouble(to.layout.heldAt(channel), held);
    }
  }

  private void copyOpen(SeriesRing to) {
    int bytes = layout.channels() * layout.openBytes();
    for (long cell = to.oldestOpen(); cell <= newest(); cell++) {
      to.state.put(to.layout.openAt(cell), state, layout.openAt(cell), bytes);
    }
    OpenObservations mine = observations();
    OpenObservations its = to.observations();
    to.state.put(
        to.layout.readingAt(0),
        state,
        layout.readingAt(0),
        layout.channels() * layout.readingBytes());
    double[] values = new double[layout.channels()];
    for (int i = 0; i < mine.size(); i++) {
      for (int channel = 0; channel < values.length; channel++) {
        values[channel] = mine.value(i, channel);
      }
      its.add(mine.timeMillis(i), values);
    }
    its.forgetBefore(grid.step().startMillis(to.oldestOpen()));
    to.state = its.state();
  }

  private void dateValues(long from) {
    for (long cell = from; cell <= newest(); cell++) {
      int open = layout.openAt(cell);
      for (int channel = 0; channel < layout.channels(); channel++) {
        state.putLong(open + channel * layout.openBytes(), grid.step().startMillis(cell));
      }
    }
  }

  private CellReadings readings(OpenObservations observations) {
    return new CellReadings(grid.step(), grid.rule(), observations);
  }

  private void forgetValues() {
    for (int channel = 0; channel < layout.channels(); channel++) {
      if (layout.readingBytes() > 0) {
        state.putLong(layout.readingAt(channel), NEVER);
        state.putDouble(layout.readingAt(channel) + Long.BYTES, Double.NaN);
      }
      if (layout.heldBytes() > 0) {
        state.putDouble(layout.heldAt(channel), Double.NaN);
      }
    }
  }

  private OpenObservations observations() {
    return new OpenObservations(layout, grid.rule(), state);
  }

  private void clear(int slot) {
    int at = layout.slotAt(slot);
    for (int channel = 0; channel < layout.channels(); channel++) {
      layout.put(state, at + channel * layout.valueBytes(), Double.NaN);
    }
  }

  private static void requireSameCalendar(GridStep step, int kept) {
    if (step.calendarId() != kept) {
      require(
          "series.step, series.zone and series.offset",
          step,
          kept == 0
              ? "a fixed step without an offset (series.offset: 0s)"
              : "another calendar or offset");
    }
  }

  private static void requireSameRule(CellRule rule, CellRule kept) {
    String aggregate = Spelling.of(kept.aggregate());
    require("series.aggregate", Spelling.of(rule.aggregate()), aggregate);
    if (rule.keepsObservations() != kept.keepsObservations()) {
      String duplicates = Spelling.of(kept.duplicates());
      require("series.duplicates", Spelling.of(rule.duplicates()), duplicates);
    }
  }

  private static void require(String name, Object expected, Object kept) {
    if (!expected.equals(kept)) {
      throw new IllegalStateException(
          ("state of a series must have been kept with %s=%s, was kept with %s; put the former"
                  + " value back, or start the job without its checkpoint or savepoint")
              .formatted(name, expected, kept));
    }
  }
}
