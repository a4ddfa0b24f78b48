package io.tidecast.runtime.anomalies;

import static java.util.Objects.requireNonNull;

import io.tidecast.runtime.manifest.Checks;
import java.io.Serializable;

/**
 * What is an anomaly. The same settings read the bytes of a series again; another interval, shift
 * or number of channels begins it anew.
 *
 * @param channels values of a cell
 * @param interval which values are expected
 * @param rule which of the others are told
 * @param shiftCells after how many cells far outside on one side the level has shifted; 0 where
 *     shifts are not looked for
 * @param longestLead how many cells ahead a forecast is kept; later ones are not judged by it
 * @param openCells how many of the newest cells still take corrections
 */
public record AnomalySettings(
    int channels, Interval interval, Rule rule, int shiftCells, int longestLead, int openCells)
    implements Serializable {

  /** Of more cells a shift is no news. */
  public static final int MOST_SHIFT_CELLS = 200;

  public AnomalySettings {
    requireNonNull(interval, "interval is null");
    requireNonNull(rule, "rule is null");
    Checks.positive("channels", channels);
    Checks.positive("longestLead", longestLead);
    Checks.require(
        shiftCells >= 0 && shiftCells <= MOST_SHIFT_CELLS,
        "must be within 0 to " + MOST_SHIFT_CELLS,
        "shiftCells",
        shiftCells);
    Checks.require(openCells >= 0, "must not be negative", "openCells", openCells);
  }

  /**
   * Which values are expected.
   *
   * @param level the share of values that the interval is meant to hold, within (0, 1), such as
   *     0.998
   * @param windowCells how many of the newest errors it is made of. They are kept in blocks of a
   *     quarter, so that they are as many as that and up to a block less
   */
  public record Interval(double level, int windowCells) implements Serializable {

    /** The shortest window. */
    public static final int FEWEST_CELLS = 100;

    /** The longest window. */
    public static final int MOST_CELLS = 100_000;

    /** How many errors beyond an end are kept at most: more are not looked at so far out. */
    public static final int MOST_BEYOND = 500;

    public Interval {
      Checks.require(level > 0 && level < 1, "must be within (0, 1)", "level", level);
      Checks.require(
          windowCells >= FEWEST_CELLS && windowCells <= MOST_CELLS,
          "must be within " + FEWEST_CELLS + " to " + MOST_CELLS,
          "windowCells",
          windowCells);
      Checks.require(
          beyond(level, windowCells) <= MOST_BEYOND,
          "must leave at most " + MOST_BEYOND + " errors of a window beyond each end",
          "level",
          level);
    }

    /** How many of so many errors lie beyond one end of the interval, the end itself included. */
    static int beyond(double level, int errors) {
      return Math.max(1, (int) Math.floor((1 - level) / 2 * (errors + 1) + 1e-9));
    }
  }

  /**
   * Which values outside of the interval are told.
   *
   * @param run how many there must be
   * @param sides on which they count
   * @param minimum the least deviation that counts, units of the series
   * @param minimumShare the least deviation that counts, by the expected value
   * @param coolDownCells for how many cells after an anomaly none is told
   */
  public record Rule(
      RunRule run, Sides sides, double minimum, double minimumShare, int coolDownCells)
      implements Serializable {

    /** Each value outside of the interval, on both sides. */
    public static final Rule EACH = new Rule(RunRule.EACH, Sides.BOTH, 0, 0, 0);

    public Rule {
      requireNonNull(run, "run is null");
      requireNonNull(sides, "sides is null");
      Checks.require(
          minimum >= 0 && minimum < Double.POSITIVE_INFINITY,
          "must be 0 or more",
          "minimum",
          minimum);
      Checks.require(
          minimumShare >= 0 && minimumShare < Double.POSITIVE_INFINITY,
          "must be 0 or more",
          "minimumShare",
          minimumShare);
      Checks.require(coolDownCells >= 0, "must not be negative", "coolDownCells", coolDownCells);
    }
  }

  /** How many cells are kept: open ones, and known ones before them that a run looks back at. */
  public int keptCells() {
    return openCells + rule.run().among() + 1;
  }

  /** How many errors far out are kept of a channel, on both sides. */
  public int farOut() {
    return 2 * ErrorWindow.BLOCKS * Interval.beyond(interval.level(), interval.windowCells());
  }

  /** Tells other settings from these where the state would mean something else. */
  int id() {
    int hash = Double.hashCode(interval.level());
    hash = 31 * hash + interval.windowCells();
    hash = 31 * hash + channels;
    return 31 * hash + shiftCells;
  }
}
