package io.tidecast.benchmarks.pipeline;

import io.tidecast.benchmarks.process.Job;
import java.io.IOException;
import java.time.Duration;
import java.util.stream.IntStream;

/**
 * A job that has come to the end of its topic, and is given an observation now and then. One
 * thread.
 */
final class LatencyRun {

  private static final Duration LOOK = Duration.ofMillis(100);
  private static final long PATIENCE_NANOS = Duration.ofMinutes(3).toNanos();

  private final PipelineStage stage;
  private final PacedFeed.Pace pace;
  private final Times readable = new Times();
  private final Completeness completeness;

  LatencyRun(PipelineStage stage, PacedFeed.Pace pace) {
    this.stage = stage;
    this.pace = pace;
    this.completeness = new Completeness(stage.setup().workload());
  }

  /**
   * Lets the job forecast all that there is, which warms it, and then measures.
   *
   * @throws IllegalStateException if a forecast is missing, comes twice or is not the model's
   */
  Latency measure() throws Exception {
    PipelineStage.Output output = stage.output("forecasts");
    long warm = stage.setup().workload().forecasts();
    try (Job job = stage.job(output);
        CommittedForecasts committed = stage.committed(output)) {
      job.start();
      job.leaveAlone();
      await(job, committed, warm, output);
      PacedFeed feed = stage.feed(pace);
      Thread feeding = new Thread(feed, "feed");
      feeding.setDaemon(true);
      feeding.start();
      await(job, committed, warm + pace.count(), output);
      feeding.join();
      job.stop();
      completeness.require(warm + pace.count());
      return Latency.of(
          IntStream.range(feed.first(), feed.first() + pace.count())
              .mapToLong(place -> readable.get(place) - feed.accepted().get(place)));
    }
  }

  private void await(
      Job job, CommittedForecasts committed, long expected, PipelineStage.Output output)
      throws Exception {
    long deadline = System.nanoTime() + PATIENCE_NANOS;
    long found = committed.count();
    while (found < expected) {
      found = committed.read(LOOK);
      long now = System.nanoTime();
      for (byte[] value : committed.take()) {
        readable.put(completeness.take(value), now);
      }
      if (!job.isAlive() || now - deadline > 0) {
        throw new IOException(
            "forecasts must arrive: expected=%d found=%d; last words of the job:%n%s"
                .formatted(expected, found, output.lastWords()));
      }
    }
  }
}
