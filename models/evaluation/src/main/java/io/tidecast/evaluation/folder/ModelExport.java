package io.tidecast.evaluation.folder;

import io.tidecast.architectures.ArchitectureConfig;
import io.tidecast.architectures.TrainingSettings;
import io.tidecast.runtime.bundle.GoldenVectors;
import io.tidecast.runtime.bundle.ModelBundle;
import io.tidecast.runtime.manifest.ModelException;
import io.tidecast.runtime.manifest.ModelManifest;
import io.tidecast.runtime.manifest.Residuals;
import io.tidecast.runtime.onnx.OnnxForecaster;
import io.tidecast.runtime.onnx.OnnxOptions;
import io.tidecast.runtime.windows.Forecaster;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Turns a trained network into a model folder: the graph in raw units, its manifest, golden
 * vectors, and the card. Nothing of torch is loaded here.
 */
public final class ModelExport<C extends ArchitectureConfig> {
  /** Greatest difference of torch and ONNX, in units of what was learned from. */
  private static final double AGREEMENT = 1e-4;

  private final Trained<C> trained;
  private final TrainingSource source;
  private final Provenance provenance;
  private final ServedModel<C> served;

  /** An export of one trained network, not yet begun. */
  public ModelExport(Trained<C> trained, TrainingSource source, Provenance provenance) {
    this.trained = trained;
    this.source = source;
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
   * @param defaults hyperparameters that nobody gave, each as {@code name=value}
   */
  public record Provenance(
      String id,
      String version,
      String command,
      String licence,
      Serving serving,
      TrainingSettings settings,
      List<String> defaults) {

    /** Copies the list. */
    public Provenance {
      defaults = List.copyOf(defaults);
    }
  }

  /**
   * Writes the folder and gives back what was measured.
   *
   * @param reference what the network was trained in; the graph must agree with it on every golden
   *     vector before anything is written
   * @throws ModelException if the two disagree
   * @throws IOException if the folder can't be written
   */
  public List<TrainingSource.Measured> write(Path folder, ReferenceBackend reference)
      throws IOException {
    ModelBundle bundle = served.emit(trained.weights());
    List<TrainingSource.Measured> measured;
    List<Residuals> residuals;
    GoldenVectors golden;
    try (Forecaster forecaster = OnnxForecaster.open(bundle, OnnxOptions.defaults())) {
      List<String> known = bundle.manifest().futureCovariates();
      golden = ServedModel.golden(forecaster, source.windows(forecaster.spec(), known));
      checkAgainst(reference, golden);
      measured = source.measure(forecaster, known);
      residuals = source.residuals(forecaster, known);
    }
    ModelManifest manifest =
        served
            .manifest(
                bundle.manifest().sha256(),
                measured.stream().map(m -> m.report().toMap(m.dataName())).toList())
            .withResiduals(residuals);
    ServedModel.write(
        folder,
        new ModelBundle(manifest, bundle.onnx(), golden),
        ResidualSection.in(
            new ModelCard(manifest, trained, provenance, source, measured).toMarkdown(), manifest));
    return measured;
  }

  private ServedModel.Description description() {
    return new ServedModel.Description(
        provenance.id(),
        provenance.version(),
        source.step(),
        source.channels(trained.config().encIn()),
        provenance.serving(),
        provenance.licence(),
        training());
  }

  private Map<String, Object> training() {
    Map<String, Object> training = new LinkedHashMap<>(source.toMap());
    training.put("seed", provenance.settings().seed());
    training.put("epochs", trained.epochs());
    training.put("bestEpoch", trained.bestEpoch());
    training.put("parameters", trained.parameters());
    training.put("command", provenance.command());
    return training;
  }

  private void checkAgainst(ReferenceBackend reference, GoldenVectors golden) {
    List<float[]> points =
        reference.points(
            served,
            trained.weights(),
            golden.cases().stream().map(GoldenVectors.Case::window).toList());
    for (int i = 0; i < points.size(); i++) {
      compare(golden.cases().get(i), points.get(i), served.spec().targets());
    }
  }

  private void compare(GoldenVectors.Case known, float[] torch, List<Integer> targets) {
    float[] onnx = known.point();
    for (int i = 0; i < torch.length; i++) {
      double unit = source.unit(known.window(), targets.get(i % targets.size()));
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
