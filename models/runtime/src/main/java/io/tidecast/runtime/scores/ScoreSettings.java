package io.tidecast.runtime.scores;

import io.tidecast.runtime.manifest.Checks;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;

/**
 * What is scored of the forecasts of a series, and over how many cells. The same settings read the
 * bytes of a series again; others begin its scores anew.
 *
 * @param leads how many cells after its origin a forecast is scored at, ascending, such as 1, 2, 4
 *     and 8
 * @param channels values of a cell
 * @param seasonCells of the seasonal naive that forecasts are compared with; 1 for one that repeats
 *     the last value
 * @param windowCells how many of the newest cells the sliding scores are of. They are kept in
 *     {@link #BLOCKS} blocks that begin with cells whose number is a multiple of a block, so that
 *     the window holds as many cells as that and up to a block less
 * @param halfLifeCells after how many cells an error counts half in the weighted scores
 * @param openCells how many of the newest cells still take corrections, and forecasts that come
 *     after their cells
 */
public record ScoreSettings(
    List<Integer> leads,
    int channels,
    int seasonCells,
    int windowCells,
    double halfLifeCells,
    int openCells)
    implements Serializable {

  /** The longest lead that can be scored, in cells. */
  public static final int LONGEST_LEAD = 30_000;

  /** How many blocks a sliding window is made of. */
  public static final int BLOCKS = 3;

  /** How many lead-time bands there are at most. */
  public static final int MOST_BANDS = 4;

  /** How many models of a series are scored at most. */
  public static final int MOST_MODELS = 16;

  /** What the state of a series of 336 cells takes for one channel, bytes. */
  private static final int OWN_BYTES = 4 * 336;

  /** How many forecasts of a model wait at most for their cell of one lead. */
  private static final int MOST_WAITING = 6;

  public ScoreSettings {
    leads = List.copyOf(leads);
    Checks.require(!leads.isEmpty(), "must not be empty", "leads", leads);
    int before = 0;
    for (int lead : leads) {
      Checks.require(lead > before, "must ascend from 1 or more", "leads", leads);
      Checks.require(
          lead <= LONGEST_LEAD, "must be at most " + LONGEST_LEAD + " each", "leads", leads);
      before = lead;
    }
    Checks.positive("channels", channels);
    Checks.positive("seasonCells", seasonCells);
    Checks.require(windowCells >= BLOCKS, "must be at least " + BLOCKS, "windowCells", windowCells);
    Checks.require(
        halfLifeCells > 0 && halfLifeCells < Double.POSITIVE_INFINITY,
        "must be positive",
        "halfLifeCells",
        halfLifeCells);
    Checks.require(openCells >= 0, "must not be negative", "openCells", openCells);
  }

  /** Lists 1, 2, 4, 8 and so on below a horizon, and the horizon. */
  public static List<Integer> leadsTo(int horizon) {
    List<Integer> leads = new ArrayList<>();
    for (int lead = 1; lead < horizon && lead > 0; lead *= 2) {
      leads.add(lead);
    }
    leads.add(horizon);
    return leads;
  }

  /** The number of lead-time bands. A band is one lead or several that follow each other. */
  public int bands() {
    return Math.min(MOST_BANDS, leads.size());
  }

  /** The band of a lead, by its place in the list. */
  int band(int index) {
    return index * bands() / leads.size();
  }

  /** The first lead of a band. */
  public int firstLead(int band) {
    int index = 0;
    while (band(index) < band) {
      index++;
    }
    return leads.get(index);
  }

  /** The last lead of a band. */
  public int lastLead(int band) {
    int index = leads.size() - 1;
    while (band(index) > band) {
      index--;
    }
    return leads.get(index);
  }

  int blockCells() {
    return (windowCells + BLOCKS - 1) / BLOCKS;
  }

  /** By how much an error counts less after some cells have closed since its own. */
  double forgetting(long cells) {
    return Math.pow(0.5, cells / halfLifeCells);
  }

  /**
   * How many cells the seasonal naive looks back for a lead, counted from the cell it forecasts.
   */
  int naiveReach(int lead) {
    return (lead + seasonCells - 1) / seasonCells * seasonCells;
  }

  /** How many of the newest cells are kept. */
  int keptCells() {
    return naiveReach(leads.get(leads.size() - 1)) + openCells + 1;
  }

  /**
   * How many forecasts of a model wait for their cells at one lead. It is as many as fit, over all
   * leads, into what the series' own state takes for as many channels; and at least one.
   *
   * @param numbers of one cell of a forecast, points and quantiles
   * @param targets that these numbers are of
   */
  int waiting(int numbers, int targets) {
    int most = MOST_WAITING;
    while (most > 1
        && (long) waitingForecasts(most) * numbers * Float.BYTES > (long) OWN_BYTES * targets) {
      most--;
    }
    return most;
  }

  private int waitingForecasts(int most) {
    int forecasts = 0;
    for (int lead : leads) {
      forecasts += Math.min(lead, most);
    }
    return forecasts;
  }

  /** Tells other settings from these, the same in every process. */
  int id() {
    int hash = leads.hashCode();
    hash = 31 * hash + channels;
    hash = 31 * hash + seasonCells;
    hash = 31 * hash + windowCells;
    hash = 31 * hash + Double.hashCode(halfLifeCells);
    return 31 * hash + openCells;
  }
}
