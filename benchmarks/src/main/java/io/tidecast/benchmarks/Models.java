package io.tidecast.benchmarks;

import io.tidecast.runtime.ModelBundle;
import java.nio.file.Path;

/** The model that is measured. */
final class Models {

  /** System property that names another model's directory. */
  static final String PROPERTY = "tidecast.model";

  private static final String DEFAULT = "models/zoo/patchtst-uk-demand/1";

  private Models() {}

  static Path directory() {
    Path root = Path.of(System.getProperty("tidecast.root", ""));
    return Path.of(System.getProperty(PROPERTY, root.resolve(DEFAULT).toString()));
  }

  static ModelBundle load() {
    return ModelBundle.read(directory());
  }
}
