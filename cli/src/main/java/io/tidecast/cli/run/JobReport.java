package io.tidecast.cli.run;

import static io.tidecast.flink.metrics.JobMetric.DEAD_LETTERS;
import static io.tidecast.flink.metrics.JobMetric.FALLBACK_FORECASTS;
import static io.tidecast.flink.metrics.JobMetric.FORECASTS;
import static io.tidecast.flink.metrics.JobMetric.MAX_SERIES;
import static io.tidecast.flink.metrics.JobMetric.PARSED_RECORDS;
import static io.tidecast.flink.metrics.JobMetric.SERIES;

import io.tidecast.cli.embedded.EmbeddedFlink;
import io.tidecast.cli.meter.JobFigures;
import io.tidecast.cli.meter.JobMeter;
import io.tidecast.flink.config.JobConfig;
import io.tidecast.page.kept.JobState;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Says for a page how a job of this process is. One thread asks. */
public final class JobReport implements Supplier<JobState> {

  /** Before, a job that has no forecast yet has nothing to explain. */
  private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(5);

  private final EmbeddedFlink.Job job;
  private final JobMeter meter;
  private final JobConfig config;
  private @Nullable Long begunNanos;

  public JobReport(EmbeddedFlink.Job job, JobMeter meter, JobConfig config) {
    this.job = job;
    this.meter = meter;
    this.config = config;
  }

  /**
   * Says how it is now.
   *
   * @throws io.tidecast.cli.console.CliException if it has ended by a failure
   */
  @Override
  public JobState get() {
    JobFigures figures = meter.figures();
    JobState.Counts counts =
        new JobState.Counts(
            figures.sumOfAllAttempts(PARSED_RECORDS),
            figures.sumOfAllAttempts(FORECASTS),
            figures.sumOfAllAttempts(FALLBACK_FORECASTS),
            figures.sumOfAllAttempts(DEAD_LETTERS),
            figures.sum(SERIES));
    if (job.finished()) {
      return new JobState(
          JobState.Phase.ENDED,
          "The job has come to its end",
          notices(figures, System.nanoTime()),
          counts);
    }
    if (job.running()) {
      long now = System.nanoTime();
      if (begunNanos == null && figures.size(MAX_SERIES) >= config.job().parallelism()) {
        begunNanos = now;
      }
      return new JobState(
          JobState.Phase.RUNNING, "The job is running", notices(figures, now), counts);
    }
    String failure = begunNanos == null ? null : job.lastFailure().orElse(null);
    return begunNanos == null
        ? new JobState(JobState.Phase.STARTING, "The job is starting", List.of(), counts)
        : new JobState(
            JobState.Phase.RESTARTING,
            failure == null
                ? "The job is starting again"
                : "The job is starting again after a failure: " + failure,
            List.of(),
            counts);
  }

  private List<JobState.Notice> notices(JobFigures figures, long nowNanos) {
    boolean early = begunNanos == null || nowNanos - begunNanos < PATIENCE_NANOS;
    return Diagnosis.of(config, figures, System.currentTimeMillis()).stream()
        .filter(finding -> !(finding.blocking() && early))
        .map(finding -> new JobState.Notice(finding.sentence(), finding.blocking()))
        .toList();
  }
}
