package io.tidecast.flink;

import io.tidecast.schemas.ErrorCode;
import org.apache.flink.api.common.state.ValueState;
import org.apache.flink.api.common.state.ValueStateDescriptor;
import org.apache.flink.api.common.typeinfo.PrimitiveArrayTypeInfo;
import org.apache.flink.metrics.Counter;
import org.apache.flink.runtime.execution.SuppressRestartsException;
import org.apache.flink.runtime.state.VoidNamespace;
import org.apache.flink.runtime.state.VoidNamespaceSerializer;
import org.apache.flink.streaming.api.operators.AbstractStreamOperator;
import org.apache.flink.streaming.api.operators.InternalTimer;
import org.apache.flink.streaming.api.operators.InternalTimerService;
import org.apache.flink.streaming.api.operators.TimestampedCollector;
import org.apache.flink.streaming.api.operators.Triggerable;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;

/**
 * Keeps a {@link SeriesRing} for every series, has a {@link SeriesWindow} change it, and forgets
 * those that have been silent for too long.
 *
 * <p>A series is forgotten when the watermark comes to the end of its life: the end of its newest
 * cell and {@link Retention#timeToLive} later; or when it speaks again after that, in case its own
 * partition is ahead of the watermark. One timer per series looks after that, and where the series
 * went on meanwhile it is set anew.
 *
 * <p>State under its operator's uid, of the names that a {@code KeyedProcessFunction} would give
 * it, as which earlier versions kept it.
 */
abstract class SeriesOperator extends AbstractStreamOperator<ForecastRequest>
    implements Triggerable<String, VoidNamespace>, SeriesWindow.Host {

  private static final long serialVersionUID = 1L;

  private static final ValueStateDescriptor<byte[]> RING =
      new ValueStateDescriptor<>(
          "series-ring", PrimitiveArrayTypeInfo.BYTE_PRIMITIVE_ARRAY_TYPE_INFO);

  private final SeriesWindow window;
  private final Retention retention;
  private final int maxDeadLetterBytes;
  private final MillisClock clock;

  private transient ValueState<byte[]> state;
  private transient InternalTimerService<VoidNamespace> timers;
  private transient TimestampedCollector<ForecastRequest> out;
  private transient Counter forgotten;
  private transient int maxSeries;
  private transient int series;

  SeriesOperator(JobConfig config, SeriesWindow window, MillisClock clock) {
    this.window = window;
    this.retention = config.series().retention();
    this.maxDeadLetterBytes = config.deadLetters().maxValueBytes();
    this.clock = clock;
  }

  @Override
  public void open() throws Exception {
    super.open();
    state = getRuntimeContext().getState(RING);
    timers = getInternalTimerService("user-timers", VoidNamespaceSerializer.INSTANCE, this);
    out = new TimestampedCollector<>(output);
    var task = getRuntimeContext().getTaskInfo();
    maxSeries = retention.share(task.getIndexOfThisSubtask(), task.getNumberOfParallelSubtasks());
    JobMetrics metrics = new JobMetrics(getMetricGroup());
    window.open(metrics);
    forgotten = metrics.counter(JobMetric.FORGOTTEN_SERIES);
    metrics.gauge(JobMetric.SERIES, () -> series);
    countKept();
  }

  /** What was restored is this subtask's share of the keys, however many subtasks there were. */
  private void countKept() throws Exception {
    series = 0;
    getKeyedStateBackend()
        .applyToAllKeys(
            VoidNamespace.INSTANCE,
            VoidNamespaceSerializer.INSTANCE,
            RING,
            (key, kept) -> {
              // All are of one configuration; the timers are of the one that kept them.
              if (series == 0 || retention.timeToLive() != null) {
                SeriesRing ring = ring(kept.value());
                if (hasOtherTimer(ring)) {
                  watch(ring);
                  kept.update(ring.bytes());
                }
              }
              series++;
            });
  }

  final void observe(StreamRecord<Measurement> record) throws Exception {
    out.setTimestamp(record);
    Measurement in = record.getValue();
    byte[] kept = state.value();
    SeriesRing ring = kept == null ? null : ring(kept);
    if (ring != null && in.timeMillis() > endOfLife(ring)) {
      window.closeBefore(in.timeMillis(), ring, this);
      forget(ring);
      ring = null;
    }
    boolean isFirst = ring == null;
    if (isFirst) {
      if (series >= maxSeries) {
        reject(tooMany(in));
        return;
      }
      ring = window.create(in);
      series++;
    }
    window.observe(in, ring, isFirst, this);
    if (isFirst && retention.timeToLive() != null) {
      watch(ring);
    }
    state.update(ring.bytes());
  }

  final void answer(StreamRecord<ForecastQuery> record) throws Exception {
    out.setTimestamp(record);
    byte[] kept = state.value();
    if (kept == null) {
      reject(unknown(record.getValue()));
    } else {
      window.answer(record.getValue(), ring(kept), this);
    }
  }

  @Override
  public final void onEventTime(InternalTimer<String, VoidNamespace> timer) throws Exception {
    byte[] kept = state.value();
    if (kept == null) {
      return;
    }
    out.setAbsoluteTimestamp(timer.getTimestamp());
    SeriesRing ring = ring(kept);
    window.closeBefore(timer.getTimestamp() + 1, ring, this);
    if (timer.getTimestamp() == ring.wakeMillis()) {
      ring.wakeAt(SeriesRing.NEVER);
      if (retention.timeToLive() != null && timer.getTimestamp() >= endOfLife(ring)) {
        forget(ring);
        return;
      }
      watch(ring);
    }
    state.update(ring.bytes());
  }

  @Override
  public final void onProcessingTime(InternalTimer<String, VoidNamespace> timer) {
    throw new IllegalStateException("no timer goes by the wall clock: " + timer);
  }

  private void forget(SeriesRing ring) {
    if (ring.wakeMillis() != SeriesRing.NEVER) {
      timers.deleteEventTimeTimer(VoidNamespace.INSTANCE, ring.wakeMillis());
    }
    state.clear();
    series--;
    forgotten.inc();
  }

  /** The last millisecond at which a series that stays silent is remembered. */
  private long endOfLife(SeriesRing ring) {
    return retention.timeToLive() == null
        ? Long.MAX_VALUE
        : window.grid().step().endMillis(ring.newest()) + retention.timeToLive().toMillis();
  }

  /** Whether the timer of a series is not the one that it should have by now. */
  private boolean hasOtherTimer(SeriesRing ring) {
    return ring.wakeMillis() == SeriesRing.NEVER || ring.wakeMillis() > endOfLife(ring);
  }

  /** Sets the one timer of a series that looks whether it is to be forgotten. */
  private void watch(SeriesRing ring) {
    if (retention.timeToLive() == null) {
      return;
    }
    if (ring.wakeMillis() != SeriesRing.NEVER) {
      timers.deleteEventTimeTimer(VoidNamespace.INSTANCE, ring.wakeMillis());
    }
    ring.wakeAt(endOfLife(ring));
    timers.registerEventTimeTimer(VoidNamespace.INSTANCE, ring.wakeMillis());
  }

  /** State of another configuration will not be another after a restart: the job fails for good. */
  private SeriesRing ring(byte[] kept) {
    try {
      return SeriesRing.of(window.grid(), kept);
    } catch (IllegalStateException e) {
      throw new SuppressRestartsException(e);
    }
  }

  @Override
  public final String series() {
    return (String) getCurrentKey();
  }

  @Override
  public final void ask(ForecastRequest request) {
    out.collect(request);
  }

  @Override
  public final void reject(Rejection rejection) {
    out.collect(SplitRejected.REJECTED, new StreamRecord<>(rejection));
  }

  @Override
  public final void wakeAt(long millis) {
    timers.registerEventTimeTimer(VoidNamespace.INSTANCE, millis);
  }

  private Rejection tooMany(Measurement in) {
    String detail =
        "job must not remember more than series.max-series=%d, of which this subtask has its share of %d: series=%s"
            .formatted(retention.maxSeries(), maxSeries, in.series());
    return Rejection.of(ErrorCode.TOO_MANY_SERIES, detail, in, maxDeadLetterBytes, clock.millis());
  }

  private Rejection unknown(ForecastQuery query) {
    String detail =
        "series must be one that the job remembers an observation of: series=" + query.series();
    return Rejection.of(
        ErrorCode.UNKNOWN_SERIES, detail, query, maxDeadLetterBytes, clock.millis());
  }
}
