package io.tidecast.cli.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tidecast.architectures.ForeignGraph;
import io.tidecast.cli.TidecastCommand;
import io.tidecast.runtime.bundle.ModelBundle;
import io.tidecast.runtime.manifest.ModelException;
import io.tidecast.runtime.manifest.ModelManifest;
import io.tidecast.runtime.onnx.OnnxForecaster;
import io.tidecast.runtime.onnx.OnnxOptions;
import io.tidecast.runtime.windows.ForecastBatch;
import io.tidecast.runtime.windows.Window;
import io.tidecast.runtime.windows.WindowBatch;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ModelInspectCommandTest {
  private static final ObjectMapper JSON = new ObjectMapper();

  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  @TempDir private Path folder;

  @ParameterizedTest
  @ValueSource(longs = {-1, 1})
  void shouldDraftWhatServesAGraphFromElsewhereOnceItIsFilledIn(long batch) throws IOException {
    Path file = write(ForeignGraph.linear(batch));
    Path manifest = folder.resolve("manifest.json");

    assertThat(run(file.toString(), "--manifest", manifest.toString())).as("%s", err).isZero();

    assertThat(out.toString().lines())
        .containsExactly(
            file + ": opset 17, written by pytorch 2.1.0",
            "  input   onnx::Transpose_0  float32 [" + size(batch) + ", 24, 3]  context",
            "  output  57  float32 [" + size(batch) + ", 6, 3]  point",
            "To fill in: step.",
            "Tidecast serves it.");
    assertThatThrownBy(() -> ModelBundle.read(folder))
        .isInstanceOf(ModelException.class)
        .hasMessageEndingWith("must be filled in first: step");

    ObjectNode draft = (ObjectNode) JSON.readTree(manifest.toFile());
    draft.put("architecture", "linear").put("step", "PT1H").put("licence", "MIT");
    draft.withObject("/channels").put("mode", "independent");
    JSON.writeValue(manifest.toFile(), draft);
    ModelBundle bundle = ModelBundle.read(folder);
    assertThat(bundle.manifest().id()).isEqualTo("model");
    assertThat(bundle.manifest().opset()).isEqualTo(17);
    assertServes(bundle);
  }

  private static String size(long batch) {
    return batch < 0 ? "any" : Long.toString(batch);
  }

  /** Three windows in one batch, each against the sum written out. */
  private static void assertServes(ModelBundle bundle) {
    try (OnnxForecaster forecaster = OnnxForecaster.open(bundle, OnnxOptions.defaults())) {
      WindowBatch windows = new WindowBatch(forecaster.spec(), 3);
      for (int row = 0; row < 3; row++) {
        windows.add(Window.of(context(row)));
      }
      ForecastBatch forecasts = new ForecastBatch(forecaster.spec(), 3);
      forecaster.forecast(windows, forecasts);
      float[] points = new float[ForeignGraph.HORIZON * ForeignGraph.CHANNELS];
      for (int row = 0; row < 3; row++) {
        forecasts.points(row, points);
        assertThat(points).containsExactly(expected(context(row)), within(1e-5f));
      }
    }
  }

  private static float[] context(int row) {
    float[] context = new float[ForeignGraph.CONTEXT * ForeignGraph.CHANNELS];
    for (int i = 0; i < context.length; i++) {
      context[i] = row + (float) Math.cos(i);
    }
    return context;
  }

  private static float[] expected(float[] context) {
    float[] points = new float[ForeignGraph.HORIZON * ForeignGraph.CHANNELS];
    for (int i = 0; i < points.length; i++) {
      for (int t = 0; t < ForeignGraph.CONTEXT; t++) {
        float weight = ForeignGraph.weight(t, i / ForeignGraph.CHANNELS);
        points[i] += weight * context[t * ForeignGraph.CHANNELS + i % ForeignGraph.CHANNELS];
      }
    }
    return points;
  }

  @Test
  void shouldPrintTheDraftAloneToStandardOutput() throws IOException {
    assertThat(run(write(ForeignGraph.linear(-1)).toString())).isZero();
    JsonNode draft = JSON.readTree(out.toString());
    assertThat(draft.get("contextLength").asInt()).isEqualTo(ForeignGraph.CONTEXT);
    assertThat(draft.get("predictionLength").asInt()).isEqualTo(ForeignGraph.HORIZON);
    assertThat(draft.at("/channels/names")).hasSize(ForeignGraph.CHANNELS);
    assertThat(draft.at("/channels/targets")).isEqualTo(draft.at("/channels/names"));
    assertThat(ModelManifest.toFill(draft)).containsExactly("step");
    assertThat(err.toString()).contains("Tidecast serves it.");
  }

  @Test
  void shouldServeAGraphWithMarksOnceTheyAreNamed() throws IOException {
    assertThat(run(write(ForeignGraph.withMarks()).toString())).isZero();
    ObjectNode draft = (ObjectNode) JSON.readTree(out.toString());
    assertThat(err.toString())
        .contains("x_mark_enc  float32 [any, 24, 4]  context_time_features")
        .contains("Tidecast serves it.");
    assertThat(ModelManifest.toFill(draft)).containsExactly("step", "timeFeatures");
    assertThat(draft.get("timeFeatures").asText())
        .startsWith("FILL IN: a list of 4, in the order of the input, of [second_of_minute, ");

    draft.put("architecture", "linear").put("step", "PT1H").put("licence", "MIT");
    draft.withObject("/channels").put("mode", "independent");
    ArrayNode features = draft.putArray("timeFeatures").add("hour_of_day").add("day_of_week");
    features.add("day_of_month").add("day_of_year");
    JSON.writeValue(folder.resolve("manifest.json").toFile(), draft);
    assertServes(ModelBundle.read(folder));
  }

  @Test
  void shouldServeAGraphThatDrawsSamples() {
    Path graph =
        Path.of(System.getProperty("tidecast.root"))
            .resolve(
                "flink-jobs/src/test/resources/io/tidecast/flink/calendar-and-noise/model.onnx");
    assertThat(run(graph.toString())).isZero();
    assertThat(err.toString())
        .contains("future_time_features  float32 [any, 4, 2]  future_time_features")
        .contains("noise  float32 [any, 1, 5, 4]  noise")
        .contains("samples  float32 [any, 5, 4]  samples")
        .contains("Tidecast serves it.")
        .contains("To fill in: step, channels.targets[0], timeFeatures, quantileLevels.");
  }

  @Test
  void shouldServeAGraphOfOneSizeOfBatchInThatSize() throws IOException {
    assertThat(run(write(ForeignGraph.linear(32)).toString())).isZero();
    ObjectNode draft = (ObjectNode) JSON.readTree(out.toString());
    draft.put("step", "any");
    JSON.writeValue(folder.resolve("manifest.json").toFile(), draft);
    assertServes(ModelBundle.read(folder));
  }

  @Test
  void shouldAskForWhatTheGraphLeavesOpen() throws IOException {
    assertThat(run(write(ForeignGraph.ofAnyLength()).toString())).isZero();
    JsonNode draft = JSON.readTree(out.toString());
    assertThat(ModelManifest.toFill(draft)).contains("contextLength");
    assertThat(draft.get("predictionLength").asInt()).isEqualTo(ForeignGraph.HORIZON);
    assertThat(draft.at("/channels/names")).hasSize(ForeignGraph.CHANNELS);
    assertThat(err.toString())
        .contains("Whether Tidecast serves it depends on the draft")
        .contains("it is decided once these are filled in: contextLength");

    ObjectNode filled = (ObjectNode) draft;
    filled.put("contextLength", ForeignGraph.CONTEXT).put("architecture", "linear");
    filled.put("step", "any").put("licence", "MIT").withObject("/channels").put("mode", "joint");
    JSON.writeValue(folder.resolve("manifest.json").toFile(), filled);
    assertServes(ModelBundle.read(folder));
  }

  @Test
  void shouldServeAGraphThatIsGivenPatchesOnceItIsSaidHowTheyAreCut() throws IOException {
    assertThat(run(write(ForeignGraph.ofPatches()).toString())).isZero();
    ObjectNode draft = (ObjectNode) JSON.readTree(out.toString());
    assertThat(err.toString())
        .contains("x_patches  float32 [any, 3, 8]  patches")
        .contains("Tidecast serves it.");
    assertThat(ModelManifest.toFill(draft))
        .containsExactly("contextLength", "step", "patches.stride", "patches.padding");
    assertThat(draft.at("/patches/length").asInt()).isEqualTo(8);

    draft.put("architecture", "linear").put("step", "PT1H").put("licence", "MIT");
    draft.put("contextLength", ForeignGraph.CONTEXT);
    draft.withObject("/channels").put("mode", "independent");
    draft.withObject("/patches").put("stride", 8).put("padding", "none");
    JSON.writeValue(folder.resolve("manifest.json").toFile(), draft);
    assertServes(ModelBundle.read(folder));
  }

  @Test
  void shouldSayThatQuantilesWithoutAnAxisForTargetsAreOfOne() throws IOException {
    assertThat(run(write(ForeignGraph.withQuantiles()).toString())).isZero();
    assertThat(ModelManifest.toFill(JSON.readTree(out.toString()))).contains("quantileLevels");
    assertThat(err.toString())
        .contains("y_quantiles  float32 [any, 6, 3]  quantiles")
        .contains(
            "can't serve it: outputs: y_quantiles: layout: must name channel, of which there are 3;");
  }

  @Test
  void shouldDraftQuantilesOfSeveralTargets() throws IOException {
    assertThat(run(write(ForeignGraph.withQuantilesOfEachChannel()).toString())).isZero();
    JsonNode draft = JSON.readTree(out.toString());
    assertThat(draft.get("manifestVersion").asInt()).isEqualTo(2);
    assertThat(draft.at("/outputs/1/layout").asText()).isEqualTo("batch,horizon,channel,level");
    assertThat(err.toString()).contains("Tidecast serves it");
  }

  @Test
  void shouldTellAGraphWhoseTimeComesLast() throws IOException {
    assertThat(run(write(ForeignGraph.timeLast()).toString())).isZero();
    JsonNode draft = JSON.readTree(out.toString());
    assertThat(draft.get("contextLength").asInt()).isEqualTo(ForeignGraph.CONTEXT);
    assertThat(draft.get("predictionLength").asInt()).isEqualTo(ForeignGraph.HORIZON);
    assertThat(draft.at("/inputs/0/layout").asText()).isEqualTo("batch,channel,time");
    assertThat(draft.at("/outputs/0/layout").asText()).isEqualTo("batch,channel,horizon");
    assertThat(err.toString()).endsWith("Tidecast serves it.\n");
    ((ObjectNode) draft).put("step", "any");
    JSON.writeValue(folder.resolve("manifest.json").toFile(), draft);
    assertServes(ModelBundle.read(folder));
  }

  @Test
  void shouldServeASeriesWithoutAnAxisForItsChannel() throws IOException {
    assertThat(run(write(ForeignGraph.withoutChannels()).toString())).isZero();
    assertThat(JSON.readTree(out.toString()).at("/inputs/0/layout").asText())
        .isEqualTo("batch,time");
    assertThat(err.toString()).endsWith("Tidecast serves it.\n");
  }

  @Test
  void shouldAskWhatATensorIsForWhereNothingTells() throws IOException {
    assertThat(run(write(ForeignGraph.withTwoOutputs()).toString())).isZero();
    JsonNode draft = JSON.readTree(out.toString());
    assertThat(draft.at("/outputs/0/role").asText())
        .isEqualTo("FILL IN: one of point, quantiles, samples, ignored");
    assertThat(err.toString())
        .contains("role unknown")
        .contains("depends on the draft")
        .contains("outputs[0].role, outputs[1].role");
  }

  @Test
  void shouldGiveBackTheManifestOfAModelOfOurs() throws IOException {
    Path zoo = Path.of(System.getProperty("tidecast.root"), "models/zoo/patchtst-uk-demand/1");
    assertThat(run(zoo.resolve("model.onnx").toString())).isZero();
    ModelManifest manifest = ModelManifest.parse(out.toString());
    ModelManifest shipped = ModelManifest.read(zoo.resolve("manifest.json"));
    assertThat(manifest.sha256()).isEqualTo(shipped.sha256());
    assertThat(manifest.spec()).isEqualTo(shipped.spec());
    assertThat(err.toString()).contains("Tidecast serves it.", "Nothing is left to fill in.");
  }

  @Test
  void shouldRefuseWhatIsNoGraph() throws IOException {
    byte[] whole = ForeignGraph.linear(-1);
    for (int length : new int[] {0, 10, whole.length / 2, whole.length - 1}) {
      Path cut = Files.write(folder.resolve("cut.onnx"), Arrays.copyOf(whole, length));
      assertRefused("not an ONNX file", cut.toString());
    }
    assertRefused("FILE.onnx must be a file: " + folder + " is a folder", folder.toString());
    String absent = folder.resolve("absent.onnx").toString();
    assertRefused("FILE.onnx must be a file: " + absent + " is not there", absent);
  }

  @Test
  void shouldRefuseAGraphThatCannotRun() throws IOException {
    assertRefused(
        "(opset 17, written by pytorch 2.1.0): ONNX Runtime refuses",
        write(ForeignGraph.withUnknownOperator()).toString());
  }

  /** As PyTorch writes it: the draft vouches for the weights, and they are in the graph. */
  @Test
  void shouldVouchForWeightsBesideTheGraph() throws IOException {
    Path file = write(ForeignGraph.withWeightsIn("exported.onnx.data"));
    assertRefused("must be a readable file: " + folder.resolve("exported.onnx.data"), "" + file);
    Files.write(folder.resolve("exported.onnx.data"), weights());
    Path manifest = folder.resolve("manifest.json");

    assertThat(run(file.toString(), "--manifest", manifest.toString())).as("%s", err).isZero();

    assertThat(out.toString())
        .contains("weights exported.onnx.data  576 bytes")
        .contains("Tidecast serves it.");
    ObjectNode draft = (ObjectNode) JSON.readTree(manifest.toFile());
    draft.put("architecture", "linear").put("step", "PT1H").put("licence", "MIT");
    draft.withObject("/channels").put("mode", "independent");
    JSON.writeValue(manifest.toFile(), draft);
    assertServes(ModelBundle.read(folder));
  }

  /** A file whose name does not say that it holds weights may be anyone's. */
  @Test
  void shouldReadNoFileThatMayBeSomethingElseUnlessToldTo() throws IOException {
    Path file = write(ForeignGraph.withWeightsIn("job.yaml"));
    Files.write(folder.resolve("job.yaml"), weights());
    assertRefused("if job.yaml beside it is one, add --weights job.yaml", file.toString());

    assertThat(run(file.toString(), "--weights", "job.yaml")).as("%s", err).isZero();
    assertThat(JSON.readTree(out.toString()).at("/weights/0/file").asText()).isEqualTo("job.yaml");
    assertRefused(
        "must have its weights in a file beside it, named without a folder, and names ../job.yaml",
        write(ForeignGraph.withWeightsIn("../job.yaml")).toString());
  }

  private static byte[] weights() {
    ByteBuffer bytes =
        ByteBuffer.allocate(ForeignGraph.CONTEXT * ForeignGraph.HORIZON * Float.BYTES)
            .order(ByteOrder.LITTLE_ENDIAN);
    for (int t = 0; t < ForeignGraph.CONTEXT; t++) {
      for (int h = 0; h < ForeignGraph.HORIZON; h++) {
        bytes.putFloat(ForeignGraph.weight(t, h));
      }
    }
    return bytes.array();
  }

  @Test
  void shouldNotOverwriteADraftThatSomeoneMayHaveFilledIn() throws IOException {
    Path file = write(ForeignGraph.linear(-1));
    Path manifest = Files.writeString(folder.resolve("manifest.json"), "mine");
    assertRefused("--manifest must be a new file", file.toString(), "--manifest", "" + manifest);
    assertThat(manifest).hasContent("mine");
    String nowhere = folder.resolve("absent/manifest.json").toString();
    assertRefused(
        "--manifest must be a file that can be written", file.toString(), "--manifest", nowhere);
  }

  @Test
  void shouldExplainItself() {
    assertThat(run("--help")).isZero();
    assertThat(out.toString()).contains("FILE.onnx", "--manifest", "FILL IN");
  }

  private void assertRefused(String complaint, String... arguments) {
    err.getBuffer().setLength(0);
    out.getBuffer().setLength(0);
    assertThat(run(arguments)).isEqualTo(2);
    assertThat(err.toString())
        .startsWith("tidecast: ")
        .contains(complaint)
        .doesNotContain("unexpected", "\tat ");
    assertThat(out.toString()).isEmpty();
  }

  private Path write(byte[] onnx) throws IOException {
    return Files.write(folder.resolve("model.onnx"), onnx);
  }

  private int run(String... arguments) {
    String[] words = new String[arguments.length + 2];
    words[0] = "model";
    words[1] = "inspect";
    System.arraycopy(arguments, 0, words, 2, arguments.length);
    return TidecastCommand.commandLine()
        .setOut(new PrintWriter(out, true))
        .setErr(new PrintWriter(err, true))
        .execute(words);
  }
}
