package io.tidecast.evaluation.folder;

import io.tidecast.runtime.bundle.GoldenVectors;
import io.tidecast.runtime.bundle.ModelBundle;
import io.tidecast.runtime.manifest.ModelException;
import io.tidecast.runtime.manifest.ModelManifest;
import io.tidecast.runtime.onnx.OnnxForecaster;
import io.tidecast.runtime.onnx.OnnxOptions;
import io.tidecast.runtime.windows.Forecaster;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Makes the golden vectors of a model that came from elsewhere: what its graph answers here. */
public final class ForeignGolden {

  private ForeignGolden() {}

  /**
   * Has the model in a folder answer windows around a level, and keeps the answers beside it.
   *
   * @param mean about which the windows lie, in the units that the model was trained in
   * @param deviation how far they move about it
   * @return the vectors, as {@code golden.json} now has them
   * @throws ModelException if the model can't be opened, answers with what is no number, or has
   *     golden vectors already
   */
  public static GoldenVectors write(Path folder, double mean, double deviation) {
    Path file = folder.resolve(GoldenVectors.FILE);
    if (Files.exists(file)) {
      throw new ModelException(
          "must have no golden vectors yet: %s is there: delete it to have new ones made"
              .formatted(file));
    }
    ModelBundle bundle = ModelBundle.read(folder);
    ModelManifest manifest = bundle.manifest();
    List<String> names = manifest.channels().names();
    int[] known = manifest.futureCovariates().stream().mapToInt(names::indexOf).toArray();
    GoldenVectors golden;
    try (Forecaster forecaster = OnnxForecaster.open(bundle, OnnxOptions.defaults())) {
      golden =
          ServedModel.golden(
              forecaster,
              SyntheticWindows.of(
                  forecaster.spec(), known, (value, channel) -> value * deviation + mean));
    }
    golden.write(file);
    return golden;
  }
}
