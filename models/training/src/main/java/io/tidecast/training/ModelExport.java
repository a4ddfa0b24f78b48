package io.tidecast.training;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import io.tidecast.architectures.ArchitectureConfig;
import io.tidecast.architectures.Inputs;
import io.tidecast.runtime.Forecaster;
import io.tidecast.runtime.GoldenVectors;
import io.tidecast.runtime.ModelBundle;
import io.tidecast.runtime.ModelException;
import io.tidecast.runtime.ModelManifest;
import io.tidecast.runtime.OnnxForecaster;
import io.tidecast.runtime.OnnxOptions;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
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
      golden = ServedModel.golden(forecaster, validationContexts());
      checkAgainstTorch(golden);
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
        data.series().channels(),
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
  private List<float[]> validationContexts() {
    C config = trained.config();
    int first = data.split().firstWindow(Split.Part.VALIDATION, config.seqLen());
    int count = data.split().windows(Split.Part.VALIDATION, config.seqLen(), config.predLen());
    List<float[]> contexts = new ArrayList<>();
    for (int i = 0; i < GOLDEN_CASES; i++) {
      float[] context = new float[config.seqLen() * config.encIn()];
      data.series().copy(first + (count - 1) * i / (GOLDEN_CASES - 1), context);
      contexts.add(context);
    }
    return contexts;
  }

  private void checkAgainstTorch(GoldenVectors golden) {
    C config = trained.config();
    try (NDManager manager = Torch.newManager()) {
      TorchWeights weights = new TorchWeights(manager, 0);
      TorchOps ops = TorchOps.inference(manager, weights);
      Shape shape = new Shape(1, config.seqLen(), config.encIn());
      // The first pass asks for every parameter; then the trained ones take their places.
      served.rawUnits(ops, new Inputs<>(manager.zeros(shape)));
      weights.restore(trained.weights());
      for (GoldenVectors.Case known : golden.cases()) {
        NDArray point = served.rawUnits(ops, new Inputs<>(manager.create(known.context(), shape)));
        float[] torch = TorchWeights.tensor(point).floats();
        for (int i = 0; i < torch.length; i++) {
          double deviation = data.scaler().deviation()[i % config.encIn()];
          double difference = Math.abs((double) torch[i] - known.point()[i]) / deviation;
          // Negated, so that NaN fails.
          if (!(difference <= AGREEMENT)) {
            throw new ModelException(
                "torch and the exported ONNX disagree: point["
                    + i
                    + "]: torch "
                    + torch[i]
                    + ", ONNX "
                    + known.point()[i]);
          }
        }
      }
    }
  }
}
