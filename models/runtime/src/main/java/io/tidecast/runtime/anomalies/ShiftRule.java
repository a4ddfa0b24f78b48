package io.tidecast.runtime.anomalies;

import java.nio.ByteBuffer;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Tells when a series stays on one side of what is expected: a cumulative sum (Page, 1954) of how
 * far it lies out, in which a single value counts little however far out it lies.
 *
 * <p>A run begins with the first value that speaks for a shift and ends when what speaks for it is
 * used up. The errors of a run are held back, for they are not those of the level that the interval
 * is of: if the run becomes a shift, they are dropped. One thread.
 */
final class ShiftRule {

  /** A value counts as if it were at most so many half intervals out. */
  private static final double CAP = 1.5;

  /** Every value speaks against a shift by so much. */
  private static final double DRIFT = 0.5;

  private static final int NUMBERS = 3;

  private final int shiftCells;
  private final int most;

  /** What speaks for a shift, negative for one down. A cell far out adds 1. */
  private double sum;

  /** The half interval on its side when the run began, in units of errors. */
  private double half;

  private long since;
  private int length;
  private int count;

  /** {@code [value]}: residual, the same in units of errors, and what was expected. */
  private final double[] residuals;

  private final double[] errors;
  private final double[] expected;

  ShiftRule(int shiftCells) {
    this.shiftCells = shiftCells;
    this.most = 2 * shiftCells;
    this.residuals = new double[most];
    this.errors = new double[most];
    this.expected = new double[most];
  }

  /**
   * A level that has moved.
   *
   * @param since number of the first cell of the run
   * @param cells how many values it took
   * @param before median of what was expected
   * @param residual median of how far the values lay from it
   * @param score the same by the half interval from before the run
   */
  record Shift(long since, int cells, double before, double residual, double score) {}

  /**
   * Takes a value and tells whether it makes a shift; then everything of the run is forgotten.
   *
   * @param half how far the interval reaches to the side of the value, in units of errors
   * @param settled takes the errors that belong to no run any more
   */
  @Nullable Shift take(Value value, double half, ErrorWindow settled) {
    if (shiftCells == 0) {
      settled.add(value.error);
      return null;
    }
    double speaks = speaks(value.error, half);
    boolean turns = sum == 0 || Math.signum(sum + speaks) != Math.signum(sum);
    if (turns) {
      end(settled);
      sum = less(speaks);
      if (sum == 0) {
        settled.add(value.error);
        return null;
      }
      this.half = half;
      since = value.cell;
    } else {
      sum = less(sum + speaks);
    }
    hold(value, settled);
    length++;
    if (sum == 0) {
      end(settled);
    }
    return Math.abs(sum) >= shiftCells ? shift() : null;
  }

  /**
   * A value and what was expected.
   *
   * @param residual value less what was expected
   * @param error the same in units of errors
   */
  record Value(long cell, double expected, double residual, double error) {}

  /** By how much a value speaks for a shift, in the half interval from before the run. */
  private double speaks(double error, double halfNow) {
    double by = sum != 0 && Math.signum(error) == Math.signum(sum) ? half : halfNow;
    double out = Math.abs(error) / by;
    return error == 0 ? 0 : Math.signum(error) * Math.min(CAP, out);
  }

  private static double less(double speaks) {
    return Math.signum(speaks) * Math.max(0, Math.abs(speaks) - DRIFT);
  }

  private void hold(Value value, ErrorWindow settled) {
    if (count == most) {
      settled.add(errors[0]);
      System.arraycopy(residuals, 1, residuals, 0, most - 1);
      System.arraycopy(errors, 1, errors, 0, most - 1);
      System.arraycopy(expected, 1, expected, 0, most - 1);
      count--;
    }
    residuals[count] = value.residual;
    errors[count] = value.error;
    expected[count] = value.expected;
    count++;
  }

  private void end(ErrorWindow settled) {
    for (int i = 0; i < count; i++) {
      settled.add(errors[i]);
    }
    forget();
  }

  private void forget() {
    sum = 0;
    half = 0;
    since = 0;
    length = 0;
    count = 0;
  }

  private Shift shift() {
    Shift shift =
        new Shift(
            since, length, median(expected), median(residuals), Math.abs(median(errors)) / half);
    forget();
    return shift;
  }

  private double median(double[] values) {
    double[] sorted = Arrays.copyOf(values, count);
    Arrays.sort(sorted);
    return count % 2 == 1
        ? sorted[count / 2]
        : sorted[count / 2 - 1] + (sorted[count / 2] - sorted[count / 2 - 1]) / 2;
  }

  /** The errors that are held back, {@link #held} of them; not copied. */
  double[] errors() {
    return errors;
  }

  int held() {
    return count;
  }

  /** The length of {@link #write}. */
  int bytes() {
    return 2 * Double.BYTES + Long.BYTES + 2 * Integer.BYTES + count * NUMBERS * Double.BYTES;
  }

  void write(ByteBuffer out) {
    out.putDouble(sum).putDouble(half).putLong(since).putInt(length).putInt(count);
    for (int i = 0; i < count; i++) {
      out.putDouble(residuals[i]).putDouble(errors[i]).putDouble(expected[i]);
    }
  }

  void read(ByteBuffer in) {
    sum = in.getDouble();
    half = in.getDouble();
    since = in.getLong();
    length = in.getInt();
    count = KeptBytes.count("errors of a run", in.getInt(), most);
    for (int i = 0; i < count; i++) {
      residuals[i] = in.getDouble();
      errors[i] = in.getDouble();
      expected[i] = in.getDouble();
    }
  }
}
