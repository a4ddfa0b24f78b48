package io.tidecast.evaluation.folder;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.tidecast.architectures.Architecture;
import io.tidecast.architectures.ArchitectureConfig;
import io.tidecast.architectures.ArchitectureRegistry;
import io.tidecast.architectures.Hyperparameters;
import io.tidecast.architectures.PastInput;
import io.tidecast.architectures.Tensor;
import io.tidecast.architectures.WeightsException;
import io.tidecast.architectures.onnx.OnnxOps;
import io.tidecast.architectures.onnx.OnnxWeights;
import io.tidecast.evaluation.data.Scaler;
import io.tidecast.runtime.bundle.ModelBundle;
import io.tidecast.runtime.manifest.ModelException;
import io.tidecast.runtime.manifest.ModelManifest;
import io.tidecast.runtime.manifest.Precision;
import io.tidecast.runtime.manifest.TensorRole;
import io.tidecast.runtime.onnx.OnnxForecaster;
import io.tidecast.runtime.onnx.OnnxOptions;
import io.tidecast.runtime.windows.Forecaster;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/**
 * Makes the graph of a model anew, of the weights that its graph holds, as this release makes
 * graphs. So a model that was trained or imported by an earlier release becomes as fast as a new
 * one, and nothing is trained.
 */
public final class ModelReexport {
  private static final ObjectMapper JSON = new ObjectMapper();

  private ModelReexport() {}

  /**
   * Makes the graph anew. The new one is held against the golden vectors of the old one.
   *
   * @param model with its weights in the graph under their official names
   * @return the same model, whose manifest differs in its checksum and in the version of the format
   *     alone
   * @throws ModelException if the model is not of these architectures, its graph holds other
   *     weights, or the new graph does not give the golden vectors
   */
  public static ModelBundle of(ModelBundle model, ArchitectureRegistry architectures) {
    ModelManifest manifest = model.manifest();
    requireWhole(model);
    try {
      return anew(model, architectures.named(manifest.architecture()));
    } catch (IllegalArgumentException | WeightsException e) {
      throw new ModelException(
          "%s/%s can't be exported again: %s"
              .formatted(manifest.id(), manifest.version(), e.getMessage()),
          e);
    }
  }

  /**
   * Requires a model that another graph can be made of and held against.
   *
   * @throws ModelException if it has no golden vectors, or rounded weights
   */
  static void requireWhole(ModelBundle model) {
    if (model.golden().cases().isEmpty()) {
      throw new ModelException(
          "golden.json must be there: nothing else tells that the new graph forecasts what the old"
              + " one does");
    }
    if (model.manifest().precision() != Precision.FP32) {
      throw new ModelException(
          "the model must be in single precision, %s/%s has rounded weights; export the model that it was made of: precision=%s"
              .formatted(
                  model.manifest().id(),
                  model.manifest().version(),
                  model.manifest().precision().key()));
    }
  }

  /**
   * Makes the graph of a model folder anew, in a folder of its own; the card stays as it is.
   *
   * @throws ModelException as {@link #of} does
   * @throws IOException if the card can't be read, or the folder not be written
   */
  public static ModelBundle write(Path from, ArchitectureRegistry architectures, Path to)
      throws IOException {
    ModelBundle made = of(ModelBundle.read(from), architectures);
    Path card = from.resolve(ServedModel.CARD);
    ServedModel.write(to, made, Files.exists(card) ? Files.readString(card) : "");
    return made;
  }

  private static <C extends ArchitectureConfig> ModelBundle anew(
      ModelBundle model, Architecture<C> architecture) {
    ModelManifest manifest = model.manifest();
    ServedModel<C> served = served(manifest, architecture, description(manifest));
    ModelBundle made = served.emit(weights(model, architecture));
    ModelBundle result =
        new ModelBundle(
            served
                .manifest(made.manifest().sha256(), manifest.accuracy())
                .withResiduals(manifest.residuals()),
            made.onnx(),
            model.golden());
    try (Forecaster forecaster = OnnxForecaster.open(result, OnnxOptions.defaults())) {
      result.golden().check(forecaster);
    }
    return result;
  }

  /** The network of a model, as it is served with that description. */
  static <C extends ArchitectureConfig> ServedModel<C> served(
      ModelManifest manifest, Architecture<C> architecture, ServedModel.Description description) {
    C config = config(manifest, architecture);
    return new ServedModel<>(architecture, config, Scaler.of(manifest.training()), description);
  }

  /** The weights that the graph of a model holds. */
  static <C extends ArchitectureConfig> Map<String, Tensor> weights(
      ModelBundle model, Architecture<C> architecture) {
    C config = config(model.manifest(), architecture);
    return OnnxWeights.read(model.onnx(), OnnxOps.parametersOf(architecture, config));
  }

  private static <C extends ArchitectureConfig> C config(
      ModelManifest manifest, Architecture<C> architecture) {
    return Hyperparameters.read(architecture, JSON.valueToTree(manifest.architectureConfig()))
        .config();
  }

  private static ServedModel.Description description(ModelManifest manifest) {
    return new ServedModel.Description(
        manifest.id(),
        manifest.version(),
        manifest.step(),
        manifest.channels().names(),
        serving(manifest),
        manifest.precision(),
        manifest.shiftEquivariant(),
        manifest.licence(),
        manifest.training());
  }

  /** How a model is served. */
  static Serving serving(ModelManifest manifest) {
    boolean patches =
        manifest.inputs().stream().anyMatch(input -> input.role() == TensorRole.PATCHES);
    return new Serving(patches ? PastInput.PATCHES : PastInput.CONTEXT, manifest.rollout());
  }
}
