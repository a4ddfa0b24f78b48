package io.tidecast.benchmarks.ledger;

import java.util.Map;

/**
 * What became of everything that a job owed.
 *
 * @param expected forecasts that the observations must give
 * @param once those that were found once
 * @param lost those that were not found
 * @param doubled those that were found again, each time counted
 * @param different those whose content is not what the model makes of the observations; fallbacks
 *     among them, unless the model had to fail
 * @param unexpected forecasts that nobody owes
 * @param fallbacks answered by the baseline in place of the model
 */
public record Account(
    Letters letters,
    long expected,
    long once,
    long lost,
    long doubled,
    long different,
    long unexpected,
    long fallbacks) {

  /**
   * What became of the records that nobody can read.
   *
   * @param others dead letters of all other records, by reason
   */
  public record Letters(long expected, long lost, long doubled, Map<String, Long> others) {}

  /** Says whether nothing is still to come. */
  public boolean isComplete() {
    return lost == 0 && letters.lost() == 0;
  }

  /** What is not there. */
  public Loss loss() {
    return new Loss(lost, letters.lost());
  }

  /** How many of each are lost. */
  public record Loss(long forecasts, long deadLetters) {

    public Loss plus(Loss other) {
      return new Loss(forecasts + other.forecasts, deadLetters + other.deadLetters);
    }
  }
}
