package io.tidecast.benchmarks.inference;

import io.tidecast.runtime.bundle.ModelBundle;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** The model that is measured. */
public final class Models {

  /** This system property names another model's directory. */
  static final String PROPERTY = "tidecast.model";

  private static final String ZOO = "models/zoo";
  private static final String DEFAULT = "patchtst-uk-demand";

  private Models() {}

  /** The model that {@code -Dtidecast.model} names, or the PatchTST of the zoo. */
  public static Path directory() {
    return directory(System.getProperty(PROPERTY, DEFAULT));
  }

  /**
   * Finds a model.
   *
   * @param model its folder, or the name of one of the zoo, of which version 1 is meant; null for
   *     that of {@link #directory()}
   */
  public static Path directory(@Nullable String model) {
    if (model == null) {
      return directory();
    }
    Path folder = Path.of(model);
    Path zoo = Path.of(System.getProperty("tidecast.root", ""), ZOO, model, "1");
    if (!Files.isDirectory(folder) && !Files.isDirectory(zoo)) {
      throw new IllegalArgumentException(
          "model must be a folder, or one of the zoo: model=" + model);
    }
    return Files.isDirectory(folder) ? folder : zoo;
  }

  public static ModelBundle load() {
    return ModelBundle.read(directory());
  }
}
