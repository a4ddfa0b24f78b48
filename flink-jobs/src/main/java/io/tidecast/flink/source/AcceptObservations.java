package io.tidecast.flink.source;

import static java.util.Objects.requireNonNull;

import io.tidecast.flink.format.SourceFormat;
import io.tidecast.flink.format.schema.Written;
import io.tidecast.flink.metrics.JobMetric;
import io.tidecast.flink.metrics.JobMetrics;
import io.tidecast.flink.record.Measurement;
import io.tidecast.flink.record.ParsedMeasurement;
import io.tidecast.flink.record.Rejection;
import io.tidecast.flink.record.SplitRejected;
import java.time.Instant;
import java.util.List;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.api.common.state.ListState;
import org.apache.flink.api.common.state.ListStateDescriptor;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.metrics.Counter;
import org.apache.flink.runtime.execution.SuppressRestartsException;
import org.apache.flink.runtime.state.FunctionInitializationContext;
import org.apache.flink.runtime.state.FunctionSnapshotContext;
import org.apache.flink.streaming.api.checkpoint.CheckpointedFunction;
import org.apache.flink.streaming.api.functions.ProcessFunction;
import org.apache.flink.util.Collector;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Passes on the observations, puts what was refused on the side output that ends in the dead-letter
 * topic, and counts both and what was passed over. Its state is the schema that all records of a
 * topic of one schema name, if the job has found that out: it must be the same after every start.
 */
public final class AcceptObservations extends ProcessFunction<ParsedMeasurement, Measurement>
    implements CheckpointedFunction {

  private static final Logger LOG = LoggerFactory.getLogger(AcceptObservations.class);
  private static final long serialVersionUID = 1L;

  /** So many times in the first days of 1970 are no clocks that were not set yet. */
  private static final long MANY = 1_000;

  private final TimeDoubts doubts;

  /** Is null where it was not for the job to find out. */
  private final @Nullable String schema;

  /** Is null where there is no schema to be kept. */
  private transient @Nullable ListState<String> keptSchema;

  private transient Counter records;
  private transient Counter accepted;
  private transient Counter refused;
  private transient PassedOverCounters passedOver;
  private transient long earliestMillis;
  private transient long latestMillis;
  private transient DoubtfulTimes doubtful;

  /**
   * @param format of the records
   */
  public AcceptObservations(SourceFormat format) {
    this.doubts = TimeDoubts.of(format);
    this.schema =
        format instanceof SourceFormat.Avro avro && avro.written() instanceof Written.OneId one
            ? String.valueOf(one.named())
            : null;
  }

  @Override
  public void initializeState(FunctionInitializationContext context) throws Exception {
    if (schema == null) {
      return;
    }
    ListState<String> schemas =
        context
            .getOperatorStateStore()
            .getUnionListState(new ListStateDescriptor<>("schema-of-topic", Types.STRING));
    keptSchema = schemas;
    for (String kept : schemas.get()) {
      if (!kept.equals(schema)) {
        throw new SuppressRestartsException(
            new IllegalStateException(
                "source.avro-schemas must say which schema is which, or registry.url: source.avro-schema was the one of %s, and the first records of the topic now name %s"
                    .formatted(kept, schema)));
      }
    }
  }

  @Override
  public void snapshotState(FunctionSnapshotContext context) throws Exception {
    if (keptSchema != null && schema != null) {
      keptSchema.update(List.of(schema));
    }
  }

  @Override
  public void open(OpenContext context) {
    earliestMillis = Long.MAX_VALUE;
    latestMillis = Long.MIN_VALUE;
    doubtful = new DoubtfulTimes(doubts);
    JobMetrics metrics = new JobMetrics(getRuntimeContext().getMetricGroup());
    records = metrics.counterOfTask(JobMetric.PARSED_RECORDS);
    accepted = metrics.counterOfTask(JobMetric.ACCEPTED_RECORDS);
    refused = metrics.counter(JobMetric.REFUSED_RECORDS);
    passedOver = new PassedOverCounters(metrics);
    metrics.gaugeMillis(JobMetric.EARLIEST_MILLIS, () -> earliestMillis);
    metrics.gaugeMillis(JobMetric.LATEST_MILLIS, () -> latestMillis);
    metrics.gaugeCount(JobMetric.DOUBTFUL_TIMES, () -> doubtful.count());
  }

  @Override
  public void processElement(
      ParsedMeasurement parsed, Context context, Collector<Measurement> out) {
    if (parsed.first()) {
      records.inc();
    }
    Rejection rejection = parsed.rejection();
    if (rejection != null) {
      refused.inc();
      context.output(SplitRejected.REJECTED, rejection);
      return;
    }
    if (parsed.passedOver() != null) {
      passedOver.count(parsed.passedOver());
      return;
    }
    Measurement observation = requireNonNull(parsed.accepted(), "no outcome");
    accepted.inc();
    look(observation.timeMillis());
    out.collect(observation);
  }

  private void look(long timeMillis) {
    earliestMillis = Math.min(earliestMillis, timeMillis);
    latestMillis = Math.max(latestMillis, timeMillis);
    if (doubtful.look(timeMillis) && doubtful.count() == MANY) {
      warn();
    }
  }

  private void warn() {
    LOG.warn(
        "{} of {} observations are of the first days of 1970, up to {}, which they would not be in"
            + " a larger unit; {}",
        doubtful.count(),
        accepted.getCount(),
        Instant.ofEpochMilli(latestMillis),
        doubts.hint(earliestMillis).orElse("look at the times of the producer"));
  }

  @Override
  public void close() {
    if (doubtful != null && doubtful.count() > 0 && doubtful.count() < MANY) {
      warn();
    }
  }
}
