package io.tidecast.runtime;

import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/**
 * The tensors that the runtime feeds and reads, and their agreement with a manifest and a graph.
 *
 * @param quantiles the output's name; null where the model gives points only
 */
record OnnxSignature(ModelManifest manifest, String context, String point, String quantiles) {

  /**
   * @throws ModelException if the manifest asks for something that this runtime can't feed or read
   */
  static OnnxSignature of(ModelManifest manifest) {
    String context = null;
    for (ModelManifest.TensorSpec input : manifest.inputs()) {
      if (input.role() != TensorRole.CONTEXT || context != null) {
        throw unsupported("inputs", "one of role context", input);
      }
      expect("inputs", input, "batch,time,channel", manifest.contextLength(), channels(manifest));
      context = input.name();
    }
    String point = null;
    String quantiles = null;
    for (ModelManifest.TensorSpec output : manifest.outputs()) {
      if (output.role() == TensorRole.POINT && point == null) {
        expect(
            "outputs",
            output,
            "batch,horizon,channel",
            manifest.predictionLength(),
            channels(manifest));
        point = output.name();
      } else if (output.role() == TensorRole.QUANTILES && quantiles == null) {
        int levels = manifest.quantileLevels().size();
        expect("outputs", output, "batch,horizon,level", manifest.predictionLength(), levels);
        quantiles = output.name();
      } else {
        throw unsupported("outputs", "one of role point, at most one of role quantiles", output);
      }
    }
    if (point == null) {
      throw new ModelException("outputs: expected one of role point, found none");
    }
    if ((quantiles == null) != manifest.quantileLevels().isEmpty()) {
      throw new ModelException(
          "quantileLevels: expected levels exactly when an output has the role quantiles, found "
              + manifest.quantileLevels());
    }
    if (!manifest.channels().targets().equals(manifest.channels().names())) {
      throw new ModelException(
          "channels.targets: this runtime forecasts every channel: expected "
              + manifest.channels().names()
              + ", found "
              + manifest.channels().targets());
    }
    return new OnnxSignature(manifest, context, point, quantiles);
  }

  private static int channels(ModelManifest manifest) {
    return manifest.channels().names().size();
  }

  private static ModelException unsupported(
      String key, String expected, ModelManifest.TensorSpec found) {
    return new ModelException(
        key
            + ": this runtime feeds and reads "
            + expected
            + "; found "
            + found.name()
            + " of role "
            + found.role().key());
  }

  private static void expect(
      String key, ModelManifest.TensorSpec tensor, String layout, long length, long width) {
    String where = key + ": " + tensor.name() + ": ";
    if (!tensor.layout().equals(layout)) {
      throw new ModelException(where + "layout: expected " + layout + ", found " + tensor.layout());
    }
    if (!tensor.type().equals("float32")) {
      throw new ModelException(where + "type: expected float32, found " + tensor.type());
    }
    List<Long> expected = List.of(-1L, length, width);
    boolean fits = tensor.shape().get(0) == -1 || isFixedToOne(tensor);
    for (int axis = 1; axis < expected.size(); axis++) {
      long size = tensor.shape().get(axis);
      fits &= size == -1 || size == expected.get(axis);
    }
    if (!fits) {
      throw new ModelException(where + "shape: expected " + expected + ", found " + tensor.shape());
    }
  }

  /**
   * Holds the graph against the manifest.
   *
   * @throws ModelException naming the tensor that differs
   */
  void check(OnnxDescription graph) {
    check("inputs", manifest.inputs(), graph.inputs());
    check("outputs", manifest.outputs(), graph.outputs());
  }

  private static void check(
      String key, List<ModelManifest.TensorSpec> expected, List<OnnxDescription.Port> ports) {
    Map<String, OnnxDescription.Port> graph = new LinkedHashMap<>();
    ports.forEach(port -> graph.put(port.name(), port));
    Set<String> names = new LinkedHashSet<>();
    for (ModelManifest.TensorSpec tensor : expected) {
      names.add(tensor.name());
    }
    if (!names.equals(graph.keySet())) {
      throw new ModelException(
          key + ": the manifest expects " + names + ", model.onnx has " + graph.keySet());
    }
    for (ModelManifest.TensorSpec tensor : expected) {
      String where = key + ": " + tensor.name() + ": the manifest expects ";
      OnnxDescription.Port port = graph.get(tensor.name());
      if (!port.type().equals(tensor.type())) {
        throw new ModelException(
            where + "a tensor of " + tensor.type() + ", model.onnx has " + port.type());
      }
      if (!port.shape().equals(tensor.shape())) {
        throw new ModelException(
            where + "shape " + tensor.shape() + ", model.onnx has " + port.shape());
      }
    }
  }

  /** Whether the graph was made for a single window a run. */
  boolean takesOneRow() {
    return Stream.concat(manifest.inputs().stream(), manifest.outputs().stream())
        .anyMatch(OnnxSignature::isFixedToOne);
  }

  private static boolean isFixedToOne(ModelManifest.TensorSpec tensor) {
    return tensor.shape().get(0) == 1;
  }

  boolean hasQuantiles() {
    return quantiles != null;
  }

  long[] contextShape(int rows) {
    return new long[] {rows, manifest.contextLength(), channels(manifest)};
  }

  long[] pointShape(int rows) {
    return new long[] {rows, manifest.predictionLength(), channels(manifest)};
  }

  long[] quantilesShape(int rows) {
    return new long[] {rows, manifest.predictionLength(), manifest.quantileLevels().size()};
  }
}
