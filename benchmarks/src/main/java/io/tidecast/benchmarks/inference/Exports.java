package io.tidecast.benchmarks.inference;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tidecast.architectures.Hyperparameters;
import io.tidecast.architectures.PastInput;
import io.tidecast.architectures.Tensor;
import io.tidecast.architectures.networks.PatchTst;
import io.tidecast.architectures.networks.PatchTstConfig;
import io.tidecast.architectures.onnx.OnnxOps;
import io.tidecast.architectures.onnx.OnnxWeights;
import io.tidecast.evaluation.data.Scaler;
import io.tidecast.evaluation.folder.ModelImport;
import io.tidecast.evaluation.folder.Serving;
import io.tidecast.runtime.bundle.ModelBundle;
import io.tidecast.runtime.manifest.ModelManifest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.Stream;

/** The measured model, a PatchTST that was trained here, exported again. */
public final class Exports {

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final long SEED = 17;

  private Exports() {}

  /** Of the same weights, given its past in another form. */
  static ModelBundle of(PastInput input) {
    ModelBundle trained = Models.load();
    PatchTst network = new PatchTst();
    Hyperparameters<PatchTstConfig> hyperparameters =
        Hyperparameters.read(network, config(trained.manifest()));
    try {
      Path folder = Files.createTempDirectory("tidecast-export");
      export(network, hyperparameters, trained.manifest(), input)
          .write(
              OnnxWeights.read(
                  trained.onnx(), OnnxOps.parametersOf(network, hyperparameters.config())),
              folder);
      ModelBundle bundle = ModelBundle.read(folder);
      delete(folder);
      return bundle;
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  /**
   * Writes a model like the measured one, but of another width and of weights that were drawn, for
   * they make no difference to its speed.
   *
   * @param width of a patch within the network, a multiple of its heads
   * @param folder to write it to
   */
  public static void drawn(int width, Path folder) throws IOException {
    ModelManifest trained = Models.load().manifest();
    PatchTst network = new PatchTst();
    ObjectNode config = config(trained).put("d_model", width).put("d_ff", width);
    Hyperparameters<PatchTstConfig> hyperparameters = Hyperparameters.read(network, config);
    Map<String, Tensor> weights = new LinkedHashMap<>();
    SplittableRandom random = new SplittableRandom(SEED);
    OnnxOps.parametersOf(network, hyperparameters.config())
        .shapes()
        .forEach((name, shape) -> weights.put(name, drawn(shape, random)));
    export(network, hyperparameters, trained, PastInput.CONTEXT).write(weights, folder);
  }

  /** As linear layers begin: even, the narrower the more values are summed. */
  private static Tensor drawn(long[] shape, SplittableRandom random) {
    double bound = 1 / Math.sqrt((double) shape[shape.length - 1]);
    float[] values = new float[Math.toIntExact(Tensor.elements(shape))];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) random.nextDouble(-bound, bound);
    }
    return Tensor.of(values, shape);
  }

  private static ObjectNode config(ModelManifest manifest) {
    return JSON.valueToTree(manifest.architectureConfig());
  }

  private static ModelImport<?> export(
      PatchTst network,
      Hyperparameters<PatchTstConfig> hyperparameters,
      ModelManifest manifest,
      PastInput input) {
    Map<String, Object> training = manifest.training();
    return new ModelImport<>(
        network,
        hyperparameters,
        ModelImport.Settings.builder()
            .id(manifest.id())
            .version(manifest.version())
            .step(manifest.step())
            .channels(manifest.channels().names())
            .scaler(
                new Scaler(
                    JSON.convertValue(training.get("scalerMean"), double[].class),
                    JSON.convertValue(training.get("scalerDeviation"), double[].class)))
            .serving(new Serving(input, null))
            .checkpoint(ModelBundle.ONNX_FILE)
            .command("")
            .licence(manifest.licence())
            .build());
  }

  private static void delete(Path folder) throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      List<Path> deepestFirst = files.sorted(Comparator.reverseOrder()).toList();
      for (Path file : deepestFirst) {
        Files.delete(file);
      }
    }
  }
}
