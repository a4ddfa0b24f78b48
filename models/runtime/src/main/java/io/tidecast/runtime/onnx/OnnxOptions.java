package io.tidecast.runtime.onnx;

import io.tidecast.runtime.manifest.Checks;
import java.io.Serializable;
import java.time.Duration;

/**
 * How ONNX Runtime runs a model.
 *
 * @param intraOpThreads threads of one run, the caller's included; 1 leaves parallelism to the
 *     callers
 * @param runTimeout after which a call of the forecaster is ended; opening may take {@value
 *     #OPENING_IN_RUNS} times as long
 */
public record OnnxOptions(int intraOpThreads, Duration runTimeout) implements Serializable {

  /** A run of a model that was not told otherwise is ended after this time. */
  public static final Duration RUN_TIMEOUT = Duration.ofSeconds(10);

  private static final int OPENING_IN_RUNS = 10;

  public OnnxOptions {
    Checks.positive("intraOpThreads", intraOpThreads);
    Checks.present("runTimeout", runTimeout);
    Checks.require(
        !runTimeout.isNegative() && !runTimeout.isZero(),
        "must be positive",
        "runTimeout",
        runTimeout);
  }

  /** Has the usual limit of time. */
  public OnnxOptions(int intraOpThreads) {
    this(intraOpThreads, RUN_TIMEOUT);
  }

  /** Gives every run one thread, that of its caller, and the usual time. */
  public static OnnxOptions defaults() {
    return new OnnxOptions(1);
  }

  /** All trial runs of a model together, or making a session of its graph, may take this long. */
  Duration openingTimeout() {
    return runTimeout.multipliedBy(OPENING_IN_RUNS);
  }
}
