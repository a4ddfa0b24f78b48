package io.tidecast.runtime.promotion;

import io.tidecast.runtime.manifest.Checks;

/** The exact sign test: how likely so many wins are between two that are equally good. */
public final class SignTest {

  /** The chance of so many wins in a row is still a double with all of its digits. */
  private static final int EXACT = 1_000;

  private static final double LN_2 = Math.log(2);

  private SignTest() {}

  /**
   * The chance that a fair coin wins at least so often: the upper tail of the binomial distribution
   * at one half. Draws are left out before.
   *
   * @param won how often the one was better
   * @param lost how often the other was
   * @return 0 to 1; 1 where there was no win
   */
  public static double pValue(int won, int lost) {
    Checks.require(won >= 0, "must not be negative", "won", won);
    Checks.require(lost >= 0, "must not be negative", "lost", lost);
    return Math.min(1, won + lost <= EXACT ? tail(won, lost) : tailOfMany(won, lost));
  }

  private static double tail(int won, int lost) {
    int all = won + lost;
    double term = Math.scalb(1.0, -all);
    double sum = term;
    for (int wins = all - 1; wins >= won; wins--) {
      term *= (wins + 1.0) / (all - wins);
      sum += term;
    }
    return sum;
  }

  private static double tailOfMany(int won, int lost) {
    int all = won + lost;
    double lnTerm = -all * LN_2;
    double sum = Math.exp(lnTerm);
    for (int wins = all - 1; wins >= won; wins--) {
      lnTerm += Math.log((wins + 1.0) / (all - wins));
      sum += Math.exp(lnTerm);
    }
    return sum;
  }
}
