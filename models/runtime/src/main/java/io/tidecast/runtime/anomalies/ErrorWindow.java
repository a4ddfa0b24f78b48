package io.tidecast.runtime.anomalies;

import io.tidecast.runtime.anomalies.AnomalySettings.Interval;
import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * The ends of an interval that held the given share of the newest errors: conformal prediction with
 * a sliding window (Vovk, Gammerman and Shafer, 2005). An end is the error of that rank, so that a
 * new error lies beyond it as seldom as the level says if errors are exchangeable, whatever their
 * distribution.
 *
 * <p>Only the errors far out are kept, for each of {@value #BLOCKS} blocks of cells. One thread.
 */
final class ErrorWindow {

  static final int BLOCKS = 4;

  /** With fewer errors there is no interval. */
  static final int FEWEST = 50;

  private static final int SIDES = 2;

  private final double level;
  private final int blockCells;
  private final int kept;

  /** The newest block, of which there are fewer errors than of the others. */
  private int newest;

  private final int[] counts = new int[BLOCKS];

  /** {@code [block][side][rank]}: errors on that side, greatest first; NaN where there is none. */
  private final double[] farOut;

  ErrorWindow(Interval interval) {
    this.level = interval.level();
    this.blockCells = (interval.windowCells() + BLOCKS - 1) / BLOCKS;
    this.kept = Interval.beyond(level, BLOCKS * blockCells);
    this.farOut = new double[BLOCKS * SIDES * kept];
    Arrays.fill(farOut, Double.NaN);
  }

  /** Takes an error: what came less what was expected. */
  void add(double error) {
    if (counts[newest] == blockCells) {
      newest = (newest + 1) % BLOCKS;
      counts[newest] = 0;
      int from = newest * SIDES * kept;
      Arrays.fill(farOut, from, from + SIDES * kept, Double.NaN);
    }
    counts[newest]++;
    insert(newest * SIDES * kept, error);
    insert((newest * SIDES + 1) * kept, -error);
  }

  private void insert(int from, double value) {
    int at = from + kept - 1;
    if (farOut[at] >= value) {
      return;
    }
    while (at > from && !(farOut[at - 1] >= value)) {
      farOut[at] = farOut[at - 1];
      at--;
    }
    farOut[at] = value;
  }

  /**
   * How far the interval reaches to one side.
   *
   * @param more errors that count as well, {@code count} of them
   * @return 0 or more; NaN where there are too few errors to tell
   */
  double end(Side side, double[] more, int count) {
    int errors = count;
    for (int ofBlock : counts) {
      errors += ofBlock;
    }
    if (errors < FEWEST) {
      return Double.NaN;
    }
    double sign = side == Side.ABOVE ? 1 : -1;
    double[] added = new double[count];
    for (int i = 0; i < count; i++) {
      // Least first, so that they are taken from behind.
      added[i] = sign * more[i];
    }
    Arrays.sort(added);
    return Math.max(0, ranked(side.ordinal(), added, Interval.beyond(level, errors)));
  }

  /** The error of a rank, 1 for the greatest. */
  private double ranked(int side, double[] added, int rank) {
    int[] next = new int[BLOCKS];
    int left = added.length;
    double value = 0;
    for (int i = 0; i < rank; i++) {
      int from = -1;
      value = left > 0 ? added[left - 1] : Double.NEGATIVE_INFINITY;
      for (int block = 0; block < BLOCKS; block++) {
        double head =
            next[block] < kept ? farOut[(block * SIDES + side) * kept + next[block]] : Double.NaN;
        if (head > value || (from < 0 && head == value)) {
          value = head;
          from = block;
        }
      }
      if (from < 0) {
        left--;
      } else {
        next[from]++;
      }
    }
    return value;
  }

  /** The length of {@link #write}. */
  int bytes() {
    return (1 + BLOCKS) * Integer.BYTES + farOut.length * Double.BYTES;
  }

  void write(ByteBuffer out) {
    out.putInt(newest);
    for (int count : counts) {
      out.putInt(count);
    }
    for (double error : farOut) {
      out.putDouble(error);
    }
  }

  void read(ByteBuffer in) {
    newest = Math.floorMod(in.getInt(), BLOCKS);
    for (int i = 0; i < BLOCKS; i++) {
      counts[i] = in.getInt();
    }
    for (int i = 0; i < farOut.length; i++) {
      farOut[i] = in.getDouble();
    }
  }
}
