package io.tidecast.flink.source;

import static java.util.Objects.requireNonNull;

import io.tidecast.flink.metrics.JobMetric;
import io.tidecast.flink.metrics.JobMetrics;
import io.tidecast.flink.record.Measurement;
import io.tidecast.flink.record.ParsedMeasurement;
import io.tidecast.flink.record.Rejection;
import io.tidecast.flink.record.SplitRejected;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.metrics.Counter;
import org.apache.flink.streaming.api.functions.ProcessFunction;
import org.apache.flink.util.Collector;

/**
 * Passes on the observations, puts what was refused on the side output that ends in the dead-letter
 * topic, and counts both and what was passed over. Nothing of it is state.
 */
public final class AcceptObservations extends ProcessFunction<ParsedMeasurement, Measurement> {

  private static final long serialVersionUID = 1L;

  private transient Counter records;
  private transient Counter accepted;
  private transient Counter refused;
  private transient PassedOverCounters passedOver;
  private transient long earliestMillis;
  private transient long latestMillis;

  @Override
  public void open(OpenContext context) {
    earliestMillis = Long.MAX_VALUE;
    latestMillis = Long.MIN_VALUE;
    JobMetrics metrics = new JobMetrics(getRuntimeContext().getMetricGroup());
    records = metrics.counter(JobMetric.PARSED_RECORDS);
    accepted = metrics.counter(JobMetric.ACCEPTED_RECORDS);
    refused = metrics.counter(JobMetric.REFUSED_RECORDS);
    passedOver = new PassedOverCounters(metrics);
    metrics.gaugeMillis(JobMetric.EARLIEST_MILLIS, () -> earliestMillis);
    metrics.gaugeMillis(JobMetric.LATEST_MILLIS, () -> latestMillis);
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
    earliestMillis = Math.min(earliestMillis, observation.timeMillis());
    latestMillis = Math.max(latestMillis, observation.timeMillis());
    out.collect(observation);
  }
}
