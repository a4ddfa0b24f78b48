package io.tidecast.benchmarks.inference;

import io.tidecast.runtime.bundle.ModelBundle;
import java.nio.file.Path;

/** The model that is measured. */
public final class Models {

  /** This system property names another model's directory. */
  static final String PROPERTY = "tidecast.model";

  private static final String DEFAULT = "models/zoo/patchtst-uk-demand/1";

  private Models() {}

  public static Path directory() {
    Path root = Path.of(System.getProperty("tidecast.root", ""));
    return Path.of(System.getProperty(PROPERTY, root.resolve(DEFAULT).toString()));
  }

  public static ModelBundle load() {
    return ModelBundle.read(directory());
  }
}
