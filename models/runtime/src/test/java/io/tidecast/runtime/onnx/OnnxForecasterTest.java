package io.tidecast.runtime.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import ai.onnx.proto.OnnxMl;
import io.tidecast.runtime.bundle.GoldenVectors;
import io.tidecast.runtime.bundle.ModelBundle;
import io.tidecast.runtime.manifest.ForecasterSpec;
import io.tidecast.runtime.manifest.ModelException;
import io.tidecast.runtime.manifest.ModelManifest;
import io.tidecast.runtime.testing.TestGraph;
import io.tidecast.runtime.testing.TestModels;
import io.tidecast.runtime.windows.ForecastBatch;
import io.tidecast.runtime.windows.Forecaster;
import io.tidecast.runtime.windows.Window;
import io.tidecast.runtime.windows.WindowBatch;
import java.nio.file.Files;
import java.nio.file.Path;
import java.text.MessageFormat;
import java.util.ArrayList;
import java.util.List;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.assertj.core.api.ThrowableAssertAlternative;
import org.junit.jupiter.api.Test;

class OnnxForecasterTest {

  private static final float[] CONTEXT = {1, 2, 3, 4};

  @Test
  void shouldWritePointsAndQuantilesRowByRow() {
    ModelBundle bundle = TestModels.withQuantiles();
    ForecasterSpec spec = bundle.manifest().spec();
    try (Forecaster forecaster = OnnxForecaster.open(bundle, OnnxOptions.defaults())) {
      WindowBatch windows = new WindowBatch(spec, 4);
      windows.add(Window.of(CONTEXT));
      windows.add(Window.of(new float[] {5, 6, 7, 8}));
      ForecastBatch forecasts = new ForecastBatch(spec, 8);

      forecaster.forecast(windows, forecasts);

      float[] points = new float[4];
      float[] quantiles = new float[12];
      forecasts.points(1, points);
      forecasts.quantiles(1, quantiles);
      assertThat(points).containsExactly(5, 6, 7, 8);
      assertThat(quantiles).containsExactly(2.5f, 5, 10, 3, 6, 12, 3.5f, 7, 14, 4, 8, 16);
    }
  }

  @Test
  void shouldAnswerAlikeWithASessionOfItsOwnForEachNumber() {
    ModelBundle bundle = TestModels.withQuantiles();
    OnnxForecaster first = OnnxForecaster.open(bundle, OnnxOptions.defaults());
    Forecaster second = first.beside(1);

    assertThat(first.beside(0)).isSameAs(first);
    assertThat(second).isNotSameAs(first).isSameAs(first.beside(1)).isNotSameAs(first.beside(2));
    assertThat(second.spec()).isEqualTo(first.spec());
    assertThat(second.isShiftEquivariant()).isEqualTo(first.isShiftEquivariant());
    assertThat(points(second)).containsExactly(points(first));

    first.close();

    assertThatIllegalStateException()
        .isThrownBy(() -> points(second))
        .withMessageContaining("forecaster is closed");
    assertThat(first.beside(3)).isSameAs(first);
  }

  @Test
  void shouldShareItsSessionWithNumbersWhoseWeightsWouldBeTooMuch() {
    ModelBundle bundle = TestModels.withQuantiles();
    int most = FurtherSessions.MOST_BYTES / bundle.onnx().length;
    try (OnnxForecaster first = OnnxForecaster.open(bundle, OnnxOptions.defaults())) {
      assertThat(first.beside(most)).isNotSameAs(first);
      assertThat(first.beside(most + 1)).isSameAs(first);
    }
  }

  private static float[] points(Forecaster forecaster) {
    WindowBatch windows = new WindowBatch(forecaster.spec(), 1);
    windows.add(Window.of(CONTEXT));
    ForecastBatch forecasts = new ForecastBatch(forecaster.spec(), 1);
    forecaster.forecast(windows, forecasts);
    float[] points = new float[forecaster.spec().pointsSize()];
    forecasts.points(0, points);
    return points;
  }

  @Test
  void shouldServeAGraphOfAnyNumberOfChannels() {
    TestGraph graph = new TestGraph(1).input("context", -1, 4, -1).output("point", -1, 4, -1);
    graph.result("point", "context");
    byte[] onnx = graph.bytes();
    ModelManifest fixed = TestModels.manifest("any-channels", 4, 4, 2, List.of(), onnx);
    ModelManifest any =
        ModelManifest.parse(fixed.toJson().replace("[ -1, 4, 2 ]", "[ -1, 4, -1 ]"));

    try (Forecaster forecaster = open(any, onnx)) {
      WindowBatch windows = new WindowBatch(forecaster.spec(), 1);
      windows.add(Window.of(new float[] {1, 2, 3, 4, 5, 6, 7, 8}));
      ForecastBatch forecasts = new ForecastBatch(forecaster.spec(), 1);
      forecaster.forecast(windows, forecasts);
      float[] points = new float[8];
      forecasts.points(0, points);
      assertThat(points).containsExactly(1, 2, 3, 4, 5, 6, 7, 8);
    }
  }

  @Test
  void shouldRefuseBytesThatAreNoGraph() {
    assertRefused("identity", new byte[] {1, 2, 3})
        .withMessageStartingWith("model.onnx: not an ONNX file");
  }

  @Test
  void shouldRefuseInputsOfOtherNames() {
    TestGraph graph = new TestGraph(1).input("x", -1, 4, 1).output("point", -1, 4, 1);
    graph.result("point", "x");

    assertRefused("names", graph.bytes())
        .withMessage("inputs: the manifest expects [context], model.onnx has [x]");
  }

  @Test
  void shouldRefuseOutputsThatTheManifestDoesNotName() {
    TestGraph graph =
        new TestGraph(1)
            .input("context", -1, 4, 1)
            .output("point", -1, 4, 1)
            .output("more", -1, 4, 1);
    graph.result("point", "context");
    graph.result("more", "context");

    assertRefused("names", graph.bytes())
        .withMessage("outputs: the manifest expects [point], model.onnx has [point, more]");
  }

  @Test
  void shouldRefuseShapesOtherThanTheManifests() {
    TestGraph graph = new TestGraph(1).input("context", -1, 5, 1).output("point", -1, 5, 1);
    graph.result("point", "context");

    assertRefused("shapes", graph.bytes())
        .withMessage(
            "inputs: context: the manifest expects shape [-1, 4, 1], model.onnx has [-1, 5, 1]");
  }

  @Test
  void shouldRefuseTypesOtherThanFloat() {
    TestGraph graph =
        new TestGraph(1)
            .input(OnnxMl.TensorProto.DataType.DOUBLE, "context", -1, 4, 1)
            .output("point", -1, 4, 1);
    graph.result("point", graph.node("Cast", new Object[] {"to", 1}, "context"));

    assertRefused("types", graph.bytes())
        .withMessageStartingWith(
            "inputs: context: the manifest expects a tensor of float32, model.onnx has ");
  }

  @Test
  void shouldRefuseWeightsOutsideTheGraph() throws Exception {
    // Beside the working directory's files, where a path relative to it would be found.
    Path weights = Files.createTempFile(Path.of(""), "weights", ".bin");
    try {
      Files.write(weights, new byte[16]);
      TestGraph graph = new TestGraph(1).input("context", -1, 4, 1).output("point", -1, 4, 1);
      String outside = graph.outside(weights.toString(), 4, 1);
      graph.result("point", graph.node("Add", "context", outside));

      assertRefused("outside", graph.bytes())
          .withMessageStartingWith("model.onnx: must hold its weights, which lie in weights");
    } finally {
      Files.delete(weights);
    }
  }

  @Test
  void shouldRefuseRolesThatItCannotFeed() {
    assertRefused(change("\"role\" : \"context\"", "\"role\" : \"decoder_input\""))
        .withMessage(
            "inputs: context: layout: must name each axis once, of batch, time+horizon, channel,"
                + " and 1 for what is none; found batch,time,channel");
    assertRefused(change("\"role\" : \"point\"", "\"role\" : \"samples\""))
        .withMessageStartingWith(
            "outputs: expected one of role point, or quantiles with the level");
  }

  @Test
  void shouldRefuseLayoutsAndTypesThatItCannotFeed() {
    assertRefused(change("batch,time,channel", "batch,channel,time"))
        .withMessage("inputs: context: shape: expected [-1, 1, 4], found [-1, 4, 1]");
    assertRefused(change("batch,time,channel", "batch,time,level"))
        .withMessage(
            "inputs: context: layout: must name each axis once, of batch, time or lag, channel,"
                + " and 1 for what is none; found batch,time,level");
    assertRefused(change("\"type\" : \"float32\"", "\"type\" : \"float16\""))
        .withMessage(
            "inputs: context: the manifest expects a tensor of float16, model.onnx has float32");
  }

  @Test
  void shouldRefuseAManifestThatContradictsItself() {
    assertRefused(change("\"contextLength\" : 4", "\"contextLength\" : 8"))
        .withMessage("inputs: context: shape: expected [-1, 8, 1], found [-1, 4, 1]");
    assertRefused(change("\"quantileLevels\" : [ ]", "\"quantileLevels\" : [ 0.5 ]"))
        .withMessage(
            "quantileLevels: expected levels exactly when an output has the role quantiles, found"
                + " [0.5]");
  }

  @Test
  void shouldRefuseBatchesOfTwoSizes() {
    String two = change("[ -1, 4, 1 ]", "[ 2, 4, 1 ]");
    assertRefused(two.replace("[ -1, 4, 1 ]", "[ 3, 4, 1 ]"))
        .withMessage("inputs and outputs: must have batches of one size, found [2, 3]");
  }

  @Test
  void shouldSayBeforeThereIsAGraphWhatItCannotFeed() {
    OnnxForecaster.requireServable(TestModels.identity().manifest());
    ModelManifest decoder =
        ModelManifest.parse(change("\"role\" : \"context\"", "\"role\" : \"decoder_input\""));
    assertThatExceptionOfType(ModelException.class)
        .isThrownBy(() -> OnnxForecaster.requireServable(decoder))
        .withMessageContaining(
            "inputs: context: layout: must name each axis once, of batch, time+horizon");
  }

  @Test
  void shouldRefuseAModelThatMissesItsGoldenVectors() {
    ModelBundle identity = TestModels.identity();
    GoldenVectors wrong =
        new GoldenVectors(
            1e-4,
            List.of(
                new GoldenVectors.Case(Window.of(CONTEXT), CONTEXT, new float[0]),
                new GoldenVectors.Case(
                    Window.of(CONTEXT), new float[] {1, 2, 3.1f, 4}, new float[0])));

    assertThatExceptionOfType(ModelException.class)
        .isThrownBy(
            () ->
                OnnxForecaster.open(
                    new ModelBundle(identity.manifest(), identity.onnx(), wrong),
                    OnnxOptions.defaults()))
        .withMessageContaining("cases[1].point[2]: expected 3.1 within")
        .withMessageEndingWith("found 3.0");
  }

  /** The JSON of the identity's manifest with its first {@code from} replaced. */
  private static String change(String from, String to) {
    String json = TestModels.identity().manifest().toJson();
    assertThat(json).contains(from);
    int at = json.indexOf(from);
    return json.substring(0, at) + to + json.substring(at + from.length());
  }

  private static Forecaster open(ModelManifest manifest, byte[] onnx) {
    return OnnxForecaster.open(
        new ModelBundle(manifest, onnx, GoldenVectors.none()), OnnxOptions.defaults());
  }

  private static ThrowableAssertAlternative<ModelException> assertRefused(String json) {
    return assertThatExceptionOfType(ModelException.class)
        .isThrownBy(() -> open(ModelManifest.parse(json), TestModels.identity().onnx()));
  }

  private static ThrowableAssertAlternative<ModelException> assertRefused(String id, byte[] onnx) {
    return assertThatExceptionOfType(ModelException.class)
        .isThrownBy(() -> open(TestModels.manifest(id, 4, 4, 1, List.of(), onnx), onnx));
  }

  @Test
  void shouldWarnOfHalfPrecisionOnAProcessor() {
    List<String> warnings = new ArrayList<>();
    Handler handler =
        new Handler() {
          @Override
          public void publish(LogRecord record) {
            if (record.getLevel().equals(Level.WARNING)) {
              warnings.add(MessageFormat.format(record.getMessage(), record.getParameters()));
            }
          }

          @Override
          public void flush() {}

          @Override
          public void close() {}
        };
    Logger logger = Logger.getLogger(OnnxForecaster.class.getName());
    logger.addHandler(handler);
    try {
      ModelBundle single = TestModels.identity();
      OnnxForecaster.open(single, OnnxOptions.defaults()).close();
      assertThat(warnings).isEmpty();
      String half =
          single
              .manifest()
              .toJson()
              .replace("\"sha256\" :", "\"precision\" : \"fp16\", \"sha256\" :");
      ModelBundle same =
          new ModelBundle(ModelManifest.parse(half), single.graph(), single.golden());
      OnnxForecaster.open(same, OnnxOptions.defaults()).close();
    } finally {
      logger.removeHandler(handler);
    }
    assertThat(warnings)
        .singleElement()
        .asString()
        .contains("computes in half precision", "take that one, or a GPU (model.device)");
  }
}
