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
}
