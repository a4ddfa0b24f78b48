package io.tidecast.runtime.bundle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.tidecast.runtime.manifest.ModelException;
import io.tidecast.runtime.manifest.ModelManifest;
import io.tidecast.runtime.onnx.OnnxForecaster;
import io.tidecast.runtime.onnx.OnnxOptions;
import io.tidecast.runtime.testing.TestModels;
import io.tidecast.runtime.windows.Window;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ModelBundleTest {

  private static final GoldenVectors GOLDEN =
      new GoldenVectors(
          1e-4,
          List.of(
              new GoldenVectors.Case(
                  Window.of(new float[] {1, 2, 3, 4}), new float[] {1, 2, 3, 4}, new float[0])));

  private final ModelBundle identity = TestModels.identity();
  @TempDir private Path directory;

  @BeforeEach
  void writeModel() throws Exception {
    identity.manifest().write(directory.resolve(ModelManifest.FILE));
    Files.write(directory.resolve(ModelBundle.ONNX_FILE), identity.onnx());
    GOLDEN.write(directory.resolve(GoldenVectors.FILE));
  }

  @Test
  void shouldReadADirectory() {
    ModelBundle read = ModelBundle.read(directory);

    assertThat(read.manifest()).isEqualTo(identity.manifest());
    assertThat(read.onnx()).isEqualTo(identity.onnx());
    assertThat(read.golden().cases()).hasSize(1);
  }

  @Test
  void shouldDoWithoutGoldenVectors() throws Exception {
    Files.delete(directory.resolve(GoldenVectors.FILE));

    assertThat(ModelBundle.read(directory).golden()).isEqualTo(GoldenVectors.none());
  }

  @Test
  void shouldRefuseAGraphThatTheManifestDoesNotMean() throws Exception {
    byte[] other = identity.onnx().clone();
    other[other.length - 1]++;
    Files.write(directory.resolve(ModelBundle.ONNX_FILE), other);

    assertThatExceptionOfType(ModelException.class)
        .isThrownBy(() -> ModelBundle.read(directory))
        .withMessage(
            "model.onnx is not the file of its manifest: sha256: expected "
                + identity.manifest().sha256()
                + ", found "
                + ModelBundle.sha256(other));
  }

  @Test
  void shouldNameTheFileThatIsMissing() throws Exception {
    Path onnx = directory.resolve(ModelBundle.ONNX_FILE);
    Files.delete(onnx);

    assertThatExceptionOfType(ModelException.class)
        .isThrownBy(() -> ModelBundle.read(directory))
        .withMessage("must be a readable file: " + onnx);
  }

  @Test
  void shouldTravelByValue() throws Exception {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
      out.writeObject(new ModelBundle(identity.manifest(), identity.onnx(), GOLDEN));
    }
    ModelBundle arrived;
    try (ObjectInputStream in =
        new ObjectInputStream(new ByteArrayInputStream(bytes.toByteArray()))) {
      arrived = (ModelBundle) in.readObject();
    }

    assertThat(arrived.manifest()).isEqualTo(identity.manifest());
    OnnxForecaster.open(arrived, OnnxOptions.defaults()).close();
  }
}
