package io.tidecast.runtime.serving;

/** Hears of every run of a model, on the thread that runs it; for metrics and logs. */
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
}
