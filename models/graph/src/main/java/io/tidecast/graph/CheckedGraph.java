package io.tidecast.graph;

import ai.onnx.proto.OnnxMl.ModelProto;
import java.io.Serializable;

/**
 * A whole graph that has been checked: the door that every graph goes through before native code
 * sees a byte of it. There is no other way to make one, and one that is sent to another process is
 * checked there again.
 *
 * <p>It has no values in any other file, wherever in it; it uses the operators of {@code ai.onnx},
 * {@code ai.onnx.ml} and {@code com.microsoft} alone, and functions of its own that do; nothing in
 * it reads or runs what is not in it, or draws at random; and what it holds and declares is within
 * {@link GraphLimits}. What it does when it runs, for how long and in how much memory, is not known
 * from that.
 *
 * @param bytes the ONNX file, weights included; not copied, and not to be changed
 */
public record CheckedGraph(byte[] bytes) implements Serializable {

  /**
   * Checks a graph that holds its weights.
   *
   * @throws GraphException with everything that was found
   */
  public CheckedGraph {
    ModelProto model = WireScan.read(bytes);
    GraphWalk walk = GraphWalk.of(model);
    walk.findings().refuse();
    if (!walk.outside().isEmpty()) {
      WeightsSource.NONE.read(walk.outside().get(0).location());
    }
  }

  /**
   * Checks a graph, then puts the weights into it that lie in files beside it.
   *
   * @param onnx the file; not copied, and not to be changed
   * @throws GraphException with everything that was found; no file beside it was read then, unless
   *     such a file is what is wrong
   */
  public static CheckedGraph of(byte[] onnx, WeightsSource weights) {
    ModelProto model = WireScan.read(onnx);
    GraphWalk walk = GraphWalk.of(model);
    walk.findings().refuse();
    return new CheckedGraph(
        walk.outside().isEmpty() ? onnx : WeightsInlining.whole(model, weights));
  }

  /** Says what the graph says of itself. */
  public GraphHeader header() {
    return GraphHeader.of(WireScan.read(bytes));
  }

  /** Lists what goes in and what comes out, as the file declares it. */
  public GraphPorts ports() {
    return GraphPorts.of(WireScan.read(bytes).getGraph());
  }
}
