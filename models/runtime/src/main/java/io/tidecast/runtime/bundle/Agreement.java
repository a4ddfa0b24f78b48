package io.tidecast.runtime.bundle;

import static java.util.Objects.requireNonNull;

import io.tidecast.graph.GraphPorts;
import io.tidecast.graph.GraphPorts.Port;
import io.tidecast.graph.Shown;
import io.tidecast.runtime.manifest.ModelException;
import io.tidecast.runtime.manifest.ModelManifest;
import io.tidecast.runtime.manifest.ModelManifest.TensorSpec;
import io.tidecast.runtime.manifest.TensorRole;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BiPredicate;

/** Holds what a manifest says of a graph against what the graph's file declares. */
final class Agreement {

  private Agreement() {}

  /**
   * Compares names, types and axes. What the file leaves open is compared once ONNX Runtime has
   * found it out, and so are the sizes of outputs: what comes out of a run counts, and not what the
   * file says of it.
   *
   * @throws ModelException naming the tensor that differs
   */
  static void check(ModelManifest manifest, GraphPorts graph) {
    check("inputs", manifest.inputs(), graph.inputs(), Agreement::agree);
    check(
        "outputs",
        manifest.outputs(),
        graph.outputs(),
        (expected, declared) -> expected.size() == declared.size());
  }

  private static void check(
      String key,
      List<TensorSpec> expected,
      List<Port> ports,
      BiPredicate<List<Long>, List<Long>> agree) {
    Map<String, Port> graph = new LinkedHashMap<>();
    ports.forEach(port -> graph.put(port.name(), port));
    Set<String> names = new LinkedHashSet<>();
    expected.forEach(tensor -> names.add(tensor.name()));
    if (!names.equals(graph.keySet())) {
      throw new ModelException(
          "%s: the manifest expects %s, model.onnx has %s"
              .formatted(
                  key, Shown.of(names.toString(), 500), Shown.of(graph.keySet().toString(), 500)));
    }
    for (TensorSpec tensor : expected) {
      if (tensor.role() == TensorRole.IGNORED) {
        // It may be no tensor at all.
        continue;
      }
      Port port = requireNonNull(graph.get(tensor.name()));
      String where = key + ": " + Shown.of(tensor.name()) + ": the manifest expects ";
      if (!port.type().equals(tensor.type())) {
        throw new ModelException(
            where + "a tensor of " + tensor.type() + ", model.onnx has " + port.type());
      }
      List<Long> shape = port.shape();
      if (shape != null && !agree.test(tensor.shape(), shape)) {
        throw new ModelException(where + "shape " + tensor.shape() + ", model.onnx has " + shape);
      }
    }
  }

  private static boolean agree(List<Long> expected, List<Long> declared) {
    if (expected.size() != declared.size()) {
      return false;
    }
    for (int axis = 0; axis < declared.size(); axis++) {
      // An axis that the file leaves open may still turn out to have a length.
      if (declared.get(axis) != -1 && !declared.get(axis).equals(expected.get(axis))) {
        return false;
      }
    }
    return true;
  }
}
