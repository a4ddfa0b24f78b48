package io.tidecast.runtime.bundle;

import io.tidecast.graph.CheckedGraph;
import io.tidecast.graph.GraphException;
import io.tidecast.graph.GraphLimits;
import io.tidecast.graph.Shown;
import io.tidecast.runtime.bundle.WeightsBeside.Expected;
import io.tidecast.runtime.bundle.WeightsBeside.Permit;
import io.tidecast.runtime.manifest.ModelException;
import io.tidecast.runtime.manifest.ModelFiles;
import io.tidecast.runtime.manifest.ModelManifest;
import io.tidecast.runtime.manifest.ModelManifest.WeightsFile;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * A graph as it was read from a file, checked and whole.
 *
 * @param sha256 of the file
 * @param graph with the weights in it
 * @param weights the files beside it that they were in; empty where it held them itself
 */
public record GraphFile(String sha256, CheckedGraph graph, List<WeightsFile> weights) {

  /** What exporters call the file of weights that they write beside a graph. */
  private static final Pattern USUAL = Pattern.compile(".+([._]data|\\.bin|\\.weights)");

  public GraphFile {
    weights = List.copyOf(weights);
  }

  /**
   * Reads the graph of a model's folder: the file that the manifest means, with weights from those
   * files alone that the manifest names with their checksums.
   *
   * @throws ModelException if a file is missing, too large or not what the manifest means, or the
   *     graph must not be run
   */
  static GraphFile read(Path folder, ModelManifest manifest) {
    Path file = folder.resolve(ModelBundle.ONNX_FILE);
    byte[] onnx = bytes(file);
    String sha256 = ModelBundle.sha256(onnx);
    ModelBundle.requireMeant(manifest, sha256);
    Map<String, WeightsFile> named =
        manifest.weights().stream()
            .collect(Collectors.toMap(WeightsFile::file, Function.identity()));
    GraphFile read =
        read(
            file,
            onnx,
            sha256,
            (name, path) -> {
              WeightsFile known = named.get(name);
              if (known == null) {
                throw new GraphException(
                    "must have its weights in files that the manifest names with their checksums"
                        + " under weights, and has some in %s: ./tidecast model inspect %s writes that"
                            .formatted(Shown.of(name), file));
              }
              return new Expected.Known(known);
            });
    Set<String> found = read.weights().stream().map(WeightsFile::file).collect(Collectors.toSet());
    if (!found.equals(named.keySet())) {
      throw new ModelException(
          "weights: the manifest names %s, model.onnx has its weights in %s"
              .formatted(named.keySet(), found));
    }
    return read;
  }

  /**
   * Reads a graph from anywhere, to look at it. Weights are taken from files beside it that are
   * called as exporters call them, or that someone has named.
   *
   * @param given names of files that hold weights, whatever they are called
   * @throws ModelException if a file is missing or too large, or the graph must not be run
   */
  public static GraphFile inspect(Path file, Set<String> given) {
    byte[] onnx = bytes(file);
    return read(
        file,
        onnx,
        ModelBundle.sha256(onnx),
        (name, path) -> {
          if (!given.contains(name) && !USUAL.matcher(name).matches()) {
            throw new GraphException(
                "has weights in a file whose name does not say so: if %1$s beside it is one, add"
                        .formatted(Shown.of(name))
                    + " --weights %s".formatted(Shown.of(name)));
          }
          return new Expected.Any();
        });
  }

  private static byte[] bytes(Path file) {
    return ModelFiles.read(file, GraphLimits.mostBytes(), GraphLimits.reason());
  }

  private static GraphFile read(Path file, byte[] onnx, String sha256, Permit permit) {
    Path folder = file.toAbsolutePath().getParent();
    WeightsBeside weights = new WeightsBeside(folder == null ? file : folder, onnx.length, permit);
    CheckedGraph graph = ModelBundle.checked(file.toString(), () -> CheckedGraph.of(onnx, weights));
    return new GraphFile(sha256, graph, weights.files());
  }
}
