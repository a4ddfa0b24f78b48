package io.tidecast.page.kept;

import java.util.List;

/**
 * What is shown beside the series: how the job is, how fast, and what the page itself lacks. Any
 * thread may use it.
 */
public final class PageBoard {

  private static final double MEDIAN = 0.5;
  private static final double NEARLY_ALL = 0.99;

  private final Rate observations = new Rate();
  private final Rate forecasts = new Rate();
  private final Delays delays = new Delays();
  private JobState job = JobState.STARTING;
  private Reading reading = new Reading(false, List.of());
  private long mark;

  /**
   * How the page gets on with what it reads.
   *
   * @param live whether it has read all that there was
   * @param sentences what it lacks, and what to do about it
   */
  public record Reading(boolean live, List<String> sentences) {
    public Reading {
      sentences = List.copyOf(sentences);
    }
  }

  /**
   * All of it at one moment.
   *
   * @param mark of the last change
   * @param observationsPerSecond that the job reads; NaN while that is not known
   * @param forecastsPerSecond that it makes
   * @param delayMedianMillis from when a forecast was made to when it could be read; NaN without
   *     any
   * @param delayMostMillis what 99 of 100 stay below
   */
  public record View(
      long mark,
      JobState job,
      Reading reading,
      double observationsPerSecond,
      double forecastsPerSecond,
      double delayMedianMillis,
      double delayMostMillis) {}

  /** Takes how the job is now. */
  public synchronized void show(JobState state, long nowNanos) {
    JobState.Counts counts = state.counts();
    observations.sample(counts.observations(), nowNanos);
    forecasts.sample(counts.forecasts() + counts.fallbacks(), nowNanos);
    job = state;
    mark++;
  }

  /** Takes how the page gets on with what it reads. */
  public synchronized void show(Reading now) {
    if (!now.equals(reading)) {
      reading = now;
      mark++;
    }
  }

  /** Takes how long a forecast that has just come was under way. */
  public synchronized void took(long delayMillis) {
    delays.add(delayMillis);
  }

  public synchronized View look() {
    return new View(
        mark,
        job,
        reading,
        observations.perSecond(),
        forecasts.perSecond(),
        delays.quantile(MEDIAN),
        delays.quantile(NEARLY_ALL));
  }
}
