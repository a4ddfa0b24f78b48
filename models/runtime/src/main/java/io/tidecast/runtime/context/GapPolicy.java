package io.tidecast.runtime.context;

import static java.util.Objects.requireNonNull;

import io.tidecast.runtime.windows.Window;
import java.io.Serializable;

/**
 * The one way in which missing values are treated: how many may be filled, and with what. Contexts
 * are {@code [time][channel]}, NaN is missing. Stateless.
 */
public final class GapPolicy implements Serializable {

  private static final long serialVersionUID = 1L;

  /** What became of the missing values of a context. */
  public enum Outcome {
    /** None is missing any more. */
    FILLED,
    TOO_MANY_MISSING,
    GAP_TOO_LONG,
    /** A channel has no value to fill from. */
    NOTHING_TO_FILL_FROM
  }

  private final GapSettings settings;
  private final ContextFill fill;
  private final int channels;

  /**
   * @param naturalSeasonCells the season where the settings name none
   * @param channels of the contexts
   */
  public GapPolicy(GapSettings settings, int naturalSeasonCells, int channels) {
    this.settings = requireNonNull(settings, "settings is null");
    int season = settings.seasonCells() == null ? naturalSeasonCells : settings.seasonCells();
    this.fill = new ContextFill(settings.fill(), season, settings.constant(), channels);
    this.channels = channels;
  }

  public int maxFilledCells() {
    return settings.fillableCells();
  }

  public int maxConsecutiveFilled() {
    return settings.maxConsecutiveFilled();
  }

  /**
   * Fills a context in place, within the limits; one that is beyond them stays as it is.
   *
   * @param missing values of the context
   * @param filledBefore values of the same window that have been filled already and count as well
   * @param knownCells of the window: as many missing values are too many, whatever the limit
   */
  public Outcome fill(float[] context, int missing, int filledBefore, long knownCells) {
    return fill(context, Window.NO_BASES, missing, filledBefore, knownCells);
  }

  /**
   * The same of a context whose channels are told from bases.
   *
   * @param bases one per channel; empty where all are 0
   */
  public Outcome fill(
      float[] context, double[] bases, int missing, int filledBefore, long knownCells) {
    if (missing == 0) {
      return Outcome.FILLED;
    }
    if (filledBefore + (long) missing > Math.min(settings.fillableCells(), knownCells - 1)) {
      return Outcome.TOO_MANY_MISSING;
    }
    if (fill.longestGap(context) > settings.maxConsecutiveFilled()) {
      return Outcome.GAP_TOO_LONG;
    }
    return fillAnyway(context, bases) ? Outcome.FILLED : Outcome.NOTHING_TO_FILL_FROM;
  }

  /**
   * Fills a context in place, however much of it is missing.
   *
   * @return false where the policy fills nothing, or a channel has no value to fill from
   */
  public boolean fillAnyway(float[] context) {
    return fillAnyway(context, Window.NO_BASES);
  }

  private boolean fillAnyway(float[] context, double[] bases) {
    for (int channel = 0; channel < channels; channel++) {
      if (!hasValue(context, channel)) {
        return false;
      }
    }
    fill.apply(context, bases);
    return missing(context) == 0;
  }

  private boolean hasValue(float[] context, int channel) {
    for (int at = channel; at < context.length; at += channels) {
      if (!Float.isNaN(context[at])) {
        return true;
      }
    }
    return false;
  }

  /** How many values are missing. */
  public static int missing(float[] values) {
    int missing = 0;
    for (float value : values) {
      missing += Float.isNaN(value) ? 1 : 0;
    }
    return missing;
  }
}
