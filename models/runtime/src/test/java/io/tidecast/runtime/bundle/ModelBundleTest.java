package io.tidecast.runtime.bundle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.within;

import ai.onnx.proto.OnnxMl.ModelProto;
import io.tidecast.runtime.manifest.ModelException;
import io.tidecast.runtime.manifest.ModelManifest;
import io.tidecast.runtime.onnx.OnnxForecaster;
import io.tidecast.runtime.onnx.OnnxOptions;
import io.tidecast.runtime.testing.TestModels;
import io.tidecast.runtime.windows.ForecastBatch;
import io.tidecast.runtime.windows.Window;
import io.tidecast.runtime.windows.WindowBatch;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
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

  /** The manifest of the export with the weights named. */
  private static final String MANIFEST_WITH_WEIGHTS = "manifest-with-weights.json";

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
  void shouldFollowLinksWithinTheFolderAlone() throws Exception {
    // As a volume of Kubernetes has its files.
    Path onnx = directory.resolve(ModelBundle.ONNX_FILE);
    Path data = Files.createDirectory(directory.resolve("..data"));
    Files.move(onnx, data.resolve(ModelBundle.ONNX_FILE));
    Files.createSymbolicLink(onnx, Path.of("..data", ModelBundle.ONNX_FILE));

    assertThat(ModelBundle.read(directory).onnx()).isEqualTo(identity.onnx());
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

  /** As PyTorch exports by default today: {@code [96, 24]} weights in a file of their own. */
  @Test
  void shouldPutWeightsBesideTheGraphIntoItUnderTheirChecksum() throws Exception {
    Path model = copy("weights-beside", MANIFEST_WITH_WEIGHTS);

    ModelBundle bundle = ModelBundle.read(model);

    assertThat(bundle.graph().header().outside()).isEmpty();
    float[] context = new float[96];
    for (int t = 0; t < context.length; t++) {
      context[t] = (float) Math.sin(t);
    }
    float[] points = new float[24];
    try (OnnxForecaster forecaster = OnnxForecaster.open(bundle, OnnxOptions.defaults())) {
      WindowBatch windows = new WindowBatch(forecaster.spec(), 1);
      ForecastBatch forecasts = new ForecastBatch(forecaster.spec(), 1);
      windows.add(Window.of(context));
      forecaster.forecast(windows, forecasts);
      forecasts.points(0, points);
    }
    assertThat(points).containsExactly(linear(model, context), within(1e-5f));
  }

  /** What the graph of the case does: a matrix in its file of weights, and a bias in the graph. */
  private static float[] linear(Path model, float[] context) throws Exception {
    FloatBuffer weights = floats(Files.readAllBytes(model.resolve("ext3.onnx.data")));
    ModelProto graph = ModelProto.parseFrom(Files.readAllBytes(model.resolve("model.onnx")));
    FloatBuffer bias = floats(graph.getGraph().getInitializer(0).getRawData().toByteArray());
    float[] points = new float[24];
    for (int h = 0; h < points.length; h++) {
      double sum = bias.get(h);
      for (int t = 0; t < context.length; t++) {
        sum += (double) context[t] * weights.get(t * points.length + h);
      }
      points[h] = (float) sum;
    }
    return points;
  }

  private static FloatBuffer floats(byte[] bytes) {
    return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer();
  }

  @Test
  void shouldReadNoWeightsThatTheManifestDoesNotName() throws Exception {
    Path model = copy("weights-beside", "manifest.json");

    assertThatExceptionOfType(ModelException.class)
        .isThrownBy(() -> ModelBundle.read(model))
        .withMessage(
            model.resolve("model.onnx")
                + ": must have its weights in files that the manifest names with their"
                + " checksums under weights, and has some in ext3.onnx.data: ./tidecast model"
                + " inspect "
                + model.resolve("model.onnx")
                + " writes that");
  }

  @Test
  void shouldRefuseWeightsOfAnotherExport() throws Exception {
    Path model = copy("weights-beside", MANIFEST_WITH_WEIGHTS);
    Path weights = model.resolve("ext3.onnx.data");
    byte[] other = Files.readAllBytes(weights);
    other[17]++;
    Files.write(weights, other);

    assertThatExceptionOfType(ModelException.class)
        .isThrownBy(() -> ModelBundle.read(model))
        .withMessageStartingWith(
            model.resolve("model.onnx")
                + ": must have the weights that the manifest means: "
                + weights
                + ": sha256: ");
  }

  @Test
  void shouldRefuseAGraphThatDrawsAtRandom() throws Exception {
    Path model = copy("draws-at-random", "manifest.json");

    assertThatExceptionOfType(ModelException.class)
        .isThrownBy(() -> ModelBundle.read(model))
        .withMessage(
            model.resolve("model.onnx")
                + ": must not draw at random, or two runs on the same window differ:"
                + " RandomNormalLike: export it in evaluation mode (model.eval() in PyTorch), or let"
                + " it take the draws as an input of role noise (at graph.node[0])");
  }

  private Path copy(String model, String manifest) throws Exception {
    Path from = Path.of(ModelBundleTest.class.getResource(model).toURI());
    Path to = Files.createDirectory(directory.resolve(model));
    for (String file : List.of("model.onnx", "ext3.onnx.data")) {
      if (Files.exists(from.resolve(file))) {
        Files.copy(from.resolve(file), to.resolve(file));
      }
    }
    Files.copy(from.resolve(manifest), to.resolve(ModelManifest.FILE));
    return to;
  }
}
