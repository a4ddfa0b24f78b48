package io.tidecast.flink.series;

import static io.tidecast.flink.series.SeriesLayout.ASKED_AT;
import static io.tidecast.flink.series.SeriesLayout.CALENDAR_AT;
import static io.tidecast.flink.series.SeriesLayout.CAPACITY_AT;
import static io.tidecast.flink.series.SeriesLayout.CHANNELS_AT;
import static io.tidecast.flink.series.SeriesLayout.CLOSED_AT;
import static io.tidecast.flink.series.SeriesLayout.FIRST_AT;
import static io.tidecast.flink.series.SeriesLayout.FORECAST_AT;
import static io.tidecast.flink.series.SeriesLayout.NEWEST_AT;
import static io.tidecast.flink.series.SeriesLayout.OPEN_CELLS_AT;
import static io.tidecast.flink.series.SeriesLayout.OPEN_FROM_AT;
import static io.tidecast.flink.series.SeriesLayout.ORIGINS_AT;
import static io.tidecast.flink.series.SeriesLayout.REPAIRED_AT;
import static io.tidecast.flink.series.SeriesLayout.REPAIRS_AT;
import static io.tidecast.flink.series.SeriesLayout.RULE_AT;
import static io.tidecast.flink.series.SeriesLayout.STEP_AT;
import static io.tidecast.flink.series.SeriesLayout.WAKE_AT;

import io.tidecast.flink.grid.CellRule;
import io.tidecast.flink.grid.GridStep;
import io.tidecast.flink.grid.Spelling;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.Duration;
import java.util.Arrays;

/**
 * What a job remembers of one series: the newest cells of its grid and how far they are closed and
 * forecast. A view of the one {@code byte[]} in keyed state, which it changes in place; one thread.
 *
 * <p>Version 3 of the bytes, little-endian: version (int), channels (int), capacity in cells (int),
 * step in milliseconds (long), first cell ever (long), newest cell (long), last closed cell (long),
 * origin cell of the last forecast (long, {@link #NEVER} without one), calendar (int, {@link
 * GridStep#calendarId}), rule (int, {@link CellRule#code}), open cells (int), origins (int),
 * observations (int), oldest cell that may be open (long), last closed cell that could have asked
 * for a forecast (long, {@link #NEVER} without one), an origin and how often its context has
 * changed since its cell closed (long, int), time of the timer of its end (long, {@link #NEVER}
 * without one). Then the newest origins, newest first, each a cell (long) and its revision (int);
 * the cells as {@code [capacity][channels]} floats, cell {@code n} at {@code floorMod(n,
 * capacity)}, NaN is missing; what open cells need besides, {@code [openCells][channels]} times
 * {@link CellRule#openBytes}; {@link OpenObservations}.
 *
 * <p>Version 2 ended its header before the last closed cell that could have asked. Version 1 ended
 * its header before the calendar and went on with the cells; it was of fixed steps and let the last
 * observation win.
 */
final class SeriesRing {

  static final int VERSION = 3;

  /** The origin of the last forecast while there is none, and so on. */
  static final long NEVER = Long.MIN_VALUE;

  private static final int VERSION_1 = 1;
  private static final int VERSION_2 = 2;

  private final SeriesGrid grid;
  private final SeriesLayout layout;
  private ByteBuffer state;

  private SeriesRing(SeriesGrid grid, SeriesLayout layout, byte[] bytes) {
    this.grid = grid;
    this.layout = layout;
    this.state = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
  }

  /**
   * A new series.
   *
   * @param first its first cell, still without a value
   * @param closed the last cell that takes no observation any more
   */
  static SeriesRing create(SeriesGrid grid, long first, long closed) {
    SeriesLayout layout = grid.layout();
    SeriesRing ring = new SeriesRing(grid, layout, new byte[layout.observationAt(0)]);
    ring.state.putInt(0, VERSION);
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
    if (kept.isCurrent()) {
      return kept;
    }
    ByteBuffer state = kept.state;
    requireSame(grid, state);
    return new SeriesRing(grid, SeriesLayout.kept(state, grid.rule()), bytes).carriedOver();
  }

  /** Looked at for every observation: compares numbers, and leaves what is wrong to others. */
  private boolean isCurrent() {
    return state.getInt(0) == VERSION
        && layout.isOf(state)
        && state.getLong(STEP_AT) == grid.step().millis()
        && state.getInt(CALENDAR_AT) == grid.step().calendarId();
  }

  private static void requireSame(SeriesGrid grid, ByteBuffer state) {
    int version = state.getInt(0);
    boolean first = version == VERSION_1;
    require("version", VERSION, first || version == VERSION_2 ? VERSION : version);
    require("series.channels", grid.channels(), state.getInt(CHANNELS_AT));
    Duration step = Duration.ofMillis(state.getLong(STEP_AT));
    require("series.step", grid.step().length(), step);
    requireSameCalendar(grid.step(), first ? 0 : state.getInt(CALENDAR_AT));
    requireSameRule(grid.rule(), CellRule.ofCode(first ? 0 : state.getInt(RULE_AT)));
  }

  /** The state, live until the next {@link #put}. */
  byte[] bytes() {
    return state.array();
  }

  long first() {
    return state.getLong(FIRST_AT);
  }

  long newest() {
    return state.getLong(NEWEST_AT);
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
   * @return whether a value of the cell is another now
   */
  boolean put(long cell, long timeMillis, double[] values) {
    reach(cell);
    if (grid.rule().keepsObservations()) {
      return remember(cell, timeMillis, values);
    }
    int at = layout.cellAt(cell);
    int open = layout.openAt(cell);
    boolean changed = false;
    for (double value : values) {
      if (!Double.isNaN(value)) {
        float kept = state.getFloat(at);
        float folded = (float) grid.rule().fold(state, open, kept, timeMillis, value);
        changed |= kept != folded;
        state.putFloat(at, folded);
      }
      at += Float.BYTES;
      open += layout.openBytes();
    }
    return changed;
  }

  /** Replaces the values of a kept cell that is not open any more, as {@link #put} otherwise. */
  boolean correct(long cell, double[] values) {
    reach(cell);
    int at = layout.cellAt(cell);
    boolean changed = false;
    for (double value : values) {
      if (!Double.isNaN(value)) {
        changed |= state.getFloat(at) != (float) value;
        state.putFloat(at, (float) value);
      }
      at += Float.BYTES;
    }
    return changed;
  }

  private void reach(long cell) {
    long newest = newest();
    if (cell > newest) {
      long from = Math.max(newest + 1, cell - layout.capacity() + 1);
      for (long gap = from; gap <= cell; gap++) {
        clear(layout.slot(gap));
      }
      state.putLong(NEWEST_AT, cell);
    }
    if (cell < first()) {
      state.putLong(FIRST_AT, cell);
    }
  }

  private boolean remember(long cell, long timeMillis, double[] values) {
    OpenObservations observations = observations();
    observations.forgetBefore(grid.step().startMillis(oldestOpen()));
    observations.add(timeMillis, values);
    state = observations.state();
    int from = observations.before(grid.step().startMillis(cell));
    int to = observations.before(grid.step().startMillis(cell + 1));
    int at = layout.cellAt(cell);
    boolean changed = false;
    for (int channel = 0; channel < layout.channels(); channel++) {
      float value = (float) observations.value(from, to, channel);
      float kept = state.getFloat(at + channel * Float.BYTES);
      changed |= kept != value && !(Float.isNaN(kept) && Float.isNaN(value));
      state.putFloat(at + channel * Float.BYTES, value);
    }
    return changed;
  }

  /** Whether a kept cell has a value in any channel. */
  boolean hasValue(long cell) {
    int at = layout.cellAt(cell);
    for (int channel = 0; channel < layout.channels(); channel++) {
      if (!Float.isNaN(state.getFloat(at + channel * Float.BYTES))) {
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
      if (Float.isNaN(state.getFloat(at + channel * Float.BYTES))) {
        return false;
      }
    }
    return true;
  }

  /**
   * Copies the context that ends with a cell.
   *
   * @param context receives {@code [time][channel]} row-major, oldest first; NaN is missing
   * @return how many values are missing
   */
  int context(long origin, float[] context) {
    int channels = layout.channels();
    long start = origin - grid.contextLength() + 1;
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
    int missing = 0;
    for (float value : context) {
      missing += Float.isNaN(value) ? 1 : 0;
    }
    return missing;
  }

  private SeriesRing carriedOver() {
    SeriesRing ring = create(grid, newest(), closed());
    long from = Math.max(Math.max(oldest(), ring.oldest()), first());
    ring.state.putLong(FIRST_AT, oldest() <= ring.oldest() ? first() : from);
    for (long cell = from; cell <= newest(); cell++) {
      ring.state.put(ring.layout.cellAt(cell), state, layout.cellAt(cell), layout.cellBytes());
    }
    ring.state.putLong(FORECAST_AT, lastForecast());
    copyOrigins(ring);
    copyCadence(ring);
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
    if (state.getInt(0) == VERSION) {
      to.state.put(ASKED_AT, state, ASKED_AT, layout.originAt(0) - ASKED_AT);
      return;
    }
    to.askedAt(lastForecast());
    if (layout.origins() > 0 && origin(0) != NEVER) {
      to.state.putLong(REPAIRED_AT, origin(0));
      to.state.putInt(REPAIRS_AT, revision(0));
    }
  }

  private void copyOpen(SeriesRing to) {
    int bytes = layout.channels() * layout.openBytes();
    for (long cell = to.oldestOpen(); cell <= newest(); cell++) {
      to.state.put(to.layout.openAt(cell), state, layout.openAt(cell), bytes);
    }
    OpenObservations mine = observations();
    OpenObservations its = to.observations();
    double[] values = new double[layout.channels()];
    for (int i = mine.before(grid.step().startMillis(to.oldestOpen())); i < mine.size(); i++) {
      for (int channel = 0; channel < values.length; channel++) {
        values[channel] = mine.value(i, channel);
      }
      its.add(mine.timeMillis(i), values);
    }
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

  private OpenObservations observations() {
    return new OpenObservations(layout, grid.rule(), state);
  }

  private void clear(int slot) {
    int at = layout.slotAt(slot);
    for (int channel = 0; channel < layout.channels(); channel++) {
      state.putFloat(at + channel * Float.BYTES, Float.NaN);
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
