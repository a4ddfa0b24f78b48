package io.tidecast.training.corpus;

import io.tidecast.evaluation.data.DataException;
import io.tidecast.evaluation.data.Scaler;
import io.tidecast.evaluation.data.Split;
import io.tidecast.training.TrainingWindows;
import java.util.List;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

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
   * How many windows, and of what length.
   *
   * @param contextLength steps of the context
   * @param horizon steps after it
   * @param windowsPerEpoch drawn to learn from
   * @param validationWindows drawn to choose the epoch by, the same for every epoch
   * @param seed of all draws
   */
  public record Settings(
      int contextLength, int horizon, int windowsPerEpoch, int validationWindows, long seed) {

    /** A builder without a length or a window yet. */
    public static Builder builder() {
      return new Builder();
    }

    /** Checks the numbers of windows. */
    public Settings {
      if (windowsPerEpoch < 1 || validationWindows < CorpusSource.WINDOWS) {
        throw new IllegalArgumentException(
            "windows must be at least 1 to learn from and "
                + CorpusSource.WINDOWS
                + " to validate on: windows="
                + windowsPerEpoch
                + ", validation windows="
                + validationWindows);
      }
    }

    /** Collects settings; what is left out is 0. One thread. */
    public static final class Builder {
      private int contextLength;
      private int horizon;
      private int windowsPerEpoch;
      private int validationWindows;
      private long seed;

      private Builder() {}

      /** Sets the steps of the context. */
      public Builder contextLength(int value) {
        contextLength = value;
        return this;
      }

      /** Sets the steps after it. */
      public Builder horizon(int value) {
        horizon = value;
        return this;
      }

      /** Sets how many are drawn to learn from. */
      public Builder windowsPerEpoch(int value) {
        windowsPerEpoch = value;
        return this;
      }

      /** Sets how many are drawn to choose the epoch by. */
      public Builder validationWindows(int value) {
        validationWindows = value;
        return this;
      }

      /** Sets the seed of all draws. */
      public Builder seed(long value) {
        seed = value;
        return this;
      }

      /**
       * The settings.
       *
       * @throws IllegalArgumentException if one is out of its range
       */
      public Settings build() {
        return new Settings(contextLength, horizon, windowsPerEpoch, validationWindows, seed);
      }
    }
  }

  /**
   * Windows of a corpus; those to validate on are drawn now.
   *
   * @throws DataException if it has too few windows that can be learned from
   */
  public CorpusWindows(Corpus corpus, Settings settings) {
    this.corpus = corpus;
    this.contextLength = settings.contextLength();
    this.length = contextLength + settings.horizon();
    this.windowsPerEpoch = settings.windowsPerEpoch();
    this.seed = settings.seed();
    this.validation =
        corpus.validation(2 * settings.validationWindows(), length, seed).stream()
            .filter(this::isLearnable)
            .limit(settings.validationWindows())
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
  public @Nullable Scaler scaler() {
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
