package io.tidecast.runtime.edge;

import static java.util.Objects.requireNonNull;
import static java.util.Objects.requireNonNullElse;

import io.tidecast.graph.GraphEdges;
import io.tidecast.runtime.manifest.ModelException;
import io.tidecast.runtime.manifest.ModelManifest;
import io.tidecast.runtime.manifest.ModelManifest.TensorSpec;
import io.tidecast.runtime.manifest.TensorRole;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.stream.LongStream;
import java.util.stream.Stream;

/** Makes what the runtime reads of what a graph gives. */
final class OutputEdges {

  private static final String KEY = "outputs";
  private static final double MEDIAN = 0.5;

  private final ModelManifest manifest;
  private final List<TensorEdge> points;
  private final List<TensorEdge> quantiles;
  private long batch = -1;

  OutputEdges(ModelManifest manifest) {
    this.manifest = manifest;
    this.points = edges(TensorRole.POINT);
    this.quantiles = edges(TensorRole.QUANTILES);
    if (points.size() > 1) {
      throw new ModelException(
          KEY
              + ": expected one of role point, found "
              + points.stream().map(edge -> edge.tensor().name()).toList()
              + ": give the others the role ignored");
    }
    List<Double> levels = levels();
    if (!quantiles.isEmpty()
        && (new HashSet<>(levels).size() != levels.size()
            || !new HashSet<>(levels).equals(new HashSet<>(manifest.quantileLevels())))) {
      throw new ModelException(
          "quantileLevels: must be the levels of the outputs of role quantiles, each once: expected "
              + levels.stream().sorted().toList()
              + ", found "
              + manifest.quantileLevels());
    }
    if (points.isEmpty() && !manifest.quantileLevels().contains(MEDIAN)) {
      throw new ModelException(
          KEY
              + ": expected one of role point, or quantiles with the level 0.5, which then is the"
              + " point; found "
              + (quantiles.isEmpty() ? "neither" : "the levels " + manifest.quantileLevels())
              + ": export the point forecast or the median too");
    }
    edges().forEach(TensorEdge::check);
  }

  private List<TensorEdge> edges(TensorRole role) {
    return manifest.outputs().stream()
        .filter(output -> output.role() == role)
        .map(this::edge)
        .toList();
  }

  private TensorEdge edge(TensorSpec tensor) {
    List<List<Axis>> known =
        new ArrayList<>(
            List.of(List.of(Axis.BATCH), List.of(Axis.HORIZON, Axis.SPAN), List.of(Axis.CHANNEL)));
    boolean hasLevels = tensor.role() == TensorRole.QUANTILES;
    if (hasLevels) {
      known.add(List.of(Axis.LEVEL));
    }
    List<List<Axis>> tokens = TensorEdge.tokens(KEY, tensor, known);
    boolean reachesBack = tokens.stream().anyMatch(token -> token.contains(Axis.SPAN));
    List<Axis> axes =
        new ArrayList<>(List.of(Axis.BATCH, reachesBack ? Axis.SPAN : Axis.HORIZON, Axis.CHANNEL));
    long length = reachesBack ? span(tensor, tokens) : manifest.predictionLength();
    List<Long> sizes = new ArrayList<>(List.of(-1L, length, (long) channels(tensor).size()));
    if (hasLevels) {
      axes.add(Axis.LEVEL);
      sizes.add((long) levels(tensor).size());
    }
    return new TensorEdge(KEY, tensor, tokens, axes, sizes);
  }

  private long span(TensorSpec tensor, List<List<Axis>> tokens) {
    for (int i = 0; i < tokens.size(); i++) {
      long size = tensor.shape().get(i);
      if (tokens.get(i).equals(List.of(Axis.SPAN)) && size != -1) {
        if (size < manifest.predictionLength()) {
          throw TensorEdge.refusal(
              KEY,
              tensor,
              "shape: time+horizon must be at least %d, found %d"
                  .formatted(manifest.predictionLength(), size));
        }
        return size;
      }
    }
    throw TensorEdge.refusal(
        KEY, tensor, "shape: time+horizon must be fixed, found " + tensor.shape());
  }

  private List<String> channels(TensorSpec tensor) {
    List<String> targets = manifest.channels().targets();
    List<String> named = requireNonNullElse(tensor.columns(), targets);
    if (!named.containsAll(targets)) {
      throw TensorEdge.refusal(
          KEY, tensor, "columns: must have the targets " + targets + ", found " + named);
    }
    return named;
  }

  private List<Double> levels(TensorSpec tensor) {
    return requireNonNullElse(tensor.levels(), manifest.quantileLevels());
  }

  private List<Double> levels() {
    return quantiles.stream().flatMap(edge -> levels(edge.tensor()).stream()).toList();
  }

  Stream<TensorEdge> edges() {
    return Stream.concat(points.stream(), quantiles.stream());
  }

  void batch(long size) {
    batch = size;
  }

  /** Lists the outputs of the graph once it is converted. */
  List<TensorSpec> usual() {
    List<TensorSpec> tensors = new ArrayList<>();
    tensors.add(
        new TensorSpec(
            "tidecast/point", TensorRole.POINT, "batch,horizon,channel", "float32", pointShape()));
    if (!quantiles.isEmpty()) {
      tensors.add(
          new TensorSpec(
              "tidecast/quantiles",
              TensorRole.QUANTILES,
              "batch,horizon,channel,level",
              "float32",
              quantilesShape()));
    }
    return tensors;
  }

  private List<Long> pointShape() {
    return List.of(
        batch, (long) manifest.predictionLength(), (long) manifest.channels().targets().size());
  }

  private List<Long> quantilesShape() {
    List<Long> shape = new ArrayList<>(pointShape());
    shape.add((long) manifest.quantileLevels().size());
    return shape;
  }

  /** Writes what converts behind the nodes of the graph. */
  void write(GraphEdges graph) {
    String ofLevels = null;
    if (!quantiles.isEmpty()) {
      String all = graph.concat(quantiles.stream().map(edge -> read(graph, edge)).toList(), 3);
      List<Double> levels = levels();
      List<Double> ascending = manifest.quantileLevels();
      ofLevels =
          levels.equals(ascending)
              ? all
              : graph.gather(all, 3, ascending.stream().mapToLong(levels::indexOf).toArray());
    }
    String point;
    if (points.isEmpty()) {
      int median = manifest.quantileLevels().indexOf(MEDIAN);
      String alone = graph.gather(requireNonNull(ofLevels, "levels or a point"), 3, median);
      List<Long> shape = new ArrayList<>(pointShape());
      shape.set(0, -1L);
      point = graph.reshape(alone, shape);
    } else {
      point = read(graph, points.get(0));
    }
    graph.output(point, "point", pointShape());
    if (ofLevels != null) {
      graph.output(ofLevels, "quantiles", quantilesShape());
    }
  }

  private String read(GraphEdges graph, TensorEdge edge) {
    String tensor = edge.read(graph);
    long length = edge.sizes().get(1);
    int horizon = manifest.predictionLength();
    if (length > horizon) {
      tensor = graph.gather(tensor, 1, LongStream.range(length - horizon, length).toArray());
    }
    List<String> targets = manifest.channels().targets();
    List<String> named = channels(edge.tensor());
    return named.equals(targets)
        ? tensor
        : graph.gather(tensor, 2, targets.stream().mapToLong(named::indexOf).toArray());
  }
}
