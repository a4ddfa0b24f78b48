package io.tidecast.cli.model;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tidecast.cli.TidecastCommand;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.DoubleBuffer;
import java.nio.FloatBuffer;
import java.nio.LongBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.GZIPInputStream;

/** Graphs as tools write them, and what is fed to each by hand, from the same window. */
final class ForeignModels {

  static final ObjectMapper JSON = new ObjectMapper();

  /** Times of the window: hours, the last one of its context at this time. */
  static final long ORIGIN_MILLIS = Instant.parse("2024-03-09T13:00:00Z").toEpochMilli();

  static final long STEP_MILLIS = 3_600_000;

  private static final int HORIZON = 24;

  private ForeignModels() {}

  /**
   * One graph.
   *
   * @param tool and version
   * @param forecaster which it is
   * @param export how it was written
   * @param file its name under the test resources, as the tool wrote it
   * @param answers what a person fills in, by the key in the draft
   * @param output of the graph that is the forecast
   * @param feed what the graph is given for a context
   */
  record Foreign(
      String tool,
      String forecaster,
      String export,
      String file,
      Map<String, String> answers,
      String output,
      Feed feed) {

    byte[] onnx() {
      return resource(file);
    }

    @Override
    public String toString() {
      return tool + ": " + forecaster;
    }
  }

  /** Makes the inputs of a graph, as somebody would by hand. */
  @FunctionalInterface
  interface Feed {
    void of(Raw raw, float[] context) throws OrtException;
  }

  /** The inputs of a run of ONNX Runtime alone. */
  static final class Raw {
    private final Map<String, OnnxTensor> inputs = new LinkedHashMap<>();

    void floats(String name, float[] values, long... shape) throws OrtException {
      OrtEnvironment environment = OrtEnvironment.getEnvironment();
      inputs.put(name, OnnxTensor.createTensor(environment, FloatBuffer.wrap(values), shape));
    }

    void doubles(String name, float[] values, long... shape) throws OrtException {
      double[] wide = new double[values.length];
      Arrays.setAll(wide, i -> values[i]);
      OrtEnvironment environment = OrtEnvironment.getEnvironment();
      inputs.put(name, OnnxTensor.createTensor(environment, DoubleBuffer.wrap(wide), shape));
    }

    void longs(String name, long[] values, long... shape) throws OrtException {
      OrtEnvironment environment = OrtEnvironment.getEnvironment();
      inputs.put(name, OnnxTensor.createTensor(environment, LongBuffer.wrap(values), shape));
    }
  }

  /** What ONNX Runtime alone gives at an output, flat. */
  static float[] run(byte[] onnx, String output, Feed feed, float[] context) throws OrtException {
    Raw raw = new Raw();
    feed.of(raw, context);
    try (OrtSession session = OrtEnvironment.getEnvironment().createSession(onnx);
        OrtSession.Result result = session.run(raw.inputs)) {
      OnnxTensor tensor = (OnnxTensor) result.get(output).orElseThrow();
      FloatBuffer floats = tensor.getFloatBuffer();
      float[] values;
      if (floats == null) {
        DoubleBuffer doubles = tensor.getDoubleBuffer();
        values = new float[doubles.remaining()];
        for (int i = 0; i < values.length; i++) {
          values[i] = (float) doubles.get(i);
        }
      } else {
        values = new float[floats.remaining()];
        floats.get(values);
      }
      return values;
    } finally {
      raw.inputs.values().forEach(OnnxTensor::close);
    }
  }

  static byte[] resource(String file) {
    try (InputStream in = ForeignModels.class.getResourceAsStream("foreign/" + file);
        InputStream whole = file.endsWith(".gz") ? new GZIPInputStream(in) : in) {
      return whole.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Feed floats(String input, long... shape) {
    return (raw, context) -> raw.floats(input, context, shape);
  }

  private static Map<String, String> step(String... more) {
    Map<String, String> answers = new LinkedHashMap<>(Map.of("/step", "\"PT1H\""));
    for (int i = 0; i < more.length; i += 2) {
      answers.put(more[i], more[i + 1]);
    }
    return answers;
  }

  private static Foreign written(
      String tool,
      String forecaster,
      String export,
      String file,
      Map<String, String> answers,
      String output,
      Feed feed) {
    return new Foreign(tool, forecaster, export, file, answers, output, feed);
  }

  private static float[] hours(long firstMillis, int count) {
    float[] features = new float[2 * count];
    for (int i = 0; i < count; i++) {
      LocalDateTime time = time(firstMillis + i * STEP_MILLIS);
      features[2 * i] = (float) (time.getHour() / 23.0 - 0.5);
      features[2 * i + 1] = (float) ((time.getDayOfWeek().getValue() - 1) / 6.0 - 0.5);
    }
    return features;
  }

  private static LocalDateTime time(long millis) {
    return LocalDateTime.ofInstant(Instant.ofEpochMilli(millis), ZoneOffset.UTC);
  }

  private static float[] ones(int count) {
    float[] ones = new float[count];
    Arrays.fill(ones, 1);
    return ones;
  }

  /** Everything that is tried, in the order of the page. */
  static List<Foreign> all() {
    String rollout = "24";
    return List.of(
        written(
            "scikit-learn, skl2onnx 1.20.0",
            "ridge over 96 lags, 24 steps at once",
            "`to_onnx(model, initial_types=[(\"X\", FloatTensorType([None, 96]))])`",
            "ridge.onnx",
            step(),
            "variable",
            floats("X", 1, 96)),
        written(
            "scikit-learn, skl2onnx 1.20.0",
            "the same in 64 bits",
            "`to_onnx(model, X)` of a float64 array",
            "ridge64.onnx",
            step(),
            "variable",
            (raw, context) -> raw.doubles("X", context, 1, 96)),
        written(
            "scikit-learn, skl2onnx 1.20.0",
            "`RandomForestRegressor` of 24 targets",
            "`to_onnx(model, initial_types=[(\"X\", FloatTensorType([None, 96]))])`; the file says that there is one target",
            "forest.onnx",
            step(),
            "variable",
            floats("X", 1, 96)),
        written(
            "LightGBM 4.7.0, onnxmltools 1.16.0",
            "`LGBMRegressor` over 96 lags, one step",
            "`convert_lightgbm(model, initial_types=[(\"input\", FloatTensorType([None, 96]))])`",
            "lightgbm.onnx",
            step("/rollout", rollout),
            "variable",
            floats("input", 1, 96)),
        written(
            "XGBoost, onnxmltools 1.16.0",
            "`XGBRegressor` over 96 lags, one step",
            "`convert_xgboost(model, initial_types=[(\"input\", FloatTensorType([None, 96]))])`",
            "xgb.onnx",
            step("/rollout", rollout),
            "variable",
            floats("input", 1, 96)),
        written(
            "Keras 3 on PyTorch 2.15.0",
            "LSTM, 24 steps at once",
            "`model.export(\"model.onnx\", format=\"onnx\")`",
            "keras_lstm.onnx.gz",
            step(),
            "3683",
            floats("keras_tensor", 1, 96, 1)),
        written(
            "PyTorch 2.15.0",
            "LSTM, 24 steps at once",
            "`torch.onnx.export(model, x, \"model.onnx\", dynamic_axes=…)`",
            "lstm_legacy.onnx",
            step(),
            "output",
            floats("input", 1, 96, 1)),
        written(
            "PyTorch 2.15.0",
            "linear, two channels, time last",
            "`torch.onnx.export(…)` of `[batch, channel, time]`",
            "lin_bct2.onnx",
            step(),
            "y",
            (raw, context) -> raw.floats("x", channelFirst(context, 2), 1, 2, 96)),
        written(
            "PyTorch 2.15.0",
            "TCN, time last",
            "`torch.onnx.export(…)` of `[batch, channel, time]`",
            "tcn_bct.onnx.gz",
            step(),
            "y",
            floats("x", 1, 1, 96)),
        written(
            "PyTorch 2.15.0",
            "DLinear with a dictionary of outputs",
            "`torch.onnx.export(…)`; location and scale beside the prediction",
            "dl_dict.onnx",
            step(),
            "prediction",
            floats("x", 1, 96, 1)),
        written(
            "PyTorch 2.15.0",
            "DLinear for batches of 32",
            "`torch.onnx.export(…)` without `dynamic_axes`",
            "dlinear_b32.onnx",
            step(),
            "y",
            (raw, context) -> {
              float[] batch = new float[32 * 96];
              for (int row = 0; row < 32; row++) {
                System.arraycopy(context, 0, batch, row * 96, 96);
              }
              raw.floats("x", batch, 32, 96, 1);
            }),
        written(
            "PyTorch 2.15.0",
            "DLinear with the hours ahead as integers",
            "`torch.onnx.export(…)` of an `int64` input",
            "dl_hour_int64.onnx",
            step(),
            "y",
            (raw, context) -> {
              long[] hours = new long[HORIZON];
              Arrays.setAll(hours, i -> time(ORIGIN_MILLIS + (i + 1) * STEP_MILLIS).getHour());
              raw.floats("x", context, 1, 96, 1);
              raw.longs("hour_of_day", hours, 1, HORIZON);
            }),
        written(
            "neuralforecast 3.3.0, PyTorch 2.15.0",
            "NHITS",
            "`torch.onnx.export(…)` of a module that calls the model with `insample_y` and `insample_mask`",
            "neuralforecast_nhits.onnx.gz",
            step(),
            "y_hat",
            (raw, context) -> {
              raw.floats("insample_y", context, 1, 96, 1);
              raw.floats("insample_mask", ones(96), 1, 96, 1);
            }),
        written(
            "Darts 0.41.0, PyTorch 2.15.0",
            "NLinear",
            "`model.to_onnx(\"model.onnx\")`",
            "darts_nlinear.onnx",
            step(),
            "175",
            floats("x_past", 1, 96, 1)),
        written(
            "Hugging Face transformers, PyTorch 2.15.0",
            "`TimeSeriesTransformer`",
            "`torch.onnx.export(…)` of past values, time features and mask",
            "hf_tst.onnx.gz",
            step("/timeFeatures", "[\"hour_of_day\", \"day_of_week\"]"),
            "loc",
            (raw, context) -> {
              raw.floats("past_values", context, 1, 97);
              raw.floats(
                  "past_time_features", hours(ORIGIN_MILLIS - 96 * STEP_MILLIS, 97), 1, 97, 2);
              raw.floats("past_observed_mask", ones(97), 1, 97);
              raw.floats(
                  "future_time_features",
                  hours(ORIGIN_MILLIS + STEP_MILLIS, HORIZON),
                  1,
                  HORIZON,
                  2);
            }));
  }

  private static float[] channelFirst(float[] context, int channels) {
    float[] turned = new float[context.length];
    int steps = context.length / channels;
    for (int i = 0; i < context.length; i++) {
      turned[i % channels * steps + i / channels] = context[i];
    }
    return turned;
  }

  /** What an inspection says, and the draft. */
  record Inspected(JsonNode draft, String report) {}

  /** Inspects a graph as a person does, and fills in what is asked. */
  static Inspected model(Path folder, byte[] onnx, Map<String, String> answers) throws IOException {
    Path graph = Files.write(folder.resolve("model.onnx"), onnx);
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    int code =
        TidecastCommand.commandLine()
            .setOut(new PrintWriter(out, true))
            .setErr(new PrintWriter(err, true))
            .execute("model", "inspect", graph.toString());
    if (code != 0) {
      throw new IllegalStateException(err.toString());
    }
    ObjectNode draft = (ObjectNode) JSON.readTree(out.toString());
    JsonNode given = draft.deepCopy();
    for (Map.Entry<String, String> answer : answers.entrySet()) {
      int last = answer.getKey().lastIndexOf('/');
      JsonNode parent = draft.at(answer.getKey().substring(0, last));
      ((ObjectNode) parent)
          .set(answer.getKey().substring(last + 1), JSON.readTree(answer.getValue()));
    }
    JSON.writeValue(folder.resolve("manifest.json").toFile(), draft);
    return new Inspected(given, err.toString());
  }
}
