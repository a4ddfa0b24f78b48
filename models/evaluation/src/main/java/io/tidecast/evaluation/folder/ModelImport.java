package io.tidecast.evaluation.folder;

import io.tidecast.architectures.Architecture;
import io.tidecast.architectures.ArchitectureConfig;
import io.tidecast.architectures.Hyperparameters;
import io.tidecast.architectures.Tensor;
import io.tidecast.architectures.WeightsException;
import io.tidecast.architectures.onnx.OnnxOps;
import io.tidecast.evaluation.data.Scaler;
import io.tidecast.runtime.bundle.GoldenVectors;
import io.tidecast.runtime.bundle.ModelBundle;
import io.tidecast.runtime.manifest.ModelException;
import io.tidecast.runtime.manifest.ModelManifest;
import io.tidecast.runtime.onnx.OnnxForecaster;
import io.tidecast.runtime.onnx.OnnxOptions;
import io.tidecast.runtime.windows.Forecaster;
import io.tidecast.runtime.windows.Window;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Turns a checkpoint of the official PyTorch code into a model folder: the graph, its manifest,
 * golden vectors, and the card. Nothing of torch is loaded.
 */
public final class ModelImport<C extends ArchitectureConfig> {
  private final Architecture<C> architecture;
  private final C config;
  private final List<String> assumed;
  private final Settings settings;
  private final ServedModel<C> served;

  /**
   * What the checkpoint does not say.
   *
   * @param id of the model
   * @param version of the model
   * @param step the time between two cells as an ISO-8601 duration, or {@code any}
   * @param channels names, one for each of {@code enc_in}
   * @param scaler what the network was trained in the units of; null for raw units
   * @param serving how the model is served
   * @param checkpoint file name of the weights
   * @param command that imports it again
   * @param licence SPDX identifier of the model
   */
  public record Settings(
      String id,
      String version,
      String step,
      List<String> channels,
      @Nullable Scaler scaler,
      Serving serving,
      String checkpoint,
      String command,
      String licence) {

    /** A builder of a plainly served model in raw units. */
    public static Builder builder() {
      return new Builder();
    }

    /** Collects settings. One thread. */
    public static final class Builder {
      private @Nullable String id;
      private @Nullable String version;
      private String step = ModelManifest.ANY_STEP;
      private List<String> channels = List.of();
      private @Nullable Scaler scaler;
      private Serving serving = Serving.PLAIN;
      private @Nullable String checkpoint;
      private @Nullable String command;
      private @Nullable String licence;

      private Builder() {}

      /** Sets the name of the model. */
      public Builder id(String value) {
        id = value;
        return this;
      }

      /** Sets the version of the model. */
      public Builder version(String value) {
        version = value;
        return this;
      }

      /** Sets the time between two cells. */
      public Builder step(String value) {
        step = value;
        return this;
      }

      /** Sets the names of the channels. */
      public Builder channels(List<String> value) {
        channels = value;
        return this;
      }

      /** Sets what the network was trained in the units of; null for raw units. */
      public Builder scaler(@Nullable Scaler value) {
        scaler = value;
        return this;
      }

      /** Sets how the model is served. */
      public Builder serving(Serving value) {
        serving = value;
        return this;
      }

      /** Sets the file name of the weights. */
      public Builder checkpoint(String value) {
        checkpoint = value;
        return this;
      }

      /** Sets the command that imports it again. */
      public Builder command(String value) {
        command = value;
        return this;
      }

      /** Sets the SPDX identifier of the model. */
      public Builder licence(String value) {
        licence = value;
        return this;
      }

      /**
       * The settings.
       *
       * @throws IllegalArgumentException if one is not given
       */
      public Settings build() {
        return new Settings(
            given("id", id),
            given("version", version),
            step,
            channels,
            scaler,
            serving,
            given("checkpoint", checkpoint),
            given("command", command),
            given("licence", licence));
      }

      private static String given(String name, @Nullable String value) {
        if (value == null) {
          throw new IllegalArgumentException("must be given: " + name);
        }
        return value;
      }
    }
  }

  /**
   * An import of one checkpoint, not yet begun.
   *
   * @param hyperparameters of the network; the card names those that nobody gave and weights do not
   *     tell
   * @throws ModelException if the settings do not fit the network, or the runtime can't feed it
   * @throws IllegalArgumentException if the network can't be served so
   */
  public ModelImport(
      Architecture<C> architecture, Hyperparameters<C> hyperparameters, Settings settings) {
    this.architecture = architecture;
    this.config = hyperparameters.config();
    this.assumed = hyperparameters.untracedDefaults();
    this.settings = settings;
    this.served = new ServedModel<>(architecture, config, settings.scaler(), description());
    try {
      OnnxForecaster.requireServable(served.draft());
    } catch (ModelException e) {
      throw new ModelException(architecture.name() + " can't be served yet: " + e.getMessage(), e);
    }
  }

  /**
   * Writes the folder.
   *
   * @param checkpoint every tensor of the file, by name
   * @throws WeightsException naming everything that does not fit the hyperparameters
   * @throws ModelException if the network gives no finite forecasts
   * @throws IOException if the folder can't be written
   */
  public ModelManifest write(Map<String, Tensor> checkpoint, Path folder) throws IOException {
    Map<String, Tensor> weights = OnnxOps.parametersOf(architecture, config).from(checkpoint);
    ModelBundle bundle = served.emit(weights);
    GoldenVectors golden;
    try (Forecaster forecaster = OnnxForecaster.open(bundle, OnnxOptions.defaults())) {
      golden = ServedModel.golden(forecaster, syntheticWindows());
    }
    ServedModel.write(
        folder, new ModelBundle(bundle.manifest(), bundle.onnx(), golden), card(bundle, weights));
    return bundle.manifest();
  }

  /**
   * Says which hyperparameters were taken for the defaults of the architecture, though the weights
   * would fit other values too; empty if there are none.
   */
  public Optional<String> assumptions() {
    return assumed.isEmpty()
        ? Optional.empty()
        : Optional.of(
            "Not given, and not to be seen from the weights, so the defaults of %s: %s. Where it was trained with another value, give that one."
                .formatted(architecture.name(), String.join(", ", assumed)));
  }

  private ServedModel.Description description() {
    Map<String, Object> training = new LinkedHashMap<>();
    training.put("checkpoint", settings.checkpoint());
    if (settings.scaler() != null) {
      training.putAll(settings.scaler().toMap());
    }
    training.put("command", settings.command());
    return new ServedModel.Description(
        settings.id(),
        settings.version(),
        settings.step(),
        settings.channels(),
        settings.serving(),
        settings.licence(),
        training);
  }

  private List<Window> syntheticWindows() {
    Scaler scaler = settings.scaler();
    return SyntheticWindows.of(
        served.draft().spec(),
        IntStream.range(0, architecture.futureCovariates(config)).toArray(),
        (value, channel) ->
            scaler == null ? value : value * scaler.deviation()[channel] + scaler.mean()[channel]);
  }

  private String card(ModelBundle bundle, Map<String, Tensor> weights) {
    ModelManifest manifest = bundle.manifest();
    long values = weights.values().stream().mapToLong(t -> Tensor.elements(t.shape())).sum();
    return String.format(
        Locale.ROOT,
        """
        # %s, version %s

        A %s forecaster: from %s%d steps of context to %d steps ahead, step %s, channels %s. %,d weights. Licence %s.

        ## How it was made

        Imported from `%s`:

        ```
        %s
        ```

        %s

        Hyperparameters: `%s`
        %s
        ## Accuracy

        Nothing was measured when it was imported. Measure it on your series, beside seasonal naive:
        `./tidecast evaluate`.
        """,
        manifest.id(),
        manifest.version(),
        manifest.architecture(),
        manifest.leftPadding() ? "up to " : "",
        manifest.contextLength(),
        manifest.predictionLength(),
        manifest.step(),
        String.join(", ", manifest.channels().names()),
        values,
        manifest.licence(),
        settings.checkpoint(),
        settings.command(),
        settings.scaler() == null
            ? "It takes and gives values in the units in which it was trained."
            : "Mean and deviation of its training series are inside the graph: it takes and gives raw units.",
        manifest.architectureConfig(),
        assumptions().map(text -> "\n" + text + "\n").orElse(""));
  }
}
