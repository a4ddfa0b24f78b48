package io.tidecast.runtime.promotion;

import org.jspecify.annotations.Nullable;

/**
 * What a contest of two has come to.
 *
 * @param kind what follows
 * @param primary that has the place
 * @param rival that would have it; null for the seasonal naive
 * @param lastCell number of the newest cell of the contest
 * @param origins how many were compared
 * @param won blocks in which the rival was off by less
 * @param lost blocks in which the primary was
 * @param primaryLoss mean loss of the primary, 1 for that of the seasonal naive one season ahead
 * @param rivalLoss mean loss of the rival over the same forecasts
 * @param pValue chance of as many wins between equals
 */
public record Verdict(
    Kind kind,
    ModelName primary,
    @Nullable ModelName rival,
    long lastCell,
    int origins,
    int won,
    int lost,
    double primaryLoss,
    double rivalLoss,
    double pValue) {

  /** What can follow. */
  public enum Kind {
    /** The primary keeps its place. */
    KEEPS,
    /** The rival is to have the place. */
    LOSES,
    /** The seasonal naive is better, and that is to be told. */
    OUTDONE
  }

  /** The share by which the loss of the rival is less; negative where it is more. */
  public double improvement() {
    return primaryLoss == 0 ? 0 : 1 - rivalLoss / primaryLoss;
  }

  Verdict as(Kind other) {
    return new Verdict(
        other, primary, rival, lastCell, origins, won, lost, primaryLoss, rivalLoss, pValue);
  }
}
