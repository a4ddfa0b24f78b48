package io.tidecast.runtime.scores;

/**
 * What the forecasts of one contestant came to over all series together, since somebody last
 * looked. Errors are told in units of the mean absolute error that the seasonal naive has one
 * season ahead in the same series over the window, so that those of large and small series can be
 * added. One thread.
 */
public final class Tally {

  /**
   * An error of more units counts as this, so that no series outweighs all others on the day it
   * moves again; as a loss does in a contest. Nor do sums of such errors outgrow a counter.
   */
  static final double MOST = 100;

  private final Contestant by;
  private long leads;
  private long compared;
  private double error;
  private double naiveError;
  private long intervals;
  private long covered;
  private double expected;

  Tally(Contestant by) {
    this.by = by;
  }

  /**
   * Adds what one cell says of a forecast of it.
   *
   * @param scale the unit of errors, in units of the series; no number or 0 where there is none
   */
  void add(ErrorSums.Said said, double actual, double scale) {
    leads++;
    double[] numbers = said.numbers();
    double off = Math.abs(numbers[said.at()] - actual) / scale;
    double naiveOff = Math.abs(said.naive() - actual) / scale;
    if (scale > 0 && ErrorSums.isError(off) && ErrorSums.isError(naiveOff)) {
      compared++;
      error += Math.min(off, MOST);
      naiveError += Math.min(naiveOff, MOST);
    }
    double[] levels = by.levels();
    if (levels.length > 1) {
      intervals++;
      expected += levels[levels.length - 1] - levels[0];
      boolean within =
          actual >= numbers[said.at() + 1] && actual <= numbers[said.at() + levels.length];
      covered += within ? 1 : 0;
    }
  }

  /** Forgets everything, as somebody has looked. */
  public void clear() {
    leads = 0;
    compared = 0;
    error = 0;
    naiveError = 0;
    intervals = 0;
    covered = 0;
    expected = 0;
  }

  /** Whose forecasts they were. */
  public Contestant by() {
    return by;
  }

  /** How many leads of forecasts were held against a value; each target counts. */
  public long leads() {
    return leads;
  }

  /** At how many of them there was a forecast of the seasonal naive, and a unit of errors. */
  public long compared() {
    return compared;
  }

  /** The sum of the absolute errors of the points that were compared, of at most 100 each. */
  public double error() {
    return error;
  }

  /** The sum of those of the seasonal naive from the same origins. */
  public double naiveError() {
    return naiveError;
  }

  /** At how many leads there was an interval, which is that of the outermost quantiles. */
  public long intervals() {
    return intervals;
  }

  /** In how many of these intervals the value lay. */
  public long covered() {
    return covered;
  }

  /** In how many it should have, by the levels. */
  public double expected() {
    return expected;
  }
}
