package io.tidecast.runtime.bundle;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.tidecast.runtime.manifest.Checks;
import io.tidecast.runtime.manifest.ForecasterSpec;
import io.tidecast.runtime.manifest.Json;
import io.tidecast.runtime.manifest.ModelException;
import io.tidecast.runtime.windows.ForecastBatch;
import io.tidecast.runtime.windows.Forecaster;
import io.tidecast.runtime.windows.Window;
import io.tidecast.runtime.windows.WindowBatch;
import java.io.Serializable;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Known answers of a model, {@code golden.json} beside its {@code model.onnx}: what it gave on the
 * machine that made it.
 *
 * @param relativeTolerance greatest difference of a value, as a share of the larger of its own size
 *     and the mean size of the case's values, so that one near zero is not held to nothing
 */
public record GoldenVectors(double relativeTolerance, List<Case> cases) implements Serializable {

  /** The vectors have this name in a model's directory. */
  public static final String FILE = "golden.json";

  /** Three windows of a thousand channels and 336 cells have some 12 MB. */
  private static final int MOST_BYTES = 64 << 20;

  public GoldenVectors {
    Checks.require(
        relativeTolerance > 0 && relativeTolerance < 1,
        "must be within (0, 1)",
        "relativeTolerance",
        relativeTolerance);
    Checks.present("cases", cases);
    cases = List.copyOf(cases);
  }

  /**
   * One window and what it must give. What a model does not ask for may be null, and is then not in
   * the file.
   *
   * @param series as in {@link Window}
   * @param originMillis as in {@link Window}
   * @param stepMillis as in {@link Window}
   * @param context {@code [time][channel]} row-major, units of the series; the newest cells alone
   *     of a series that is shorter than a model with left padding takes; not copied
   * @param futureCovariates {@code [horizon][covariate]} row-major; not copied
   * @param point {@code [horizon][target]} row-major, units of the series; not copied
   * @param quantiles {@code [horizon][target][level]} row-major, units of the series; null where
   *     they are not checked; not copied
   */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record Case(
      @Nullable String series,
      @Nullable Long originMillis,
      @Nullable Long stepMillis,
      float[] context,
      float @Nullable [] futureCovariates,
      float[] point,
      float @Nullable [] quantiles)
      implements Serializable {

    public Case {
      Checks.present("context", context);
      Checks.present("point", point);
    }

    /**
     * A window and its forecast.
     *
     * @param window for a model that asks for the context alone, {@link Window#of}
     * @param quantiles empty for a model of points only
     */
    public Case(Window window, float[] point, float[] quantiles) {
      this(
          unless(Window.of(window.context()).series(), window.series()),
          unless(Window.of(window.context()).originMillis(), window.originMillis()),
          unless(Window.of(window.context()).stepMillis(), window.stepMillis()),
          window.context(),
          window.futureCovariates().length == 0 ? null : window.futureCovariates(),
          point,
          quantiles.length == 0 ? null : quantiles);
    }

    private static <T> @Nullable T unless(T usual, T value) {
      return value.equals(usual) ? null : value;
    }

    /** The window that is to be forecast. */
    public Window window() {
      Window usual = Window.of(context);
      return new Window(
          series == null ? usual.series() : series,
          originMillis == null ? usual.originMillis() : originMillis,
          stepMillis == null ? usual.stepMillis() : stepMillis,
          context,
          futureCovariates == null ? usual.futureCovariates() : futureCovariates);
    }
  }

  /** Holds no known answers, so nothing is checked. */
  public static GoldenVectors none() {
    return new GoldenVectors(1e-4, List.of());
  }

  /**
   * Reads a file, refusing unknown keys.
   *
   * @throws ModelException naming the file, the key, what was expected and what was found
   */
  public static GoldenVectors read(Path file) {
    return Json.read(file, MOST_BYTES, GoldenVectors.class);
  }

  /** Writes the vectors as JSON; floats keep every bit. */
  public void write(Path file) {
    Json.write(file, this);
  }

  /**
   * Runs every case through the forecaster.
   *
   * @throws ModelException naming the first point that is off
   */
  public void check(Forecaster forecaster) {
    check(forecaster, 0);
  }

  /**
   * Runs every case through a forecaster whose device computes otherwise than the one that made
   * them.
   *
   * @param ofTheDevice the tolerance that the device needs, as {@code relativeTolerance}; the
   *     greater of the two counts
   * @throws ModelException naming the first point that is off
   */
  public void check(Forecaster forecaster, double ofTheDevice) {
    double tolerance = Math.max(relativeTolerance, ofTheDevice);
    if (cases.isEmpty()) {
      return;
    }
    ForecasterSpec spec = forecaster.spec();
    WindowBatch windows = new WindowBatch(spec, 1);
    ForecastBatch forecasts = new ForecastBatch(spec, 1);
    for (int i = 0; i < cases.size(); i++) {
      Case golden = cases.get(i);
      String key = "cases[" + i + "]";
      Window window = golden.window();
      checkContext(key + ".context", golden.context(), spec);
      checkSize(key + ".futureCovariates", window.futureCovariates(), spec.futureCovariatesSize());
      checkSize(key + ".point", golden.point(), spec.pointsSize());
      add(windows, window.padded(spec.contextSize()), key);
      forecaster.forecast(windows, forecasts);
      float[] points = new float[spec.pointsSize()];
      forecasts.points(0, points);
      compare(key + ".point", golden.point(), points, tolerance);
      float[] expected = golden.quantiles();
      if (expected != null) {
        checkSize(key + ".quantiles", expected, spec.quantilesSize());
        float[] quantiles = new float[spec.quantilesSize()];
        forecasts.quantiles(0, quantiles);
        compare(key + ".quantiles", expected, quantiles, tolerance);
      }
    }
  }

  private static void add(WindowBatch windows, Window window, String key) {
    windows.clear();
    try {
      windows.add(window);
    } catch (IllegalArgumentException e) {
      throw new ModelException(FILE + ": " + key + ": " + e.getMessage(), e);
    }
  }

  private static void checkContext(String key, float[] found, ForecasterSpec spec) {
    boolean cells = found.length > 0 && found.length % spec.channels() == 0;
    if (!spec.leftPadding() || !cells || found.length > spec.contextSize()) {
      checkSize(key, found, spec.contextSize());
    }
  }

  private static void checkSize(String key, float[] found, int expected) {
    if (found.length != expected) {
      throw new ModelException(
          FILE + ": " + key + ": expected " + expected + " values, found " + found.length);
    }
  }

  private static void compare(
      String key, float[] expected, float[] found, double relativeTolerance) {
    double sum = 0;
    for (float value : expected) {
      sum += Math.abs(value);
    }
    double mean = sum / expected.length;
    for (int i = 0; i < expected.length; i++) {
      double allowed = relativeTolerance * Math.max(mean, Math.abs(expected[i]));
      // Negated, so that NaN fails.
      if (!(Math.abs((double) found[i] - expected[i]) <= allowed)) {
        throw new ModelException(
            FILE
                + ": the model does not give its golden vectors on this machine: "
                + key
                + "["
                + i
                + "]: expected "
                + expected[i]
                + " within "
                + allowed
                + ", found "
                + found[i]);
      }
    }
  }
}
