package io.tidecast.runtime.onnx;

import io.tidecast.runtime.manifest.ForecasterSpec;
import io.tidecast.runtime.manifest.ModelException;
import io.tidecast.runtime.windows.ForecastBatch;
import io.tidecast.runtime.windows.Window;
import io.tidecast.runtime.windows.WindowBatch;
import java.lang.ref.Reference;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.IntToDoubleFunction;

/**
 * The runs of a model before it is given any series: each has the time of a run, and all together
 * that of opening.
 *
 * @param graph that is tried
 * @param options with the time of a run
 * @param all the time of opening, which runs
 */
record TrialRuns(OnnxGraph graph, OnnxOptions options, RunLimit all) {

  private static final double LEVEL = 100;
  private static final long ORIGIN_MILLIS = Instant.parse("2024-03-01T00:00:00Z").toEpochMilli();
  private static final long STEP_MILLIS = Duration.ofHours(1).toMillis();
  private static final int DAY = 24;

  /** The time of opening begins. */
  static TrialRuns of(OnnxGraph graph, OnnxOptions options) {
    return new TrialRuns(graph, options, RunLimit.of(options.openingTimeout()));
  }

  /** The time of a run that begins now. */
  RunLimit limit() {
    return all.part(options.trialTimeout());
  }

  /**
   * Gives the model windows as any series may have them: a level, a season, a trend, and where the
   * oldest cells may be missing, the newer half of each.
   *
   * @throws ModelException if an answer has a value that is no finite number; {@link
   *     FixedBatchException} if a window can't run alone
   */
  void requireFinite(ForecasterSpec spec) {
    Map<String, Window> windows = plausible(spec);
    WindowBatch batch = new WindowBatch(spec, 1);
    ForecastBatch forecasts = new ForecastBatch(spec, 1);
    forecasts.resize(1);
    windows.forEach(
        (name, window) -> {
          batch.clear();
          batch.add(window);
          try {
            RunSharing.alone(graph, batch, 0, 1, forecasts, limit());
          } catch (ModelException e) {
            throw BatchTrial.ofOneWindow(graph, e).map(ModelException.class::cast).orElse(e);
          }
          if (!forecasts.isFinite(0)) {
            throw new ModelException(
                "model must answer a plausible window with finite numbers, it did not for %s: model=%s/%s"
                    .formatted(name, spec.id(), spec.version()));
          }
        });
  }

  /**
   * Has ONNX Runtime give back what the trials took: they try more windows at once than a job may
   * ever ask for.
   */
  void giveBack(ForecasterSpec spec) {
    WindowBatch batch = new WindowBatch(spec, 1);
    ForecastBatch forecasts = new ForecastBatch(spec, 1);
    batch.add(window(spec, new float[spec.contextSize()]));
    forecasts.resize(1);
    RunLimit limit = limit();
    try {
      graph.bind(batch, forecasts).runAndGiveBack(limit.limit(), limit.deadlineNanos());
    } finally {
      Reference.reachabilityFence(batch);
    }
  }

  private static Map<String, Window> plausible(ForecasterSpec spec) {
    Map<String, Window> windows = new LinkedHashMap<>();
    double cells = spec.contextLength();
    put(windows, spec, "a level of 100", cell -> LEVEL);
    put(
        windows,
        spec,
        "a season of 24 steps around 100",
        cell -> LEVEL + LEVEL / 5 * Math.sin(2 * Math.PI * cell / DAY));
    put(windows, spec, "a trend from 100 to 200", cell -> LEVEL + LEVEL * cell / cells);
    return windows;
  }

  private static void put(
      Map<String, Window> windows, ForecasterSpec spec, String name, IntToDoubleFunction shape) {
    float[] context = new float[spec.contextSize()];
    for (int i = 0; i < context.length; i++) {
      context[i] = (float) (shape.applyAsDouble(i / spec.channels()) + unrest(i));
    }
    windows.put(name, window(spec, context));
    int half = spec.contextLength() / 2;
    if (spec.leftPadding() && half > 0) {
      float[] young = context.clone();
      Arrays.fill(young, 0, half * spec.channels(), Float.NaN);
      windows.put(name + ", in the newer half of the context alone", window(spec, young));
    }
  }

  static Window window(ForecasterSpec spec, float[] context) {
    float[] covariates = new float[spec.futureCovariatesSize()];
    for (int i = 0; i < covariates.length; i++) {
      covariates[i] = (float) Math.abs(unrest(i));
    }
    return new Window("trial", ORIGIN_MILLIS, STEP_MILLIS, context, covariates);
  }

  /** Up to 1 to each side, without a pattern: measured series are never smooth. */
  static double unrest(int i) {
    return Math.sin(12.9898 * (i + 1));
  }
}
