package io.tidecast.cli.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.tidecast.architectures.Tensor;
import io.tidecast.architectures.weights.SafeTensors;
import io.tidecast.cli.TidecastCommand;
import io.tidecast.runtime.bundle.ModelBundle;
import io.tidecast.runtime.onnx.OnnxForecaster;
import io.tidecast.runtime.onnx.OnnxOptions;
import io.tidecast.runtime.windows.ForecastBatch;
import io.tidecast.runtime.windows.Window;
import io.tidecast.runtime.windows.WindowBatch;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ModelImportCommandTest {
  private static final Path VECTORS =
      Path.of(
          System.getProperty("tidecast.root"), "models/architectures/src/test/resources/parity");

  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  @TempDir private Path folder;
  private Path config;
  private Path weights;
  private Path model;

  @BeforeEach
  void lay() {
    config = VECTORS.resolve("patchtst/config.json");
    weights = VECTORS.resolve("patchtst/weights.safetensors");
    model = folder.resolve("models/imported/3");
  }

  @ParameterizedTest
  @ValueSource(strings = {"patchtst", "patchtst-affine-individual", "patchtst-decomp"})
  void shouldServeTheForecastsOfTheOfficialCode(String vectors) throws IOException {
    config = VECTORS.resolve(vectors + "/config.json");
    weights = VECTORS.resolve(vectors + "/weights.safetensors");
    assertThat(run()).as("%s", err).isZero();
    assertThat(out.toString())
        .contains("patchtst, version 1, is in " + model, "96 steps", "24 steps ahead");
    Map<String, Tensor> io = SafeTensors.read(VECTORS.resolve(vectors + "/io.safetensors"));
    assertThat(forecast(ModelBundle.read(model), io.get("x_enc").floats()))
        .containsExactly(io.get("y").floats(), within(2e-5f));
  }

  @Test
  void shouldServeThemFromPatchesWhereItIsTold() throws IOException {
    assertThat(run("--input", "patches")).as("%s", err).isZero();
    ModelBundle bundle = ModelBundle.read(model);
    assertThat(bundle.manifest().inputs().get(0).name()).isEqualTo("patches");
    Map<String, Tensor> io = SafeTensors.read(VECTORS.resolve("patchtst/io.safetensors"));
    assertThat(forecast(bundle, io.get("x_enc").floats()))
        .containsExactly(io.get("y").floats(), within(2e-5f));
  }

  @Test
  void shouldWriteIntoTheManifestWhatItIsTold() throws IOException {
    String options =
        "--id demand --model-version 3 --step PT30M --channels a,b,c --mean 1,2,3"
            + " --deviation 1,2,0.5 --licence MIT";
    assertThat(run(options.split(" ", -1))).as("%s", err).isZero();
    ModelBundle bundle = ModelBundle.read(model);
    assertThat(bundle.manifest().id()).isEqualTo("demand");
    assertThat(bundle.manifest().version()).isEqualTo("3");
    assertThat(bundle.manifest().step()).isEqualTo("PT30M");
    assertThat(bundle.manifest().channels().names()).containsExactly("a", "b", "c");
    assertThat(bundle.manifest().licence()).isEqualTo("MIT");
    assertThat(bundle.manifest().training())
        .containsEntry("scalerDeviation", List.of(1.0, 2.0, 0.5))
        .containsEntry(
            "command",
            "./tidecast model import --architecture patchtst --config %s --weights %s --out %s %s"
                .formatted(config, weights, model, options));
    assertThat(bundle.golden().cases()).hasSize(3);
  }

  @Test
  void shouldTakeBareHyperparametersAndTheNamesOfAWrapper() throws IOException {
    String whole = Files.readString(config);
    int start = whole.indexOf('{', whole.indexOf("\"hyperparameters\""));
    config =
        Files.writeString(
            folder.resolve("bare.json"), whole.substring(start, whole.indexOf('}', start) + 1));
    Map<String, Tensor> wrapped = new LinkedHashMap<>();
    SafeTensors.read(weights).forEach((name, tensor) -> wrapped.put("module." + name, tensor));
    weights = folder.resolve("wrapped.safetensors");
    SafeTensors.write(weights, wrapped);
    assertThat(run()).as("%s", err).isZero();
  }

  @Test
  void shouldListAllThatDoesNotFitAtOnce() throws IOException {
    Map<String, Tensor> tensors = new LinkedHashMap<>(SafeTensors.read(weights));
    tensors.remove("model.head.linear.bias");
    tensors.put("model.head.linear.extra", Tensor.of(new float[2], 2));
    tensors.put("model.backbone.W_pos", Tensor.of(new float[2], 2));
    weights = folder.resolve("wrong.safetensors");
    SafeTensors.write(weights, tensors);
    assertThat(run()).isEqualTo(2);
    assertThat(err.toString())
        .startsWith("tidecast: the checkpoint does not fit its hyperparameters, 3 problems:")
        .contains("misshapen: model.backbone.W_pos must be F32 [12, 16], found F32 [2]")
        .contains("missing: model.head.linear.bias F32 [24]")
        .contains("surplus: model.head.linear.extra F32 [2]")
        .doesNotContain("\tat ");
    assertThat(model).doesNotExist();
  }

  @Test
  void shouldRefuseAMisspeltHyperparameterAndNameADefaultThatWeightsDoNotTell() throws IOException {
    String official = Files.readString(config);
    config =
        Files.writeString(
            folder.resolve("typo.json"), official.replace("\"n_heads\"", "\"n_head\""));
    assertRefused(config + ": patchtst hyperparameters: unknown: n_head; did you mean n_heads?");

    config =
        Files.writeString(
            folder.resolve("twice.json"), "{\"enc_in\": 3, \"n_heads\": 2, \"n_heads\": 4}");
    assertRefused("--config must be JSON: " + config + ": Duplicate field 'n_heads'");

    config =
        Files.writeString(
            folder.resolve("left-out.json"), official.replaceAll("\"n_heads\": *\\d+,", ""));
    assertRefused(
        config
            + ": must say what names and shapes of weights do not tell; the defaults of patchtst"
            + " are n_heads=4: write each as it was trained, or confirm them with"
            + " --accept-defaults");
    assertThat(run("--accept-defaults")).as("%s", err).isZero();
    String named =
        "Not given, and not to be seen from the weights, so the defaults of patchtst: n_heads=4. ";
    assertThat(out.toString()).contains(named);
    assertThat(model.resolve("card.md")).content().contains(named);
  }

  @ParameterizedTest
  @CsvSource({"autoformer", "informer", "timexer-m", "sundial"})
  void shouldImportEveryArchitecture(String vectors) {
    config = VECTORS.resolve(vectors + "/config.json");
    weights = VECTORS.resolve(vectors + "/weights.safetensors");
    assertThat(runAs(vectors.replace("-m", ""))).as("%s", err).isZero();
    assertThat(out.toString()).contains("is in " + model);
  }

  @Test
  void shouldRefuseATruncatedFile() throws IOException {
    byte[] whole = Files.readAllBytes(weights);
    weights = folder.resolve("cut.safetensors");
    for (int length : new int[] {0, 5, 100, whole.length - 1}) {
      Files.write(weights, Arrays.copyOf(whole, length));
      assertRefused(weights + ": ");
    }
  }

  @Test
  void shouldRefuseFilesThatAreNone() {
    weights = folder.resolve("absent.safetensors");
    assertRefused("--weights must be a file: " + weights + " is not there");
    weights = folder;
    assertRefused("--weights must be a file: " + folder + " is a folder");
    weights = VECTORS.resolve("patchtst/weights.safetensors");
    config = folder;
    assertRefused("--config must be a file: " + folder + " is a folder");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      value = {
        "{ | --config must be JSON",
        "[1] | --config must be a JSON object",
        "{'seq_len':96} | patchtst hyperparameters: ",
        "{'enc_in':3,'seq_len':96,'pred_len':24,'n_heads':5} | n_heads must divide d_model: 5"
      })
  void shouldRefuseAWrongConfiguration(String json, String complaint) throws IOException {
    config = Files.writeString(folder.resolve("wrong.json"), json.replace('\'', '"'));
    assertRefused(complaint);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "--step half-an-hour | must be a positive ISO-8601 duration, one of P1D, P1W, P1M, P3M, P6M, P1Y, business-day, or any: step=half-an-hour",
        "--id a/b | id=a/b",
        "--channels a,b | channels must be named once each: enc_in=3, names=[a, b]",
        "--mean 1,2,3 | --mean and --deviation must have a value for each channel: channels=3",
        "--mean 1,2,3 --deviation 1,0,1 | --deviation positive",
        "--mean 1,x,3 --deviation 1,1,1 | --mean",
        "--mean 1,2d,3 --deviation 1,1,1 | '2d' is not a number"
      })
  void shouldRefuseAWrongOption(String options, String complaint) {
    assertThat(run(options.split(" ", -1))).isEqualTo(2);
    assertThat(err.toString()).contains(complaint).doesNotContain("\tat ");
    assertThat(model).doesNotExist();
  }

  @Test
  void shouldNameTheArchitecturesThereAre() {
    assertThat(runAs("lstm")).isEqualTo(2);
    assertThat(err.toString()).contains("architecture must be one of", "patchtst", "=lstm");
  }

  @Test
  void shouldWriteOnlyIntoAnEmptyOrANewFolder() throws IOException {
    Path file = Files.writeString(folder.resolve("notes.txt"), "mine");
    model = folder;
    assertRefused("--out must be an empty or a new folder: " + folder + " has something in it");
    model = file;
    assertRefused("--out must be a folder that can be written: " + file);
    model = file.resolve("below/a-file");
    assertRefused("--out must be a folder that can be written: " + model + ": look at " + file);
    assertThat(folder).isDirectoryContaining(file::equals);
    model = Files.createDirectory(folder.resolve("empty"));
    assertThat(run()).as("%s", err).isZero();
  }

  private void assertRefused(String complaint) {
    err.getBuffer().setLength(0);
    assertThat(run()).isEqualTo(2);
    assertThat(err.toString())
        .startsWith("tidecast: ")
        .contains(complaint)
        .doesNotContain("unexpected", "\tat ", "Usage");
    assertThat(Files.exists(model.resolve("manifest.json"))).isFalse();
  }

  private int run(String... options) {
    return runAs("patchtst", options);
  }

  private int runAs(String architecture, String... options) {
    List<String> words =
        new ArrayList<>(
            List.of(
                "model",
                "import",
                "--architecture",
                architecture,
                "--config",
                config.toString(),
                "--weights",
                weights.toString(),
                "--out",
                model.toString()));
    words.addAll(List.of(options));
    return TidecastCommand.commandLine()
        .setOut(new PrintWriter(out, true))
        .setErr(new PrintWriter(err, true))
        .execute(words.toArray(String[]::new));
  }

  private static float[] forecast(ModelBundle bundle, float[] contexts) {
    try (OnnxForecaster forecaster = OnnxForecaster.open(bundle, OnnxOptions.defaults())) {
      int size = forecaster.spec().contextSize();
      int points = forecaster.spec().pointsSize();
      WindowBatch windows = new WindowBatch(forecaster.spec(), 1);
      ForecastBatch forecasts = new ForecastBatch(forecaster.spec(), 1);
      float[] all = new float[contexts.length / size * points];
      float[] one = new float[points];
      for (int row = 0; row < contexts.length / size; row++) {
        windows.clear();
        windows.add(Window.of(Arrays.copyOfRange(contexts, row * size, (row + 1) * size)));
        forecaster.forecast(windows, forecasts);
        forecasts.points(0, one);
        System.arraycopy(one, 0, all, row * points, points);
      }
      return all;
    }
  }
}
