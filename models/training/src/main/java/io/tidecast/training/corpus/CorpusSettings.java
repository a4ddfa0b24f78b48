package io.tidecast.training.corpus;

/**
 * What a {@link Corpus} draws. All shares are from 0 to 1.
 *
 * @param syntheticShare share of synthetic series among what is drawn; the rest are real
 * @param coarseningShare share of real windows of a coarser step: means of some neighbours
 * @param greatestFactor most neighbours of such a mean, at least 2; fewer where rows are few
 * @param refiningShare share of real windows of half the step, a mean between each two values
 * @param mixingShare share of windows that are mixed from several
 * @param mostMixed of how many at most, at least 2
 * @param flippingShare share of windows turned upside down
 */
public record CorpusSettings(
    double syntheticShare,
    double coarseningShare,
    int greatestFactor,
    double refiningShare,
    double mixingShare,
    int mostMixed,
    double flippingShare) {

  /** A builder that draws whole windows from the files alone. */
  public static Builder builder() {
    return new Builder();
  }

  /** Checks the ranges. */
  public CorpusSettings {
    requireShare("synthetic share", syntheticShare);
    requireShare("coarsening share", coarseningShare);
    requireShare("refining share", refiningShare);
    requireShare("mixing share", mixingShare);
    requireShare("flipping share", flippingShare);
    requireTwo("greatest factor", greatestFactor);
    requireTwo("most mixed", mostMixed);
  }

  private static void requireShare(String name, double share) {
    if (!(share >= 0 && share <= 1)) {
      throw new IllegalArgumentException(name + " must be from 0 to 1: " + share);
    }
  }

  private static void requireTwo(String name, int count) {
    if (count < 2) {
      throw new IllegalArgumentException(name + " must be at least 2: " + count);
    }
  }

  /** Collects settings; a share that is left out is 0, and a count 2. One thread. */
  public static final class Builder {
    private double syntheticShare;
    private double coarseningShare;
    private int greatestFactor = 2;
    private double refiningShare;
    private double mixingShare;
    private int mostMixed = 2;
    private double flippingShare;

    private Builder() {}

    /** Sets the share of synthetic series. */
    public Builder syntheticShare(double value) {
      syntheticShare = value;
      return this;
    }

    /** Sets the share of real windows of a coarser step. */
    public Builder coarseningShare(double value) {
      coarseningShare = value;
      return this;
    }

    /** Sets how many neighbours such a step takes together, at most. */
    public Builder greatestFactor(int value) {
      greatestFactor = value;
      return this;
    }

    /** Sets the share of real windows of half the step. */
    public Builder refiningShare(double value) {
      refiningShare = value;
      return this;
    }

    /** Sets the share of windows that are mixed. */
    public Builder mixingShare(double value) {
      mixingShare = value;
      return this;
    }

    /** Sets how many are mixed, at most. */
    public Builder mostMixed(int value) {
      mostMixed = value;
      return this;
    }

    /** Sets the share of windows turned upside down. */
    public Builder flippingShare(double value) {
      flippingShare = value;
      return this;
    }

    /**
     * The settings.
     *
     * @throws IllegalArgumentException if one is out of its range
     */
    public CorpusSettings build() {
      return new CorpusSettings(
          syntheticShare,
          coarseningShare,
          greatestFactor,
          refiningShare,
          mixingShare,
          mostMixed,
          flippingShare);
    }
  }
}
