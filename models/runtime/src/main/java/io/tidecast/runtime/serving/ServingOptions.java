package io.tidecast.runtime.serving;

import io.tidecast.runtime.manifest.Checks;
import java.time.Duration;
import java.util.function.LongSupplier;

/**
 * How windows become forecasts.
 *
 * @param maxBatchSize most windows of one run
 * @param maxBatchDelay how long a window waits for a batch to be full; zero to run whatever waits
 *     as soon as a thread is free
 * @param workers threads that run batches at once; {@link #AS_MANY_AS_USERS} for as many as there
 *     are users, as far as there are processors
 * @param maxWaiting most windows that wait for a run, of all users; who hands over another is
 *     refused
 * @param retries further attempts for a window whose run failed, each by itself; 0 for none
 * @param timeout how long a window may wait for its run to begin
 * @param limits how long a run may take, and when the model is given up
 * @param nanoClock what runs and waiting are measured by, in the manner of {@link System#nanoTime}
 */
public record ServingOptions(
    int maxBatchSize,
    Duration maxBatchDelay,
    int workers,
    int maxWaiting,
    int retries,
    Duration timeout,
    RunLimits limits,
    LongSupplier nanoClock) {

  /** So there is a worker for each user, and none without a processor for it. */
  public static final int AS_MANY_AS_USERS = 0;

  /** One and the same for all, so that equal options are equal. */
  private static final LongSupplier NANO_TIME = System::nanoTime;

  private static final int FEWEST_BATCHES_WAITING = 16;

  public ServingOptions {
    Checks.positive("maxBatchSize", maxBatchSize);
    Checks.present("maxBatchDelay", maxBatchDelay);
    Checks.require(
        !maxBatchDelay.isNegative(), "must not be negative", "maxBatchDelay", maxBatchDelay);
    Checks.require(workers >= 0, "must not be negative", "workers", workers);
    Checks.positive("maxWaiting", maxWaiting);
    Checks.require(retries >= 0, "must not be negative", "retries", retries);
    Checks.positive("timeout", timeout);
    Checks.present("limits", limits);
    Checks.present("nanoClock", nanoClock);
  }

  /**
   * Returns a builder of batches of up to 128 that wait for nothing, as many workers as users, room
   * for 16 batches or 4 for each processor that wait, one retry, 30 seconds and the default limits
   * of runs, unless it is told otherwise.
   */
  public static Builder builder() {
    return new Builder();
  }

  /** Collects what differs from the defaults. */
  public static final class Builder {

    private int maxBatchSize = 128;
    private Duration maxBatchDelay = Duration.ZERO;
    private int workers = AS_MANY_AS_USERS;
    private int maxWaiting;
    private int retries = 1;
    private Duration timeout = Duration.ofSeconds(30);
    private RunLimits limits = RunLimits.DEFAULT;
    private LongSupplier nanoClock = NANO_TIME;

    private Builder() {}

    public Builder maxBatchSize(int windows) {
      maxBatchSize = windows;
      return this;
    }

    public Builder maxBatchDelay(Duration delay) {
      maxBatchDelay = delay;
      return this;
    }

    public Builder workers(int threads) {
      workers = threads;
      return this;
    }

    public Builder maxWaiting(int windows) {
      maxWaiting = windows;
      return this;
    }

    public Builder retries(int attempts) {
      retries = attempts;
      return this;
    }

    public Builder timeout(Duration wait) {
      timeout = wait;
      return this;
    }

    public Builder limits(RunLimits ofRuns) {
      limits = ofRuns;
      return this;
    }

    public Builder nanoClock(LongSupplier clock) {
      nanoClock = clock;
      return this;
    }

    /**
     * @throws IllegalArgumentException naming what is out of range
     */
    public ServingOptions build() {
      int waiting = maxWaiting == 0 ? usualWaiting() : maxWaiting;
      return new ServingOptions(
          maxBatchSize, maxBatchDelay, workers, waiting, retries, timeout, limits, nanoClock);
    }

    private int usualWaiting() {
      int batches =
          Math.max(FEWEST_BATCHES_WAITING, 4 * Runtime.getRuntime().availableProcessors());
      return Math.multiplyExact(Math.max(1, maxBatchSize), batches);
    }
  }
}
