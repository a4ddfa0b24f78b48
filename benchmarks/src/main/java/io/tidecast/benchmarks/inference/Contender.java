package io.tidecast.benchmarks.inference;

/** One way to forecast a batch; made for one batch size, used by one thread. */
public interface Contender extends AutoCloseable {

  /** Forecasts the whole batch once. */
  void run();

  @Override
  void close();
}
