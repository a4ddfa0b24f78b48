package io.tidecast.benchmarks.inference;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.tidecast.architectures.Hyperparameters;
import io.tidecast.architectures.PastInput;
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
import java.util.List;
import java.util.stream.Stream;

/** The measured model, a PatchTST that was trained here, exported again with the same weights. */
final class Exports {

  private Exports() {}

  static ModelBundle of(PastInput input) {
    ModelBundle trained = Models.load();
    ModelManifest manifest = trained.manifest();
    PatchTst network = new PatchTst();
    ObjectMapper mapper = new ObjectMapper();
    Hyperparameters<PatchTstConfig> hyperparameters =
        Hyperparameters.read(network, mapper.valueToTree(manifest.architectureConfig()));
    ModelImport<?> export =
        new ModelImport<>(
            network,
            hyperparameters,
            ModelImport.Settings.builder()
                .id(manifest.id())
                .version(manifest.version())
                .step(manifest.step())
                .channels(manifest.channels().names())
                .scaler(
                    new Scaler(
                        mapper.convertValue(manifest.training().get("scalerMean"), double[].class),
                        mapper.convertValue(
                            manifest.training().get("scalerDeviation"), double[].class)))
                .serving(new Serving(input, null))
                .checkpoint(ModelBundle.ONNX_FILE)
                .command("")
                .licence(manifest.licence())
                .build());
    try {
      Path folder = Files.createTempDirectory("tidecast-export");
      export.write(
          OnnxWeights.read(trained.onnx(), OnnxOps.parametersOf(network, hyperparameters.config())),
          folder);
      ModelBundle bundle = ModelBundle.read(folder);
      delete(folder);
      return bundle;
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
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
