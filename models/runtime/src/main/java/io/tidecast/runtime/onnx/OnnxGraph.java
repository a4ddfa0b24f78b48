package io.tidecast.runtime.onnx;

import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import io.tidecast.runtime.bundle.ModelBundle;
import io.tidecast.runtime.edge.Edges;
import io.tidecast.runtime.manifest.ModelException;
import io.tidecast.runtime.windows.ForecastBatch;
import io.tidecast.runtime.windows.ForecastStoppedException;
import io.tidecast.runtime.windows.WindowBatch;
import java.lang.ref.Reference;
import java.lang.ref.ReferenceQueue;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * One session of ONNX Runtime, read and written in place. Many threads may run it at once; closing
 * is for its owner, when no call runs.
 */
final class OnnxGraph implements AutoCloseable {

  private final String name;
  private final OnnxSignature signature;
  private final OrtSession session;
  private final Set<OnnxBinding> bindings = ConcurrentHashMap.newKeySet();
  private final ReferenceQueue<WindowBatch> gone = new ReferenceQueue<>();
  private volatile boolean stopped;

  private OnnxGraph(String name, OnnxSignature signature, OrtSession session) {
    this.name = name;
    this.signature = signature;
    this.session = session;
  }

  /**
   * Loads a graph from its bytes, so that no file beside it is read, and checks it against the
   * manifest.
   *
   * @throws ModelException naming what contradicts what
   */
  static OnnxGraph load(ModelBundle bundle, OnnxOptions options) {
    Edges edges = Edges.of(bundle.manifest());
    OnnxSignature signature = OnnxSignature.of(edges.manifest());
    String name = bundle.manifest().id() + "/" + bundle.manifest().version();
    OrtSession session = OnnxSessions.of(edges.graph(bundle.graph()), options);
    OnnxGraph graph = new OnnxGraph(name, signature, session);
    RunWatch.SHARED.enter();
    try {
      graph.check(OnnxDescription.of(session));
      return graph;
    } catch (RuntimeException e) {
      graph.close();
      throw e;
    }
  }

  /** What the file declares may be another thing than what comes out of a run. */
  private void check(OnnxDescription declared) {
    try {
      signature.check(declared);
    } catch (ModelException e) {
      OnnxDescription seen = OutputTrial.seen(session, declared);
      if (seen.equals(declared)) {
        throw e;
      }
      signature.check(seen);
    }
  }

  String name() {
    return name;
  }

  /** Ends the count of nodes that began with a session on a GPU. */
  Map<String, Integer> endNodeCount() {
    return OnnxSessions.endProfile(session);
  }

  /** Tells whether every run takes a single row. */
  boolean takesOneRow() {
    return signature.takesOneRow();
  }

  OnnxSignature signature() {
    return signature;
  }

  OrtSession session() {
    return session;
  }

  /**
   * Returns what this graph needs to run a pair of batches: the same for the same pair, which the
   * windows remember.
   */
  OnnxBinding bind(WindowBatch windows, ForecastBatch forecasts) {
    if (windows.attachment() instanceof OnnxBinding kept) {
      if (kept.isOf(this, forecasts)) {
        return kept;
      }
      windows.attach(null);
      kept.graph().free(kept);
    }
    freeUnreachable();
    OnnxBinding binding = new OnnxBinding(this, windows, forecasts, gone);
    bindings.add(binding);
    windows.attach(binding);
    return binding;
  }

  /** Frees what was bound to windows that nobody can run any more. */
  private void freeUnreachable() {
    for (Reference<? extends WindowBatch> lost = gone.poll(); lost != null; lost = gone.poll()) {
      free((OnnxBinding) lost);
    }
  }

  private void free(OnnxBinding binding) {
    // Closing the graph frees it too, perhaps before.
    if (bindings.remove(binding)) {
      binding.close();
    }
  }

  /**
   * @throws ForecastStoppedException if this graph is being closed
   */
  void requireGoingOn() {
    if (stopped) {
      throw new ForecastStoppedException("the model is being closed: model=" + name);
    }
  }

  /** Ends the runs that are under way and begins no other. */
  void stop() {
    stopped = true;
    RunWatch.SHARED.stop(this);
  }

  @Override
  public void close() {
    bindings.forEach(this::free);
    RunWatch.SHARED.leave();
    try {
      session.close();
    } catch (OrtException e) {
      throw new ModelException("ONNX Runtime failed to close: model=" + name, e);
    }
  }
}
