package io.tidecast.benchmarks.eager;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.NDScope;
import ai.djl.ndarray.types.Shape;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tidecast.architectures.Architecture;
import io.tidecast.architectures.ArchitectureConfig;
import io.tidecast.architectures.Hyperparameters;
import io.tidecast.architectures.Inputs;
import io.tidecast.architectures.Port;
import io.tidecast.architectures.Role;
import io.tidecast.architectures.Tensor;
import io.tidecast.architectures.networks.Architectures;
import io.tidecast.architectures.onnx.OnnxOps;
import io.tidecast.architectures.onnx.OnnxWeights;
import io.tidecast.benchmarks.inference.Models;
import io.tidecast.cli.embedded.TemporaryFolder;
import io.tidecast.evaluation.data.Scaler;
import io.tidecast.evaluation.folder.ModelImport;
import io.tidecast.runtime.bundle.ModelBundle;
import io.tidecast.training.torch.Torch;
import io.tidecast.training.torch.TorchOps;
import io.tidecast.training.torch.TorchWeights;
import java.io.IOException;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * A network with its weights, and the model that a job serves of it.
 *
 * @param scale what the network was trained in the units of
 */
record Network<C extends ArchitectureConfig>(
    String name,
    Architecture<C> architecture,
    C config,
    Map<String, Tensor> weights,
    ModelBundle bundle,
    Scale scale) {

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final long SEED = 17;

  /** Of the contexts that are forecast. */
  private static final double MEAN = 30_000;

  private static final double DEVIATION = 6_000;

  /** Mean and deviation, by channel. */
  record Scale(double[] mean, double[] deviation) {}

  /** A model of the zoo. */
  static Network<?> ofZoo(String name) {
    ModelBundle bundle = ModelBundle.read(Models.directory(name));
    return ofBundle(name, Architectures.named(bundle.manifest().architecture()), bundle);
  }

  private static <C extends ArchitectureConfig> Network<C> ofBundle(
      String name, Architecture<C> architecture, ModelBundle bundle) {
    C config = architecture.readConfig(JSON.valueToTree(bundle.manifest().architectureConfig()));
    Map<String, Object> training = bundle.manifest().training();
    return new Network<>(
        name,
        architecture,
        config,
        OnnxWeights.read(bundle.onnx(), OnnxOps.parametersOf(architecture, config)),
        bundle,
        new Scale(
            JSON.convertValue(training.get("scalerMean"), double[].class),
            JSON.convertValue(training.get("scalerDeviation"), double[].class)));
  }

  /**
   * An official configuration, with weights that were drawn: they make no difference to its speed.
   *
   * @param config what its authors set beyond their own defaults, as JSON
   */
  static Network<?> drawn(String name, String architecture, String config) throws IOException {
    return drawn(name, Architectures.named(architecture), (ObjectNode) JSON.readTree(config));
  }

  private static <C extends ArchitectureConfig> Network<C> drawn(
      String name, Architecture<C> architecture, ObjectNode json) throws IOException {
    Hyperparameters<C> hyperparameters = Hyperparameters.read(architecture, json);
    C config = hyperparameters.config();
    Map<String, Tensor> weights = draw(architecture, config);
    double[] mean = new double[config.encIn()];
    Arrays.fill(mean, MEAN);
    double[] deviation = new double[config.encIn()];
    Arrays.fill(deviation, DEVIATION);
    List<String> channels =
        IntStream.range(0, config.encIn()).mapToObj(channel -> "c" + channel).toList();
    try (TemporaryFolder folder = new TemporaryFolder("network")) {
      new ModelImport<>(
              architecture,
              hyperparameters,
              ModelImport.Settings.builder()
                  .id(name)
                  .version("1")
                  .step("PT1H")
                  .channels(channels)
                  .scaler(new Scaler(mean, deviation))
                  .checkpoint("drawn")
                  .command("")
                  .licence("Apache-2.0")
                  .build())
          .write(weights, folder.path().resolve("model"));
      ModelBundle bundle = ModelBundle.read(folder.path().resolve("model"));
      return new Network<>(name, architecture, config, weights, bundle, new Scale(mean, deviation));
    }
  }

  private static <C extends ArchitectureConfig> Map<String, Tensor> draw(
      Architecture<C> architecture, C config) {
    try (NDManager manager = Torch.newManager();
        NDScope scope = new NDScope()) {
      scope.suppressNotUsedWarning();
      TorchWeights weights = new TorchWeights(manager, SEED);
      Map<Role, NDArray> zeros = new EnumMap<>(Role.class);
      for (Port port : architecture.inputs(config)) {
        long[] shape = port.shape().stream().mapToLong(length -> length < 0 ? 1 : length).toArray();
        zeros.put(port.role(), manager.zeros(new Shape(shape)));
      }
      var unused =
          architecture.forward(TorchOps.inference(manager, weights), config, new Inputs<>(zeros));
      return weights.snapshot();
    }
  }
}
