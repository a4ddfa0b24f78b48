package io.tidecast.cli.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.onnx.proto.OnnxMl.TensorProto.DataType;
import io.tidecast.architectures.NewestCells;
import io.tidecast.cli.model.ForeignModels.Inspected;
import io.tidecast.runtime.bundle.ModelBundle;
import io.tidecast.runtime.manifest.ForecasterSpec;
import io.tidecast.runtime.manifest.ModelManifest;
import io.tidecast.runtime.onnx.OnnxForecaster;
import io.tidecast.runtime.onnx.OnnxOptions;
import io.tidecast.runtime.windows.ForecastBatch;
import io.tidecast.runtime.windows.Forecaster;
import io.tidecast.runtime.windows.Window;
import io.tidecast.runtime.windows.WindowBatch;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Whatever the axes of a graph, an inspection finds them, and what is served is the forecast. */
class ForeignLayoutsTest {

  private static final int WINDOWS = 5;

  @TempDir private Path folder;

  static Stream<NewestCells> layouts() {
    NewestCells usual = NewestCells.of("batch,time,channel", "batch,horizon,channel", 1);
    return Stream.of(
        NewestCells.of("batch,time", "batch,horizon", 1),
        NewestCells.of("batch,time", "batch,horizon,1", 1),
        NewestCells.of("batch,time,channel", "batch,horizon", 1),
        NewestCells.of("batch,time,channel", "batch,horizon,channel", 3),
        NewestCells.of("batch,channel,time", "batch,channel,horizon", 3),
        NewestCells.of("batch,channel,time", "batch,horizon,channel", 3),
        NewestCells.of("batch,1,time,channel", "batch,1,horizon,channel", 2),
        NewestCells.of("batch,1,channel,time", "batch,channel,horizon", 2),
        NewestCells.of("batch,channel,time,1", "batch,channel,horizon,1", 2),
        NewestCells.of("batch,1,time,1", "batch,horizon", 1),
        NewestCells.of("time,batch,channel", "horizon,batch,channel", 2),
        NewestCells.of("time,batch,channel", "batch,horizon", 1),
        NewestCells.of("batch,channel,time", "horizon,channel,batch", 2),
        NewestCells.of("time,batch,channel", "horizon,batch,channel", 1).ofBatches(1, false),
        NewestCells.of("time", "horizon", 1),
        NewestCells.of("time,channel", "horizon,channel", 1),
        usual.ofBatches(1, false),
        usual.ofBatches(8, false),
        usual.ofBatches(1, true),
        usual.ofBatches(2, true),
        usual.ofBatches(32, true),
        usual.ofBatches(48, true),
        NewestCells.of("batch,time", "batch,horizon", 1).ofBatches(16, true),
        usual.in(DataType.DOUBLE),
        usual.in(DataType.FLOAT16),
        usual.ahead(1),
        NewestCells.of("batch,time", "batch", 1).ahead(1),
        NewestCells.of("batch,time", "batch,horizon", 1).ahead(1),
        NewestCells.of("batch,time,channel", "batch,horizon,channel", 2).ahead(1),
        NewestCells.of("batch,time,channel", "batch,horizon,level", 1),
        NewestCells.of("batch,time,channel", "batch,level,horizon", 1),
        NewestCells.of("batch,time", "level,batch,horizon", 1),
        NewestCells.of("batch,time,channel", "batch,horizon,channel,level", 2),
        NewestCells.of("batch,time,channel", "batch,level,horizon,channel", 2),
        NewestCells.of("batch,channel,time", "batch,channel,horizon,level", 2));
  }

  @ParameterizedTest
  @MethodSource("layouts")
  void shouldServe(NewestCells graph) throws Exception {
    Map<String, String> answers = new LinkedHashMap<>(Map.of("/step", "\"any\""));
    boolean levels = graph.out().contains("level");
    if (levels) {
      answers.put("/quantileLevels", "[0.1, 0.5, 0.9]");
    }
    if (graph.horizon() == 1) {
      answers.put("/rollout", "4");
    }
    Inspected inspected = ForeignModels.model(folder, graph.onnx(), answers);

    assertThat(inspected.report()).endsWith("Tidecast serves it.\n");
    assertThat(ModelManifest.toFill(inspected.draft())).hasSize(answers.size());
    try (Forecaster forecaster =
        OnnxForecaster.open(ModelBundle.read(folder), OnnxOptions.defaults())) {
      ForecasterSpec spec = forecaster.spec();
      assertThat(spec.channels()).isEqualTo(graph.channels());
      assertThat(spec.contextLength()).isEqualTo(graph.context());
      assertThat(spec.horizon()).isEqualTo(graph.horizon());
      WindowBatch windows = new WindowBatch(spec, WINDOWS);
      for (int row = 0; row < WINDOWS; row++) {
        windows.add(Window.of(context(spec, row)));
      }
      ForecastBatch forecasts = new ForecastBatch(spec, WINDOWS);
      forecaster.forecast(windows, forecasts);
      for (int row = 0; row < WINDOWS; row++) {
        assertNewest(forecasts, row, levels);
      }
    }
  }

  private static float[] context(ForecasterSpec spec, int row) {
    float[] context = new float[spec.contextSize()];
    for (int i = 0; i < context.length; i++) {
      // Halves hold it too.
      context[i] = 8 * row + (i % 61) / 8f;
    }
    return context;
  }

  private static void assertNewest(ForecastBatch forecasts, int row, boolean levels) {
    ForecasterSpec spec = forecasts.spec();
    float[] context = context(spec, row);
    float[] points = new float[spec.pointsSize()];
    forecasts.points(row, points);
    float[] quantiles = new float[spec.quantilesSize()];
    forecasts.quantiles(row, quantiles);
    int start = context.length - points.length;
    for (int i = 0; i < points.length; i++) {
      assertThat(points[i]).as("point %d", i).isEqualTo(context[start + i]);
      for (int level = 0; levels && level < 3; level++) {
        assertThat(quantiles[3 * i + level])
            .isCloseTo(context[start + i] + level - 1, within(1e-6f));
      }
    }
  }
}
