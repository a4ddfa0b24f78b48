package io.tidecast.runtime.onnx;

import ai.onnxruntime.OrtException;
import io.tidecast.runtime.bundle.ModelBundle;
import io.tidecast.runtime.edge.Edges;
import io.tidecast.runtime.manifest.ForecasterSpec;
import io.tidecast.runtime.manifest.ModelException;
import io.tidecast.runtime.manifest.ModelManifest;
import io.tidecast.runtime.manifest.Precision;
import io.tidecast.runtime.onnx.device.Device;
import io.tidecast.runtime.onnx.device.DeviceOptions;
import io.tidecast.runtime.onnx.device.DevicePolicy;
import io.tidecast.runtime.onnx.device.Placement;
import io.tidecast.runtime.windows.ForecastBatch;
import io.tidecast.runtime.windows.ForecastStoppedException;
import io.tidecast.runtime.windows.Forecaster;
import io.tidecast.runtime.windows.GuardedForecaster;
import io.tidecast.runtime.windows.ModelTimeoutException;
import io.tidecast.runtime.windows.WindowBatch;
import java.lang.System.Logger.Level;
import java.lang.ref.Reference;
import java.time.Duration;
import java.util.Map;

/**
 * A forecaster over an ONNX graph: one session, and further ones for threads {@linkplain #beside
 * beside} each other, read and written in place through the batches' direct buffers.
 *
 * <p>With more than one intra-op thread a call uses threads of the session as well as the caller's.
 */
public final class OnnxForecaster extends GuardedForecaster {

  private static final System.Logger LOGGER = System.getLogger(OnnxForecaster.class.getName());

  private final OnnxGraph graph;
  private final RunSharing sharing;
  private final boolean shiftEquivariant;
  private final Placement placement;
  private final Duration runTimeout;
  private final FurtherSessions further;

  private OnnxForecaster(
      ForecasterSpec spec, OnnxGraph graph, Found found, FurtherSessions further) {
    super(spec);
    this.graph = graph;
    this.sharing = found.sharing();
    this.shiftEquivariant = found.shiftEquivariant();
    this.placement = found.placement();
    this.further = further;
    this.runTimeout = further.options().runTimeout();
  }

  /** What the trial of a model has found. */
  private record Found(RunSharing sharing, boolean shiftEquivariant, Placement placement) {}

  /**
   * Loads a model from its bytes, so that no file beside it is read; checks the graph against the
   * manifest, that plausible windows have finite answers, and the answers against the golden
   * vectors; and measures how windows may share a run without a bit of difference and, unless the
   * manifest says it, whether forecasts move with their context.
   *
   * <p>A model whose device can't be used, and need not, is opened on the processor.
   *
   * @throws ModelException naming what contradicts what, or the time that the model did not keep
   *     to; {@link io.tidecast.runtime.onnx.device.DeviceException} says what the device lacks
   * @throws ForecastStoppedException if this thread is interrupted, or the JVM ends
   */
  public static OnnxForecaster open(ModelBundle bundle, OnnxOptions options) {
    return Expendable.make(
        () -> opened(bundle, options),
        OnnxForecaster::close,
        options.openingTimeout(),
        "model must be opened within %s, it was not; something in the graph takes long to compute: model=%s/%s"
            .formatted(
                WatchedRun.seconds(options.openingTimeout()),
                bundle.manifest().id(),
                bundle.manifest().version()));
  }

  private static OnnxForecaster opened(ModelBundle bundle, OnnxOptions options) {
    DeviceOptions device = options.device();
    try {
      return opened(bundle, options, device.device());
    } catch (ModelException e) {
      if (device.policy() == DevicePolicy.REQUIRE || !device.device().isGpu()) {
        throw e;
      }
      LOGGER.log(
          Level.WARNING,
          "Model {0}/{1} runs on the processor, for {2} can''t be used and is preferred only: {3}",
          bundle.manifest().id(),
          bundle.manifest().version(),
          device.device(),
          e.getMessage());
      return opened(bundle, options.on(DeviceOptions.PROCESSOR), device.device());
    }
  }

  private static OnnxForecaster opened(ModelBundle bundle, OnnxOptions options, Device asked) {
    ForecasterSpec spec = bundle.manifest().spec();
    OnnxGraph graph = OnnxGraph.load(bundle, options);
    try {
      TrialRuns trial = TrialRuns.of(graph, options);
      trial.requireFinite(spec);
      Device device = options.device().device();
      Placement placement =
          new Placement(asked, device, device.isGpu() ? graph.endNodeCount() : Map.of());
      Boolean told = bundle.manifest().shiftEquivariant();
      Found found =
          new Found(
              RunSharing.of(trial, spec),
              told == null ? ShiftTrial.holds(trial, bundle) : told,
              placement);
      OnnxForecaster forecaster =
          new OnnxForecaster(spec, graph, found, FurtherSessions.of(bundle, options));
      bundle.golden().check(forecaster, options.device().tolerance());
      if (!device.isGpu()) {
        trial.giveBack(spec);
      }
      forecaster.report(bundle.manifest().precision());
      return forecaster;
    } catch (ModelTimeoutException e) {
      discard(graph, options);
      throw new ModelException(
          "model must answer a trial window within %s, and all of them within %s, it did not: model=%s/%s"
              .formatted(
                  WatchedRun.seconds(options.trialTimeout()),
                  WatchedRun.seconds(options.openingTimeout()),
                  spec.id(),
                  spec.version()),
          e);
    } catch (OutOfMemoryError e) {
      discard(graph, options);
      throw new ModelException(
          "model must be tried with %d windows at once, whose memory this process does not have: model=%s/%s, values of a window=%,d; give it more with -Xmx"
              .formatted(
                  RunSharing.MOST,
                  spec.id(),
                  spec.version(),
                  spec.contextSize() + spec.pointsSize() + spec.quantilesSize()),
          e);
    } catch (RuntimeException e) {
      discard(graph, options);
      Device device = options.device().device();
      throw device.isGpu() && e.getCause() instanceof OrtException said
          ? OnnxDevices.failure(device, said)
          : e;
    }
  }

  private static void discard(OnnxGraph graph, OnnxOptions options) {
    if (options.device().device().isGpu()) {
      // Or closing leaves the file of its profile behind.
      graph.endNodeCount();
    }
    graph.close();
  }

  /**
   * Holds a manifest against what this runtime can feed and read, before there is a graph.
   *
   * @throws ModelException naming what it can't
   */
  public static void requireServable(ModelManifest manifest) {
    OnnxSignature.of(Edges.of(manifest).manifest());
  }

  private void report(Precision precision) {
    if (placement.used().isGpu()) {
      LOGGER.log(Level.INFO, "Model {0}: {1}.", name(), placement.sentence());
    } else if (precision == Precision.FP16) {
      LOGGER.log(
          Level.WARNING,
          "Model {0} computes in half precision, which a processor converts back and forth. Its forecasts are right, and come"
              + " no sooner than those of the version in single precision; take that one, or a GPU (model.device).",
          name());
    }
    if (graph.takesOneRow()) {
      LOGGER.log(
          Level.WARNING,
          "Model {0} takes one window a run, so its windows run one by one, which is slower. A dynamic batch axis helps.",
          name());
    } else if (graph.signature().batch() > 1) {
      LOGGER.log(
          Level.WARNING,
          "Model {0} takes {1} windows a run, no more and no less: a batch that is not full is filled up with copies, and costs"
              + " as much. A dynamic batch axis helps.",
          name(),
          graph.signature().batch());
    } else if (sharing == RunSharing.ALONE) {
      LOGGER.log(
          Level.WARNING,
          "Model {0} gives other bits in other batches, so its windows run one by one, which is slower. The usual cause is"
              + " ReduceMean over a length that is not a multiple of 4; GlobalAveragePool means the same and is steady.",
          name());
    }
  }

  @Override
  protected void run(WindowBatch windows, ForecastBatch forecasts) {
    Duration limit = timeout(windows);
    try {
      if (sharing == RunSharing.ALONE) {
        aside(windows, forecasts, 1, limit);
      } else if (sharing == RunSharing.PAIRED && windows.size() == 1) {
        aside(windows, forecasts, 2, limit);
      } else {
        long deadlineNanos = RunWatch.SHARED.deadlineNanos(limit);
        graph.bind(windows, forecasts).run(windows.size(), limit, deadlineNanos);
      }
    } finally {
      // The tensors over their buffers are freed with them, and the run reads these to its end.
      Reference.reachabilityFence(windows);
    }
  }

  private void aside(WindowBatch windows, ForecastBatch forecasts, int copies, Duration limit) {
    RunLimit ofAll = RunLimit.of(limit);
    for (int row = 0; row < windows.size(); row++) {
      RunSharing.alone(graph, windows, row, copies, forecasts, ofAll);
    }
  }

  private Duration timeout(WindowBatch windows) {
    Duration asked = windows.runLimit();
    return asked == null || asked.compareTo(runTimeout) > 0 ? runTimeout : asked;
  }

  @Override
  public boolean isShiftEquivariant() {
    return shiftEquivariant;
  }

  @Override
  public Placement placement() {
    return placement;
  }

  RunSharing sharing() {
    return sharing;
  }

  /**
   * Gives each number a session of its own, as far as the model is small: two runs at once of one
   * session take turns with the memory for what they compute, which travels from the cache of one
   * processor to that of the other.
   */
  @Override
  public Forecaster beside(int number) {
    return number == 0 ? this : further.of(number, this);
  }

  /** The same forecaster over another session of the same graph, which it closes. */
  OnnxForecaster over(OnnxGraph other) {
    return new OnnxForecaster(
        spec(), other, new Found(sharing, shiftEquivariant, placement), further.none());
  }

  @Override
  protected void endCalls() {
    graph.stop();
    further.stop();
  }

  @Override
  protected void release() {
    further.close();
    graph.close();
  }

  /** Tells the calls that run to end, and begins no other. */
  void stop() {
    graph.stop();
  }
}
