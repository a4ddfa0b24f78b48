package io.tidecast.runtime.scores;

/**
 * Counts what became of forecasts and cells that the scores were given, over any number of series.
 * One thread.
 */
public final class Taken {

  private long waiting;
  private long late;
  private long dropped;
  private long joined;

  /** Has counted nothing. */
  public Taken() {}

  void count(WaitingForecasts.Fate fate) {
    switch (fate) {
      case WAITS -> waiting++;
      case LATE -> late++;
      case PASSED_OVER -> {
        // Of several origins one stands for all.
      }
    }
  }

  void joined(int leads) {
    joined += leads;
  }

  /** Counts leads of forecasts that are forgotten before their cells are settled. */
  public void dropped(int leads) {
    dropped += leads;
  }

  /** How many leads of forecasts were taken to wait for their cells. */
  public long waiting() {
    return waiting;
  }

  /** How many leads of forecasts came when their cells were settled. */
  public long late() {
    return late;
  }

  /** How many leads of forecasts were forgotten before their cells were settled. */
  public long dropped() {
    return dropped;
  }

  /** How many leads of forecasts were held against the value of their cell. */
  public long joined() {
    return joined;
  }
}
