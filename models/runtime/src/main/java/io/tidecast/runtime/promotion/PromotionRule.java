package io.tidecast.runtime.promotion;

import io.tidecast.runtime.manifest.Checks;
import java.io.Serializable;

/**
 * When a model loses its place to another.
 *
 * <p>Forecasts of neighbouring cells are off by nearly the same, for what could not be known is in
 * all of them. So cells are put into blocks of one horizon, and a block is won by whoever is off by
 * less over all of it. A contest goes over at least {@code origins} origins and {@link
 * #LEAST_BLOCKS} blocks. It is decided once, at its end, and the next one begins: to look again and
 * again at a contest that goes on would make a lucky moment enough.
 *
 * @param betterBy share by which the loss must be less, 0 to 1 exclusive
 * @param origins how many a contest goes over at least
 * @param confidence of the sign test over the blocks, such as .99
 * @param coolDownOrigins how many pass after a decision to promote before a contest begins
 * @param blockCells cells of a block, which is the longest lead time that is compared
 * @param replacesByNaive whether a primary that the seasonal naive outdoes gives its place to it
 */
public record PromotionRule(
    double betterBy,
    int origins,
    double confidence,
    int coolDownOrigins,
    int blockCells,
    boolean replacesByNaive)
    implements Serializable {

  /** How many blocks a contest has at least; fewer say too little to be sure of anything. */
  public static final int LEAST_BLOCKS = 14;

  /** The highest confidence that so few blocks can give, with several models in the contest. */
  public static final double HIGHEST_CONFIDENCE = .999;

  public PromotionRule {
    Checks.require(betterBy >= 0 && betterBy < 1, "must be within 0..1", "betterBy", betterBy);
    Checks.positive("origins", origins);
    Checks.require(
        confidence >= .5 && confidence <= HIGHEST_CONFIDENCE,
        "must be within 0.5.." + HIGHEST_CONFIDENCE,
        "confidence",
        confidence);
    Checks.require(
        coolDownOrigins >= 0, "must not be negative", "coolDownOrigins", coolDownOrigins);
    Checks.positive("blockCells", blockCells);
  }

  /** The block of a cell, by its number. */
  public long block(long cell) {
    return Math.floorDiv(cell, (long) blockCells);
  }

  /** Whether a contest has gone on for long enough. */
  boolean isOver(int originsSoFar, int blocksSoFar) {
    return originsSoFar >= origins && blocksSoFar >= LEAST_BLOCKS;
  }

  /**
   * Whether a model has won.
   *
   * @param rivals how many models are in a contest with the same one, each of which may be lucky
   */
  boolean isWon(double improvement, double pValue, int rivals) {
    return improvement > 0 && improvement >= betterBy && pValue <= (1 - confidence) / rivals;
  }
}
