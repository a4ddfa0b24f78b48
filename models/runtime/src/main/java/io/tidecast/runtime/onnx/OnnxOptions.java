package io.tidecast.runtime.onnx;

import io.tidecast.runtime.manifest.Checks;
import io.tidecast.runtime.onnx.device.Device;
import io.tidecast.runtime.onnx.device.DeviceOptions;
import java.io.Serializable;
import java.time.Duration;

/**
 * How ONNX Runtime runs a model.
 *
 * @param intraOpThreads threads of one run, the caller's included; 1 leaves parallelism to the
 *     callers
 * @param runTimeout after which a call of the forecaster is ended
 * @param trialTimeout after which a run is ended that tries the model when it is opened; opening
 *     may take {@value #OPENING_IN_TRIALS} times as long
 * @param device on which it runs
 */
public record OnnxOptions(
    int intraOpThreads, Duration runTimeout, Duration trialTimeout, DeviceOptions device)
    implements Serializable {

  /** A run of a model that was not told otherwise is ended after this time. */
  public static final Duration RUN_TIMEOUT = Duration.ofSeconds(10);

  private static final int OPENING_IN_TRIALS = 10;

  /** TensorRT tries out kernels for every part of a graph before there is a session. */
  private static final Duration BUILDING_AN_ENGINE = Duration.ofMinutes(30);

  public OnnxOptions {
    Checks.positive("intraOpThreads", intraOpThreads);
    Checks.positive("runTimeout", runTimeout);
    Checks.positive("trialTimeout", trialTimeout);
    Checks.present("device", device);
  }

  /** Runs on the processor. */
  public OnnxOptions(int intraOpThreads, Duration runTimeout, Duration trialTimeout) {
    this(intraOpThreads, runTimeout, trialTimeout, DeviceOptions.PROCESSOR);
  }

  /** Has the usual limits of time. */
  public OnnxOptions(int intraOpThreads) {
    this(intraOpThreads, RUN_TIMEOUT, RUN_TIMEOUT);
  }

  /**
   * Is for a model that serves windows which wait: a short limit there makes no model slow that is
   * opened.
   */
  public static OnnxOptions serving(int intraOpThreads, Duration runTimeout) {
    boolean isLong = runTimeout.compareTo(RUN_TIMEOUT) > 0;
    return new OnnxOptions(intraOpThreads, runTimeout, isLong ? runTimeout : RUN_TIMEOUT);
  }

  /** Gives every run one thread, that of its caller, and the usual time. */
  public static OnnxOptions defaults() {
    return new OnnxOptions(1);
  }

  /** The same on another device. */
  public OnnxOptions on(DeviceOptions other) {
    return new OnnxOptions(intraOpThreads, runTimeout, trialTimeout, other);
  }

  /** All trial runs of a model together, or making a session of its graph, may take this long. */
  Duration openingTimeout() {
    Duration usual = trialTimeout.multipliedBy(OPENING_IN_TRIALS);
    return device.device().kind() == Device.Kind.TENSORRT ? usual.plus(BUILDING_AN_ENGINE) : usual;
  }
}
