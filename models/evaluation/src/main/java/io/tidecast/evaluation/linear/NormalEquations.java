package io.tidecast.evaluation.linear;

import java.util.Arrays;

/**
 * The sums that least squares needs of its rows, however many there are: products of the terms with
 * each other and with the outcomes. One thread.
 */
final class NormalEquations {

  /** So many rows are added together, each of which would else pass all sums by itself. */
  private static final int ROWS = 4;

  private final int terms;
  private final int width;

  /** {@code [term][terms from this one on, then outcomes]}, row-major, with those before left 0. */
  private final double[] sums;

  private final double[][] rows;
  private int waiting;
  private double squares;
  private long count;

  /**
   * Sums of nothing.
   *
   * @param terms of a row
   * @param outcomes of a row
   */
  NormalEquations(int terms, int outcomes) {
    this.terms = terms;
    this.width = terms + outcomes;
    this.sums = new double[terms * width];
    this.rows = new double[ROWS][width];
  }

  /** Bytes of the sums. */
  static long bytes(int terms, int outcomes) {
    return (long) terms * (terms + outcomes) * Double.BYTES;
  }

  /** The next row, to be filled before {@link #add}: {@code [terms, then outcomes]}. */
  double[] row() {
    return rows[waiting];
  }

  /** Adds the row that was filled. */
  void add() {
    double[] row = rows[waiting];
    for (int i = terms; i < width; i++) {
      squares += row[i] * row[i];
    }
    count++;
    waiting++;
    if (waiting == ROWS) {
      flush();
    }
  }

  private void flush() {
    for (int i = waiting; i < ROWS; i++) {
      Arrays.fill(rows[i], 0);
    }
    waiting = 0;
    double[] a = rows[0];
    double[] b = rows[1];
    double[] c = rows[2];
    double[] d = rows[3];
    for (int i = 0; i < terms; i++) {
      double ai = a[i];
      double bi = b[i];
      double ci = c[i];
      double di = d[i];
      int at = i * width;
      for (int j = i; j < width; j++) {
        sums[at + j] += ai * a[j] + bi * b[j] + ci * c[j] + di * d[j];
      }
    }
  }

  /** How many outcomes there are. */
  long outcomes() {
    return count * (width - terms);
  }

  /**
   * The weights with the least squares, and a penalty on all but those of the last term.
   *
   * @param penalty on the square of a weight, in means of the squares of a term
   * @return {@code [term][outcome]}, row-major
   */
  double[] solve(double penalty) {
    flush();
    double mean = 0;
    for (int i = 0; i < terms; i++) {
      mean += sums[i * width + i] / terms;
    }
    double[] factor = new double[terms * terms];
    for (int i = 0; i < terms; i++) {
      for (int j = i; j < terms; j++) {
        factor[j * terms + i] = sums[i * width + j];
      }
      // A constant series has sums of 0, whose weights are then 0.
      factor[i * terms + i] +=
          (i == terms - 1 ? Double.MIN_NORMAL : penalty * mean) + Double.MIN_NORMAL;
    }
    factorise(factor);
    int outcomes = width - terms;
    double[] weights = new double[terms * outcomes];
    for (int i = 0; i < terms; i++) {
      System.arraycopy(sums, i * width + terms, weights, i * outcomes, outcomes);
    }
    substitute(factor, weights, outcomes);
    return weights;
  }

  /** Cholesky, in place, of the lower half. */
  private void factorise(double[] factor) {
    for (int i = 0; i < terms; i++) {
      for (int j = 0; j <= i; j++) {
        double sum = factor[i * terms + j];
        for (int k = 0; k < j; k++) {
          sum -= factor[i * terms + k] * factor[j * terms + k];
        }
        factor[i * terms + j] =
            i == j ? Math.sqrt(Math.max(sum, Double.MIN_NORMAL)) : sum / factor[j * terms + j];
      }
    }
  }

  /** Solves forwards and backwards, in place. */
  private void substitute(double[] factor, double[] weights, int outcomes) {
    for (int i = 0; i < terms; i++) {
      for (int k = 0; k < i; k++) {
        subtract(weights, i, k, factor[i * terms + k], outcomes);
      }
      divide(weights, i, factor[i * terms + i], outcomes);
    }
    for (int i = terms - 1; i >= 0; i--) {
      for (int k = i + 1; k < terms; k++) {
        subtract(weights, i, k, factor[k * terms + i], outcomes);
      }
      divide(weights, i, factor[i * terms + i], outcomes);
    }
  }

  private static void subtract(double[] rows, int from, int row, double times, int length) {
    int at = from * length;
    int of = row * length;
    for (int i = 0; i < length; i++) {
      rows[at + i] -= times * rows[of + i];
    }
  }

  private static void divide(double[] rows, int row, double by, int length) {
    for (int i = row * length; i < (row + 1) * length; i++) {
      rows[i] /= by;
    }
  }

  /**
   * The sum of the squared errors that weights have on these rows.
   *
   * @param weights {@code [term][outcome]}, row-major
   */
  double squaredErrors(double[] weights) {
    flush();
    int outcomes = width - terms;
    double[] product = new double[outcomes];
    double sum = squares;
    for (int i = 0; i < terms; i++) {
      Arrays.fill(product, 0);
      for (int j = 0; j < terms; j++) {
        double pair = i <= j ? sums[i * width + j] : sums[j * width + i];
        for (int k = 0; k < outcomes; k++) {
          product[k] += pair * weights[j * outcomes + k];
        }
      }
      for (int k = 0; k < outcomes; k++) {
        double weight = weights[i * outcomes + k];
        sum += weight * (product[k] - 2 * sums[i * width + terms + k]);
      }
    }
    return Math.max(0, sum);
  }
}
