package io.tidecast.cli.model;

import io.tidecast.runtime.manifest.ForecasterSpec;
import io.tidecast.runtime.windows.ForecastBatch;
import io.tidecast.runtime.windows.Forecaster;
import io.tidecast.runtime.windows.Window;
import io.tidecast.runtime.windows.WindowBatch;
import java.util.SplittableRandom;

/** Finds out whether the forecast of a channel depends on another channel. */
final class ChannelTrial {

  /** Of channels that are changed by turns, in series of different levels. */
  private static final int MOST_TRIALS = 64;

  private static final int LEAST_TRIALS = 8;

  private static final double LEVEL = 0.25;

  private ChannelTrial() {}

  /** Tells whether a change of one channel has been seen to change the forecast of another. */
  static boolean mixes(Forecaster forecaster) {
    ForecasterSpec spec = forecaster.spec();
    SplittableRandom random = new SplittableRandom(1);
    int trials = Math.min(MOST_TRIALS, Math.max(LEAST_TRIALS, 2 * spec.channels()));
    for (int trial = 0; trial < trials; trial++) {
      float[] context = new float[spec.contextSize()];
      for (int i = 0; i < context.length; i++) {
        context[i] = (float) (trial * LEVEL + random.nextDouble(-1, 1));
      }
      float[] before = points(forecaster, context);
      int changed = trial % spec.channels();
      float[] other = context.clone();
      for (int i = changed; i < other.length; i += spec.channels()) {
        other[i] += (float) random.nextDouble(-1, 1);
      }
      float[] after = points(forecaster, other);
      for (int i = 0; i < before.length; i++) {
        int target = spec.targets().get(i % spec.targets().size());
        if (target != changed && before[i] != after[i]) {
          return true;
        }
      }
    }
    return false;
  }

  private static float[] points(Forecaster forecaster, float[] context) {
    ForecasterSpec spec = forecaster.spec();
    WindowBatch windows = new WindowBatch(spec, 1);
    windows.add(new Window("trial", 0, 3_600_000, context, new float[spec.futureCovariatesSize()]));
    ForecastBatch forecasts = new ForecastBatch(spec, 1);
    forecaster.forecast(windows, forecasts);
    float[] points = new float[spec.pointsSize()];
    forecasts.points(0, points);
    return points;
  }
}
