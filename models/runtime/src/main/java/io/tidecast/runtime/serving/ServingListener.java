package io.tidecast.runtime.serving;

import java.time.Duration;

/**
 * Hears of the runs of a model, on the thread that runs them; for metrics and logs. Where a model
 * has many users, each run is told to the one whose window came first in it, so that all of them
 * together hear of each run once.
 */
public interface ServingListener {

  /**
   * A run gave forecasts.
   *
   * @param windows of the run
   * @param nanos that it took
   */
  void ran(int windows, long nanos);

  /** A run failed; its windows are tried again or answered for. */
  void failed(RuntimeException failure);

  /**
   * A run was ended since it took too long. Each of its windows is then tried alone.
   *
   * @param limit that it had
   */
  void timedOut(int windows, Duration limit);

  /**
   * A window took too long by itself, so it is answered for.
   *
   * @param rest for which no window of its series is given to the model
   */
  void suspected(String series, Duration rest);

  /**
   * A run took too long, although none of its windows does: the model is just slow.
   *
   * @param windows of the run
   * @param most windows of every later run
   */
  void slowed(int windows, int most);

  /**
   * The model is given up, for all its users.
   *
   * @param batches one after the other from which it gave no forecast
   * @param rest after which it is tried again
   */
  void gaveUp(int batches, Duration rest);

  /** The model that was given up has answered again. */
  void resumed();
}
