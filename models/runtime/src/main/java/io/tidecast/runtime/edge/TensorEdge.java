package io.tidecast.runtime.edge;

import io.tidecast.graph.GraphEdges;
import io.tidecast.runtime.manifest.ModelException;
import io.tidecast.runtime.manifest.ModelManifest.TensorSpec;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * One tensor at the edge of a graph beside the same tensor as the runtime has it: the axes of its
 * role in their usual order, as 32-bit floats.
 *
 * @param key of the manifest, for messages
 * @param tensor as the manifest has it
 * @param tokens of its layout: the axes that make each of its axes, the outermost first
 * @param axes as the runtime has them, the batch first
 * @param sizes of those, the batch -1 where it may have any
 */
record TensorEdge(
    String key, TensorSpec tensor, List<List<Axis>> tokens, List<Axis> axes, List<Long> sizes) {

  /** Reads a layout that names each of its axes once. */
  static List<List<Axis>> tokens(String key, TensorSpec tensor, List<List<Axis>> axes) {
    List<List<Axis>> tokens = new ArrayList<>();
    List<Axis> seen = new ArrayList<>();
    for (String token : split(tensor.layout())) {
      List<Axis> merged = new ArrayList<>();
      for (String name : token.split("\\*", -1)) {
        Axis axis =
            Axis.named(name)
                .filter(a -> a == Axis.ONE || axes.stream().anyMatch(some -> some.contains(a)))
                .orElseThrow(() -> misnamed(key, tensor, axes));
        if (axis != Axis.ONE) {
          boolean twice =
              axes.stream()
                  .filter(alternatives -> alternatives.contains(axis))
                  .anyMatch(alternatives -> alternatives.stream().anyMatch(seen::contains));
          if (twice) {
            throw misnamed(key, tensor, axes);
          }
          seen.add(axis);
          merged.add(axis);
        }
      }
      tokens.add(merged);
    }
    return tokens;
  }

  static List<String> split(String layout) {
    return layout.isEmpty() ? List.of() : Arrays.asList(layout.split(",", -1));
  }

  private static ModelException misnamed(String key, TensorSpec tensor, List<List<Axis>> axes) {
    String known =
        axes.stream()
            .map(some -> some.stream().map(Axis::key).collect(Collectors.joining(" or ")))
            .collect(Collectors.joining(", "));
    return refusal(
        key,
        tensor,
        "layout: must name each axis once, of %s, and 1 for what is none; found %s"
            .formatted(known, tensor.layout()));
  }

  static ModelException refusal(String key, TensorSpec tensor, String why) {
    return new ModelException(key + ": " + tensor.name() + ": " + why);
  }

  private long size(Axis axis) {
    return sizes.get(axes.indexOf(axis));
  }

  /** The size of a batch that its shape fixes, 1 where it has no axis for it; -1 for any. */
  long batch() {
    for (int i = 0; i < tokens.size(); i++) {
      if (tokens.get(i).contains(Axis.BATCH)) {
        long size = tensor.shape().get(i);
        long others = product(tokens.get(i), 1);
        return size == -1 || size % others != 0 ? -1 : size / others;
      }
    }
    return 1;
  }

  /** The product of sizes, with another one for the batch. */
  private long product(List<Axis> merged, long batch) {
    return merged.stream()
        .mapToLong(a -> a == Axis.BATCH ? batch : size(a))
        .reduce(1, (a, b) -> a * b);
  }

  /**
   * Holds the shape against the sizes.
   *
   * @throws ModelException if it is another, or an axis is left out that has more than one value
   */
  void check() {
    List<Axis> named = order();
    for (Axis axis : axes) {
      if (axis != Axis.BATCH && !named.contains(axis) && size(axis) != 1) {
        throw refusal(
            key,
            tensor,
            "layout: must name %s, of which there are %d; found %s"
                .formatted(axis.key(), size(axis), tensor.layout()));
      }
    }
    List<Long> expected = new ArrayList<>();
    boolean fits = true;
    for (int i = 0; i < tokens.size(); i++) {
      long found = tensor.shape().get(i);
      if (tokens.get(i).contains(Axis.BATCH)) {
        fits &= found == -1 || found % product(tokens.get(i), 1) == 0;
        expected.add(-1L);
      } else {
        long size = product(tokens.get(i), 1);
        fits &= found == -1 || found == size;
        expected.add(size);
      }
    }
    if (!fits) {
      throw refusal(key, tensor, "shape: expected " + expected + ", found " + tensor.shape());
    }
  }

  private List<Axis> order() {
    return tokens.stream().flatMap(List::stream).toList();
  }

  /** Gives the graph a tensor of the runtime's at this input. */
  void feed(GraphEdges edges, String usual) {
    List<Axis> order = order();
    int[] permutation =
        IntStream.concat(
                order.stream().mapToInt(axes::indexOf),
                IntStream.range(0, axes.size()).filter(i -> !order.contains(axes.get(i))))
            .toArray();
    String turned = isIdentity(permutation) ? usual : edges.transpose(usual, permutation);
    boolean sameAxes =
        order.size() == axes.size() && tokens.stream().allMatch(token -> token.size() == 1);
    String cut = turned;
    if (!sameAxes) {
      List<Long> shape = new ArrayList<>();
      for (List<Axis> token : tokens) {
        shape.add(token.contains(Axis.BATCH) ? -1 : product(token, 1));
      }
      cut = edges.reshape(turned, shape);
    }
    edges.feed(cast(edges, cut), tensor.name());
  }

  private String cast(GraphEdges edges, String floats) {
    return tensor.type().equals("float32") ? floats : edges.cast(floats, tensor.type());
  }

  /** Makes a tensor of the runtime's of this output. */
  String read(GraphEdges edges) {
    String floats =
        tensor.type().equals("float32") ? tensor.name() : edges.cast(tensor.name(), "float32");
    List<Axis> order = new ArrayList<>(order());
    axes.stream().filter(axis -> !order.contains(axis)).forEach(order::add);
    boolean sameAxes =
        tokens.size() == axes.size() && tokens.stream().allMatch(token -> token.size() == 1);
    String cut = floats;
    if (!sameAxes) {
      boolean hasBatch = order().contains(Axis.BATCH);
      List<Long> shape = new ArrayList<>();
      for (Axis axis : order) {
        shape.add(axis == Axis.BATCH ? (hasBatch ? -1 : 1) : size(axis));
      }
      cut = edges.reshape(floats, shape);
    }
    int[] permutation = axes.stream().mapToInt(order::indexOf).toArray();
    return isIdentity(permutation) ? cut : edges.transpose(cut, permutation);
  }

  private static boolean isIdentity(int[] permutation) {
    return IntStream.range(0, permutation.length).allMatch(i -> permutation[i] == i);
  }

  /** Tells which of two alternatives the layout names; null where it names neither. */
  @Nullable Axis named(Axis one, Axis other) {
    List<Axis> order = order();
    return order.contains(one) ? one : order.contains(other) ? other : null;
  }
}
