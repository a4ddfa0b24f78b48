package io.tidecast.training.corpus;

import io.tidecast.evaluation.data.DataException;
import io.tidecast.evaluation.data.Scaler;
import io.tidecast.evaluation.data.Split;
import io.tidecast.training.TrainingWindows;
import java.util.List;
import java.util.SplittableRandom;

/**
 * Windows of one value per step drawn anew for every epoch from a {@link Corpus}, in raw units. A
 * window whose future is beyond all measure of its context is drawn again: nothing is to be learned
 * from it, and it would outweigh a whole batch.
 */
public final class CorpusWindows implements TrainingWindows {
  /** In standard deviations of the context, from its mean. */
  private static final double GREATEST_DISTANCE = 15;

  private static final int MOST_ATTEMPTS = 1000;

  /** Not the increment of the generator itself: its sequences would then overlap. */
  private static final long WINDOW_STRIDE = 0xD1342543DE82EF95L;

  private final Corpus corpus;
  private final int contextLength;
  private final int length;
  private final int windowsPerEpoch;
  private final long seed;
  private final List<float[]> validation;

  /**
   * @param contextLength steps of the context
   * @param horizon steps after it
   * @param windowsPerEpoch drawn to learn from
   * @param validationWindows drawn to choose the epoch by, the same for every epoch
   * @param seed of all draws
   */
  public CorpusWindows(
      Corpus corpus,
      int contextLength,
      int horizon,
      int windowsPerEpoch,
      int validationWindows,
      long seed) {
    if (windowsPerEpoch < 1 || validationWindows < CorpusSource.WINDOWS) {
      throw new IllegalArgumentException(
          "windows must be at least 1 to learn from and "
              + CorpusSource.WINDOWS
              + " to validate on: windows="
              + windowsPerEpoch
              + ", validation windows="
              + validationWindows);
    }
    this.corpus = corpus;
    this.contextLength = contextLength;
    this.length = contextLength + horizon;
    this.windowsPerEpoch = windowsPerEpoch;
    this.seed = seed;
    this.validation =
        corpus.validation(2 * validationWindows, length, seed).stream()
            .filter(this::isLearnable)
            .limit(validationWindows)
            .toList();
    if (validation.size() < CorpusSource.WINDOWS) {
      throw new DataException(
          "the corpus must have windows whose future is in reach of their past; to validate on there are "
              + validation.size());
    }
  }

  @Override
  public String identity() {
    return "corpus %s windows %d validation %d seed %d"
        .formatted(corpus.identity(), windowsPerEpoch, validation.size(), seed);
  }

  @Override
  public int channels() {
    return 1;
  }

  @Override
  public int count(Split.Part part) {
    return switch (part) {
      case TRAIN -> windowsPerEpoch;
      case VALIDATION -> validation.size();
      case TEST -> 0;
    };
  }

  @Override
  public Scaler scaler() {
    return null;
  }

  @Override
  public void copy(Split.Part part, int epoch, int window, float[] values, float[] timeFeatures) {
    if (part != Split.Part.TRAIN) {
      System.arraycopy(validation.get(window), 0, values, 0, length);
      return;
    }
    SplittableRandom random =
        new SplittableRandom(seed + ((long) epoch * windowsPerEpoch + window) * WINDOW_STRIDE);
    for (int attempt = 0; attempt < MOST_ATTEMPTS; attempt++) {
      corpus.sample(random, length, values);
      if (isLearnable(values)) {
        return;
      }
    }
    throw new DataException("the corpus must have windows whose future is in reach of their past");
  }

  /** The context of one of the windows to validate on. */
  void copyContext(int window, float[] context) {
    System.arraycopy(validation.get(window), 0, context, 0, context.length);
  }

  private boolean isLearnable(float[] window) {
    double sum = 0;
    double squares = 0;
    for (int t = 0; t < contextLength; t++) {
      sum += window[t];
    }
    double mean = sum / contextLength;
    for (int t = 0; t < contextLength; t++) {
      squares += (window[t] - mean) * (window[t] - mean);
    }
    double reach = GREATEST_DISTANCE * Math.sqrt(squares / contextLength);
    for (int t = 0; t < length; t++) {
      // Negated, so that no deviation at all is out of reach.
      if (!(Math.abs(window[t] - mean) < reach)) {
        return false;
      }
    }
    return true;
  }
}
