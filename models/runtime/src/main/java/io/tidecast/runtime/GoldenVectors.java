package io.tidecast.runtime;

import java.io.Serializable;
import java.nio.file.Path;
import java.util.List;

/**
 * Known answers of a model, {@code golden.json} beside its {@code model.onnx}: what it gave on the
 * machine that made it.
 *
 * @param relativeTolerance greatest difference of a point, as a share of the larger of its own size
 *     and the mean size of the case's points, so that a point near zero is not held to nothing
 */
public record GoldenVectors(double relativeTolerance, List<Case> cases) implements Serializable {

  /** The file's name in a model's directory. */
  public static final String FILE = "golden.json";

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
   * One context and the points it must give.
   *
   * @param context {@code [time][channel]} row-major, units of the series; not copied
   * @param point {@code [horizon][channel]} row-major, units of the series; not copied
   */
  public record Case(float[] context, float[] point) implements Serializable {

    public Case {
      Checks.present("context", context);
      Checks.present("point", point);
    }
  }

  /** No known answers: nothing is checked. */
  public static GoldenVectors none() {
    return new GoldenVectors(1e-4, List.of());
  }

  /**
   * Reads a file, refusing unknown keys.
   *
   * @throws ModelException naming the file, the key, what was expected and what was found
   */
  public static GoldenVectors read(Path file) {
    return Json.read(file, GoldenVectors.class);
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
    if (cases.isEmpty()) {
      return;
    }
    ForecasterSpec spec = forecaster.spec();
    WindowBatch windows = new WindowBatch(spec, 1);
    ForecastBatch forecasts = new ForecastBatch(spec, 1);
    float[] found = new float[spec.pointsSize()];
    for (int i = 0; i < cases.size(); i++) {
      Case golden = cases.get(i);
      checkSize("cases[" + i + "].context", golden.context().length, spec.contextSize());
      checkSize("cases[" + i + "].point", golden.point().length, spec.pointsSize());
      windows.clear();
      windows.add(Window.of(golden.context()));
      forecaster.forecast(windows, forecasts);
      forecasts.points(0, found);
      compare(i, golden.point(), found);
    }
  }

  private static void checkSize(String key, int found, int expected) {
    if (found != expected) {
      throw new ModelException(
          FILE + ": " + key + ": expected " + expected + " values, found " + found);
    }
  }

  private void compare(int index, float[] expected, float[] found) {
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
                + ": the model does not give its golden vectors on this machine: cases["
                + index
                + "].point["
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
