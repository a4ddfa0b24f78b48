package io.tidecast.flink.metrics;

import java.util.Arrays;

/** Renders {@code docs/metrics.md}, the reference of the metrics, from the catalogue. */
final class MetricsPage {

  private MetricsPage() {}

  /** Returns the whole page in Markdown. */
  static String render() {
    StringBuilder page =
        new StringBuilder(
            """
            # Metrics

            The job's metrics are Flink metrics, so every reporter of Flink's has them. Besides, Flink has its own: of operators, checkpoints, Kafka
            clients and memory.

            | metric | kind | unit | operator | meaning |
            | --- | --- | --- | --- | --- |
            """);
    for (JobMetric metric : JobMetric.values()) {
      page.append(
          "| `%s` | %s | %s | %s | %s |\n"
              .formatted(
                  metric.metricName(),
                  metric.kind(),
                  metric.unit(),
                  operators(metric),
                  metric.meaning()));
    }
    return page.append(
            """

            ## What they are of

            Every subtask of an operator has its own values. To have those of the job, add counters and the gauges `%5$s` and `%7$s` over the
            subtasks, and take the greatest of `%6$s`.

            - A counter begins at 0 when the job starts, also from a checkpoint or savepoint. It counts again what is processed again after a failure.
              Look at rates rather than totals.
            - A histogram is of the last %3$,d values of a subtask: count, min, max, mean, standard deviation and quantiles.
            - A counter for each `%2$s` has one value for every reason, in the metric group `%2$s.<the reason>`, which reporters with labels show as a
              label.
            - The text of a dead letter is what the first of a reason said. It holds a part of that record, as the dead letter does. Reporters of
              numbers leave texts out.
            - The way of an observation is `acceptedRecords`, `openedCells`, `closedCells`, `forecastRequests`, `forecasts`. Where one of them stays at 0,
              the counters between it and the one before say why.
            - No metric has a series as a label, for a million of them would be a million metrics. The one exception is `%8$s`, of the few series that
              [`gauges.series`](how-to/autoscaling.md) names.
            - A counter for each `model` and `version` is of all series together. After 64 versions, further ones are counted together as `others`.

            ## Names

            A metric has the scope of its operator, and in that the group `%1$s`. The sinks' (`… : Writer`) have Flink's group `user` around it.

            | Flink | Flink's Prometheus reporter |
            | --- | --- |
            | `<host>.taskmanager.<tm_id>.<job_name>.window.<subtask>.%1$s.%5$s` | `flink_taskmanager_job_task_operator_%1$s_%5$s{operator_name="window", …}` |
            | `<host>.taskmanager.<tm_id>.<job_name>.dead letters: Writer.<subtask>.user.%1$s.%2$s.late.%4$s` | `flink_taskmanager_job_task_operator_user_%1$s_%2$s_%4$s{operator_name="dead_letters:_Writer", %2$s="late", …}` |

            The scope is Flink's `metrics.scope.operator`, which can be set.

            ## Reading them

            **Without anything.** `./tidecast run` prints the counts of records, forecasts, fallbacks and dead letters, and
            [what stands in the way](troubleshooting.md#no-forecasts) of forecasts. Flink's web page has every metric on the tab *Metrics* of each task.

            **With a reporter.** Put the reporter's jar where Flink's distribution keeps it (`plugins/`, some in `lib/`) and name it in Flink's
            configuration. Tidecast has one for Prometheus ([where it belongs](how-to/deploy.md)):

            ```yaml
            metrics.reporter.prometheus.factory.class: io.tidecast.metrics.PrometheusReporterFactory
            metrics.reporter.prometheus.host: 10.0.0.7
            metrics.reporter.prometheus.port: 9249-9260
            ```

            Each JobManager and TaskManager then listens on the first free port of the range, at `/metrics` and without a password. Without `host` that is
            `127.0.0.1`, which only this machine reaches. Flink's own reporter, `org.apache.flink.metrics.prometheus.PrometheusReporterFactory`, has no such
            setting and listens on every network interface. Let only the scraper reach it.

            Flink's gives the names of the table above. Tidecast's follows Prometheus' conventions: its own metrics have no scope in their name but as labels,
            words have underscores between, and values are in base units. Flink's metrics keep the names of Flink's reporter. It has no labels that a
            restart changes. [Dashboards](how-to/dashboards.md) and [alerts](how-to/alerts.md) read it.

            | kind | here | in Prometheus |
            | --- | --- | --- |
            | counter | `%4$s` | `%1$s_dead_letters_total` |
            | gauge | `%5$s` | `%1$s_%5$s` |
            | time in milliseconds | `%6$s` | `%1$s_event_time_seconds` |
            | histogram of microseconds | `%9$s` | `%1$s_run_seconds` with the label `percentile`, `%1$s_run_mean_seconds`, `%1$s_run_max_seconds`, `%1$s_run_count_total` |
            | counter of thousandths | `%10$s` | `%1$s_model_error_total` |
            | version, which is a text | `%11$s` | `%1$s_active_version_info{version="…"} 1` |

            **With OpenTelemetry.** The same jar has a reporter that sends metrics to a collector, as OTLP over HTTP, under the same names with dots between
            (`%1$s.dead.letters`):

            ```yaml
            metrics.reporter.otlp.factory.class: io.tidecast.metrics.OtlpReporterFactory
            metrics.reporter.otlp.url: http://127.0.0.1:4318/v1/metrics
            metrics.reporter.otlp.interval: 30 s
            metrics.reporter.otlp.resource-attributes: service.name=forecasts
            ```

            The `url` is the default, on this machine. `headers` adds some, such as `Authorization=Bearer …`. Sums are cumulative. A collector that is away is
            told of in the log, and asked again after the next interval.

            ```yaml
            scrape_configs:
              - job_name: tidecast
                static_configs:
                  - targets: [taskmanager-1:9249, taskmanager-2:9249]
            ```

            ## What to watch

            | watch | because |
            | --- | --- |
            | the rate of `deadLetters`, by `reason` | a producer has changed, or a clock runs ahead. [Troubleshooting](troubleshooting.md#dead-letters) has each reason |
            | the rate of `fallbackForecasts` against `forecasts` | the model fails, is too slow or misses covariates, or series are young |
            | the rate of `forecasts` at all, and Flink's `lastCheckpointDuration` | with exactly-once delivery, no checkpoint is no forecast |
            | `modelGivenUp` and the rate of `hangingWindows` | some input keeps the model busy for ever. [Troubleshooting](troubleshooting.md#the-model-is-too-slow-or-hangs) has more |
            | `runMicros` and `waitingWindows` | more and more windows that wait need a higher `job.parallelism` or a smaller model |
            | `series` against `maxSeries` | memory and disk grow with it, and at the limit new series are dead letters. See `series.time-to-live` and `series.max-series` |
            | Kafka's `records-lag-max` of the operator `Source: observations` | the job does not keep up |
            | Flink's `currentOutputWatermark` of `window` | with `series.close: watermark`, one that stands still closes no cell |

            This page is generated: `MetricsPage` renders it from the catalogue `JobMetric`, and a test compares it. This writes it anew:

            ```
            mvn -q -pl flink-jobs -am test -Dtest='*PageTest' -Dsurefire.failIfNoSpecifiedTests=false -Dtidecast.docs.write=true
            ```
            """
                .formatted(
                    JobMetrics.GROUP,
                    JobMetrics.REASON,
                    JobMetrics.HISTOGRAM_SAMPLES,
                    JobMetric.DEAD_LETTERS.metricName(),
                    JobMetric.SERIES.metricName(),
                    JobMetric.EVENT_TIME_MILLIS.metricName(),
                    JobMetric.MAX_SERIES.metricName(),
                    JobMetric.FORECAST_VALUE.metricName(),
                    JobMetric.RUN_MICROS.metricName(),
                    JobMetric.MODEL_ERROR_THOUSANDTHS.metricName(),
                    JobMetric.ACTIVE_VERSION.metricName()))
        .toString();
  }

  private static String operators(JobMetric metric) {
    return String.join(
        ", ", Arrays.stream(metric.operators().split(", ")).map(name -> "`" + name + "`").toList());
  }
}
