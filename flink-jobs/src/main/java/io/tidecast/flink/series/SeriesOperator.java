package io.tidecast.flink.series;

import static java.util.Objects.requireNonNull;

import io.tidecast.flink.grid.MillisClock;
import io.tidecast.flink.metrics.JobMetric;
import io.tidecast.flink.metrics.JobMetrics;
import io.tidecast.flink.record.ClosedCell;
import io.tidecast.flink.record.ForecastRequest;
import io.tidecast.flink.record.ForecastTask;
import io.tidecast.flink.record.Measurement;
import io.tidecast.flink.record.Rejection;
import io.tidecast.flink.record.SplitRejected;
import io.tidecast.schemas.ErrorCode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.stream.Stream;
import org.apache.flink.api.common.TaskInfo;
import org.apache.flink.api.common.state.ValueState;
import org.apache.flink.api.common.state.ValueStateDescriptor;
import org.apache.flink.api.common.typeinfo.PrimitiveArrayTypeInfo;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.configuration.TaskManagerOptions;
import org.apache.flink.metrics.Counter;
import org.apache.flink.runtime.execution.Environment;
import org.apache.flink.runtime.execution.SuppressRestartsException;
import org.apache.flink.runtime.state.VoidNamespace;
import org.apache.flink.runtime.state.VoidNamespaceSerializer;
import org.apache.flink.streaming.api.operators.AbstractStreamOperator;
import org.apache.flink.streaming.api.operators.InternalTimer;
import org.apache.flink.streaming.api.operators.InternalTimerService;
import org.apache.flink.streaming.api.operators.TimestampedCollector;
import org.apache.flink.streaming.api.operators.Triggerable;
import org.apache.flink.streaming.api.watermark.Watermark;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.apache.flink.util.OutputTag;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps a {@link SeriesRing} for every series, has a {@link CellCloser} change it, and forgets
 * those that have been silent for too long.
 *
 * <p>A series is forgotten when the watermark comes to the end of its life: the end of its newest
 * cell and {@link Retention#timeToLive} later; or when it speaks again after that, in case its own
 * partition is ahead of the watermark. One timer per series looks after that, and where the series
 * went on meanwhile it is set anew.
 *
 * <p>Beside the ring there is a {@link SeriesJournal}, where most observations need not ask for a
 * forecast: a ring that is as large as a context is then not read and written for each of them.
 *
 * <p>State under its operator's uid, of the names that a {@code KeyedProcessFunction} would give
 * it, as which earlier versions kept it.
 */
public abstract class SeriesOperator extends AbstractStreamOperator<ForecastTask>
    implements Triggerable<String, VoidNamespace>, CellCloser.Host {

  private static final Logger LOG = LoggerFactory.getLogger(SeriesOperator.class);
  private static final long serialVersionUID = 1L;

  private static final ValueStateDescriptor<byte[]> RING =
      new ValueStateDescriptor<>(
          "series-ring", PrimitiveArrayTypeInfo.BYTE_PRIMITIVE_ARRAY_TYPE_INFO);

  private static final ValueStateDescriptor<byte[]> JOURNAL =
      new ValueStateDescriptor<>(
          "series-journal", PrimitiveArrayTypeInfo.BYTE_PRIMITIVE_ARRAY_TYPE_INFO);

  private static final ValueStateDescriptor<String> GROUP =
      new ValueStateDescriptor<>("series-group", Types.STRING);

  /** Is kept of series whose observations have headers that are passed on, and of no others. */
  private static final ValueStateDescriptor<byte[]> HEADERS =
      new ValueStateDescriptor<>(
          "series-headers", PrimitiveArrayTypeInfo.BYTE_PRIMITIVE_ARRAY_TYPE_INFO);

  private final CellCloser window;
  private final Retention retention;
  private final int configuration;
  private final boolean grouped;
  private final MillisClock clock;

  /** Where closed cells go; null where nobody watches them. */
  private @Nullable OutputTag<ClosedCell> watched;

  private long watcherBytes;

  /** The time of the record or timer at hand, for closed cells. */
  private transient long nowMillis;

  /** The watermark that has been passed on. */
  private transient long passedOn;

  private transient ValueState<byte[]> rings;
  private transient @Nullable ValueState<String> groups;
  private transient ValueState<byte[]> journals;
  private transient boolean journaling;

  /** Observations that a journal takes where this state is kept; 0 without journals. */
  private transient int journalCapacity;

  /** Of open cells; null where an observation closes its cell. */
  private transient @Nullable ValueState<byte[]> headers;

  /** Whether there are headers of any series. */
  private transient boolean passing;

  /** The cell of the observation at hand; {@link SeriesRing#NEVER} between observations. */
  private transient long arriving;

  /** What that observation passes on; null for nothing. */
  private transient byte @Nullable [] arrivingHeaders;

  private transient InternalTimerService<VoidNamespace> timers;
  private transient TimestampedCollector<ForecastTask> out;
  private transient Counter forgotten;
  private transient Counter requests;
  private transient SeriesLimit limit;
  private transient int series;

  /** How many of them take the room of two, as far as they have been looked at. */
  private transient int doubles;

  /** Whether the series at hand was one of those when it was loaded. */
  private transient boolean wasDouble;

  private transient boolean full;

  SeriesOperator(SeriesSettings settings, CellCloser window, MillisClock clock) {
    this.window = window;
    this.retention = settings.retention();
    this.configuration = settings.scheduleId(window.needs());
    this.grouped = settings.grouped();
    this.clock = clock;
  }

  /**
   * Has closed cells told there, each with the time of what closed it.
   *
   * @param bytesOfASeries that whoever watches keeps of each series
   */
  public final void watchCells(OutputTag<ClosedCell> tag, long bytesOfASeries) {
    watched = tag;
    watcherBytes = bytesOfASeries;
  }

  @Override
  public void open() throws Exception {
    super.open();
    rings = getRuntimeContext().getState(RING);
    journals = getRuntimeContext().getState(JOURNAL);
    groups = grouped ? getRuntimeContext().getState(GROUP) : null;
    StateRoom room =
        StateRoom.of(getKeyedStateBackend(), getContainingTask().getEnvironment().getIOManager());
    journalCapacity = window.journalCapacity(room.isHeap());
    // Those of a job that deferred are taken in even if this one does not.
    journaling = journalCapacity > 0 || isKept(JOURNAL);
    headers = window.leavesOpen() ? getRuntimeContext().getState(HEADERS) : null;
    passing = headers != null && isKept(HEADERS);
    passedOn = Long.MIN_VALUE;
    arriving = SeriesRing.NEVER;
    timers = getInternalTimerService("user-timers", VoidNamespaceSerializer.INSTANCE, this);
    out = new TimestampedCollector<>(output);
    limit = limit(room);
    LOG.info("{} remembers {}", getRuntimeContext().getTaskInfo().getTaskName(), limit.reason());
    JobMetrics metrics = new JobMetrics(getMetricGroup());
    window.open(metrics);
    forgotten = metrics.counter(JobMetric.FORGOTTEN_SERIES);
    requests = metrics.counter(JobMetric.REQUESTS_READ);
    metrics.gauge(JobMetric.SERIES, () -> series);
    metrics.gauge(JobMetric.MAX_SERIES, this::maxSeries);
    countKept();
  }

  /** Whether any series has something in a state. */
  private boolean isKept(ValueStateDescriptor<byte[]> state) {
    try (Stream<Object> kept =
        getKeyedStateBackend().getKeys(state.getName(), VoidNamespace.INSTANCE)) {
      return kept.findAny().isPresent();
    }
  }

  /** As many series as are given, or as there is room for where state is kept. */
  private SeriesLimit limit(StateRoom room) {
    TaskInfo task = getRuntimeContext().getTaskInfo();
    int subtasks = task.getNumberOfParallelSubtasks();
    Integer given = retention.maxSeries();
    if (given != null) {
      return SeriesLimit.given(given, retention.share(task.getIndexOfThisSubtask(), subtasks));
    }
    Environment environment = getContainingTask().getEnvironment();
    int slots =
        environment.getTaskManagerInfo().getConfiguration().get(TaskManagerOptions.NUM_TASK_SLOTS);
    int sharing = Math.max(1, Math.min(slots, subtasks));
    SeriesCost cost = SeriesCost.of(window, retention, grouped, watcherBytes);
    return SeriesLimit.ofMemory(room, sharing, cost);
  }

  /**
   * What was restored is this subtask's share of the keys, however many subtasks there were. It is
   * read, and only what another time to live has another timer for is written.
   */
  private void countKept() throws Exception {
    series = 0;
    doubles = 0;
    // On the heap a look costs nothing; on a disk it would read all there is.
    boolean looks = limit.isOfMemory() && limit.isOfHeap();
    getKeyedStateBackend()
        .applyToAllKeys(
            VoidNamespace.INSTANCE,
            VoidNamespaceSerializer.INSTANCE,
            RING,
            (key, kept) -> {
              // All are of one configuration; the timers are of the one that kept them.
              if (series == 0 || retention.timeToLive() != null || window.fillsSilence()) {
                SeriesRing ring = ring(kept.value());
                checkTimer(ring, journal());
                window.wakeInSilence(ring, this);
              }
              if (looks && ring(kept.value()).takesTwice()) {
                doubles++;
              }
              series++;
            });
  }

  private void checkTimer(SeriesRing kept, @Nullable SeriesJournal journal) throws IOException {
    long wakeMillis = journal == null ? kept.wakeMillis() : journal.wakeMillis();
    long newest = journal == null ? kept.observed() : journal.newest();
    if (hasOtherTimer(wakeMillis, newest)) {
      SeriesRing ring = requireNonNull(load(journal), "ring is null");
      watch(ring);
      store(ring);
    }
  }

  /** How many series this subtask may remember. */
  final int maxSeries() {
    return limit.series();
  }

  final void observe(StreamRecord<Measurement> record) throws Exception {
    out.setTimestamp(record);
    nowMillis = record.hasTimestamp() ? record.getTimestamp() : timers.currentWatermark();
    Measurement in = record.getValue();
    if (!window.isObserved(in)) {
      return;
    }
    // What the model of another group needs, the journal knows nothing of.
    boolean moves =
        groups != null && !requireNonNull(in.group(), "group is null").equals(groups.value());
    if (groups != null && moves) {
      groups.update(in.group());
    }
    long cell = window.cell(in);
    SeriesJournal journal = journal();
    if (journal != null
        && !moves
        && canDefer(journal)
        && journal.size() < journalCapacity
        && in.timeMillis() <= endOfLife(journal.newest())
        && window.defer(in, cell, journal, this)) {
      journals.update(journal.bytes());
      keep(cell, in, journal.closed());
      return;
    }
    SeriesRing ring = load(journal);
    if (ring != null && in.timeMillis() > endOfLife(ring.observed())) {
      window.closeBefore(in.timeMillis(), ring, this);
      forget(ring);
      ring = null;
    }
    boolean isFirst = ring == null;
    if (ring == null) {
      if (limit.isReached(series, doubles)) {
        clearGroup();
        reject(tooMany(in));
        return;
      }
      ring = window.create(in, cell);
      wasDouble = false;
      series++;
    }
    arriving = cell;
    arrivingHeaders = in.source().passed();
    if (window.observe(in, cell, ring, isFirst, this)) {
      keep(cell, in, ring.closed());
    }
    arriving = SeriesRing.NEVER;
    if (isFirst) {
      watch(ring);
    }
    store(ring);
  }

  final void answer(StreamRecord<ForecastRequest> record) throws Exception {
    out.setTimestamp(record);
    nowMillis = timers.currentWatermark();
    requests.inc();
    SeriesRing ring = load(journal());
    if (ring == null) {
      reject(unknown(record.getValue()));
      return;
    }
    window.answer(record.getValue(), ring, this);
    // It may have taken in its journal.
    store(ring);
  }

  @Override
  public final void onEventTime(InternalTimer<String, VoidNamespace> timer) throws Exception {
    out.setAbsoluteTimestamp(timer.getTimestamp());
    nowMillis = timer.getTimestamp();
    SeriesJournal journal = journal();
    if (journal != null
        && canDefer(journal)
        && timer.getTimestamp() != journal.wakeMillis()
        && window.deferClosing(timer.getTimestamp() + 1, journal)) {
      journals.update(journal.bytes());
      keepAfter(journal.closed());
      return;
    }
    SeriesRing ring = load(journal);
    if (ring == null) {
      return;
    }
    window.closeBefore(timer.getTimestamp() + 1, ring, this);
    keepAfter(ring.closed());
    if (timer.getTimestamp() == ring.wakeMillis()) {
      ring.wakeAt(SeriesRing.NEVER);
      if (retention.timeToLive() != null && timer.getTimestamp() >= endOfLife(ring.observed())) {
        forget(ring);
        return;
      }
      watch(ring);
    }
    store(ring);
  }

  @Override
  public final void onProcessingTime(InternalTimer<String, VoidNamespace> timer) {
    throw new IllegalStateException("no timer goes by the wall clock: " + timer);
  }

  private void forget(SeriesRing ring) {
    if (ring.wakeMillis() != SeriesRing.NEVER) {
      timers.deleteEventTimeTimer(VoidNamespace.INSTANCE, ring.wakeMillis());
    }
    rings.clear();
    journals.clear();
    if (headers != null) {
      headers.clear();
    }
    clearGroup();
    series--;
    doubles = Math.max(0, doubles - (wasDouble ? 1 : 0));
    forgotten.inc();
  }

  private void clearGroup() {
    if (groups != null) {
      groups.clear();
    }
  }

  /**
   * The last millisecond at which a series that stays silent is remembered.
   *
   * @param newest cell with an observation
   */
  private long endOfLife(long newest) {
    return retention.timeToLive() == null
        ? Long.MAX_VALUE
        : window.grid().step().endMillis(newest) + retention.timeToLive().toMillis();
  }

  /** Whether the timer of a series is not the one that it should have by now. */
  private boolean hasOtherTimer(long wakeMillis, long newest) {
    return retention.timeToLive() != null
        && (wakeMillis == SeriesRing.NEVER || wakeMillis > endOfLife(newest));
  }

  /** Sets the one timer of a series that looks whether it is to be forgotten, if it ever is. */
  private void watch(SeriesRing ring) {
    if (retention.timeToLive() == null) {
      return;
    }
    if (ring.wakeMillis() != SeriesRing.NEVER) {
      timers.deleteEventTimeTimer(VoidNamespace.INSTANCE, ring.wakeMillis());
    }
    ring.wakeAt(endOfLife(ring.observed()));
    timers.registerEventTimeTimer(VoidNamespace.INSTANCE, ring.wakeMillis());
  }

  /** Null without one. */
  private @Nullable SeriesJournal journal() throws IOException {
    byte[] kept = journaling ? journals.value() : null;
    try {
      return kept == null ? null : SeriesJournal.of(window.grid().channels(), kept);
    } catch (IllegalStateException e) {
      throw new SuppressRestartsException(e);
    }
  }

  private boolean canDefer(SeriesJournal journal) {
    return journalCapacity > 0 && journal.configuration() == configuration;
  }

  /**
   * The series at hand with all that it has observed, to be {@linkplain #store stored} again, for
   * the heap's state is changed in place; null if it is unknown. State of another configuration
   * will not be another after a restart: the job fails for good.
   */
  private @Nullable SeriesRing load(@Nullable SeriesJournal journal) throws IOException {
    byte[] kept = rings.value();
    if (kept == null) {
      return null;
    }
    SeriesRing ring = ring(kept);
    wasDouble = ring.takesTwice();
    if (journal != null) {
      try {
        window.replay(journal, ring, this);
      } catch (IllegalStateException e) {
        throw new SuppressRestartsException(e);
      }
    }
    return ring;
  }

  private SeriesRing ring(byte[] kept) {
    try {
      return SeriesRing.of(window.grid(), kept);
    } catch (IllegalStateException e) {
      throw new SuppressRestartsException(e);
    }
  }

  private void store(SeriesRing ring) throws IOException {
    rings.update(ring.bytes());
    doubles = Math.max(0, doubles + (ring.takesTwice() ? 1 : 0) - (wasDouble ? 1 : 0));
    if (journalCapacity > 0) {
      SeriesJournal journal =
          SeriesJournal.after(
              ring, window.grid().channels(), window.nothingDueThrough(ring, this), configuration);
      journals.update(journal.bytes());
    } else if (journaling) {
      journals.clear();
    }
  }

  @Override
  public final String series() {
    return (String) getCurrentKey();
  }

  @Override
  public final @Nullable String group() {
    try {
      return groups == null ? null : groups.value();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Keeps the headers of an observation that was taken, in the place of one before in its cell. */
  private void keep(long cell, Measurement in, long closed) throws IOException {
    byte[] passed = in.source().passed();
    if (headers != null && (passing || passed != null)) {
      keep(CellHeaders.after(headers.value(), cell, passed, closed));
    }
  }

  /** Keeps no headers of cells that are closed. */
  private void keepAfter(long closed) throws IOException {
    byte[] kept = headers == null || !passing ? null : headers.value();
    if (kept != null) {
      keep(CellHeaders.after(kept, closed));
    }
  }

  private void keep(byte @Nullable [] all) throws IOException {
    ValueState<byte[]> state = requireNonNull(headers, "headers is null");
    if (all == null) {
      state.clear();
    } else {
      passing = true;
      state.update(all);
    }
  }

  @Override
  public final void ask(ForecastTask request, long cause) {
    try {
      ask(request.passing(passed(cause)));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private byte @Nullable [] passed(long cell) throws IOException {
    if (cell == arriving) {
      return arrivingHeaders;
    }
    return headers == null || !passing ? null : CellHeaders.of(headers.value(), cell);
  }

  @Override
  public final void ask(ForecastTask request) {
    if (watched != null) {
      out.setAbsoluteTimestamp(readyMillis());
    }
    out.collect(groups == null ? request : request.of(group()));
  }

  @Override
  public final void reject(Rejection rejection) {
    out.collect(SplitRejected.REJECTED, new StreamRecord<>(rejection));
  }

  @Override
  public final boolean watchesCells() {
    return watched != null;
  }

  @Override
  public final void closed(long cell, double[] values, boolean correction) {
    ClosedCell closed =
        new ClosedCell(series(), window.grid().step().startMillis(cell), values, correction);
    out.collect(
        requireNonNull(watched, "watched is null"), new StreamRecord<>(closed, readyMillis()));
  }

  /**
   * When all that was told and asked before is where the watermark is, which takes its time behind
   * it: a record may be later than the watermark.
   */
  private long readyMillis() {
    return passedOn == Long.MAX_VALUE ? passedOn : Math.max(nowMillis, passedOn + 1);
  }

  @Override
  public void processWatermark(Watermark mark) throws Exception {
    super.processWatermark(mark);
    passedOn = mark.getTimestamp();
  }

  @Override
  public final void wakeAt(long millis) {
    timers.registerEventTimeTimer(VoidNamespace.INSTANCE, millis);
  }

  @Override
  public final boolean timeGoesOn() {
    return timers.currentWatermark() < Long.MAX_VALUE;
  }

  private Rejection tooMany(Measurement in) {
    if (!full) {
      full = true;
      LOG.info(
          "Takes no new series any more, those it knows go on: it may remember {}. Further ones are"
              + " only counted, as {} of {}.",
          limit.reason(),
          JobMetric.DEAD_LETTERS.metricName(),
          ErrorCode.TOO_MANY_SERIES.code());
    }
    String detail = limit.requirement() + in.series();
    return Rejection.of(ErrorCode.TOO_MANY_SERIES, detail, in, clock.millis());
  }

  private Rejection unknown(ForecastRequest query) {
    String detail =
        "series must be one that the job remembers an observation of: series=" + query.series();
    return Rejection.of(ErrorCode.UNKNOWN_SERIES, detail, query, clock.millis());
  }
}
