package io.tidecast.flink.source;

import io.tidecast.flink.grid.MillisClock;
import io.tidecast.flink.metrics.JobMetric;
import io.tidecast.flink.metrics.JobMetrics;
import io.tidecast.flink.record.Measurement;
import io.tidecast.flink.record.ParsedMeasurement;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.flink.api.common.state.ListState;
import org.apache.flink.api.common.state.ListStateDescriptor;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.api.java.tuple.Tuple3;
import org.apache.flink.metrics.Counter;
import org.apache.flink.runtime.state.StateInitializationContext;
import org.apache.flink.runtime.state.StateSnapshotContext;
import org.apache.flink.streaming.api.operators.AbstractStreamOperator;
import org.apache.flink.streaming.api.operators.OneInputStreamOperator;
import org.apache.flink.streaming.api.watermark.Watermark;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.apache.flink.streaming.runtime.watermarkstatus.WatermarkStatus;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Follows a source that ends. Flink says at the end that no time is to come; what the source read
 * says only that its partitions got so far. So the watermark stays within what each partition would
 * hold it to as a stream, ended or not, and the cells that the end cut through stay open.
 *
 * <p>Counts what is read, and says now and then in the log how far it is.
 */
public final class BoundedInput extends AbstractStreamOperator<ParsedMeasurement>
    implements OneInputStreamOperator<ParsedMeasurement, ParsedMeasurement> {

  private static final Logger LOG = LoggerFactory.getLogger(BoundedInput.class);
  private static final long serialVersionUID = 1L;
  private static final long LOG_INTERVAL_MILLIS = 10_000;

  private final long maxOutOfOrdernessMillis;
  private final boolean merged;
  private final MillisClock latest;

  private transient Map<Partition, long[]> latestMillis;
  private transient ListState<Tuple3<String, Integer, Long>> kept;
  private transient ListState<Long> keptRecords;
  private transient long restoredRecords;
  private transient @Nullable Partition partition;
  private transient long @Nullable [] ofPartition;
  private transient long sentMillis;
  private transient long reachedMillis;
  private transient Counter records;
  private transient long startedNanos;

  private record Partition(String topic, int number) {}

  /**
   * @param merged whether all topics are one partition
   * @param latest time that an observation counts as at most
   */
  public BoundedInput(long maxOutOfOrdernessMillis, boolean merged, MillisClock latest) {
    this.maxOutOfOrdernessMillis = maxOutOfOrdernessMillis;
    this.merged = merged;
    this.latest = latest;
  }

  @Override
  public void initializeState(StateInitializationContext context) throws Exception {
    super.initializeState(context);
    kept =
        context
            .getOperatorStateStore()
            .getListState(
                new ListStateDescriptor<>(
                    "latest-times", Types.TUPLE(Types.STRING, Types.INT, Types.LONG)));
    keptRecords =
        context
            .getOperatorStateStore()
            .getListState(new ListStateDescriptor<>("records-read", Types.LONG));
    for (long records : keptRecords.get()) {
      restoredRecords += records;
    }
    latestMillis = new HashMap<>();
    sentMillis = Long.MIN_VALUE;
    reachedMillis = Long.MIN_VALUE;
    for (Tuple3<String, Integer, Long> one : kept.get()) {
      latestMillis.put(new Partition(one.f0, one.f1), new long[] {one.f2});
      reachedMillis = Math.max(reachedMillis, one.f2);
    }
  }

  @Override
  public void open() throws Exception {
    super.open();
    JobMetrics metrics = new JobMetrics(getMetricGroup());
    records = metrics.counter(JobMetric.RECORDS_READ);
    records.inc(restoredRecords);
    metrics.gaugeMillis(JobMetric.EVENT_TIME_MILLIS, () -> reachedMillis);
    startedNanos = System.nanoTime();
    // Flink ends its timers with the operator.
    var unused =
        getProcessingTimeService()
            .scheduleWithFixedDelay(time -> log("Read"), LOG_INTERVAL_MILLIS, LOG_INTERVAL_MILLIS);
  }

  @Override
  public void processElement(StreamRecord<ParsedMeasurement> element) {
    if (element.getValue().first()) {
      records.inc();
    }
    Measurement accepted = element.getValue().accepted();
    if (accepted != null) {
      advance(accepted);
    }
    output.collect(element);
  }

  private void advance(Measurement accepted) {
    String topic = merged ? "" : accepted.source().topic();
    int number = accepted.source().partition();
    long[] reached = ofPartition;
    if (reached == null
        || partition == null
        || number != partition.number
        || !topic.equals(partition.topic)) {
      partition = new Partition(topic, number);
      reached = latestMillis.computeIfAbsent(partition, none -> new long[] {Long.MIN_VALUE});
      ofPartition = reached;
    }
    reached[0] = Math.max(reached[0], Math.min(accepted.timeMillis(), latest.millis()));
    reachedMillis = Math.max(reachedMillis, accepted.timeMillis());
  }

  @Override
  public void processWatermark(Watermark mark) throws Exception {
    long millis = mark.getTimestamp();
    for (long[] latest : latestMillis.values()) {
      millis = Math.min(millis, latest[0] - maxOutOfOrdernessMillis - 1);
    }
    if (millis == Watermark.MAX_WATERMARK.getTimestamp()) {
      // There was nothing to read here, and others need not wait for it.
      output.emitWatermarkStatus(WatermarkStatus.IDLE);
    } else if (millis > sentMillis) {
      sentMillis = millis;
      super.processWatermark(new Watermark(millis));
    }
  }

  @Override
  public void snapshotState(StateSnapshotContext context) throws Exception {
    super.snapshotState(context);
    keptRecords.update(List.of(records.getCount()));
    kept.clear();
    for (Map.Entry<Partition, long[]> entry : latestMillis.entrySet()) {
      kept.add(Tuple3.of(entry.getKey().topic, entry.getKey().number, entry.getValue()[0]));
    }
  }

  @Override
  public void finish() throws Exception {
    log("At the end, read");
    super.finish();
  }

  private void log(String begin) {
    long nanos = Math.max(1, System.nanoTime() - startedNanos);
    LOG.info(
        "{} {} records, up to {}, {} a second",
        begin,
        records.getCount(),
        reachedMillis == Long.MIN_VALUE ? "no time" : Instant.ofEpochMilli(reachedMillis),
        (records.getCount() - restoredRecords) * TimeUnit.SECONDS.toNanos(1) / nanos);
  }
}
