package io.tidecast.cli.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.tidecast.cli.model.ForeignModels.Foreign;
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
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Graphs as tools write them are served with the values that ONNX Runtime gives by itself, and
 * {@code docs/models.md} has the table of them, which {@code -Dtidecast.docs.write=true} writes.
 */
class ForeignModelsTest {

  private static final Path PAGE =
      Path.of(System.getProperty("tidecast.root")).resolve("docs/models.md");

  private static final Pattern TABLE =
      Pattern.compile("(?ms)(^<!-- tools -->\n).*?(^<!-- end -->$)");

  private static final int MOST_ANSWERS = 3;

  /** Windows in one batch: fewer than one of 32, and more than one. */
  private static final int WINDOWS = 3;

  /** What each inspection has come to, so that the page need not have it again. */
  private static final Map<String, Inspected> INSPECTED = new ConcurrentHashMap<>();

  @TempDir private Path folder;

  static List<Foreign> all() {
    return ForeignModels.all();
  }

  @ParameterizedTest
  @MethodSource("all")
  void shouldServeWhatToolsWrite(Foreign foreign) throws Exception {
    Inspected inspected = ForeignModels.model(folder, foreign.onnx(), foreign.answers());

    INSPECTED.put(foreign.toString(), inspected);
    assertThat(inspected.report()).endsWith("Tidecast serves it.\n");
    assertThat(ModelManifest.toFill(inspected.draft())).hasSizeLessThanOrEqualTo(MOST_ANSWERS);
    try (Forecaster forecaster =
        OnnxForecaster.open(ModelBundle.read(folder), OnnxOptions.defaults())) {
      ForecasterSpec spec = forecaster.spec();
      WindowBatch windows = new WindowBatch(spec, WINDOWS);
      for (int row = 0; row < WINDOWS; row++) {
        windows.add(window(context(spec, row)));
      }
      ForecastBatch forecasts = new ForecastBatch(spec, WINDOWS);
      forecaster.forecast(windows, forecasts);
      for (int row = 0; row < WINDOWS; row++) {
        float[] found = new float[spec.pointsSize()];
        forecasts.points(row, found);
        float[] alone =
            ForeignModels.run(foreign.onnx(), foreign.output(), foreign.feed(), context(spec, row));
        assertClose(found, timeFirst(alone, spec));
      }
    }
  }

  private static Window window(float[] context) {
    return new Window("s", ForeignModels.ORIGIN_MILLIS, ForeignModels.STEP_MILLIS, context);
  }

  private static float[] context(ForecasterSpec spec, int row) {
    float[] context = new float[spec.contextSize()];
    for (int i = 0; i < context.length; i++) {
      context[i] =
          (float) (100 + row + 15 * Math.sin(2 * Math.PI * i / 24) + 3 * Math.sin(12.9898 * i));
    }
    return context;
  }

  /** Of several channels, the graph here gives time last. */
  private static float[] timeFirst(float[] values, ForecasterSpec spec) {
    int targets = spec.targets().size();
    float[] turned = new float[spec.pointsSize()];
    for (int i = 0; i < turned.length; i++) {
      turned[i] = values[i % targets * spec.horizon() + i / targets];
    }
    return turned;
  }

  private static void assertClose(float[] found, float[] expected) {
    assertThat(found).hasSameSizeAs(expected);
    for (int i = 0; i < found.length; i++) {
      double allowed = 1e-5 * Math.max(1, Math.abs(expected[i]));
      assertThat(found[i]).as("value %d", i).isCloseTo(expected[i], within((float) allowed));
    }
  }

  @Test
  void shouldBeTheTableOfThePage() throws Exception {
    StringBuilder table =
        new StringBuilder(
            "| tool | forecaster | export, as far as the file tells | answers in the draft | served |\n"
                + "| --- | --- | --- | --- | --- |\n");
    for (Foreign foreign : all()) {
      Inspected inspected = INSPECTED.get(foreign.toString());
      if (inspected == null) {
        Path its = Files.createTempDirectory(folder, "model");
        inspected = ForeignModels.model(its, foreign.onnx(), foreign.answers());
      }
      boolean served = inspected.report().endsWith("Tidecast serves it.\n");
      table.append(
          "| %s | %s | %s | %s | %s |\n"
              .formatted(
                  foreign.tool(),
                  foreign.forecaster(),
                  foreign.export(),
                  String.join(", ", ModelManifest.toFill(inspected.draft())),
                  served ? "yes" : "no"));
    }
    String page = Files.readString(PAGE);
    Matcher place = TABLE.matcher(page);
    assertThat(place.find()).isTrue();
    String now = place.replaceFirst("$1" + Matcher.quoteReplacement(table.toString()) + "$2");
    if (Boolean.getBoolean("tidecast.docs.write")) {
      Files.writeString(PAGE, now);
    } else {
      assertThat(page).isEqualTo(now);
    }
  }
}
