package io.tidecast.flink;

import io.tidecast.flink.JobConfig.Close;
import io.tidecast.schemas.ErrorCode;
import java.time.Duration;
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
 * <p>{@link Close#ARRIVAL}: a cell closes with its first observation. Later observations of a cell
 * that is still in the ring correct it for the forecasts to come; older ones are late.
 *
 * <p>{@link Close#WATERMARK}: a cell closes when the watermark passes its end, or when an
 * observation of the same series lies more than the allowed out-of-orderness past it; the latter
 * keeps a series that runs ahead of the others (a backlog being read) from overwriting contexts
 * that are still needed. What belongs to a closed cell is late. A cell without any value asks for
 * no forecast.
 *
 * <p>In both modes the last observation to arrive wins its cell, channel by channel; cells without
 * one are gaps. There is no forecast before the cells since the first span a context, nor while
 * more values are missing than allowed.
 */
final class SeriesWindow extends KeyedProcessFunction<String, Measurement, ForecastRequest> {

  private static final long serialVersionUID = 1L;

  private final SeriesGrid grid;
  private final JobConfig.Close close;
  private final long maxOutOfOrdernessMillis;
  private final int forecastEvery;
  private final int maxFilledCells;
  private final int maxDeadLetterBytes;
  private final MillisClock clock;

  private transient ValueState<byte[]> state;
  private transient Counter coldStarts;
  private transient Counter tooManyMissing;
  private transient Counter requests;

  SeriesWindow(JobConfig config, int contextLength, MillisClock clock) {
    JobConfig.Series series = config.series();
    Duration outOfOrderness = config.source().maxOutOfOrderness();
    this.close = series.close();
    this.maxOutOfOrdernessMillis = outOfOrderness.toMillis();
    this.grid =
        new SeriesGrid(
            series.step().toMillis(),
            series.channels(),
            contextLength,
            close == Close.ARRIVAL ? 0 : openCells(maxOutOfOrdernessMillis, series.step()));
    this.forecastEvery = series.forecastEvery();
    // With one less than the context has cells, no channel can be without any value.
    this.maxFilledCells = Math.min(series.maxFilledCells(), contextLength - 1);
    this.maxDeadLetterBytes = config.deadLetters().maxValueBytes();
    this.clock = clock;
  }

  /** Cells between the last closed and the newest: those that out-of-orderness keeps open. */
  private static int openCells(long maxOutOfOrdernessMillis, Duration step) {
    return Math.toIntExact(maxOutOfOrdernessMillis / step.toMillis()) + 2;
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
    requests = metrics.counter(JobMetric.FORECAST_REQUESTS);
  }

  @Override
  public void processElement(Measurement in, Context context, Collector<ForecastRequest> out)
      throws Exception {
    long cell = grid.cell(in.timeMillis());
    byte[] bytes = state.value();
    SeriesRing ring;
    if (bytes == null) {
      ring = SeriesRing.create(grid, cell, lastPassed(in.timeMillis()));
    } else {
      ring = SeriesRing.of(grid, bytes);
      if (isLate(cell, ring)) {
        context.output(SplitRejected.REJECTED, late(in, ring));
        return;
      }
    }
    switch (close) {
      case ARRIVAL -> {
        boolean opens = bytes == null || cell > ring.newest();
        ring.put(cell, in.values());
        if (opens) {
          ring.closeThrough(cell);
          ask(ring, cell, context.getCurrentKey(), out);
        }
      }
      case WATERMARK -> {
        // Before the new values: they may need the room of cells that these contexts need.
        closeThrough(lastPassed(in.timeMillis()), ring, context.getCurrentKey(), out);
        ring.put(cell, in.values());
        context.timerService().registerEventTimeTimer(grid.endMillis(cell));
      }
    }
    state.update(ring.bytes());
  }

  @Override
  public void onTimer(long timestamp, OnTimerContext context, Collector<ForecastRequest> out)
      throws Exception {
    SeriesRing ring = SeriesRing.of(grid, state.value());
    closeThrough(grid.cell(timestamp), ring, context.getCurrentKey(), out);
    state.update(ring.bytes());
  }

  /** The last cell that is over for a series of which this time was just observed. */
  private long lastPassed(long timeMillis) {
    return grid.cell(timeMillis - maxOutOfOrdernessMillis) - 1;
  }

  private boolean isLate(long cell, SeriesRing ring) {
    return switch (close) {
      case ARRIVAL -> cell < ring.oldest();
      case WATERMARK -> cell <= ring.closed();
    };
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

  private void ask(SeriesRing ring, long origin, String series, Collector<ForecastRequest> out) {
    if (ring.lastForecast() != SeriesRing.NEVER && origin - ring.lastForecast() < forecastEvery) {
      return;
    }
    if (origin - ring.first() + 1 < grid.contextLength()) {
      coldStarts.inc();
      return;
    }
    float[] context = new float[grid.contextLength() * grid.channels()];
    if (ring.context(origin, context) > maxFilledCells) {
      tooManyMissing.inc();
      return;
    }
    ring.forecastAt(origin);
    requests.inc();
    out.collect(new ForecastRequest(series, grid.startMillis(origin), context));
  }

  private Rejection late(Measurement in, SeriesRing ring) {
    long open = close == Close.ARRIVAL ? ring.oldest() : ring.closed() + 1;
    return Rejection.of(
        ErrorCode.LATE,
        "time must not be before the oldest cell that can still change, %s: time=%s"
            .formatted(
                Instant.ofEpochMilli(grid.startMillis(open)),
                Instant.ofEpochMilli(in.timeMillis())),
        in,
        maxDeadLetterBytes,
        clock.millis());
  }
}
