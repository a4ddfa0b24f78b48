package io.tidecast.runtime.serving;

import io.tidecast.runtime.manifest.Checks;
import java.time.Duration;
import java.util.function.LongSupplier;

/**
 * How windows become forecasts.
 *
 * @param maxBatchSize most windows of one run
 * @param retries further attempts for a window whose run failed, each by itself; 0 for none
 * @param timeout how long a window may wait for its run to begin
 * @param limits how long a run may take
 * @param nanoClock what runs and waiting are measured by, in the manner of {@link System#nanoTime}
 */
public record ServingOptions(
    int maxBatchSize, int retries, Duration timeout, RunLimits limits, LongSupplier nanoClock) {

  public ServingOptions {
    Checks.positive("maxBatchSize", maxBatchSize);
    Checks.require(retries >= 0, "must not be negative", "retries", retries);
    Checks.positive("timeout", timeout);
    Checks.present("limits", limits);
    Checks.present("nanoClock", nanoClock);
  }

  /**
   * Returns a builder of batches of up to 128, one retry, 30 seconds and the default limits of
   * runs, unless it is told otherwise.
   */
  public static Builder builder() {
    return new Builder();
  }

  /** Collects what differs from the defaults. */
  public static final class Builder {

    private int maxBatchSize = 128;
    private int retries = 1;
    private Duration timeout = Duration.ofSeconds(30);
    private RunLimits limits = RunLimits.DEFAULT;
    private LongSupplier nanoClock = System::nanoTime;

    private Builder() {}

    public Builder maxBatchSize(int windows) {
      maxBatchSize = windows;
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
      return new ServingOptions(maxBatchSize, retries, timeout, limits, nanoClock);
    }
  }
}
