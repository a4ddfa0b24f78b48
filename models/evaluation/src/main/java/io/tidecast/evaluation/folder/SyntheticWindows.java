package io.tidecast.evaluation.folder;

import io.tidecast.runtime.manifest.ForecasterSpec;
import io.tidecast.runtime.windows.Window;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/** Windows as any series may have them, always the same: what golden vectors are made of. */
final class SyntheticWindows {

  private static final int CASES = 3;
  private static final long STEP_MILLIS = 3_600_000;

  private SyntheticWindows() {}

  /** Puts a value of mean 0 and a deviation of about 1 into the units of a channel. */
  @FunctionalInterface
  interface Units {
    double of(double value, int channel);
  }

  /**
   * A level, a slope, two periods and noise, each context and channel with others.
   *
   * @param known channels whose values are known ahead, in the order of the covariates
   */
  static List<Window> of(ForecasterSpec spec, int[] known, Units units) {
    int channels = spec.channels();
    int length = spec.contextLength();
    int horizon = spec.predictionLength();
    List<Window> windows = new ArrayList<>();
    for (int i = 0; i < CASES; i++) {
      SplittableRandom random = new SplittableRandom(i);
      float[] context = new float[spec.contextSize()];
      float[] ahead = new float[spec.futureCovariatesSize()];
      for (int c = 0; c < channels; c++) {
        double level = random.nextDouble(-2, 2);
        double slope = random.nextDouble(-1, 1) / length;
        double phase = random.nextDouble(2 * Math.PI);
        for (int t = 0; t < length + horizon; t++) {
          double angle = 2 * Math.PI * t;
          double value =
              level
                  + slope * t
                  + Math.sin(angle / 24 + phase)
                  + 0.5 * Math.sin(angle / 168 + phase)
                  + random.nextDouble(-0.2, 0.2);
          float cell = (float) units.of(value, c);
          if (t < length) {
            context[t * channels + c] = cell;
          } else {
            setKnown(ahead, known, t - length, c, cell);
          }
        }
      }
      windows.add(new Window("golden", i * STEP_MILLIS * length, STEP_MILLIS, context, ahead));
    }
    return windows;
  }

  private static void setKnown(float[] ahead, int[] known, int step, int channel, float cell) {
    for (int k = 0; k < known.length && ahead.length > 0; k++) {
      if (known[k] == channel) {
        ahead[step * known.length + k] = cell;
      }
    }
  }
}
