package io.tidecast.training.corpus;

import io.tidecast.evaluation.data.DataException;
import io.tidecast.evaluation.data.Split;
import io.tidecast.training.synthetic.Draws;
import io.tidecast.training.synthetic.SyntheticSeries;
import io.tidecast.training.synthetic.Values;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import java.util.zip.CRC32C;

/**
 * Windows of synthetic and of real series, to train a forecaster on that meets its series for the
 * first time when it serves. A window is complete, and no value is repeated over more than half of
 * it. Immutable: any thread, each with a random of its own.
 */
public final class Corpus {
  private final CorpusSettings settings;
  private final List<CorpusSet> sets;
  private final double[] weights;
  private final List<SeriesPool> training = new ArrayList<>();
  private final List<SeriesPool> validation = new ArrayList<>();

  /**
   * @param sets may be empty if all is synthetic
   */
  public Corpus(CorpusSettings settings, List<CorpusSet> sets) {
    if (sets.isEmpty() && settings.syntheticShare() < 1) {
      throw new IllegalArgumentException(
          "synthetic share must be 1 without data sets: " + settings.syntheticShare());
    }
    this.settings = settings;
    this.sets = List.copyOf(sets);
    this.weights = sets.stream().mapToDouble(CorpusSet::weight).toArray();
    for (CorpusSet set : sets) {
      training.add(new SeriesPool("training part of " + set.name(), set.training()));
      validation.add(new SeriesPool("validation part of " + set.name(), set.validation()));
    }
  }

  /**
   * Draws a window to learn from.
   *
   * @param length steps of the window, context and horizon together
   * @param destination filled from index 0, at least as long; units of the series, or none if mixed
   * @throws DataException if a set has no such window
   */
  void sample(SplittableRandom random, int length, float[] destination) {
    float[] window = new Sampler(random, length, Split.Part.TRAIN).draw();
    System.arraycopy(window, 0, destination, 0, length);
  }

  /**
   * Draws windows to validate on: the same every time, from the same distribution, but of the sets'
   * validation parts and of synthetic series that {@link #sample} never draws. Sets without a
   * validation part are left out.
   *
   * @param length as of {@link #sample}
   * @throws DataException if a set's validation part has no such window, or none has a validation
   *     part and not all is synthetic
   */
  List<float[]> validation(int count, int length, long seed) {
    Sampler sampler = new Sampler(new SplittableRandom(seed), length, Split.Part.VALIDATION);
    List<float[]> windows = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      windows.add(sampler.draw());
    }
    return windows;
  }

  CorpusSettings settings() {
    return settings;
  }

  List<CorpusSet> sets() {
    return sets;
  }

  /** Tells one corpus from another in a checkpoint. */
  String identity() {
    CRC32C checksum = new CRC32C();
    for (CorpusSet set : sets) {
      checksum.update(set.toString().getBytes(StandardCharsets.UTF_8));
      Stream.concat(set.training().stream(), set.validation().stream())
          .forEach(series -> checksum.update(series.bytes()));
    }
    return settings + " data " + Long.toHexString(checksum.getValue());
  }

  /** Draws of one length from one part. */
  private final class Sampler {
    private final SplittableRandom random;
    private final Draws draws;
    private final int length;
    private final Split.Part part;
    private final List<SeriesPool> pools;
    private final double[] poolWeights = weights.clone();

    Sampler(SplittableRandom random, int length, Split.Part part) {
      this.random = random;
      this.draws = new Draws(random);
      this.length = length;
      this.part = part;
      this.pools = part == Split.Part.TRAIN ? training : validation;
      boolean any = settings.syntheticShare() == 1;
      for (int i = 0; i < poolWeights.length; i++) {
        if (pools.get(i).isEmpty()) {
          poolWeights[i] = 0;
        } else {
          pools.get(i).requireWindow(length);
          any = true;
        }
      }
      if (!any) {
        throw new DataException(
            "one data set at least must have a validation part, none of "
                + poolWeights.length
                + " has");
      }
    }

    float[] draw() {
      float[] window = draws.chance(settings.mixingShare()) ? mixed() : one();
      if (draws.chance(settings.flippingShare())) {
        for (int t = 0; t < length; t++) {
          window[t] = -window[t];
        }
      }
      return window;
    }

    private float[] one() {
      if (draws.chance(settings.syntheticShare())) {
        // Even seeds are for training, odd ones for validation.
        long seed = random.nextLong() & ~1L;
        return SyntheticSeries.generate(part == Split.Part.TRAIN ? seed : seed | 1, length);
      }
      return pools.get(draws.weighted(poolWeights)).draw(draws, length, settings);
    }

    /**
     * TSMixup (Ansari et al., 2024): a convex combination by a Dirichlet draw of concentration 1.5.
     * The parts are standardised, where the paper divides by the mean absolute value: otherwise a
     * window far from zero would count as a constant.
     */
    private float[] mixed() {
      int count = draws.integer(2, settings.mostMixed());
      double[] sum = new double[length];
      for (int i = 0; i < count; i++) {
        float[] window = one();
        double[] part = new double[length];
        for (int t = 0; t < length; t++) {
          part[t] = window[t];
        }
        // The common divisor of the shares is left out: it is a scale of the whole.
        Values.add(sum, draws.gammaOfThreeHalves(), Values.standardise(part));
      }
      float[] mixed = new float[length];
      for (int t = 0; t < length; t++) {
        mixed[t] = (float) sum[t];
      }
      return mixed;
    }
  }
}
