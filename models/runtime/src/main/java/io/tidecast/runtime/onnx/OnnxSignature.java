package io.tidecast.runtime.onnx;

import static java.util.Objects.requireNonNull;

import io.tidecast.runtime.manifest.ModelException;
import io.tidecast.runtime.manifest.ModelManifest;
import io.tidecast.runtime.manifest.TensorRole;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * The tensors that the runtime feeds and reads, and their agreement with a manifest and a graph.
 *
 * @param inputs all that the graph has
 * @param outputs those that are read; samples are left to others
 */
record OnnxSignature(ModelManifest manifest, List<OnnxPort> inputs, List<OnnxPort> outputs) {

  private static final Set<TensorRole> FED =
      EnumSet.of(
          TensorRole.CONTEXT,
          TensorRole.PATCHES,
          TensorRole.CONTEXT_TIME_FEATURES,
          TensorRole.FUTURE_TIME_FEATURES,
          TensorRole.FUTURE_COVARIATES,
          TensorRole.NOISE);

  private static final String QUANTILES_OF_ONE_TARGET = "batch,horizon,level";

  /** A model takes its context by one of these roles. */
  private static final Set<TensorRole> PAST = EnumSet.of(TensorRole.CONTEXT, TensorRole.PATCHES);

  private static final Set<TensorRole> GIVEN =
      EnumSet.of(TensorRole.POINT, TensorRole.QUANTILES, TensorRole.SAMPLES);

  /**
   * Reads a manifest whose tensors are as the runtime has them.
   *
   * @throws ModelException if it asks for something that this runtime can't feed or read
   */
  static OnnxSignature of(ModelManifest manifest) {
    List<TensorRole> in = roles("inputs", manifest.inputs(), FED, PAST);
    List<TensorRole> out =
        roles("outputs", manifest.outputs(), GIVEN, EnumSet.of(TensorRole.POINT));
    boolean hasTimeFeatures =
        in.contains(TensorRole.CONTEXT_TIME_FEATURES)
            || in.contains(TensorRole.FUTURE_TIME_FEATURES);
    checkNamed(
        "timeFeatures: expected names exactly when an input has the role context_time_features or"
            + " future_time_features",
        hasTimeFeatures,
        manifest.timeFeatures());
    checkNamed(
        "futureCovariates: expected names exactly when an input has the role future_covariates",
        in.contains(TensorRole.FUTURE_COVARIATES),
        manifest.futureCovariates());
    checkNamed(
        "quantileLevels: expected levels exactly when an output has the role quantiles",
        out.contains(TensorRole.QUANTILES),
        manifest.quantileLevels());
    if (out.contains(TensorRole.SAMPLES) && manifest.channels().targets().size() > 1) {
      throw new ModelException(
          "outputs: expected samples of one target at most, found targets "
              + manifest.channels().targets());
    }
    List<OnnxPort> inputs =
        manifest.inputs().stream().map(tensor -> port("inputs", manifest, tensor)).toList();
    List<OnnxPort> outputs =
        manifest.outputs().stream()
            .map(tensor -> port("outputs", manifest, tensor))
            .filter(port -> port.role() != TensorRole.SAMPLES)
            .toList();
    OnnxSignature signature = new OnnxSignature(manifest, inputs, outputs);
    signature.batch();
    return signature;
  }

  private static List<TensorRole> roles(
      String key,
      List<ModelManifest.TensorSpec> tensors,
      Set<TensorRole> supported,
      Set<TensorRole> oneOf) {
    List<TensorRole> roles = new ArrayList<>();
    for (ModelManifest.TensorSpec tensor : tensors) {
      if (!supported.contains(tensor.role()) || roles.contains(tensor.role())) {
        throw new ModelException(
            key
                + ": this runtime takes at most one of each role of "
                + supported.stream().map(TensorRole::key).toList()
                + "; found "
                + tensor.name()
                + " of role "
                + tensor.role().key());
      }
      roles.add(tensor.role());
    }
    List<TensorRole> found = roles.stream().filter(oneOf::contains).toList();
    if (found.size() != 1) {
      throw new ModelException(
          key
              + ": expected exactly one of role "
              + oneOf.stream().map(TensorRole::key).collect(Collectors.joining(" or "))
              + ", found "
              + (found.isEmpty() ? "none" : "both"));
    }
    return roles;
  }

  private static void checkNamed(String requirement, boolean needed, List<?> names) {
    if (names.isEmpty() == needed) {
      throw new ModelException(requirement + ", found " + names);
    }
  }

  private static OnnxPort port(
      String key, ModelManifest manifest, ModelManifest.TensorSpec tensor) {
    long context = manifest.contextLength();
    long horizon = manifest.predictionLength();
    List<Long> shape =
        switch (tensor.role()) {
          case CONTEXT ->
              expect(key, tensor, "batch,time,channel", context, manifest.channels().names());
          case PATCHES -> expectPatches(key, manifest, tensor);
          case CONTEXT_TIME_FEATURES ->
              expect(key, tensor, "batch,time,feature", context, manifest.timeFeatures());
          case FUTURE_TIME_FEATURES ->
              expect(key, tensor, "batch,horizon,feature", horizon, manifest.timeFeatures());
          case FUTURE_COVARIATES ->
              expect(key, tensor, "batch,horizon,covariate", horizon, manifest.futureCovariates());
          case NOISE -> expectNoise(key, tensor);
          case POINT ->
              expect(key, tensor, "batch,horizon,channel", horizon, manifest.channels().targets());
          case QUANTILES -> expectQuantiles(key, manifest, tensor);
          case SAMPLES -> expect(key, tensor, "batch,sample,horizon", 1, -1, horizon);
          case PAST_COVARIATES, DECODER_INPUT, OBSERVED_MASK, CONSTANT, COLUMNS, IGNORED ->
              throw new AssertionError("refused before: " + tensor.role());
        };
    return new OnnxPort(tensor.name(), tensor.role(), shape, rowsOfAWindow(manifest, tensor));
  }

  private static long rowsOfAWindow(ModelManifest manifest, ModelManifest.TensorSpec tensor) {
    return tensor.role() == TensorRole.PATCHES ? manifest.channels().names().size() : 1;
  }

  private static List<Long> expectPatches(
      String key, ModelManifest manifest, ModelManifest.TensorSpec tensor) {
    ModelManifest.Patches patches =
        requireNonNull(manifest.patches(), "a manifest with an input of patches says how to cut");
    int count = patches.count(manifest.contextLength());
    long rows = rowsOfAWindow(manifest, tensor);
    return expect(key, tensor, "batch*channel,patch,step", rows, count, patches.length());
  }

  /** Expects an axis for the targets, which one target may do without, and in version 1 has to. */
  private static List<Long> expectQuantiles(
      String key, ModelManifest manifest, ModelManifest.TensorSpec tensor) {
    long horizon = manifest.predictionLength();
    long levels = manifest.quantileLevels().size();
    long targets = manifest.channels().targets().size();
    boolean flat = tensor.layout().equals(QUANTILES_OF_ONE_TARGET) && targets == 1;
    if (flat || manifest.manifestVersion() == 1) {
      if (targets > 1) {
        throw new ModelException(
            "outputs: expected quantiles of one target at most in manifestVersion 1, found targets "
                + manifest.channels().targets());
      }
      return expect(key, tensor, QUANTILES_OF_ONE_TARGET, 1, horizon, levels);
    }
    return expect(key, tensor, "batch,horizon,channel,level", 1, horizon, targets, levels);
  }

  private static List<Long> expect(
      String key, ModelManifest.TensorSpec tensor, String layout, long length, List<?> names) {
    return expect(key, tensor, layout, 1, length, names.size());
  }

  /**
   * @param rows along the first axis for each window
   * @param lengths of the axes behind the first; -1 goes for any
   */
  private static List<Long> expect(
      String key, ModelManifest.TensorSpec tensor, String layout, long rows, long... lengths) {
    if (!tensor.layout().equals(layout)) {
      throw new ModelException(
          where(key, tensor) + "layout: expected " + layout + ", found " + tensor.layout());
    }
    List<Long> expected = new ArrayList<>(List.of(-1L));
    for (long length : lengths) {
      expected.add(length);
    }
    boolean fits = true;
    for (int axis = 1; axis < expected.size(); axis++) {
      long size = tensor.shape().get(axis);
      fits &= size == -1 || expected.get(axis) == -1 || size == expected.get(axis);
    }
    return checked(key, tensor, rows, fits, expected);
  }

  /** Accepts noise however it is cut into axes. */
  private static List<Long> expectNoise(String key, ModelManifest.TensorSpec tensor) {
    if (!tensor.layout().startsWith("batch,")) {
      throw new ModelException(
          where(key, tensor)
              + "layout: expected batch and one axis at least, found "
              + tensor.layout());
    }
    List<Long> expected = new ArrayList<>(tensor.shape());
    expected.set(0, -1L);
    return checked(key, tensor, 1, true, expected);
  }

  private static List<Long> checked(
      String key, ModelManifest.TensorSpec tensor, long rows, boolean fits, List<Long> expected) {
    if (!tensor.type().equals("float32")) {
      throw new ModelException(
          where(key, tensor) + "type: expected float32, found " + tensor.type());
    }
    long first = tensor.shape().get(0);
    if (!fits || (first != -1 && first % rows != 0)) {
      throw new ModelException(
          where(key, tensor) + "shape: expected " + expected + ", found " + tensor.shape());
    }
    return List.copyOf(expected);
  }

  private static String where(String key, ModelManifest.TensorSpec tensor) {
    return key + ": " + tensor.name() + ": ";
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
      String where = where(key, tensor) + "the manifest expects ";
      OnnxDescription.Port port = requireNonNull(graph.get(tensor.name()));
      if (!port.type().equals(tensor.type())) {
        throw new ModelException(
            where + "a tensor of " + tensor.type() + ", model.onnx has " + port.type());
      }
      if (!agree(tensor.shape(), port.shape())) {
        throw new ModelException(
            where + "shape " + tensor.shape() + ", model.onnx has " + port.shape());
      }
    }
  }

  /** What a file leaves open may be known all the same, and shows when the graph runs. */
  private static boolean agree(List<Long> expected, List<Long> found) {
    return expected.size() == found.size()
        && IntStream.range(0, found.size())
            .allMatch(axis -> found.get(axis) == -1 || found.get(axis).equals(expected.get(axis)));
  }

  /**
   * The number of windows that the graph was made for, which every run then has; -1 for any.
   *
   * @throws ModelException if its tensors were made for different ones
   */
  int batch() {
    Set<Long> sizes =
        Stream.concat(manifest.inputs().stream(), manifest.outputs().stream())
            .filter(tensor -> tensor.shape().get(0) != -1)
            .map(tensor -> tensor.shape().get(0) / rowsOfAWindow(manifest, tensor))
            .collect(Collectors.toCollection(TreeSet::new));
    if (sizes.size() > 1) {
      throw new ModelException("inputs and outputs: must have batches of one size, found " + sizes);
    }
    return sizes.isEmpty() ? -1 : Math.toIntExact(sizes.iterator().next());
  }

  /** Tells whether the graph was made for a single window a run. */
  boolean takesOneRow() {
    return batch() == 1;
  }
}
