package io.tidecast.runtime.onnx;

import static java.util.Objects.requireNonNull;

import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import io.tidecast.runtime.manifest.ModelException;
import io.tidecast.runtime.manifest.TensorRole;
import io.tidecast.runtime.windows.ForecastBatch;
import io.tidecast.runtime.windows.ForecastStoppedException;
import io.tidecast.runtime.windows.ModelTimeoutException;
import io.tidecast.runtime.windows.Rows;
import io.tidecast.runtime.windows.WindowBatch;
import java.lang.ref.PhantomReference;
import java.lang.ref.ReferenceQueue;
import java.nio.FloatBuffer;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a graph needs to run one pair of batches again and again: tensors over their buffers, made
 * once for each number of rows, and the options of a run. So a run makes nothing that it could
 * keep.
 *
 * <p>One thread at a time uses it, as with its batches. It knows when the windows are gone, and
 * reaches them by no reference of its own.
 */
final class OnnxBinding extends PhantomReference<WindowBatch> {

  private static final int MOST_ASIDE = 2;

  /** A setting of a run of ONNX Runtime, with the arenas that it is for. */
  private static final String GIVE_BACK = "memory.enable_memory_arena_shrinkage";

  private static final String OF_PROCESSORS = "cpu:0";

  private final OnnxGraph graph;
  private final ForecastBatch forecasts;
  private final Map<TensorRole, Rows> rows = new EnumMap<>(TensorRole.class);
  private final @Nullable OnnxTensors[] together;
  private final @Nullable OnnxTensors[] aside = new OnnxTensors[MOST_ASIDE + 1];
  private final WatchedRun run;
  private final int batch;
  private boolean givesBack;

  /** Of a graph that takes so many windows a run; made when it runs first. */
  private @Nullable WholeBatch whole;

  private final Map<TensorRole, FloatBuffer> lying = new EnumMap<>(TensorRole.class);

  OnnxBinding(
      OnnxGraph graph,
      WindowBatch windows,
      ForecastBatch forecasts,
      ReferenceQueue<WindowBatch> gone) {
    super(windows, gone);
    this.graph = graph;
    this.forecasts = forecasts;
    this.together = new OnnxTensors[windows.capacity() + 1];
    for (OnnxPort input : graph.signature().inputs()) {
      rows.put(input.role(), windows.rows(input.role()));
    }
    for (OnnxPort output : graph.signature().outputs()) {
      rows.put(output.role(), forecasts.rows(output.role()));
    }
    this.run = RunWatch.SHARED.newRun(graph);
    this.batch = graph.signature().batch();
  }

  /** Tells whether this is what a graph needs for a pair whose windows have it. */
  boolean isOf(OnnxGraph other, ForecastBatch others) {
    return graph == other && forecasts == others;
  }

  OnnxGraph graph() {
    return graph;
  }

  /** Runs the first windows of the batch; see {@link #runAside} for the errors. */
  void run(int windows, Duration limit, long deadlineNanos) {
    run(windows, false, limit, deadlineNanos);
  }

  /**
   * Runs the first window of the batch, and has ONNX Runtime give back to the machine what the run
   * did not need: it keeps what the largest run has taken otherwise, for as long as the session is
   * open. This binding is not to be run again.
   */
  void runAndGiveBack(Duration limit, long deadlineNanos) {
    givesBack = true;
    run(1, limit, deadlineNanos);
  }

  /**
   * Runs what lies aside.
   *
   * @param copies of the window there
   * @param limit that the message of a timeout names
   * @param deadlineNanos when the run is ended, by the clock of {@link RunWatch}
   * @throws ModelTimeoutException if the run was ended since it took too long
   * @throws ForecastStoppedException if it was ended for another reason
   * @throws ModelException if ONNX Runtime fails
   */
  void runAside(int copies, Duration limit, long deadlineNanos) {
    run(copies, true, limit, deadlineNanos);
  }

  private void run(int count, boolean isAside, Duration limit, long deadlineNanos) {
    try {
      if (batch > 1) {
        runWhole(count, isAside, limit, deadlineNanos);
      } else {
        run(tensors(count, isAside), count, limit, deadlineNanos);
      }
    } catch (OrtException e) {
      throw new ModelException(
          "ONNX Runtime failed: model=" + graph.name() + ": " + OnnxMessage.of(e), e);
    }
  }

  private void run(OnnxTensors tensors, int count, Duration limit, long deadlineNanos)
      throws OrtException {
    OrtSession.RunOptions options = run.begin(limit, deadlineNanos);
    try {
      if (givesBack) {
        options.addRunConfigEntry(GIVE_BACK, OF_PROCESSORS);
      }
      graph.requireGoingOn();
      // The outputs are pinned: the run writes them into the buffers, they outlive its result,
      // and no other output is fetched.
      graph.session().run(tensors.inputs(), Set.of(), tensors.outputs(), options).close();
    } catch (OrtException e) {
      throw run.failure(graph.name(), count, e);
    } finally {
      run.end();
    }
  }

  /** Runs windows in batches of the size that the graph was made for. */
  private void runWhole(int count, boolean isAside, Duration limit, long deadlineNanos)
      throws OrtException {
    WholeBatch its = whole;
    if (its == null) {
      its = new WholeBatch(graph.signature(), batch);
      whole = its;
    }
    rows.forEach((role, row) -> lying.put(role, isAside ? row.aside() : row.cells()));
    for (int start = 0; start < count; start += batch) {
      its.fill(lying, start, count);
      run(its.tensors(), batch, limit, deadlineNanos);
      its.empty(lying, start, count);
    }
  }

  private OnnxTensors tensors(int count, boolean isAside) throws OrtException {
    @Nullable OnnxTensors[] kept = isAside ? aside : together;
    OnnxTensors tensors = kept[count];
    if (tensors == null) {
      tensors = made(count, isAside);
      kept[count] = tensors;
    }
    return tensors;
  }

  private OnnxTensors made(int count, boolean isAside) throws OrtException {
    OnnxTensors tensors = new OnnxTensors(OnnxEnvironment.get(), count);
    try {
      for (OnnxPort input : graph.signature().inputs()) {
        tensors.input(input, buffer(input, isAside));
      }
      for (OnnxPort output : graph.signature().outputs()) {
        tensors.output(output, buffer(output, isAside));
      }
      return tensors;
    } catch (OrtException | RuntimeException e) {
      tensors.close();
      throw e;
    }
  }

  private FloatBuffer buffer(OnnxPort port, boolean isAside) {
    Rows its = requireNonNull(rows.get(port.role()), "a port has rows");
    return isAside ? its.aside() : its.cells();
  }

  /** Frees the tensors and the options; no run is under way, and none will be. */
  void close() {
    RunWatch.SHARED.forget(run);
    run.close();
    close(together);
    close(aside);
    if (whole != null) {
      whole.close();
    }
  }

  private static void close(@Nullable OnnxTensors[] kept) {
    for (OnnxTensors tensors : kept) {
      if (tensors != null) {
        tensors.close();
      }
    }
  }
}
