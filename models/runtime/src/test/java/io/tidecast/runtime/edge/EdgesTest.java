package io.tidecast.runtime.edge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.onnx.proto.OnnxMl.TensorProto.DataType;
import io.tidecast.runtime.bundle.GoldenVectors;
import io.tidecast.runtime.bundle.ModelBundle;
import io.tidecast.runtime.manifest.ForecasterSpec;
import io.tidecast.runtime.manifest.ModelException;
import io.tidecast.runtime.manifest.ModelManifest;
import io.tidecast.runtime.onnx.OnnxForecaster;
import io.tidecast.runtime.onnx.OnnxOptions;
import io.tidecast.runtime.testing.TestGraph;
import io.tidecast.runtime.testing.TestModels;
import io.tidecast.runtime.windows.ForecastBatch;
import io.tidecast.runtime.windows.Forecaster;
import io.tidecast.runtime.windows.Window;
import io.tidecast.runtime.windows.WindowBatch;
import java.time.Instant;
import java.util.Arrays;
import java.util.Locale;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * What a graph is given at an input of each role: its forecast are four of the values that it is
 * given there. Windows have 6 cells of the channels y, a and k, of which y is forecast and k is
 * known ahead; cell {@code t} of channel {@code c} is {@code 100 c + t}, of the 4 ahead {@code 900
 * + h}.
 */
class EdgesTest {

  private static final int CONTEXT = 6;
  private static final int HORIZON = 4;
  private static final Instant ORIGIN = Instant.parse("2024-03-09T13:00:00Z");

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          context | batch,time,channel | float32 | -1,6,3 | | 15 | 5 105 205 0
          context | batch,channel,time | float32 | -1,3,6 | | 4 | 4 5 100 101
          context | batch,time*channel | float64 | -1,18 | | 0 | 0 100 200 1
          context | batch,channel*time | int64 | -1,18 | | 4 | 4 5 100 101
          context | batch,lag | float32 | -1,6 | "columns": ["y"] | 0 | 5 4 3 2
          context | batch,lag,channel | float32 | -1,6,2 | "columns": ["k", "y"] | 0 | 205 5 204 4
          past_covariates | batch,time,covariate | float32 | -1,6,1 | | 2 | 102 103 104 105
          past_covariates | batch,time | float32 | -1,6 | "columns": ["k"] | 0 | 200 201 202 203
          future_covariates | batch,horizon,covariate | float16 | -1,4,1 | | 0 | 900 901 902 903
          future_covariates | batch,time+horizon,covariate | float32 | -1,10,1 | | 4 | 204 205 900 901
          future_covariates | batch,time+horizon | float32 | -1,6 | | 0 | 204 205 900 901
          decoder_input | batch,time+horizon,channel | float32 | -1,7,1 | "columns": ["y"] | 0 | 3 4 5 0
          decoder_input | batch,time+horizon,channel | float32 | -1,4,3 | | 0 | 0 0 0 0
          observed_mask | batch,time,channel | int64 | -1,6,3 | | 0 | 1 1 1 1
          observed_mask | batch,time | bool | -1,6 | "columns": ["y"] | 2 | 1 1 1 1
          future_time_features | batch,horizon | int64 | -1,4 | "columns": ["hour_of_day"], "numbers": "calendar" | 0 | 14 15 16 17
          future_time_features | batch,horizon | int32 | -1,4 | "columns": ["month_of_year"], "numbers": "calendar" | 0 | 3 3 3 3
          future_time_features | batch,horizon,1 | int64 | -1,4,1 | "columns": ["month_of_year"], "numbers": "from_zero" | 0 | 2 2 2 2
          future_time_features | batch,feature,horizon | float32 | -1,2,4 | "numbers": "calendar" | 2 | 16 17 3 3
          future_time_features | batch,time+horizon,feature | float32 | -1,10,2 | "numbers": "calendar" | 10 | 13 3 14 3
          context_time_features | batch,lag,feature | int64 | -1,6,2 | "numbers": "calendar" | 0 | 13 3 12 3
          constant | batch,any | float32 | -1,4 | "values": [1, 2, 3, 4] | 0 | 1 2 3 4
          constant | layers,batch,units | float32 | 1,-1,4 | "values": [7] | 0 | 7 7 7 7
          constant | layers,units | int64 | 2,4 | "values": [5] | 0 | 5 5 5 5
          columns | batch,column | float32 | -1,4 | "columns": ["y.lag_1", "a.lag_6", "hour_of_day", "k"], "numbers": "calendar" | 0 | 5 100 14 900
          """)
  void shouldGiveTheGraphWhatTheRoleSays(
      String role,
      String layout,
      String type,
      String shape,
      String more,
      int offset,
      String expected) {
    float[] points = points(role, layout, type, shape, more, offset, false);

    String[] values = expected.split(" ");
    for (int i = 0; i < HORIZON && offset + i < count(shape); i++) {
      assertThat(points[i]).as("value %d", i).isEqualTo(Float.parseFloat(values[i]));
    }
  }

  /** A young series has no oldest cells, which a mask tells, and which are 0 beside it. */
  @Test
  void shouldMaskWhatAYoungSeriesLacks() {
    assertThat(
            points(
                "observed_mask", "batch,time", "float32", "-1,6", "\"columns\": [\"y\"]", 1, true))
        .containsExactly(0, 0, 1, 1);
    assertThat(points("context", "batch,time", "float32", "-1,6", "\"columns\": [\"y\"]", 1, true))
        .containsExactly(0, 0, 3, 4);
  }

  private static long count(String shape) {
    return Arrays.stream(shape.split(","))
        .mapToLong(Long::parseLong)
        .map(Math::abs)
        .reduce(1, (a, b) -> a * b);
  }

  private static float[] points(
      String role,
      String layout,
      String type,
      String shape,
      String more,
      int offset,
      boolean young) {
    ModelBundle bundle = bundle(role, layout, type, shape, more, offset, young);
    try (Forecaster forecaster = OnnxForecaster.open(bundle, OnnxOptions.defaults())) {
      WindowBatch windows = new WindowBatch(forecaster.spec(), 2);
      windows.add(window(forecaster.spec(), young));
      windows.add(window(forecaster.spec(), young));
      ForecastBatch forecasts = new ForecastBatch(forecaster.spec(), 2);
      forecaster.forecast(windows, forecasts);
      float[] points = new float[HORIZON];
      forecasts.points(1, points);
      return points;
    }
  }

  private static Window window(ForecasterSpec spec, boolean young) {
    float[] context = new float[spec.contextSize()];
    for (int i = 0; i < context.length; i++) {
      context[i] = young && i < context.length / 2 ? Float.NaN : 100 * (i % 3) + i / 3;
    }
    float[] ahead = new float[spec.futureCovariatesSize()];
    for (int i = 0; i < ahead.length; i++) {
      ahead[i] = 900 + i;
    }
    return new Window("s", ORIGIN.toEpochMilli(), 3_600_000, context, ahead);
  }

  private static ModelBundle bundle(
      String role,
      String layout,
      String type,
      String shape,
      String more,
      int offset,
      boolean young) {
    long[] axes = Arrays.stream(shape.split(",")).mapToLong(Long::parseLong).toArray();
    TestGraph graph = new TestGraph(1).input(dataType(type), "z", axes);
    boolean isPast = role.equals("context") || role.equals("columns");
    boolean isMask = role.equals("observed_mask") || young && isPast;
    if (!isPast) {
      graph.input(DataType.FLOAT, "past", -1, CONTEXT, 3);
    }
    if (isMask && isPast) {
      graph.input(DataType.FLOAT, "mask", -1, CONTEXT);
    }
    graph.output("y", -1, HORIZON);
    String floats = graph.node("Cast", new Object[] {"to", 1}, "z");
    long values = count(shape);
    String row = graph.node("Reshape", floats, graph.shape(-1, values));
    long[] indices =
        LongStream.range(0, HORIZON).map(i -> Math.min(offset + i, values - 1)).toArray();
    String some = graph.node("Gather", new Object[] {"axis", 1}, row, graph.shape(indices));
    boolean batched = layout.contains("batch");
    if (!batched) {
      // One for all windows: the sum with nothing of each gives as many rows.
      String none =
          graph.node(
              "Mul",
              graph.node("Reshape", "past", graph.shape(-1, 18)),
              graph.floats(new float[] {0}, 1));
      String zeros = graph.node("Gather", new Object[] {"axis", 1}, none, graph.shape(0, 1, 2, 3));
      String first = graph.node("Gather", new Object[] {"axis", 0}, some, graph.shape(0));
      some = graph.node("Add", first, zeros);
    }
    graph.result("y", some);
    String inputs =
        tensor("z", role, layout, type, shape, more == null ? "" : ", " + more)
            + (isPast
                ? ""
                : ", " + tensor("past", "context", "batch,time,channel", "float32", "-1,6,3", ""))
            + (isMask && isPast
                ? ", "
                    + tensor(
                        "mask",
                        "observed_mask",
                        "batch,time",
                        "float32",
                        "-1,6",
                        ", \"columns\": [\"y\"]")
                : "");
    byte[] onnx = graph.bytes();
    String manifest =
        """
        {"manifestVersion": 2, "id": "m", "version": "1", "architecture": "x", "contextLength": 6,
         "predictionLength": 4, "step": "any", "leftPadding": %s,
         "channels": {"mode": "joint", "names": ["y", "a", "k"], "targets": ["y"]},
         "pastCovariates": ["a"], %s %s
         "inputs": [%s],
         "outputs": [%s],
         "opset": 23, "sha256": "%s", "licence": "MIT"}
        """
            .formatted(
                young,
                role.equals("future_covariates") || role.equals("columns")
                    ? "\"futureCovariates\": [\"k\"],"
                    : "",
                role.contains("features") || role.equals("columns")
                    ? "\"timeFeatures\": [\"hour_of_day\", \"month_of_year\"],"
                    : "",
                inputs,
                tensor("y", "point", "batch,horizon", "float32", "-1,4", ""),
                ModelBundle.sha256(onnx));
    return new ModelBundle(ModelManifest.parse(manifest), onnx, GoldenVectors.none());
  }

  private static DataType dataType(String type) {
    return switch (type) {
      case "float32" -> DataType.FLOAT;
      case "float64" -> DataType.DOUBLE;
      default -> DataType.valueOf(type.toUpperCase(Locale.ROOT));
    };
  }

  private static String tensor(
      String name, String role, String layout, String type, String shape, String more) {
    return """
        {"name": "%s", "role": "%s", "layout": "%s", "type": "%s", "shape": [%s]%s}"""
        .formatted(name, role, layout, type, shape, more);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          context | batch,time | float32 | -1,6 | | inputs: z: layout: must name channel, of which there are 3; found batch,time
          context | batch,time,time | float32 | -1,6,6 | | inputs: z: layout: must name each axis once
          context | batch,time,channel | text | -1,6,3 | | must be a type that 32-bit floats are converted to
          context | batch,channel,time | float32 | -1,3,7 | | inputs: z: shape: expected [-1, 3, 6], found [-1, 3, 7]
          context | batch,time | float32 | -1,6 | "columns": ["q"] | inputs: z: columns: must be among [y, a, k], found [q]
          columns | batch,column | float32 | -1,1 | "columns": ["y.lag_7"] | inputs: z: columns: must be lag_1 to lag_6
          columns | batch,column | float32 | -1,1 | "columns": ["lag_1"] | of several channels NAME.lag_1
          future_time_features | batch,horizon,feature | int64 | -1,4,2 | | inputs: z: numbers: must be calendar or from_zero for a tensor of int64
          future_covariates | batch,time+horizon | float32 | -1,11 | | inputs: z: shape: time+horizon must be 4 to 10, found 11
          constant | batch,any | float32 | -1,4 | "values": [1, 2] | inputs: z: values: expected 1 or 4, found 2
          """)
  void shouldSayWhatCannotBe(
      String role, String layout, String type, String shape, String more, String message) {
    assertThatThrownBy(() -> refused(role, layout, type, shape, more))
        .isInstanceOf(ModelException.class)
        .hasMessageContaining(message);
  }

  private static void refused(String role, String layout, String type, String shape, String more) {
    String known = type.equals("text") ? "float32" : type;
    ModelBundle bundle = bundle(role, layout, known, shape, more, 0, false);
    String json = bundle.manifest().toJson().replaceFirst("\"" + known + "\"", "\"" + type + "\"");
    Edges.of(ModelManifest.parse(json)).graph(bundle.graph());
  }

  @Test
  void shouldLeaveAUsualModelAlone() {
    ModelManifest usual = TestModels.identity().manifest();
    assertThat(Edges.of(usual).manifest()).isSameAs(usual);
  }
}
