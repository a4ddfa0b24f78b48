package io.tidecast.benchmarks.inference;

import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.tidecast.architectures.Hyperparameters;
import io.tidecast.architectures.PastInput;
import io.tidecast.architectures.Tensor;
import io.tidecast.architectures.networks.PatchTst;
import io.tidecast.evaluation.data.Scaler;
import io.tidecast.evaluation.folder.ModelImport;
import io.tidecast.evaluation.folder.Serving;
import io.tidecast.runtime.bundle.ModelBundle;
import io.tidecast.runtime.manifest.ModelManifest;
import java.io.IOException;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** The measured model, a PatchTST that was trained here, exported again with the same weights. */
final class Exports {

  private Exports() {}

  static ModelBundle of(PastInput input) {
    ModelBundle trained = Models.load();
    ModelManifest manifest = trained.manifest();
    PatchTst network = new PatchTst();
    ObjectMapper mapper = new ObjectMapper();
    ModelImport<?> export =
        new ModelImport<>(
            network,
            Hyperparameters.read(network, mapper.valueToTree(manifest.architectureConfig())),
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
      export.write(weights(trained.onnx()), folder);
      ModelBundle bundle = ModelBundle.read(folder);
      delete(folder);
      return bundle;
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  /** A graph of ours holds its weights under their official names, which all have a dot. */
  private static Map<String, Tensor> weights(byte[] onnx) throws IOException {
    Map<String, Tensor> weights = new HashMap<>();
    for (TensorProto tensor : ModelProto.parseFrom(onnx).getGraph().getInitializerList()) {
      if (tensor.getName().contains(".")) {
        long[] shape = tensor.getDimsList().stream().mapToLong(Long::longValue).toArray();
        float[] values = new float[Math.toIntExact(Tensor.elements(shape))];
        tensor
            .getRawData()
            .asReadOnlyByteBuffer()
            .order(ByteOrder.LITTLE_ENDIAN)
            .asFloatBuffer()
            .get(values);
        weights.put(tensor.getName(), Tensor.of(values, shape));
      }
    }
    return weights;
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
