package io.tidecast.benchmarks.inference;

import io.tidecast.runtime.manifest.ForecasterSpec;
import java.util.Random;

/** Contexts to forecast from: a daily wave of the size of a country's demand, with seeded noise. */
public final class Contexts {

  private Contexts() {}

  /** One array {@code [time][channel]} per window, row-major. */
  public static float[][] of(ForecasterSpec spec, int count) {
    Random random = new Random(17);
    float[][] contexts = new float[count][spec.contextSize()];
    for (int window = 0; window < count; window++) {
      for (int i = 0; i < spec.contextSize(); i++) {
        int time = window + i / spec.channels();
        contexts[window][i] =
            (float) (30_000 + 8_000 * Math.sin(time * Math.PI / 24) + 500 * random.nextGaussian());
      }
    }
    return contexts;
  }
}
