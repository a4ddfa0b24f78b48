package io.tidecast.flink.series;

import static java.util.Objects.requireNonNull;

import io.tidecast.flink.metrics.JobMetric;
import io.tidecast.flink.metrics.JobMetrics;
import io.tidecast.flink.record.ForecastTask;
import io.tidecast.flink.series.ContextCutter.Cut;
import io.tidecast.flink.series.ContextCutter.Skip;
import java.util.EnumMap;
import java.util.Map;
import org.apache.flink.metrics.Counter;

/**
 * Counts what becomes of observations on their way to a forecast: every cell that opens, that
 * closes, and that brings none.
 */
final class WindowCounts {

  private final Counter opened;
  private final Counter closed;
  private final Counter empty;
  private final Counter silent;
  private final Counter valueless;
  private final Counter fallen;
  private final Counter notDue;
  private final Counter requests;
  private final Counter missing;
  private final Counter values;
  private final Map<Skip, Counter> skipped = new EnumMap<>(Skip.class);

  /**
   * @param minContext cells that a series must have before the model is asked
   */
  WindowCounts(JobMetrics metrics, int minContext) {
    opened = metrics.counterOfTask(JobMetric.OPENED_CELLS);
    closed = metrics.counterOfTask(JobMetric.CLOSED_CELLS);
    empty = metrics.counter(JobMetric.EMPTY_CELLS);
    silent = metrics.counter(JobMetric.SILENT_CELLS);
    valueless = metrics.counter(JobMetric.VALUELESS_RECORDS);
    fallen = metrics.counter(JobMetric.COUNTER_RESETS);
    notDue = metrics.counterOfTask(JobMetric.CELLS_NOT_DUE);
    requests = metrics.counterOfTask(JobMetric.FORECAST_REQUESTS);
    missing = metrics.counter(JobMetric.SKIPPED_MISSING_VALUES);
    values = metrics.counter(JobMetric.SKIPPED_VALUES);
    for (Skip skip : Skip.values()) {
      skipped.put(skip, metrics.counter(JobMetric.SKIPPED_WINDOWS, skip.label()));
    }
    metrics.gauge(JobMetric.NEEDED_CELLS, () -> minContext);
  }

  /** A cell has its first observation. */
  void opened() {
    opened.inc();
  }

  /** A cell has closed without a value. */
  void empty() {
    empty.inc();
  }

  /** A cell has closed without an observation, and is forecast from. */
  void silent() {
    silent.inc();
  }

  /** An observation had no value in any channel. */
  void valueless() {
    valueless.inc();
  }

  /** A counter has fallen. */
  void fallen() {
    fallen.inc();
  }

  /** A cell has closed with a value. */
  void closed(boolean due) {
    closed.inc();
    if (!due) {
      notDue.inc();
    }
  }

  /** A context was cut, or was not. */
  void cut(Cut cut) {
    ForecastTask request = cut.request();
    if (request == null) {
      requireNonNull(skipped.get(cut.why()), "every skip has a counter").inc();
      missing.inc(cut.missing());
      values.inc(cut.values());
    } else if (!request.baseline()) {
      requests.inc();
    }
  }
}
