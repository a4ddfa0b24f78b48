package io.tidecast.runtime.edge;

import io.tidecast.graph.CheckedGraph;
import io.tidecast.graph.GraphEdges;
import io.tidecast.graph.GraphException;
import io.tidecast.runtime.manifest.ModelException;
import io.tidecast.runtime.manifest.ModelManifest;
import io.tidecast.runtime.manifest.ModelManifest.TensorSpec;
import io.tidecast.runtime.manifest.TensorRole;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Makes a graph from anywhere one that takes and gives what the runtime has: 32-bit floats, {@code
 * [batch, time, channel]} in and {@code [batch, horizon, channel]} out. What converts them is put
 * into the graph as nodes, so that a run costs nothing that the graph's own nodes would not.
 *
 * <p>A manifest whose tensors are like that already is left alone, and so is its graph.
 */
public final class Edges {

  /** These the runtime cannot turn: they are taken as they are. */
  private static final Set<TensorRole> AS_THEY_ARE =
      EnumSet.of(TensorRole.PATCHES, TensorRole.NOISE);

  private final @Nullable InputEdges inputs;
  private final @Nullable OutputEdges outputs;
  private final ModelManifest usual;

  private Edges(ModelManifest given, @Nullable InputEdges inputs, @Nullable OutputEdges outputs) {
    this.inputs = inputs;
    this.outputs = outputs;
    this.usual =
        inputs == null || outputs == null
            ? given
            : given.withTensors(inputs.usual(), outputs.usual());
  }

  /**
   * Reads from a manifest what has to be converted.
   *
   * @throws ModelException naming the tensor that can't be
   */
  public static Edges of(ModelManifest manifest) {
    if (isUsual(manifest)) {
      return new Edges(manifest, null, null);
    }
    InputEdges in = new InputEdges(manifest);
    OutputEdges out = new OutputEdges(manifest);
    long batch = batch(Stream.concat(in.edges(), out.edges()).toList());
    in.batch(batch);
    out.batch(batch);
    return new Edges(manifest, in, out);
  }

  /** Finds the one size of a batch that the shapes fix, or -1. */
  private static long batch(List<TensorEdge> edges) {
    Set<Long> sizes =
        edges.stream()
            .map(TensorEdge::batch)
            .filter(size -> size != -1)
            .collect(Collectors.toCollection(TreeSet::new));
    if (sizes.size() > 1) {
      throw new ModelException("inputs and outputs: must have batches of one size, found " + sizes);
    }
    return sizes.isEmpty() ? -1 : sizes.iterator().next();
  }

  private static boolean isUsual(ModelManifest manifest) {
    boolean hasPoint =
        manifest.outputs().stream().anyMatch(output -> output.role() == TensorRole.POINT);
    return hasPoint
        && Stream.concat(manifest.inputs().stream(), manifest.outputs().stream())
            .allMatch(tensor -> isUsual(manifest, tensor));
  }

  private static boolean isUsual(ModelManifest manifest, TensorSpec tensor) {
    boolean plain =
        tensor.type().equals("float32")
            && tensor.columns() == null
            && tensor.numbers() == null
            && tensor.levels() == null
            && tensor.values() == null;
    return plain
        && switch (tensor.role()) {
          case CONTEXT -> tensor.layout().equals("batch,time,channel");
          case CONTEXT_TIME_FEATURES -> tensor.layout().equals("batch,time,feature");
          case FUTURE_TIME_FEATURES -> tensor.layout().equals("batch,horizon,feature");
          case FUTURE_COVARIATES -> tensor.layout().equals("batch,horizon,covariate");
          case POINT -> tensor.layout().equals("batch,horizon,channel");
          case QUANTILES ->
              tensor.layout().equals("batch,horizon,channel,level")
                  || tensor.layout().equals("batch,horizon,level")
                      && manifest.channels().targets().size() == 1;
          case PATCHES, NOISE, SAMPLES -> true;
          case PAST_COVARIATES, DECODER_INPUT, OBSERVED_MASK, CONSTANT, COLUMNS, IGNORED -> false;
        };
  }

  static boolean isTakenAsItIs(TensorSpec tensor) {
    return AS_THEY_ARE.contains(tensor.role());
  }

  /** The same manifest for {@link #graph}, with tensors as the runtime has them. */
  public ModelManifest manifest() {
    return usual;
  }

  /**
   * Puts what converts into a graph.
   *
   * @throws ModelException if its operators are too old for that
   */
  public CheckedGraph graph(CheckedGraph graph) {
    if (inputs == null || outputs == null) {
      return graph;
    }
    try {
      GraphEdges edges = new GraphEdges(graph);
      inputs.write(edges);
      edges.behindOutputs();
      outputs.write(edges);
      return edges.graph();
    } catch (GraphException e) {
      throw new ModelException("model.onnx: " + e.getMessage(), e);
    }
  }
}
