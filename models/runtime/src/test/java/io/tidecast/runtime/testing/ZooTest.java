package io.tidecast.runtime.testing;

import io.tidecast.runtime.bundle.ModelBundle;
import io.tidecast.runtime.manifest.ModelManifest;
import io.tidecast.runtime.onnx.OnnxForecaster;
import io.tidecast.runtime.onnx.OnnxOptions;
import io.tidecast.runtime.windows.Forecaster;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

/** The contract kit, over every model of the zoo. */
@Tag("zoo")
@ParameterizedClass(name = "{0}")
@MethodSource("models")
class ZooTest extends ForecasterContract {

  private static final Path ZOO =
      Path.of(System.getProperty("tidecast.root"), "models", "zoo").toAbsolutePath();

  @Parameter private String model;

  static List<String> models() throws IOException {
    try (Stream<Path> files = Files.walk(ZOO, 3)) {
      return files
          .filter(file -> file.endsWith(ModelManifest.FILE))
          .map(file -> ZOO.relativize(file.getParent()).toString())
          .sorted()
          .toList();
    }
  }

  @Override
  protected String subject() {
    return model;
  }

  @Override
  protected Forecaster open() {
    return OnnxForecaster.open(ModelBundle.read(ZOO.resolve(model)), OnnxOptions.defaults());
  }
}
