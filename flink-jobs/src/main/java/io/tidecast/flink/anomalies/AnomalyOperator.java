package io.tidecast.flink.anomalies;

import io.tidecast.flink.hindsight.HindsightOperator;
import io.tidecast.flink.metrics.JobMetrics;
import io.tidecast.flink.record.Anomaly;
import io.tidecast.flink.record.IssuedForecast;
import io.tidecast.runtime.anomalies.AnomalySettings;
import io.tidecast.runtime.anomalies.Expectation;
import io.tidecast.runtime.anomalies.Finding;
import io.tidecast.runtime.anomalies.Judged;
import io.tidecast.runtime.anomalies.Source;
import io.tidecast.runtime.anomalies.Tally;
import java.util.stream.IntStream;
import org.apache.flink.streaming.api.operators.TimestampedCollector;

/** Holds the cells of each series against the forecasts that expected them, and tells anomalies. */
public final class AnomalyOperator
    extends HindsightOperator<WatchedSeries, IssuedForecast, Anomaly> {

  private static final long serialVersionUID = 1L;

  private static final Name NAME = new Name("series-anomalies", "anomalies");

  private final AnomalySettings settings;

  private transient Tally tally;
  private transient AnomalyCounts counts;
  private transient int[] channels;
  private transient TimestampedCollector<Anomaly> out;

  /** Makes the operator. */
  public AnomalyOperator(AnomalySetup setup) {
    super(setup.hindsight(), NAME, WatchedSeries.class);
    this.settings = setup.settings();
  }

  @Override
  public void open() throws Exception {
    super.open();
    tally = new Tally();
    counts = new AnomalyCounts(new JobMetrics(getMetricGroup()), tally);
    channels = IntStream.range(0, settings.channels()).toArray();
    out = new TimestampedCollector<>(output);
  }

  @Override
  protected WatchedSeries begin() {
    return WatchedSeries.begin(settings, tally);
  }

  @Override
  protected WatchedSeries read(byte[] bytes) {
    return WatchedSeries.read(settings, tally, bytes);
  }

  @Override
  protected boolean forecast(WatchedSeries series, IssuedForecast forecast) {
    int[] targets = targets().of(forecast.issuer());
    if (targets.length == 0) {
      counts.foreign(forecast);
      return false;
    }
    Source source =
        new Source(
            step().cell(forecast.originMillis()),
            forecast.issuer().modelId(),
            forecast.issuer().modelVersion());
    series
        .anomalies()
        .forecast(
            // Of all steps: a request that wants a few takes the place of what was forecast before.
            new Expectation(
                source, forecast.revision(), targets, forecast.steps(), forecast::point));
    return true;
  }

  @Override
  protected void changed(WatchedSeries series, int lateCells) {
    counts.update(lateCells);
    for (Finding finding : series.anomalies().findings()) {
      counts.tell(finding);
      out.collect(record(finding));
    }
  }

  private Anomaly record(Finding finding) {
    Judged value = finding.value();
    return new Anomaly(
        (String) getCurrentKey(),
        // Only where channels have no names the targets are all of them, in their order.
        targets().name(channels, finding.channel()),
        step().startMillis(value.cell()),
        finding.kind(),
        value.side(),
        value.value(),
        value.expected(),
        new Anomaly.Interval(value.lower(), value.upper(), settings.interval().level()),
        finding.score(),
        new Anomaly.Run(
            finding.run().outside(),
            finding.run().among(),
            step().startMillis(finding.run().since()),
            finding.shift().before(),
            finding.shift().after()),
        new Anomaly.Source(
            step().startMillis(value.source().origin()),
            value.lead(),
            value.source().model(),
            value.source().version()),
        finding.revision(),
        finding.withdrawn());
  }
}
