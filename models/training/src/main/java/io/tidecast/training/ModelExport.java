package io.tidecast.training;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import io.tidecast.architectures.ArchitectureConfig;
import io.tidecast.architectures.Inputs;
import io.tidecast.architectures.Port;
import io.tidecast.architectures.Role;
import io.tidecast.runtime.Forecaster;
import io.tidecast.runtime.ForecasterSpec;
import io.tidecast.runtime.GoldenVectors;
import io.tidecast.runtime.ModelBundle;
import io.tidecast.runtime.ModelException;
import io.tidecast.runtime.ModelManifest;
import io.tidecast.runtime.OnnxForecaster;
import io.tidecast.runtime.OnnxOptions;
import io.tidecast.runtime.TensorRole;
import io.tidecast.runtime.Window;
import io.tidecast.runtime.WindowBatch;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Turns a trained network into a model folder: the graph in raw units, its manifest, golden
 * vectors, and the card. Before anything is written the graph must agree with torch.
 */
public final class ModelExport<C extends ArchitectureConfig> {
  /** Greatest difference of torch and ONNX, in standard deviations of the training rows. */
  private static final double AGREEMENT = 1e-4;

  private static final int GOLDEN_CASES = 3;

  private final Trained<C> trained;
  private final TrainingData data;
  private final Provenance provenance;
  private final ServedModel<C> served;

  /** Of one network trained on the data. */
  public ModelExport(Trained<C> trained, TrainingData data, Provenance provenance) {
    this.trained = trained;
    this.data = data;
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
   * @param dataName file name of the data
   * @param source of the data, in words
   * @param command that trains it again
   * @param licence SPDX identifier of the model
   * @param settings it was trained with
   */
  public record Provenance(
      String id,
      String version,
      String dataName,
      String source,
      String command,
      String licence,
      TrainingSettings settings) {}

  /**
   * Writes the folder and gives back what was measured.
   *
   * @throws ModelException if torch and ONNX disagree
   * @throws IOException if the folder can't be written
   */
  public ModelReport write(Path folder) throws IOException {
    ModelBundle bundle = served.emit(trained.weights());
    ModelReport report;
    GoldenVectors golden;
    try (Forecaster forecaster = OnnxForecaster.open(bundle, OnnxOptions.defaults())) {
      golden = ServedModel.golden(forecaster, validationWindows(forecaster.spec()));
      checkAgainstTorch(forecaster.spec(), golden);
      report = ModelReport.measure(forecaster, data, bundle.manifest().futureCovariates());
    }
    ModelManifest manifest =
        served.manifest(bundle.manifest().sha256(), List.of(report.toMap(provenance.dataName())));
    ServedModel.write(
        folder,
        new ModelBundle(manifest, bundle.onnx(), golden),
        new ModelCard(manifest, trained, provenance, report).toMarkdown());
    return report;
  }

  private ServedModel.Description description() {
    return new ServedModel.Description(
        provenance.id(),
        provenance.version(),
        data.series().step().toString(),
        trained.config().encIn() == data.series().channels().size()
            ? data.series().channels()
            : List.of("value"),
        provenance.licence(),
        training());
  }

  private Map<String, Object> training() {
    Split split = data.split();
    Map<String, Object> rows = new LinkedHashMap<>();
    rows.put("train", split.train());
    rows.put("validation", split.validation());
    rows.put("test", split.test());
    Map<String, Object> training = new LinkedHashMap<>();
    training.put("data", provenance.dataName());
    training.put("source", provenance.source());
    training.put("rows", rows);
    training.put("scalerMean", Arrays.stream(data.scaler().mean()).boxed().toList());
    training.put("scalerDeviation", Arrays.stream(data.scaler().deviation()).boxed().toList());
    training.put("seed", provenance.settings().seed());
    training.put("epochs", trained.epochs());
    training.put("bestEpoch", trained.bestEpoch());
    training.put("parameters", trained.parameters());
    training.put("command", provenance.command());
    return training;
  }

  /** The first, a middle and the last window of the validation rows. */
  private List<Window> validationWindows(ForecasterSpec spec) {
    EvaluationWindows windows = windowsOf(spec);
    int context = spec.contextLength();
    int first = data.split().firstWindow(Split.Part.VALIDATION, context) + context - 1;
    int count = data.split().windows(Split.Part.VALIDATION, context, spec.predictionLength());
    List<Window> chosen = new ArrayList<>();
    for (int i = 0; i < GOLDEN_CASES; i++) {
      Window window = windows.window(first + (count - 1) * i / (GOLDEN_CASES - 1), 0);
      chosen.add(
          new Window(
              window.series(),
              window.originMillis(),
              window.stepMillis(),
              window.context().clone(),
              window.futureCovariates().clone()));
    }
    return chosen;
  }

  private EvaluationWindows windowsOf(ForecasterSpec spec) {
    return new EvaluationWindows(data.series(), spec, served.draft().futureCovariates());
  }

  private void checkAgainstTorch(ForecasterSpec spec, GoldenVectors golden) {
    WindowBatch windows = new WindowBatch(spec, 1);
    int[] targets = windowsOf(spec).targets(0);
    try (NDManager manager = Torch.newManager()) {
      TorchWeights weights = new TorchWeights(manager, 0);
      TorchOps ops = TorchOps.inference(manager, weights);
      for (GoldenVectors.Case known : golden.cases()) {
        windows.clear();
        windows.add(known.window());
        Inputs<NDArray> inputs = inputs(manager, windows);
        if (weights.size() == 0) {
          // The first pass asks for every parameter; then the trained ones take their places.
          served.points(ops, inputs);
          weights.restore(trained.weights());
        }
        compare(TorchWeights.tensor(served.points(ops, inputs)).floats(), known.point(), targets);
      }
    }
  }

  private Inputs<NDArray> inputs(NDManager manager, WindowBatch windows) {
    Map<Role, NDArray> inputs = new EnumMap<>(Role.class);
    for (Port port : trained.architecture().inputs(trained.config())) {
      Shape shape = new Shape(port.shape().stream().mapToLong(n -> n < 0 ? 1 : n).toArray());
      float[] values = new float[Math.toIntExact(shape.size())];
      windows.input(TensorRole.valueOf(port.role().name()), 0, values);
      inputs.put(port.role(), manager.create(values, shape));
    }
    return new Inputs<>(inputs);
  }

  private void compare(float[] torch, float[] onnx, int[] targets) {
    for (int i = 0; i < torch.length; i++) {
      double deviation = data.scaler().deviation()[targets[i % targets.length]];
      double difference = Math.abs((double) torch[i] - onnx[i]) / deviation;
      // Negated, so that NaN fails.
      if (!(difference <= AGREEMENT)) {
        throw new ModelException(
            "torch and the exported ONNX disagree: point[%d]: torch %s, ONNX %s"
                .formatted(i, torch[i], onnx[i]));
      }
    }
  }
}
