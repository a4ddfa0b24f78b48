package io.tidecast.flink;

import io.tidecast.flink.CellRule.Aggregate;
import io.tidecast.flink.CellRule.Duplicates;
import io.tidecast.flink.JobConfig.Close;
import io.tidecast.flink.JobConfig.Fill;
import io.tidecast.schemas.ErrorCode;
import java.time.Instant;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.api.common.state.ValueState;
import org.apache.flink.api.common.state.ValueStateDescriptor;
import org.apache.flink.api.common.typeinfo.PrimitiveArrayTypeInfo;
import org.apache.flink.metrics.Counter;
import org.apache.flink.streaming.api.functions.KeyedProcessFunction;
import org.apache.flink.util.Collector;

/**
 * Puts the observations of each series on its grid and asks for a forecast as cells close.
 *
 * <p>{@link Close#ARRIVAL}: a cell closes with its first observation. Further observations count in
 * it for the forecasts to come while it is the newest, or within the allowed lateness of that.
 * Older ones are late; but where the last observation wins, also the last of the same time, those
 * of a cell that is still kept replace what it has.
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
 * <p>What changes a cell that forecasts were made from asks for the newest of those again, when the
 * job is told so.
 *
 * <p>Cells without an observation are gaps, filled when a forecast is asked for. There is none
 * before the cells since the first span a context, nor while more is missing than allowed.
 */
final class SeriesWindow extends KeyedProcessFunction<String, Measurement, ForecastRequest> {

  private static final long serialVersionUID = 1L;

  private final SeriesGrid grid;
  private final Close close;
  private final long maxOutOfOrdernessMillis;
  private final long allowedLatenessMillis;
  private final int forecastEvery;
  private final int maxFilledCells;
  private final int maxConsecutiveFilled;
  private final ContextFill fill;
  private final int maxDeadLetterBytes;
  private final MillisClock clock;

  private transient ValueState<byte[]> state;
  private transient Counter coldStarts;
  private transient Counter tooManyMissing;
  private transient Counter gapsTooLong;
  private transient Counter requests;

  /**
   * @param seasonCells for gaps that the configuration names no season for
   */
  SeriesWindow(JobConfig config, int contextLength, int seasonCells, MillisClock clock) {
    JobConfig.Series series = config.series();
    JobConfig.Gaps gaps = series.gaps();
    this.grid = SeriesGrid.of(config, contextLength);
    this.close = series.close();
    this.maxOutOfOrdernessMillis = config.source().maxOutOfOrderness().toMillis();
    this.allowedLatenessMillis = series.lateness().allowed().toMillis();
    this.forecastEvery = series.forecastEvery();
    // With one less than the context has cells, no channel can be without any value.
    this.maxFilledCells =
        gaps.fill() == Fill.NONE ? 0 : Math.min(gaps.maxFilledCells(), contextLength - 1);
    this.maxConsecutiveFilled = gaps.maxConsecutiveFilled();
    this.fill =
        new ContextFill(
            gaps.fill(),
            gaps.seasonCells() == null ? seasonCells : gaps.seasonCells(),
            gaps.constant(),
            series.channels());
    this.maxDeadLetterBytes = config.deadLetters().maxValueBytes();
    this.clock = clock;
  }

  @Override
  public void open(OpenContext context) {
    state =
        getRuntimeContext()
            .getState(
                new ValueStateDescriptor<>(
                    "series-ring", PrimitiveArrayTypeInfo.BYTE_PRIMITIVE_ARRAY_TYPE_INFO));
    JobMetrics metrics = new JobMetrics(getRuntimeContext().getMetricGroup());
    coldStarts = metrics.counter(JobMetric.SKIPPED_WINDOWS, "cold-start");
    tooManyMissing = metrics.counter(JobMetric.SKIPPED_WINDOWS, "too-many-missing");
    gapsTooLong = metrics.counter(JobMetric.SKIPPED_WINDOWS, "gap-too-long");
    requests = metrics.counter(JobMetric.FORECAST_REQUESTS);
  }

  @Override
  public void processElement(Measurement in, Context context, Collector<ForecastRequest> out)
      throws Exception {
    long cell = grid.step().cell(in.timeMillis());
    byte[] bytes = state.value();
    SeriesRing ring =
        bytes == null
            ? SeriesRing.create(grid, cell, lastPassed(in.timeMillis()))
            : SeriesRing.of(grid, bytes);
    if (bytes != null && cell < oldestAccepted(ring)) {
      context.output(SplitRejected.REJECTED, late(in, ring));
      return;
    }
    if (ring.isFull(cell, in.timeMillis())) {
      context.output(SplitRejected.REJECTED, full(in, cell));
      return;
    }
    switch (close) {
      case ARRIVAL -> {
        boolean opens = bytes == null || cell > ring.newest();
        boolean changed = take(in, cell, ring);
        if (opens) {
          ring.closeThrough(cell);
          ask(ring, cell, context.getCurrentKey(), out);
        } else if (changed) {
          askAgain(ring, cell, context.getCurrentKey(), out);
        }
      }
      case WATERMARK, COMPLETE -> {
        // Before the new values: they may need the room of cells that these contexts need.
        closeThrough(lastPassed(in.timeMillis()), ring, context.getCurrentKey(), out);
        boolean changed = take(in, cell, ring);
        if (cell > ring.closed()) {
          context.timerService().registerEventTimeTimer(grid.step().endMillis(cell));
          closeComplete(ring, context.getCurrentKey(), out);
        } else if (changed) {
          askAgain(ring, cell, context.getCurrentKey(), out);
        }
      }
    }
    state.update(ring.bytes());
  }

  @Override
  public void onTimer(long timestamp, OnTimerContext context, Collector<ForecastRequest> out)
      throws Exception {
    SeriesRing ring = SeriesRing.of(grid, state.value());
    closeThrough(grid.step().cell(timestamp), ring, context.getCurrentKey(), out);
    closeComplete(ring, context.getCurrentKey(), out);
    state.update(ring.bytes());
  }

  /** The last cell that is over for a series of which this time was just observed. */
  private long lastPassed(long timeMillis) {
    return grid.step().cell(timeMillis - maxOutOfOrdernessMillis) - 1;
  }

  private long oldestAccepted(SeriesRing ring) {
    return switch (close) {
      case ARRIVAL -> corrects() ? ring.oldest() : ring.oldestOpen();
      case WATERMARK, COMPLETE ->
          Math.max(grid.oldestWithin(allowedLatenessMillis, ring.closed()), ring.oldestOpen());
    };
  }

  /** Whether an observation can do without the others of its cell: it replaces them. */
  private boolean corrects() {
    return grid.rule().aggregate() == Aggregate.LAST
        && grid.rule().duplicates() != Duplicates.FIRST;
  }

  private static boolean take(Measurement in, long cell, SeriesRing ring) {
    return cell < ring.oldestOpen()
        ? ring.correct(cell, in.values())
        : ring.put(cell, in.timeMillis(), in.values());
  }

  private void closeThrough(
      long last, SeriesRing ring, String series, Collector<ForecastRequest> out) {
    long end = Math.min(last, ring.newest());
    for (long cell = Math.max(ring.closed() + 1, ring.oldest()); cell <= end; cell++) {
      if (ring.hasValue(cell)) {
        ask(ring, cell, series, out);
      }
    }
    ring.closeThrough(last);
  }

  /** Closes the cells after the last closed that have a value of every channel already. */
  private void closeComplete(SeriesRing ring, String series, Collector<ForecastRequest> out) {
    if (close == Close.COMPLETE) {
      for (long next = ring.closed() + 1; ring.isComplete(next); next++) {
        closeThrough(next, ring, series, out);
      }
    }
  }

  private void ask(SeriesRing ring, long origin, String series, Collector<ForecastRequest> out) {
    if (ring.lastForecast() != SeriesRing.NEVER && origin - ring.lastForecast() < forecastEvery) {
      return;
    }
    if (origin - ring.first() + 1 < grid.contextLength()) {
      coldStarts.inc();
      return;
    }
    ForecastRequest request = request(ring, origin, 0, series);
    if (request != null) {
      ring.forecastAt(origin);
      out.collect(request);
    }
  }

  /**
   * Asks again, oldest first, for those of the newest forecasts that a changed cell was part of.
   */
  private void askAgain(
      SeriesRing ring, long changed, String series, Collector<ForecastRequest> out) {
    for (int i = grid.room().origins() - 1; i >= 0; i--) {
      long origin = ring.origin(i);
      long start = origin - grid.contextLength() + 1;
      if (origin == SeriesRing.NEVER
          || changed > origin
          || changed < start
          || start < ring.oldest()) {
        continue;
      }
      ForecastRequest request = request(ring, origin, ring.revision(i) + 1, series);
      if (request != null) {
        ring.revise(i);
        out.collect(request);
      }
    }
  }

  /** The request for the forecast from an origin; null, and counted, if too much is missing. */
  private ForecastRequest request(SeriesRing ring, long origin, int revision, String series) {
    float[] context = new float[grid.contextLength() * grid.channels()];
    int missing = ring.context(origin, context);
    if (missing > maxFilledCells) {
      tooManyMissing.inc();
      return null;
    }
    if (missing > 0) {
      if (fill.longestGap(context) > maxConsecutiveFilled) {
        gapsTooLong.inc();
        return null;
      }
      fill.apply(context);
    }
    requests.inc();
    return new ForecastRequest(series, grid.step().startMillis(origin), context, missing, revision);
  }

  private Rejection late(Measurement in, SeriesRing ring) {
    String detail =
        "time must not be before the oldest cell that can still change, %s: time=%s"
            .formatted(
                Instant.ofEpochMilli(grid.step().startMillis(oldestAccepted(ring))),
                Instant.ofEpochMilli(in.timeMillis()));
    return Rejection.of(ErrorCode.LATE, detail, in, maxDeadLetterBytes, clock.millis());
  }

  private Rejection full(Measurement in, long cell) {
    String detail =
        "cell must not have more than series.max-observations=%d, %s: time=%s"
            .formatted(
                grid.rule().maxObservations(),
                Instant.ofEpochMilli(grid.step().startMillis(cell)),
                Instant.ofEpochMilli(in.timeMillis()));
    return Rejection.of(ErrorCode.CELL_FULL, detail, in, maxDeadLetterBytes, clock.millis());
  }
}
