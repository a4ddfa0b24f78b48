package io.tidecast.architectures;

/**
 * How to train.
 *
 * @param batchSize windows per step; an incomplete last batch is left out, unless it is the only
 *     one
 * @param epochs passes over the training windows, at most
 * @param patience epochs without a better validation loss after which to stop
 * @param learningRate initial rate of Adam
 * @param schedule of that rate
 * @param loss what is minimised, in scaled units
 * @param weightDecay decoupled weight decay; 0 for none
 * @param mixup blend every window with another of its batch by a random share (Zhang et al., 2018)
 * @param averaging share that the running average of the weights keeps in a step, such as 0.999;
 *     the average is then what is validated and served; 0 for none
 * @param seed of initial weights, order of windows, dropout and mixup
 */
public record TrainingSettings(
    int batchSize,
    int epochs,
    int patience,
    double learningRate,
    Schedule schedule,
    Loss loss,
    double weightDecay,
    boolean mixup,
    double averaging,
    long seed) {

  private static final long SEED = 2021;

  /** A builder without weight decay, mixup or averaging, of mean squared error and one seed. */
  public static Builder builder() {
    return new Builder();
  }

  /** A builder that begins with these settings. */
  public Builder toBuilder() {
    return new Builder()
        .batchSize(batchSize)
        .epochs(epochs)
        .patience(patience)
        .learningRate(learningRate)
        .schedule(schedule)
        .loss(loss)
        .weightDecay(weightDecay)
        .mixup(mixup)
        .averaging(averaging)
        .seed(seed);
  }

  /** Checks the ranges. */
  public TrainingSettings {
    require(batchSize >= 1, "batch size must be at least 1", batchSize);
    require(epochs >= 1, "epochs must be at least 1", epochs);
    require(patience >= 1, "patience must be at least 1", patience);
    require(learningRate > 0, "learning rate must be positive", learningRate);
    require(weightDecay >= 0, "weight decay must not be negative", weightDecay);
    require(
        averaging >= 0 && averaging < 1, "averaging must be within 0..1, less than 1", averaging);
  }

  private static void require(boolean holds, String requirement, Object value) {
    if (!holds) {
      throw new IllegalArgumentException(requirement + ": " + value);
    }
  }

  /** Collects settings; what is left out is 0, save loss, schedule and seed. One thread. */
  public static final class Builder {
    private int batchSize;
    private int epochs;
    private int patience;
    private double learningRate;
    private Schedule schedule = Schedule.CONSTANT;
    private Loss loss = Loss.MSE;
    private double weightDecay;
    private boolean mixup;
    private double averaging;
    private long seed = SEED;

    private Builder() {}

    /** Sets the windows per step. */
    public Builder batchSize(int value) {
      batchSize = value;
      return this;
    }

    /** Sets the passes over the training windows, at most. */
    public Builder epochs(int value) {
      epochs = value;
      return this;
    }

    /** Sets the epochs without a better validation loss after which to stop. */
    public Builder patience(int value) {
      patience = value;
      return this;
    }

    /** Sets the initial rate of Adam. */
    public Builder learningRate(double value) {
      learningRate = value;
      return this;
    }

    /** Sets how the rate changes. */
    public Builder schedule(Schedule value) {
      schedule = value;
      return this;
    }

    /** Sets what is minimised. */
    public Builder loss(Loss value) {
      loss = value;
      return this;
    }

    /** Sets the decoupled weight decay. */
    public Builder weightDecay(double value) {
      weightDecay = value;
      return this;
    }

    /** Sets whether windows are blended. */
    public Builder mixup(boolean value) {
      mixup = value;
      return this;
    }

    /** Sets the share that the running average of the weights keeps. */
    public Builder averaging(double value) {
      averaging = value;
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
    public TrainingSettings build() {
      return new TrainingSettings(
          batchSize,
          epochs,
          patience,
          learningRate,
          schedule,
          loss,
          weightDecay,
          mixup,
          averaging,
          seed);
    }
  }
}
