package io.tidecast.flink.series;

import io.tidecast.flink.grid.MillisClock;
import io.tidecast.flink.grid.Spelling;
import io.tidecast.flink.metrics.JobMetric;
import io.tidecast.flink.metrics.JobMetrics;
import io.tidecast.flink.record.ForecastRequest;
import io.tidecast.flink.record.ForecastTask;
import io.tidecast.flink.record.Measurement;
import io.tidecast.flink.record.RecordOrigin;
import io.tidecast.flink.record.Rejection;
import io.tidecast.flink.series.ContextCutter.Cut;
import io.tidecast.flink.series.ContextCutter.Skip;
import io.tidecast.flink.series.SeriesRing.Changed;
import io.tidecast.runtime.grid.GridStep;
import io.tidecast.schemas.ErrorCode;
import java.io.Serializable;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import org.apache.flink.metrics.groups.UnregisteredMetricsGroup;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Puts the observations of each series on its grid and asks for a forecast as cells close, or when
 * somebody requests one.
 *
 * <p>{@link Close#ARRIVAL}: a cell closes with its first observation. Further observations count in
 * it for the forecasts to come while it is the newest, or within the allowed lateness of that.
 * Older ones are late; but where the last observation wins, also the last of the same time, those
 * of a cell that is still kept replace what it has, if they are not of an earlier time; of the
 * oldest cells that is not known any more.
 *
 * <p>{@link Close#WATERMARK}: a cell closes when the watermark passes its end, or when an
 * observation of the same series lies more than the allowed out-of-orderness past it; the latter
 * keeps a series that runs ahead of the others (a backlog being read) from overwriting contexts
 * that are still needed. What belongs to a closed cell is late, unless the cell ended within the
 * allowed lateness of the last closed. A cell without any value asks for no forecast.
 *
 * <p>{@link Close#COMPLETE}: the same, but a cell that has a value of every channel closes as soon
 * as those before it are closed.
 *
 * <p>What has no value in any channel is no observation: it opens no cell and closes none.
 *
 * <p>Where silence {@linkplain Silence is filled}, cells that nothing was observed in close with
 * the watermark as well, and ask for forecasts. A series that rests is young when it speaks again;
 * so is one after a silence of a whole context, for a model that needs less.
 *
 * <p>What changes a cell that forecasts were made from asks for the newest of those again, when the
 * job is told so.
 *
 * <p>A forecast is laid to the observation that came last into the last cell of its context,
 * however that cell closed; one that is made again, to the observation that changed its context;
 * one that somebody requests, to the request.
 *
 * <p>Which of the cells that close ask is up to the {@link CadenceRule}; what a forecast is made
 * from, and whether there is one, to the {@link ContextCutter}. The state is the {@link
 * SeriesOperator}'s. One thread.
 */
public final class CellCloser implements Serializable {

  private static final long serialVersionUID = 1L;

  /** What a window does for the series at hand. */
  interface Host {

    String series();

    /** The group of the series; null where it has none. */
    @Nullable String group();

    /** Asks for a forecast that a request was made for. */
    void ask(ForecastTask request);

    /**
     * Asks for a forecast that observations were made for.
     *
     * @param cause the cell whose last observation is why: the one that closes, or that was changed
     */
    void ask(ForecastTask request, long cause);

    void reject(Rejection rejection);

    /** Whether it is to be told of cells as they close. */
    boolean watchesCells();

    /** Is told of the values of a cell that closes, or that has others since it closed. */
    void closed(long cell, double[] values, boolean correction);

    /** Has {@link CellCloser#closeThrough} called when the watermark has come to a time. */
    void wakeAt(long millis);

    /** Whether time goes on: it does not once the input has ended. */
    boolean timeGoesOn();
  }

  private static final Logger LOG = LoggerFactory.getLogger(CellCloser.class);

  private final SeriesGrid grid;
  private final ContextNeeds needs;

  /** One for each of the needs, in their order. */
  private final ContextCutter[] cutters;

  private final boolean goByGroup;

  private final CadenceRule cadence;
  private final Close close;
  private final Silence silence;
  private final long maxSilenceMillis;
  private final long maxOutOfOrdernessMillis;
  private final long allowedLatenessMillis;
  private final MillisClock clock;

  private boolean tellsAtOnce;

  private transient WindowCounts counts;
  private transient boolean hasFallen;

  /**
   * @param needs of the models that answer the series
   */
  public CellCloser(SeriesSettings settings, ContextNeeds needs, MillisClock clock) {
    this(settings, needs, clock, SeriesGrid.of(settings, needs.cells()));
  }

  /**
   * One that tells of closed cells as they are, also where a job would keep them as floats.
   *
   * @param needs of the models that answer the series
   */
  public static CellCloser ofExactCells(
      SeriesSettings settings, ContextNeeds needs, MillisClock clock) {
    return new CellCloser(settings, needs, clock, SeriesGrid.of(settings, needs.cells()).exactly());
  }

  /**
   * Has cells told as they close. Where forecasts are rare, they are otherwise told some at a time:
   * with the forecast that is made from them, or when a journal is full.
   */
  public void tellAtOnce() {
    tellsAtOnce = true;
  }

  private CellCloser(
      SeriesSettings settings, ContextNeeds needs, MillisClock clock, SeriesGrid grid) {
    this.grid = grid;
    this.needs = needs;
    this.cutters =
        needs.all().stream()
            .map(need -> new ContextCutter(settings, grid, need))
            .toArray(ContextCutter[]::new);
    this.goByGroup = needs.goByGroup();
    this.cadence = new CadenceRule(settings.cadence(), grid.step());
    this.close = settings.close();
    this.silence = settings.silence();
    Duration timeToLive = settings.retention().timeToLive();
    long maxMillis = silence.max().toMillis();
    this.maxSilenceMillis =
        timeToLive == null ? maxMillis : Math.min(maxMillis, timeToLive.toMillis());
    this.maxOutOfOrdernessMillis = settings.lateness().maxOutOfOrderness().toMillis();
    this.allowedLatenessMillis = settings.lateness().allowed().toMillis();
    this.clock = clock;
  }

  void open(JobMetrics metrics) {
    counts = new WindowCounts(metrics, cutters[0].minContext());
  }

  SeriesGrid grid() {
    return grid;
  }

  /** What the models need that answer the series. */
  ContextNeeds needs() {
    return needs;
  }

  /** By which the contexts of the series at hand are cut. */
  private ContextCutter cutter(Host host) {
    return cutters.length == 1
        ? cutters[0]
        : cutters[needs.indexOf(host.series(), goByGroup ? host.group() : null)];
  }

  /** How many cells of a series wait for the watermark at most. */
  int mostTimers() {
    int silent = silence.isFilled() ? 1 : 0;
    return close == Close.ARRIVAL ? 0 : grid.kept().openCells() + silent;
  }

  /** Whether a cell is open for a while after an observation has come into it. */
  boolean leavesOpen() {
    return close != Close.ARRIVAL;
  }

  /** Whether an observation has a value at all. */
  boolean isObserved(Measurement in) {
    for (double value : in.values()) {
      if (!Double.isNaN(value)) {
        return true;
      }
    }
    counts.valueless();
    return false;
  }

  /** Whether cells close that nothing was observed in. */
  boolean fillsSilence() {
    return silence.isFilled();
  }

  /** The cell that an observation belongs to. */
  long cell(Measurement in) {
    return grid.step().cell(in.timeMillis());
  }

  /** A series that this is the first observation of; it is yet to be taken. */
  SeriesRing create(Measurement first, long cell) {
    return SeriesRing.create(grid, cell, lastPassed(first.timeMillis()));
  }

  /**
   * Takes an observation, or rejects it.
   *
   * @param cell that it belongs to
   * @param isFirst whether the series was made for it
   * @return whether it was taken into a cell that was open
   */
  boolean observe(Measurement in, long cell, SeriesRing ring, boolean isFirst, Host host) {
    if (!isFirst && cell < oldestAccepted(ring)) {
      host.reject(late(in, ring));
      return false;
    }
    if (ring.isFull(cell, in.timeMillis())) {
      host.reject(full(in, cell));
      return false;
    }
    if (isFirst || cell > ring.newest()) {
      counts.opened();
    }
    boolean isOpen = take(in.timeMillis(), cell, in.values(), ring, isFirst, host);
    if (isOpen) {
      host.wakeAt(grid.step().endMillis(cell));
    }
    return isOpen;
  }

  /**
   * Takes an observation that is in time.
   *
   * @return whether its cell is open, and so closes when the watermark has come to its end
   */
  private boolean take(
      long timeMillis, long cell, double[] values, SeriesRing ring, boolean isFirst, Host host) {
    ring.mayBeginAfter(cutter(host).contextLength());
    switch (close) {
      case ARRIVAL -> {
        boolean opens = isFirst || cell > ring.newest();
        Changed changed = put(cell, timeMillis, values, ring);
        if (opens) {
          ring.closeThrough(cell);
          close(ring, cell, host);
        } else {
          changed(ring, changed, cell, host);
        }
        return false;
      }
      case WATERMARK, COMPLETE -> {
        // Before the new values: they may need the room of cells that these contexts need.
        closeBefore(timeMillis - maxOutOfOrdernessMillis, ring, host);
        Changed changed = put(cell, timeMillis, values, ring);
        boolean isOpen = cell > ring.closed();
        if (isOpen) {
          closeComplete(ring, host);
        } else {
          ring.spokenAt(cell);
          changed(ring, changed, cell, host);
        }
        return isOpen;
      }
    }
    throw new IllegalStateException("no way to close cells: " + close);
  }

  /** Closes what is over when no observation before a time comes any more. */
  void closeBefore(long timeMillis, SeriesRing ring, Host host) {
    if (close == Close.ARRIVAL) {
      return;
    }
    closeThrough(grid.step().cell(timeMillis) - 1, ring, host);
    closeComplete(ring, host);
  }

  private void closeThrough(long last, SeriesRing ring, Host host) {
    long cell = Math.max(ring.closed() + 1, Math.max(ring.oldest(), ring.first()));
    for (; cell <= last && (cell <= ring.newest() || saysNothing(cell, ring, host)); cell++) {
      if (cell > ring.newest()) {
        ring.reachSilent(cell);
      }
      close(ring, cell, host);
    }
    ring.closeThrough(last);
    wakeInSilence(ring, host);
  }

  /** Whether a cell after the newest is one of a silence that is filled, and over. */
  private boolean saysNothing(long cell, SeriesRing ring, Host host) {
    return cell <= silentThrough(ring) && host.timeGoesOn();
  }

  /** The last cell that the series is forecast at without an observation. */
  private long silentThrough(SeriesRing ring) {
    if (!silence.isFilled() || ring.spoken() == SeriesRing.NEVER) {
      return SeriesRing.NEVER;
    }
    return grid.step().cell(grid.step().startMillis(ring.spoken() + 1) + maxSilenceMillis) - 1;
  }

  /** Has the next cell closed when it is over, if nothing is observed in it either. */
  void wakeInSilence(SeriesRing ring, Host host) {
    long next = ring.closed() + 1;
    if (close != Close.ARRIVAL && next <= silentThrough(ring) && host.timeGoesOn()) {
      host.wakeAt(grid.step().endMillis(next));
    }
  }

  /** Asks for a forecast at a cell that is over, if it says anything. */
  private void close(SeriesRing ring, long cell, Host host) {
    boolean isObserved =
        ring.hasValue(cell) && (!grid.rule().valuesSilentCells() || ring.isObserved(cell));
    if (isObserved) {
      if (grid.rule().spreads()) {
        changed(ring, ring.spread(cell), cell, host);
      }
      beginAnew(ring, cell, cutter(host));
      ring.spokenAt(cell);
      tell(ring, cell, host, false);
      ask(ring, cell, host);
    } else if (cell <= silentThrough(ring)) {
      counts.silent();
      tellMissing(cell, host);
      ask(ring, cell, host);
    } else {
      counts.empty();
      tellMissing(cell, host);
    }
  }

  /** Tells of a cell that is over. */
  private static void tell(SeriesRing ring, long cell, Host host, boolean correction) {
    if (host.watchesCells()) {
      host.closed(cell, ring.values(cell), correction);
    }
  }

  /** Tells of a cell that is over and that nothing was observed in. */
  private void tellMissing(long cell, Host host) {
    if (host.watchesCells()) {
      double[] missing = new double[grid.channels()];
      Arrays.fill(missing, Double.NaN);
      host.closed(cell, missing, false);
    }
  }

  /** A series is young again after a silence that nothing is known of. */
  private void beginAnew(SeriesRing ring, long cell, ContextCutter cutter) {
    long last = ring.lastAsked();
    if (last == SeriesRing.NEVER) {
      if (grid.rule().isOfReadings()) {
        ring.beginAt(cell);
      }
    } else if (silence.isFilled()) {
      if (cell - last > 1) {
        ring.beginAt(cell, last);
      }
    } else if (cutter.pads()
        && !grid.rule().valuesSilentCells()
        && cell - last > cutter.contextLength()) {
      // Late ones may have spoken in between.
      long before = last;
      for (long next = Math.max(last + 1, ring.oldest()); next <= cell; next++) {
        if (ring.hasValue(next)) {
          if (next - before > cutter.contextLength()) {
            ring.beginAt(next, before);
          }
          before = next;
        }
      }
    }
  }

  /** Closes the cells after the last closed that have a value of every channel already. */
  private void closeComplete(SeriesRing ring, Host host) {
    if (close == Close.COMPLETE) {
      for (long next = ring.closed() + 1; ring.isComplete(next); next++) {
        closeThrough(next, ring, host);
      }
    }
  }

  /**
   * Whether it can be worth it to defer observations: none has to be refused for what its cell
   * holds, and closes a cell for what it holds itself, and most ask for nothing. Who is told of
   * cells at once is told of each as it closes.
   */
  boolean canDefer() {
    return !tellsAtOnce
        && cadence.isSparse()
        && !grid.rule().keepsObservations()
        && close != Close.COMPLETE
        && !silence.isFilled();
  }

  /**
   * Observations that wait beside the ring of a series; 0 where none do.
   *
   * @param isHeap whether state is kept on the heap; else it is on a disk
   */
  int journalCapacity(boolean isHeap) {
    return canDefer()
        ? SeriesJournal.capacity(grid.layout().observationAt(0), grid.channels(), isHeap)
        : 0;
  }

  /** The last cell up to which observations that come in their order ask for nothing. */
  long nothingDueThrough(SeriesRing ring, Host host) {
    return Math.max(cadence.nothingDueThrough(ring), cutter(host).tooYoungThrough(ring));
  }

  /**
   * Writes an observation into the journal if it can be taken later as well as now: if it is in
   * time, belongs to the newest cell or a newer one, and neither closes a cell at which something
   * is due nor changes one that something was made from.
   *
   * @param cell that it belongs to
   * @return whether it did
   */
  boolean defer(Measurement in, long cell, SeriesJournal journal, Host host) {
    boolean isNew = cell > journal.newest();
    switch (close) {
      case ARRIVAL -> {
        boolean changesOrigin = !isNew && grid.kept().origins() > 0;
        if (cell < journal.newest() || changesOrigin || cell > journal.nothingDueThrough()) {
          return false;
        }
        journal.closeThrough(cell);
      }
      case WATERMARK, COMPLETE -> {
        long passed = lastPassed(in.timeMillis());
        if (cell < journal.newest()
            || cell <= journal.closed()
            || Math.min(passed, journal.newest()) > journal.nothingDueThrough()) {
          return false;
        }
        journal.closeThrough(passed);
        host.wakeAt(grid.step().endMillis(cell));
      }
    }
    if (isNew) {
      counts.opened();
    }
    journal.add(cell, in.timeMillis(), in.values());
    return true;
  }

  /**
   * Closes in the journal what is over when no observation before a time comes any more, if nothing
   * is due there.
   *
   * @return whether it did
   */
  boolean deferClosing(long timeMillis, SeriesJournal journal) {
    if (close == Close.ARRIVAL) {
      return true;
    }
    long last = grid.step().cell(timeMillis) - 1;
    if (Math.min(last, journal.newest()) > journal.nothingDueThrough()) {
      return false;
    }
    journal.closeThrough(last);
    return true;
  }

  /**
   * Has the ring take what the journal holds, whose cells wake the series when they are over
   * already.
   */
  void replay(SeriesJournal journal, SeriesRing ring, Host host) {
    for (int i = 0; i < journal.size(); i++) {
      long timeMillis = journal.timeMillis(i);
      take(timeMillis, grid.step().cell(timeMillis), journal.values(i), ring, false, host);
    }
    if (close != Close.ARRIVAL) {
      closeBefore(grid.step().startMillis(journal.closed() + 1), ring, host);
    }
  }

  /** Answers a request from the last closed cell of a series, or rejects it. */
  void answer(ForecastRequest query, SeriesRing ring, Host host) {
    long origin = ring.lastClosed();
    Cut cut = cutter(host).cut(host.series(), ring, origin, ring.repairs(origin));
    ForecastTask request = cut.request();
    if (request == null) {
      host.reject(unanswerable(query, cut.why(), ring, host));
    } else {
      counts.cut(cut);
      host.ask(request.upTo(query.horizon()).passing(query.source().passed()));
    }
  }

  /** The last cell that is over for a series of which this time was just observed. */
  private long lastPassed(long timeMillis) {
    return grid.step().cell(timeMillis - maxOutOfOrdernessMillis) - 1;
  }

  private long oldestAccepted(SeriesRing ring) {
    return switch (close) {
      case ARRIVAL -> grid.rule().replaces() ? ring.oldest() : ring.oldestOpen();
      case WATERMARK, COMPLETE ->
          Math.max(grid.oldestWithin(allowedLatenessMillis, ring.closed()), ring.oldestOpen());
    };
  }

  /**
   * Takes an observation into its cell.
   *
   * @return the cells that are others now. An observation before the first cell makes gaps of the
   *     cells up to that.
   */
  private Changed put(long cell, long timeMillis, double[] values, SeriesRing ring) {
    long first = ring.first();
    Changed changed =
        cell < ring.oldestOpen() ? ring.correct(cell, values) : ring.put(cell, timeMillis, values);
    tellFall(ring);
    return changed.and(cell, first - 1);
  }

  private void tellFall(SeriesRing ring) {
    SeriesRing.Fall fall = ring.takeFall();
    if (fall == null) {
      return;
    }
    counts.fallen();
    if (!hasFallen) {
      hasFallen = true;
      LOG.info(
          "A counter has fallen from {} to {} at {}, as one does that begins anew;"
              + " series.counter-reset={} says what becomes of that. Further ones are only counted,"
              + " as {}.",
          fall.from(),
          fall.to(),
          Instant.ofEpochMilli(fall.timeMillis()),
          Spelling.of(grid.rule().counter().reset()),
          JobMetric.COUNTER_RESETS.metricName());
    }
  }

  private void ask(SeriesRing ring, long origin, Host host) {
    boolean due = cadence.isDue(ring, origin);
    ring.askedAt(origin);
    counts.closed(due);
    if (!due) {
      return;
    }
    ForecastTask request = request(ring, origin, 0, host);
    if (request != null) {
      ring.forecastAt(origin);
      host.ask(request, origin);
    }
  }

  /**
   * Some cells have changed: asks again, oldest first, for those of the newest forecasts that they
   * were part of.
   *
   * @param cause the cell whose observation changed them
   */
  private void changed(SeriesRing ring, Changed cells, long cause, Host host) {
    // While a cell closes, those before it are over.
    long last = Math.min(cells.through(), Math.max(ring.lastClosed(), cause - 1));
    for (long cell = Math.max(cells.from(), ring.oldest()); cell <= last; cell++) {
      tell(ring, cell, host, true);
    }
    int contextLength = cutter(host).contextLength();
    if (isPartOf(cells, ring.lastClosed(), contextLength)) {
      ring.repaired(ring.lastClosed());
    }
    for (int i = grid.kept().origins() - 1; i >= 0; i--) {
      long origin = ring.origin(i);
      if (origin == SeriesRing.NEVER
          || !isPartOf(cells, origin, contextLength)
          || origin - grid.contextLength() + 1 < ring.oldest()) {
        continue;
      }
      ring.revise(i);
      ForecastTask request = request(ring, origin, ring.revision(i), host);
      if (request != null) {
        host.ask(request, cause);
      }
    }
  }

  /** Whether any of some cells belongs to the context of an origin. */
  private static boolean isPartOf(Changed cells, long origin, int contextLength) {
    return !cells.isEmpty() && cells.from() <= origin && cells.through() > origin - contextLength;
  }

  /** The request for the forecast from an origin; null, and counted, if there is none. */
  private @Nullable ForecastTask request(SeriesRing ring, long origin, int revision, Host host) {
    Cut cut = cutter(host).cut(host.series(), ring, origin, revision);
    counts.cut(cut);
    return cut.request();
  }

  private Rejection late(Measurement in, SeriesRing ring) {
    String detail =
        "time must not be before the oldest cell that can still change, %s: time=%s"
            .formatted(
                Instant.ofEpochMilli(grid.step().startMillis(oldestAccepted(ring))),
                Instant.ofEpochMilli(in.timeMillis()));
    return Rejection.of(ErrorCode.LATE, detail, in, clock.millis());
  }

  private Rejection full(Measurement in, long cell) {
    String detail =
        "cell must not have more than series.max-observations=%d, %s: time=%s"
            .formatted(
                grid.rule().maxObservations(),
                Instant.ofEpochMilli(grid.step().startMillis(cell)),
                Instant.ofEpochMilli(in.timeMillis()));
    return Rejection.of(ErrorCode.CELL_FULL, detail, in, clock.millis());
  }

  private Rejection unanswerable(ForecastRequest query, Skip skip, SeriesRing ring, Host host) {
    String origin = Instant.ofEpochMilli(grid.step().startMillis(ring.lastClosed())).toString();
    String detail = cutter(host).requirement(skip, ring, ring.lastClosed()) + ": origin=" + origin;
    ErrorCode code =
        skip == Skip.COLD_START ? ErrorCode.TOO_LITTLE_CONTEXT : ErrorCode.TOO_MANY_MISSING;
    return Rejection.of(code, detail, query, clock.millis());
  }

  /**
   * The contexts of a series whose cells are all known: those that forecasts were made from, or
   * would have been. The cells go once more through all that cells go through, one after the other;
   * what the series is at an origin does not depend on what came after. One thread.
   */
  public static final class Past {

    private static final RecordOrigin NOWHERE = new RecordOrigin("", 0, 0, -1, 0, 0, null, null);

    private final CellCloser closer;
    private final String series;
    private final Cells cells;
    private final Asked asked = new Asked();
    private @Nullable SeriesRing ring;
    private int next;

    /**
     * What is known of a series.
     *
     * @param firstMillis time of the first cell
     * @param values {@code [cell][channel]}, units of the series; NaN is missing; not copied
     */
    public record Cells(long firstMillis, double[] values) {}

    /**
     * @param settings of the job
     * @param need of the model that is asked
     */
    public Past(SeriesSettings settings, ContextNeed need, String series, Cells cells) {
      this.closer =
          new CellCloser(
              settings.ofClosedCells(),
              new ContextNeeds(need.contextLength(), need, List.of()),
              MillisClock.SYSTEM);
      this.closer.open(new JobMetrics(new UnregisteredMetricsGroup()));
      this.series = series;
      this.cells = cells;
    }

    /**
     * What the model is asked at an origin; null where it is not, for the series is too young, has
     * too many gaps, or says nothing there.
     *
     * @param cell the number of the origin among the cells, greater than that of the call before
     */
    public @Nullable ForecastTask at(int cell) {
      if (cell < next) {
        throw new IllegalArgumentException("must be %d or more: cell=%d".formatted(next, cell));
      }
      for (; next <= cell; next++) {
        asked.task = null;
        take(next);
      }
      ForecastTask task = asked.task;
      return task == null || task.baseline() ? null : task;
    }

    private void take(int cell) {
      int channels = closer.grid.channels();
      double[] values = Arrays.copyOfRange(cells.values, cell * channels, (cell + 1) * channels);
      GridStep step = closer.grid.step();
      long number = step.cell(cells.firstMillis) + cell;
      Measurement in = new Measurement(NOWHERE, series, step.startMillis(number), values);
      if (!closer.isObserved(in)) {
        return;
      }
      SeriesRing kept = ring;
      SeriesRing its = kept == null ? closer.create(in, number) : kept;
      ring = its;
      boolean unused = closer.observe(in, number, its, kept == null, asked);
    }

    /** Keeps what was asked last. */
    private final class Asked implements Host {

      private @Nullable ForecastTask task;

      @Override
      public String series() {
        return series;
      }

      @Override
      public @Nullable String group() {
        return null;
      }

      @Override
      public void ask(ForecastTask request) {
        task = request;
      }

      @Override
      public void ask(ForecastTask request, long cause) {
        task = request;
      }

      @Override
      public void reject(Rejection rejection) {
        throw new IllegalStateException("closed cells come in order: " + rejection.detail());
      }

      @Override
      public boolean watchesCells() {
        return false;
      }

      @Override
      public void closed(long cell, double[] values, boolean correction) {}

      @Override
      public void wakeAt(long millis) {}

      @Override
      public boolean timeGoesOn() {
        return true;
      }
    }
  }
}
