package io.tidecast.cli.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tidecast.cli.model.ForeignModels.Inspected;
import io.tidecast.cli.testing.Said;
import io.tidecast.runtime.bundle.ModelBundle;
import io.tidecast.runtime.onnx.OnnxForecaster;
import io.tidecast.runtime.onnx.OnnxOptions;
import io.tidecast.runtime.windows.ForecastBatch;
import io.tidecast.runtime.windows.Forecaster;
import io.tidecast.runtime.windows.Window;
import io.tidecast.runtime.windows.WindowBatch;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Models as people have them: what becomes of each. What is served is in ForeignModelsTest. */
class ForeignCasesTest {

  private static final Map<String, String> ANY_STEP = Map.of("/step", "\"any\"");

  @TempDir private Path folder;
  private String said = "";

  private int tidecast(String... words) {
    Said its = Said.tidecast(words);
    said = its.all();
    return its.code();
  }

  private Path resource(String name) throws IOException {
    return Files.write(folder.resolve(name), ForeignModels.resource(name));
  }

  /** Weights beside a graph: no file that the manifest does not vouch for, none of elsewhere. */
  @Test
  void shouldReadWeightsFromTheModelsOwnFolderAlone() throws Exception {
    Path model = Files.createDirectory(folder.resolve("model"));
    Files.write(model.resolve("model.onnx"), ForeignModels.resource("external.onnx"));
    Files.write(model.resolve("ext3.onnx.data"), ForeignModels.resource("ext3.onnx.data"));
    assertThat(tidecast("model", "inspect", model.resolve("model.onnx").toString())).isZero();
    ObjectNode draft =
        (ObjectNode) ForeignModels.JSON.readTree(said.substring(0, said.lastIndexOf('}') + 1));
    ForeignModels.JSON.writeValue(
        model.resolve("manifest.json").toFile(), draft.put("step", "any"));
    assertThat(points(model, window(96, 0))).hasSize(24);

    ForeignModels.JSON.writeValue(
        model.resolve("manifest.json").toFile(), draft.deepCopy().without("weights"));
    assertThat(tidecast("model", "golden", "--model", model.toString())).isEqualTo(2);
    assertThat(said)
        .contains("must have its weights in files that the manifest names with their checksums");

    ForeignModels.JSON.writeValue(model.resolve("manifest.json").toFile(), draft);
    byte[] others = ForeignModels.resource("ext3.onnx.data");
    others[0] ^= 1;
    Files.write(model.resolve("ext3.onnx.data"), others);
    assertThat(tidecast("model", "golden", "--model", model.toString())).isEqualTo(2);
    assertThat(said).contains("must have the weights that the manifest means", "sha256");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          ptst_typo.json | p32.safetensors | unknown: n_head; did you mean n_heads?
          ptst.json | plightning.safetensors | after its prefix net. is taken off, 1 problem:
          ptst.json | plightning.safetensors | - surplus: loss.weight F32 [1]
          ptst.json | x.pth | it is a pickle of PyTorch
          ptst.json | x.pth | state = torch.load("x.pth", map_location="cpu", weights_only=True)
          """)
  void shouldSayWhatIsWrongWithACheckpoint(String config, String weights, String message)
      throws IOException {
    assertThat(imported(config, weights, "model")).isEqualTo(2);
    assertThat(said).contains(message);
    assertThat(said.lines().filter(line -> line.startsWith("  - "))).hasSizeLessThan(2);
  }

  private int imported(String config, String weights, String to) throws IOException {
    return tidecast(
        "model",
        "import",
        "--architecture",
        "patchtst",
        "--config",
        resource(config).toString(),
        "--weights",
        resource(weights).toString(),
        "--out",
        folder.resolve(to).toString());
  }

  /** The same network with weights of 32 bits and of 16, which differ by what 16 bits hold. */
  @ParameterizedTest
  @CsvSource({"p16.safetensors, 0.01", "pb16.safetensors, 0.08"})
  void shouldWidenHalfPrecision(String weights, float tolerance) throws Exception {
    assertThat(imported("ptst.json", "p32.safetensors", "whole")).as(said).isZero();
    assertThat(imported("ptst.json", weights, "half")).as(said).isZero();

    Window window = window(96, 2);
    float[] whole = points(folder.resolve("whole"), window);
    float[] half = points(folder.resolve("half"), window);
    for (int i = 0; i < whole.length; i++) {
      assertThat(half[i]).isCloseTo(whole[i], within(tolerance * 20));
    }
    assertThat(half).isNotEqualTo(whole);
  }

  @ParameterizedTest
  @CsvSource({"q_bhcq.onnx", "q_bhq.onnx", "q_bqh.onnx"})
  void shouldTakeTheMedianForThePoint(String file) throws Exception {
    Inspected inspected =
        ForeignModels.model(
            folder,
            ForeignModels.resource(file),
            Map.of("/step", "\"any\"", "/quantileLevels", "[0.1, 0.5, 0.9]"));
    assertThat(inspected.report())
        .contains("To fill in: step, quantileLevels.")
        .endsWith("Tidecast serves it.\n");
    assertThat(inspected.draft().get("quantileLevels").asText())
        .contains("a list of 3", "with 0.5 among them");
    Window window = window(96, 0);
    boolean levelsFirst = file.equals("q_bqh.onnx");
    float[] raw =
        ForeignModels.run(
            ForeignModels.resource(file),
            "quantiles",
            (in, context) -> in.floats("x", context, 1, 96, 1),
            window.context());
    float[] points = points(folder, window);
    for (int i = 0; i < points.length; i++) {
      float median = raw[levelsFirst ? points.length + i : 3 * i + 1];
      assertThat(points[i]).isCloseTo(median, within(1e-4f));
    }

    JsonNode manifest = ForeignModels.JSON.readTree(folder.resolve("manifest.json").toFile());
    ((ObjectNode) manifest).set("quantileLevels", ForeignModels.JSON.readTree("[0.1, 0.6, 0.9]"));
    ForeignModels.JSON.writeValue(folder.resolve("manifest.json").toFile(), manifest);
    assertThat(tidecast("model", "golden", "--model", folder.toString())).isEqualTo(2);
    assertThat(said).contains("expected one of role point, or quantiles with the level 0.5");
  }

  @Test
  void shouldRefuseAGraphThatDrawsAtRandomByItsReason() throws Exception {
    assertThat(tidecast("model", "inspect", resource("random.onnx").toString())).isEqualTo(2);
    assertThat(said)
        .contains("must not draw at random, or two runs on the same window differ")
        .contains("RandomNormalLike", "model.eval()")
        .doesNotContain("ReduceMean");
  }

  @Test
  void shouldMakeGoldenVectorsThatAreChecked() throws Exception {
    ForeignModels.model(folder, ForeignModels.resource("ridge.onnx"), ANY_STEP);
    assertThat(tidecast("model", "golden", "--model", folder.toString())).as(said).isZero();
    Path golden = folder.resolve("golden.json");
    assertThat(points(folder, window(96, 0))).hasSize(24);
    assertThat(tidecast("model", "golden", "--model", folder.toString())).isEqualTo(2);
    assertThat(said).contains("must have no golden vectors yet");

    ObjectNode vectors = (ObjectNode) ForeignModels.JSON.readTree(golden.toFile());
    JsonNode first = vectors.at("/cases/0");
    ((ObjectNode) first).putArray("point").addAll(zeros(24));
    ForeignModels.JSON.writeValue(golden.toFile(), vectors);
    ModelBundle bundle = ModelBundle.read(folder);
    assertThat(catchMessage(bundle)).contains("does not give its golden vectors");
  }

  private static List<JsonNode> zeros(int count) {
    return Collections.nCopies(count, ForeignModels.JSON.getNodeFactory().numberNode(0));
  }

  private static String catchMessage(ModelBundle bundle) {
    try (Forecaster opened = OnnxForecaster.open(bundle, OnnxOptions.defaults())) {
      return "opened " + opened.spec().id();
    } catch (RuntimeException e) {
      return String.valueOf(e.getMessage());
    }
  }

  private static Window window(int cells, int channels) {
    float[] context = new float[cells * Math.max(1, channels)];
    for (int i = 0; i < context.length; i++) {
      context[i] = (float) (10 + 4 * Math.sin(0.26 * i) + Math.sin(12.9898 * i));
    }
    return Window.of(context);
  }

  private static float[] points(Path model, Window window) {
    try (Forecaster forecaster =
        OnnxForecaster.open(ModelBundle.read(model), OnnxOptions.defaults())) {
      WindowBatch windows = new WindowBatch(forecaster.spec(), 1);
      windows.add(window);
      ForecastBatch forecasts = new ForecastBatch(forecaster.spec(), 1);
      forecaster.forecast(windows, forecasts);
      float[] points = new float[forecaster.spec().pointsSize()];
      forecasts.points(0, points);
      return points;
    }
  }
}
