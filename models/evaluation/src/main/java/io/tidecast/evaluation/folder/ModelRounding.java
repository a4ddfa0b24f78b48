package io.tidecast.evaluation.folder;

import io.tidecast.architectures.Architecture;
import io.tidecast.architectures.ArchitectureConfig;
import io.tidecast.architectures.ArchitectureRegistry;
import io.tidecast.architectures.WeightsException;
import io.tidecast.runtime.bundle.GoldenVectors;
import io.tidecast.runtime.bundle.ModelBundle;
import io.tidecast.runtime.manifest.ModelException;
import io.tidecast.runtime.manifest.ModelManifest;
import io.tidecast.runtime.manifest.Precision;
import io.tidecast.runtime.onnx.OnnxForecaster;
import io.tidecast.runtime.onnx.OnnxOptions;
import io.tidecast.runtime.windows.Forecaster;
import io.tidecast.runtime.windows.Window;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Makes a model in half precision of one in single precision, for GPUs. It is a version of its own:
 * its forecasts are others, if not by much, and nobody has measured them.
 *
 * <p>Its golden vectors are what the new graph itself gives on a processor. They are held with a
 * tolerance of {@value #GOLDEN_TOLERANCE}: 16-bit floats have 10 bits of mantissa, and each device
 * rounds elsewhere. A network that chooses places, Informer or Autoformer, may choose another of
 * two that are all but equal once it rounds, and then forecasts something else, on another device
 * too. So windows that move far are no golden vectors of the new graph.
 *
 * @param bundle the model in half precision
 * @param difference the greatest difference from the forecasts of the original, over the golden
 *     windows that are kept, as a share of the spread of the forecast
 * @param moved golden windows of the original that move further and are not kept
 */
public record ModelRounding(ModelBundle bundle, double difference, int moved) {

  /** What a version is called where nobody calls it otherwise. */
  private static final String SUFFIX = "-fp16";

  /** Of a value; a GPU rounds as much as the processor did, but at other places. */
  private static final double GOLDEN_TOLERANCE = 2e-2;

  /** Of the spread; what rounding alone does is half of it at most in the models of the zoo. */
  private static final double MOST = 1e-2;

  /** A forecast that hardly moves has a spread of next to nothing. */
  private static final double LEAST_SPREAD = 1e-2;

  /**
   * Rounds a model.
   *
   * @param model in single precision, with its weights in the graph under their official names
   * @param asked the version of the result; null for that of the model and {@code -fp16}
   * @throws ModelException if the model is not of these architectures, its graph holds other
   *     weights, one of them is too large, or the forecasts differ too much
   */
  public static ModelRounding of(
      ModelBundle model, @Nullable String asked, ArchitectureRegistry architectures) {
    ModelReexport.requireWhole(model);
    ModelManifest manifest = model.manifest();
    String version = asked == null ? manifest.version() + SUFFIX : asked;
    if (version.equals(manifest.version())) {
      throw new ModelException(
          "a model in half precision must have a version of its own: version=" + version);
    }
    try {
      return rounded(model, version, architectures.named(manifest.architecture()));
    } catch (IllegalArgumentException | WeightsException e) {
      throw new ModelException(
          "%s/%s can't be exported in half precision: %s"
              .formatted(manifest.id(), manifest.version(), e.getMessage()),
          e);
    }
  }

  /**
   * Rounds the model of a folder, into a folder of its own.
   *
   * @param asked as for {@link #of}
   * @throws ModelException as {@link #of} does
   * @throws IOException if the card can't be read, or the folder not be written
   */
  public static ModelRounding write(
      Path from, @Nullable String asked, ArchitectureRegistry architectures, Path to)
      throws IOException {
    ModelBundle model = ModelBundle.read(from);
    ModelRounding made = of(model, asked, architectures);
    Path card = from.resolve(ServedModel.CARD);
    ServedModel.write(
        to,
        made.bundle(),
        made.card(model.manifest(), Files.exists(card) ? Files.readString(card) : ""));
    return made;
  }

  private static <C extends ArchitectureConfig> ModelRounding rounded(
      ModelBundle model, String version, Architecture<C> architecture) {
    ModelManifest manifest = model.manifest();
    boolean moves;
    try (Forecaster forecaster = OnnxForecaster.open(model, OnnxOptions.defaults())) {
      moves = forecaster.isShiftEquivariant();
    }
    ServedModel<C> served =
        ModelReexport.served(manifest, architecture, description(manifest, version, moves));
    ModelBundle made = served.emit(ModelReexport.weights(model, architecture));
    ModelManifest asOriginal =
        ModelReexport.served(
                manifest, architecture, description(manifest, manifest.version(), moves))
            .manifest(made.manifest().sha256(), List.of());

    List<GoldenVectors.Case> wholes = model.golden().cases();
    List<Window> windows = wholes.stream().map(GoldenVectors.Case::window).toList();
    // Under the original's version, on which draws depend.
    List<GoldenVectors.Case> halves =
        cases(new ModelBundle(asOriginal, made.graph(), GoldenVectors.none()), windows);
    List<Window> kept = new ArrayList<>();
    double difference = 0;
    for (int i = 0; i < windows.size(); i++) {
      double found = difference(wholes.get(i).point(), halves.get(i).point());
      if (found <= MOST) {
        kept.add(windows.get(i));
        difference = Math.max(difference, found);
      }
    }
    int moved = windows.size() - kept.size();
    if (moved > kept.size()) {
      throw new ModelException(
          "in half precision, no more than half of the golden windows of %s/%s may move by more than %s of the spread of their forecast, %d of %d do; serve the model in single precision"
              .formatted(manifest.id(), manifest.version(), MOST, moved, windows.size()));
    }
    GoldenVectors golden = new GoldenVectors(GOLDEN_TOLERANCE, cases(made, kept));
    return new ModelRounding(
        new ModelBundle(made.manifest(), made.graph(), golden), difference, moved);
  }

  private static List<GoldenVectors.Case> cases(ModelBundle model, List<Window> windows) {
    try (Forecaster forecaster = OnnxForecaster.open(model, OnnxOptions.defaults())) {
      return ServedModel.cases(forecaster, windows);
    }
  }

  /**
   * @param moves whether the original moves with its context: told, since a trial of the new graph
   *     would find what it rounds
   */
  private static ServedModel.Description description(
      ModelManifest manifest, String version, boolean moves) {
    return new ServedModel.Description(
        manifest.id(),
        version,
        manifest.step(),
        manifest.channels().names(),
        ModelReexport.serving(manifest),
        Precision.FP16,
        moves,
        manifest.licence(),
        origin(manifest));
  }

  private static Map<String, Object> origin(ModelManifest manifest) {
    Map<String, Object> training = new LinkedHashMap<>(manifest.training());
    Map<String, Object> original = new LinkedHashMap<>();
    original.put("version", manifest.version());
    original.put("sha256", manifest.sha256());
    training.put("roundedFrom", original);
    return training;
  }

  /** The greatest difference as a share of the spread of the forecast, all targets together. */
  private static double difference(float[] wholes, float[] halves) {
    double sum = 0;
    double sizes = 0;
    for (float value : wholes) {
      sum += value;
      sizes += Math.abs(value);
    }
    double mean = sum / wholes.length;
    double squares = 0;
    double greatest = 0;
    for (int i = 0; i < wholes.length; i++) {
      squares += (wholes[i] - mean) * (wholes[i] - mean);
      greatest = Math.max(greatest, Math.abs((double) wholes[i] - halves[i]));
    }
    double spread = Math.sqrt(squares / wholes.length);
    double least = LEAST_SPREAD * sizes / wholes.length;
    return greatest == 0 ? 0 : greatest / Math.max(spread, least);
  }

  private String card(ModelManifest original, String card) {
    return String.format(
        Locale.ROOT,
        """
        # %s, version %s

        Version %s in half precision (fp16), for GPUs. Its forecasts of the golden windows differ from those of version %s by
        up to %.2f %% of their spread. Its accuracy has not been measured: `./tidecast evaluate` does that. What follows is the
        card of version %s.

        %s""",
        original.id(),
        bundle.manifest().version(),
        original.version(),
        original.version(),
        100 * difference,
        original.version(),
        card);
  }
}
