package io.tidecast.training;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import io.tidecast.architectures.ArchitectureConfig;
import io.tidecast.architectures.Inputs;
import io.tidecast.architectures.Port;
import io.tidecast.architectures.Role;
import io.tidecast.runtime.bundle.GoldenVectors;
import io.tidecast.runtime.bundle.ModelBundle;
import io.tidecast.runtime.manifest.ForecasterSpec;
import io.tidecast.runtime.manifest.ModelException;
import io.tidecast.runtime.manifest.ModelManifest;
import io.tidecast.runtime.manifest.TensorRole;
import io.tidecast.runtime.onnx.OnnxForecaster;
import io.tidecast.runtime.onnx.OnnxOptions;
import io.tidecast.runtime.windows.Forecaster;
import io.tidecast.runtime.windows.WindowBatch;
import java.io.IOException;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Turns a trained network into a model folder: the graph in raw units, its manifest, golden
 * vectors, and the card. Before anything is written the graph must agree with torch.
 */
public final class ModelExport<C extends ArchitectureConfig> {
  /** Greatest difference of torch and ONNX, in units of what was learned from. */
  private static final double AGREEMENT = 1e-4;

  private final Trained<C> trained;
  private final Lessons lessons;
  private final Provenance provenance;
  private final ServedModel<C> served;

  /** Of one trained network. */
  public ModelExport(Trained<C> trained, Lessons lessons, Provenance provenance) {
    this.trained = trained;
    this.lessons = lessons;
    this.provenance = provenance;
    this.served =
        new ServedModel<>(
            trained.architecture(), trained.config(), trained.scaler(), description());
  }

  /**
   * Where a model comes from, for its manifest and card.
   *
   * @param id of the model
   * @param version of the model
   * @param command that trains it again
   * @param licence SPDX identifier of the model
   * @param serving how the model is served
   * @param settings it was trained with
   */
  public record Provenance(
      String id,
      String version,
      String command,
      String licence,
      Serving serving,
      TrainingSettings settings) {}

  /**
   * Writes the folder and gives back what was measured.
   *
   * @throws ModelException if torch and ONNX disagree
   * @throws IOException if the folder can't be written
   */
  public List<Lessons.Measured> write(Path folder) throws IOException {
    ModelBundle bundle = served.emit(trained.weights());
    List<Lessons.Measured> measured;
    GoldenVectors golden;
    try (Forecaster forecaster = OnnxForecaster.open(bundle, OnnxOptions.defaults())) {
      List<String> known = bundle.manifest().futureCovariates();
      golden = ServedModel.golden(forecaster, lessons.windows(forecaster.spec(), known));
      checkAgainstTorch(forecaster.spec(), golden);
      measured = lessons.measure(forecaster, known);
    }
    ModelManifest manifest =
        served.manifest(
            bundle.manifest().sha256(),
            measured.stream().map(m -> m.report().toMap(m.dataName())).toList());
    ServedModel.write(
        folder,
        new ModelBundle(manifest, bundle.onnx(), golden),
        new ModelCard(manifest, trained, provenance, lessons, measured).toMarkdown());
    return measured;
  }

  private ServedModel.Description description() {
    return new ServedModel.Description(
        provenance.id(),
        provenance.version(),
        lessons.step(),
        lessons.channels(trained.config().encIn()),
        provenance.serving(),
        provenance.licence(),
        training());
  }

  private Map<String, Object> training() {
    Map<String, Object> training = new LinkedHashMap<>(lessons.toMap());
    training.put("seed", provenance.settings().seed());
    training.put("epochs", trained.epochs());
    training.put("bestEpoch", trained.bestEpoch());
    training.put("parameters", trained.parameters());
    training.put("command", provenance.command());
    return training;
  }

  private void checkAgainstTorch(ForecasterSpec spec, GoldenVectors golden) {
    WindowBatch windows = new WindowBatch(spec, 1);
    try (NDManager manager = Torch.newManager()) {
      TorchWeights weights = new TorchWeights(manager, 0);
      TorchOps ops = TorchOps.inference(manager, weights);
      for (GoldenVectors.Case known : golden.cases()) {
        windows.clear();
        windows.add(known.window().padded(spec.contextSize()));
        Inputs<NDArray> inputs = inputs(manager, windows);
        if (weights.size() == 0) {
          // The first pass asks for every parameter; then the trained ones take their places.
          served.points(ops, inputs);
          weights.restore(trained.weights());
        }
        compare(known, TorchWeights.tensor(served.points(ops, inputs)).floats(), spec.targets());
      }
    }
  }

  private Inputs<NDArray> inputs(NDManager manager, WindowBatch windows) {
    Map<Role, NDArray> inputs = new EnumMap<>(Role.class);
    for (Port port : served.inputs()) {
      int rows = port.role() == Role.PATCHES ? trained.config().encIn() : 1;
      Shape shape = new Shape(port.shape().stream().mapToLong(n -> n < 0 ? rows : n).toArray());
      float[] values = new float[Math.toIntExact(shape.size())];
      windows.input(TensorRole.valueOf(port.role().name()), 0, values);
      inputs.put(port.role(), manager.create(values, shape));
    }
    return new Inputs<>(inputs);
  }

  private void compare(GoldenVectors.Case known, float[] torch, List<Integer> targets) {
    float[] onnx = known.point();
    for (int i = 0; i < torch.length; i++) {
      double unit = lessons.unit(known.window(), targets.get(i % targets.size()));
      double difference = Math.abs((double) torch[i] - onnx[i]) / unit;
      // Negated, so that NaN fails.
      if (!(difference <= AGREEMENT)) {
        throw new ModelException(
            "torch and the exported ONNX disagree: point[%d]: torch %s, ONNX %s"
                .formatted(i, torch[i], onnx[i]));
      }
    }
  }
}
