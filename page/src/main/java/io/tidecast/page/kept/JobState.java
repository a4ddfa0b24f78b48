package io.tidecast.page.kept;

import java.util.List;

/**
 * How the job is that makes the forecasts.
 *
 * @param phase of its life
 * @param sentence that says so
 * @param notices what stands in the way of forecasts, and what else a person should know
 * @param counts since it was started
 */
public record JobState(Phase phase, String sentence, List<Notice> notices, Counts counts) {

  /** Before anything is known. */
  public static final JobState STARTING =
      new JobState(Phase.STARTING, "The job is starting.", List.of(), Counts.NONE);

  /** How far it is. */
  public enum Phase {
    STARTING,
    RUNNING,
    RESTARTING,
    ENDED
  }

  /**
   * Something that a person should know.
   *
   * @param blocking whether it is why there is no forecast at all
   */
  public record Notice(String sentence, boolean blocking) {}

  /** What it has counted. */
  public record Counts(
      long observations, long forecasts, long fallbacks, long deadLetters, long series) {

    /** Nothing yet. */
    public static final Counts NONE = new Counts(0, 0, 0, 0, 0);
  }

  public JobState {
    notices = List.copyOf(notices);
  }
}
