package io.tidecast.flink.hindsight;

import io.tidecast.flink.record.ClosedCell;
import io.tidecast.flink.record.FromOrigin;
import io.tidecast.flink.state.LiveBytes;
import io.tidecast.flink.state.StateTypes;
import io.tidecast.runtime.grid.GridStep;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import org.apache.flink.api.common.state.ListState;
import org.apache.flink.api.common.state.ListStateDescriptor;
import org.apache.flink.api.common.state.ValueState;
import org.apache.flink.api.common.state.ValueStateDescriptor;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.runtime.execution.SuppressRestartsException;
import org.apache.flink.runtime.state.StateInitializationContext;
import org.apache.flink.runtime.state.StateSnapshotContext;
import org.apache.flink.runtime.state.VoidNamespace;
import org.apache.flink.runtime.state.VoidNamespaceSerializer;
import org.apache.flink.runtime.state.heap.HeapKeyedStateBackend;
import org.apache.flink.streaming.api.operators.AbstractStreamOperator;
import org.apache.flink.streaming.api.operators.InternalTimer;
import org.apache.flink.streaming.api.operators.InternalTimerService;
import org.apache.flink.streaming.api.operators.Triggerable;
import org.apache.flink.streaming.api.operators.TwoInputStreamOperator;
import org.apache.flink.streaming.api.watermark.Watermark;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;

/**
 * Gives the cells of a series and the forecasts of it, in the order in which they belong, to who
 * answers for forecasts.
 *
 * <p>Cells come here by a shorter way than forecasts, which pass the model. A cell waits until the
 * watermark of both has come to the time when it closed, or a forecast has come from it or a later
 * one: then every forecast that was made before it is here.
 *
 * <p>The state is the series, as {@link LiveBytes}. It is visited when a forecast and its cell are
 * both here, whichever was first; what comes before waits in a {@link Lobby}, and goes into the
 * state with the watermark and before a checkpoint. One thread.
 *
 * @param <S> what is kept of a series
 * @param <F> how it hears of forecasts
 * @param <T> what is told of it
 */
public abstract class HindsightOperator<S extends HindsightSeries, F extends FromOrigin, T>
    extends AbstractStreamOperator<T>
    implements TwoInputStreamOperator<ClosedCell, F, T>, Triggerable<String, VoidNamespace> {

  private static final long serialVersionUID = 1L;

  /** Ends the name of the state that says under which time to live series were kept. */
  private static final String TIME_TO_LIVE = "-time-to-live";

  private static final long FOR_EVER = -1;

  /** A watermark that stands still must not fill the state. */
  private static final int MOST_WAITING = 256;

  private final HindsightSetup setup;
  private final String timersName;
  private final ValueStateDescriptor<LiveBytes> descriptor;
  private final Class<S> type;

  private transient ValueState<LiveBytes> states;

  /** Of each subtask, milliseconds; {@link #FOR_EVER} without a time to live. */
  private transient ListState<Long> lives;

  private transient InternalTimerService<VoidNamespace> timers;
  private transient Lobby<F> lobby;

  /** Whether what the backend gives out is what it keeps, so that it changes in place. */
  private transient boolean isKeptLive;

  /** How many cells wait for forecasts that a model is slow to give. */
  private transient int manyWaiting;

  /** Whether the state is the series at hand, and neither nothing yet nor the bytes of it. */
  private transient boolean isStored;

  /** Whether there is nothing to keep of it. */
  private transient boolean isEmpty;

  private transient long readyMillis;

  /** What was fetched adds up to, so that no compiler leaves it out. */
  @SuppressWarnings("UnusedVariable") // To be written is all that it is for.
  private transient double fetched;

  /**
   * @param name of its state and timers in savepoints, for ever
   * @param type of what is kept of a series
   */
  protected HindsightOperator(HindsightSetup setup, Name name, Class<S> type) {
    this.setup = setup;
    this.timersName = name.timers();
    this.descriptor = new ValueStateDescriptor<>(name.state(), StateTypes.LIVE_BYTES);
    this.type = type;
  }

  /**
   * What the state and the timers of an operator are called in savepoints.
   *
   * @param state for what is kept of each series
   * @param timers for when it is forgotten, and cells are ready
   */
  public record Name(String state, String timers) {}

  /** By which way a forecast comes, which says what has come before it and when it is taken. */
  protected enum Way {
    /** Every forecast that was made before has come; it may wait for the cell of its origin. */
    IN_ORDER,

    /** The same, and another is behind it with which it is taken. */
    BEFORE_ANOTHER,

    /** Says nothing of other forecasts, so that no cell has its turn by it; it is taken at once. */
    OF_ITS_OWN
  }

  /** A series of which nothing is known yet. */
  protected abstract S begin();

  /**
   * A series that was kept.
   *
   * @throws IllegalStateException if the bytes are none of a series, or of a later version
   */
  protected abstract S read(byte[] bytes);

  /**
   * Takes a forecast, once every cell through its origin that has come has been taken; unless other
   * forecasts {@linkplain HindsightSeries#isHolding are held}.
   *
   * @return false if it is of something that the series does not observe; nothing is kept then
   */
  protected abstract boolean forecast(S series, F forecast) throws Exception;

  /**
   * Tells what there is to tell, after a change of a series. A forecast that is held has its turn
   * now if what it waits for has come.
   *
   * @param lateCells how many cells came too late to be of use
   */
  protected abstract void changed(S series, int lateCells) throws Exception;

  /**
   * Hears of a cell that goes into the state, before anything is told that comes of it.
   *
   * @param readyMillis when it has its turn at the latest
   */
  protected void enters(ClosedCell cell, long readyMillis) {}

  /**
   * Hears of cells that had their turn before it was sure that all forecasts of before them had
   * come: more waited than {@link #mostWaiting}.
   */
  protected void tooMany(int cells) {}

  /** By which way a forecast comes. */
  protected Way way(F forecast) {
    return Way.IN_ORDER;
  }

  /** How many cells of a series wait at most. */
  protected int mostWaiting() {
    return MOST_WAITING;
  }

  /** The same where cells wait for forecasts that a model is slow to give. */
  protected final int manyWaiting() {
    return manyWaiting;
  }

  /** Where the watermark is once all is here that was told before the forecast at hand. */
  protected final long readyMillis() {
    return readyMillis;
  }

  /** The watermark of cells and forecasts. */
  protected final long watermark() {
    return timers.currentWatermark();
  }

  /** Whether series are in memory as they are, and not as bytes that are read at each record. */
  protected final boolean isKeptLive() {
    return isKeptLive;
  }

  /** The step of the series. */
  protected final GridStep step() {
    return setup.step();
  }

  /** Which channel of a series each target of a model is. */
  protected final TargetChannels targets() {
    return setup.targets();
  }

  @Override
  public void open() throws Exception {
    super.open();
    states = getRuntimeContext().getState(descriptor);
    timers = getInternalTimerService(timersName, VoidNamespaceSerializer.INSTANCE, this);
    lobby = new Lobby<>();
    isKeptLive = getKeyedStateBackend() instanceof HeapKeyedStateBackend;
    manyWaiting = setup.mostWaiting(isKeptLive);
    Duration timeToLive = setup.timeToLive();
    if (timeToLive != null && !isKeptUnder(timeToLive)) {
      watchKept(timeToLive);
    }
  }

  @Override
  public void initializeState(StateInitializationContext context) throws Exception {
    super.initializeState(context);
    lives =
        context
            .getOperatorStateStore()
            .getUnionListState(
                new ListStateDescriptor<>(descriptor.getName() + TIME_TO_LIVE, Types.LONG));
  }

  /** Whether all series were kept under a time to live; where that is not known, they were not. */
  private boolean isKeptUnder(Duration timeToLive) throws Exception {
    boolean isKnown = false;
    for (long millis : lives.get()) {
      if (millis != timeToLive.toMillis()) {
        return false;
      }
      isKnown = true;
    }
    return isKnown;
  }

  /**
   * Series that stay silent have the timers of another time to live, under which they were kept.
   * Here one is set anew that would be too late, or is missing; {@link #onEventTime} does so with
   * one that is too early. All series are read, as far as that says, and only those are written.
   */
  private void watchKept(Duration timeToLive) throws Exception {
    getKeyedStateBackend()
        .applyToAllKeys(
            VoidNamespace.INSTANCE,
            VoidNamespaceSerializer.INSTANCE,
            descriptor,
            (key, state) -> {
              byte[] kept = state.value().bytes();
              long newest = HindsightSeries.newestToCome(kept);
              long wakeMillis = HindsightSeries.wakeMillis(kept);
              boolean hasTimer = wakeMillis != HindsightSeries.NEVER;
              // Before its first cell, the time of what has come of it is not known any more.
              if (newest == HindsightSeries.NO_CELL
                  || (hasTimer && wakeMillis <= endOfLife(newest, timeToLive))) {
                return;
              }
              long end = endOfLife(newest, timeToLive);
              if (hasTimer) {
                timers.deleteEventTimeTimer(VoidNamespace.INSTANCE, wakeMillis);
              }
              timers.registerEventTimeTimer(VoidNamespace.INSTANCE, end);
              HindsightSeries.wakeAt(kept, end);
              state.update(LiveBytes.of(kept));
            });
  }

  /** The time at which a series is forgotten that stays silent after a cell. */
  private long endOfLife(long cell, Duration timeToLive) {
    return setup.step().endMillis(cell) + timeToLive.toMillis();
  }

  /**
   * Cells whose forecasts have not come have their turn with the watermark, and so have forecasts
   * whose cells have not. Mostly they have come, so timers are left to those that wait when a
   * checkpoint is made.
   */
  @Override
  public void processWatermark(Watermark mark) throws Exception {
    advance(mark.getTimestamp());
    output.emitWatermark(mark);
  }

  /** Has everything had its turn that a watermark calls. */
  protected final void advance(long watermark) throws Exception {
    lobby.takeThrough(
        watermark,
        (key, ready) -> {
          // Each in its time, between the timers.
          timeServiceManager.advanceWatermark(new Watermark(ready));
          setCurrentKey(key);
          Guest<F> guest = lobby.of(key);
          if (guest.readyMillis() <= ready) {
            visit(guest);
          }
        });
    timeServiceManager.advanceWatermark(new Watermark(watermark));
  }

  @Override
  public void prepareSnapshotPreBarrier(long checkpointId) throws Exception {
    super.prepareSnapshotPreBarrier(checkpointId);
    settleAll();
  }

  @Override
  public void finish() throws Exception {
    settleAll();
    super.finish();
  }

  /**
   * Before a checkpoint, and at the end: what has come goes into the state, and what comes of it
   * goes out.
   */
  protected void settleAll() throws Exception {
    for (String key : lobby.come()) {
      setCurrentKey(key);
      visit(lobby.of(key));
    }
  }

  @Override
  public void snapshotState(StateSnapshotContext context) throws Exception {
    if (!lobby.come().isEmpty()) {
      throw new IllegalStateException("all that has come must be in the state before a checkpoint");
    }
    lobby.forEachWaiting(
        (key, ready) -> {
          setCurrentKey(key);
          timers.registerEventTimeTimer(VoidNamespace.INSTANCE, ready);
        });
    Duration timeToLive = setup.timeToLive();
    lives.update(List.of(timeToLive == null ? FOR_EVER : timeToLive.toMillis()));
    super.snapshotState(context);
  }

  @Override
  public void processElement1(StreamRecord<ClosedCell> record) throws Exception {
    ClosedCell closed = record.getValue();
    boolean isKnown = lobby.newest(closed.series()) != NewestCells.UNKNOWN;
    comes(closed, record.hasTimestamp() ? record.getTimestamp() : watermark(), isKnown);
  }

  @Override
  public void processElement2(StreamRecord<F> record) throws Exception {
    comes(record.getValue(), record.hasTimestamp() ? record.getTimestamp() : Long.MIN_VALUE);
  }

  /**
   * A cell comes, of the series at hand.
   *
   * @param ready where the watermark is once every forecast is here that was made before it
   * @param isAwaited whether it may wait for the forecast that is made from it
   */
  protected final void comes(ClosedCell closed, long ready, boolean isAwaited) throws Exception {
    String key = closed.series();
    long passed = timers.currentWatermark();
    Guest<F> guest = lobby.of(key);
    boolean mayWait = isAwaited && ready > passed && lobby.hasRoom(guest) && !guest.isHeldInState();
    lobby.add(guest, new Guest.Arrival<>(ready, setup.step().cell(closed.timeMillis()), closed));
    if (mayWait && !guest.haveMet()) {
      lobby.keep(guest);
    } else {
      visit(guest);
    }
  }

  /**
   * A forecast comes, of the series at hand.
   *
   * @param told where the watermark is once all is here that was told before it
   */
  protected final void comes(F forecast, long told) throws Exception {
    String key = forecast.series();
    long passed = timers.currentWatermark();
    long ready = Math.max(told, passed == Long.MAX_VALUE ? passed : passed + 1);
    long origin = setup.step().cell(forecast.originMillis());
    Way way = way(forecast);
    Guest<F> guest = lobby.of(key);
    boolean mayWait =
        ready > passed
            && lobby.hasRoom(guest)
            && switch (way) {
              case IN_ORDER ->
                  !guest.waitsInState() && !guest.hasCellOf(origin) && lobby.newest(key) < origin;
              case BEFORE_ANOTHER -> true;
              case OF_ITS_OWN -> false;
            };
    lobby.add(guest, new Guest.Arrival<>(ready, origin, forecast), way == Way.IN_ORDER);
    if (mayWait) {
      lobby.keep(guest);
    } else {
      visit(guest);
    }
  }

  @Override
  public void onEventTime(InternalTimer<String, VoidNamespace> timer) throws Exception {
    String key = timer.getKey();
    Guest<F> guest = lobby.of(key);
    S series = load();
    int late = take(series, guest, timer.getTimestamp());
    if (timer.getTimestamp() == series.wakeMillis()) {
      series.wakeAt(wakeAfter(series, timer.getTimestamp()));
      if (series.wakeMillis() == timer.getTimestamp()) {
        changed(series, late);
        states.clear();
        lobby.forget(guest);
        return;
      }
      if (series.wakeMillis() != HindsightSeries.NEVER) {
        timers.registerEventTimeTimer(VoidNamespace.INSTANCE, series.wakeMillis());
      }
    }
    finish(guest, series, late);
  }

  /**
   * When the timer of the end of a series is that has gone off, which may have been set under
   * another time to live; the same time where the series ends.
   */
  private long wakeAfter(S series, long nowMillis) {
    Duration timeToLive = setup.timeToLive();
    if (timeToLive == null) {
      return HindsightSeries.NEVER;
    }
    // Forecasts may be under way to it.
    long held = series.isHolding() ? nowMillis + setup.step().millis() : nowMillis;
    long newest = series.newestToCome();
    return newest == HindsightSeries.NO_CELL ? held : Math.max(held, endOfLife(newest, timeToLive));
  }

  @Override
  public void onProcessingTime(InternalTimer<String, VoidNamespace> timer) {
    throw new IllegalStateException("no timer goes by the wall clock: " + timer);
  }

  /** Has the series forgotten when it has been silent for long enough since a cell. */
  private void watch(S series, long timeMillis) {
    Duration timeToLive = setup.timeToLive();
    if (timeToLive == null) {
      return;
    }
    long end = endOfLife(setup.step().cell(timeMillis), timeToLive);
    if (end > series.wakeMillis()) {
      if (series.wakeMillis() != HindsightSeries.NEVER) {
        timers.deleteEventTimeTimer(VoidNamespace.INSTANCE, series.wakeMillis());
      }
      series.wakeAt(end);
      timers.registerEventTimeTimer(VoidNamespace.INSTANCE, end);
    }
  }

  /** What has come of the series at hand goes into its state, and has its turn if it is ready. */
  private void visit(Guest<F> guest) throws Exception {
    S series = load();
    fetched += series.fetch();
    int late = take(series, guest, timers.currentWatermark());
    finish(guest, series, late);
  }

  private S load() throws IOException {
    LiveBytes kept = states.value();
    isEmpty = kept == null;
    S series = kept == null ? begin() : live(kept);
    isStored = isKeptLive && series == kept;
    return series;
  }

  /** State that cannot be read will be no better after a restart: the job fails for good. */
  private S live(LiveBytes kept) {
    try {
      return kept.live(type, this::read);
    } catch (IllegalStateException e) {
      throw new SuppressRestartsException(e);
    }
  }

  /** Takes what has come, and then the cells that are ready. Returns how many were too late. */
  private int take(S series, Guest<F> guest, long nowMillis) throws Exception {
    for (Guest.Arrival<ClosedCell> cell : guest.cells()) {
      enters(cell.event(), cell.readyMillis());
      series.add(cell.readyMillis(), cell.cell(), cell.event().values());
      watch(series, cell.event().timeMillis());
      isEmpty = false;
    }
    int late = 0;
    for (Guest.Arrival<F> one : guest.forecasts()) {
      F forecast = one.event();
      readyMillis = one.readyMillis();
      if (!series.isHolding() && way(forecast) != Way.OF_ITS_OWN) {
        late += series.takeThrough(one.cell());
      }
      if (forecast(series, forecast)) {
        watch(series, forecast.originMillis());
        isEmpty = false;
      }
    }
    int tooMany = series.waiting() - mostWaiting();
    for (int i = 0; i < tooMany; i++) {
      late += series.takeOldest();
    }
    if (tooMany > 0) {
      tooMany(tooMany);
    }
    return late + series.takeReady(nowMillis);
  }

  private void finish(Guest<F> guest, S series, int late) throws Exception {
    if (!isEmpty) {
      changed(series, late);
      if (!isStored) {
        states.update(series);
      }
    }
    lobby.visited(guest, series);
  }
}
