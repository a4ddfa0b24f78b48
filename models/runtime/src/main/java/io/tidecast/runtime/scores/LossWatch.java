package io.tidecast.runtime.scores;

/** Is told what forecasts of one cell were off by, those of all contestants side by side. */
public interface LossWatch {

  /**
   * A cell is settled that forecasts of some lead time were of.
   *
   * @param cell its number
   * @param origin number of the cell from which they were made
   * @param isShortest whether no lead time that is scored is shorter
   * @param losses what they were off by
   */
  void lost(long cell, long origin, boolean isShortest, Losses losses);

  /**
   * What forecasts from one origin for one target of a cell were off by, in units of the seasonal
   * naive's error one season ahead. Read while it is told, and not kept.
   */
  interface Losses {

    /** How many have made forecasts of the series lately. */
    int size();

    /**
     * Who one of them is.
     *
     * @param index from 0
     */
    Contestant by(int index);

    /**
     * The loss of one of them.
     *
     * @param index from 0
     * @return NaN where it made no forecast from that origin, or none of this target
     */
    double of(int index);

    /** The loss of the seasonal naive from that origin; NaN where it has none. */
    double ofNaive();
  }
}
