package io.tidecast.evaluation.data;

import io.tidecast.runtime.text.DecimalText;
import java.util.Arrays;
import java.util.Locale;

/**
 * How the rows of a series are divided, in order of time. Rows beyond the sum are not used. The
 * ranges of validation and test begin one context earlier, so that their first target is their
 * first row.
 *
 * @param train rows to learn from and to fit the scaler on
 * @param validation rows that choose the epoch
 * @param test rows that nothing is chosen by
 */
public record Split(int train, int validation, int test) {

  /** Names a part of the rows. */
  public enum Part {
    /** The rows to learn from. */
    TRAIN,
    /** The rows to choose the epoch by. */
    VALIDATION,
    /** The rows to report on. */
    TEST
  }

  /** Checks the counts. */
  public Split {
    if (train < 0 || validation < 0 || test < 0 || train + validation + test < 1) {
      throw new IllegalArgumentException(
          "split must have rows: split=" + train + "," + validation + "," + test);
    }
  }

  /**
   * Parses three row counts, or three shares of all rows that add up to 1, separated by commas.
   *
   * @throws IllegalArgumentException if it is neither, or wants more rows than there are
   */
  public static Split parse(String text, int rows) {
    String[] parts = text.split(",", -1);
    try {
      if (parts.length == 3) {
        Split split = text.contains(".") ? shares(parts, rows) : counts(parts);
        if (Math.min(split.train, Math.min(split.validation, split.test)) < 1) {
          throw new IllegalArgumentException("split must have rows in each part: split=" + split);
        }
        if (split.train + split.validation + split.test <= rows) {
          return split;
        }
      }
    } catch (NumberFormatException e) {
      // Falls through to the one message.
    }
    throw new IllegalArgumentException(
        "split must be three row counts or shares within "
            + rows
            + " rows, such as 0.7,0.1,0.2: split="
            + text);
  }

  private static Split counts(String[] parts) {
    return new Split(
        Integer.parseInt(parts[0].trim()),
        Integer.parseInt(parts[1].trim()),
        Integer.parseInt(parts[2].trim()));
  }

  /** Rounds train and test down and gives validation the rest, as the published protocol does. */
  private static Split shares(String[] parts, int rows) {
    double[] shares = new double[parts.length];
    for (int i = 0; i < parts.length; i++) {
      shares[i] = DecimalText.parse(parts[i].trim()).orElseThrow(NumberFormatException::new);
    }
    if (Math.abs(Arrays.stream(shares).sum() - 1) > 1e-9) {
      throw new NumberFormatException("shares must add up to 1");
    }
    int train = (int) (rows * shares[0]);
    int test = (int) (rows * shares[2]);
    return new Split(train, rows - train - test, test);
  }

  /** Returns the first row that a target of the part may lie on, context apart. */
  public int begin(Part part) {
    return switch (part) {
      case TRAIN -> 0;
      case VALIDATION -> train;
      case TEST -> train + validation;
    };
  }

  /** The row after the last one of the part. */
  public int end(Part part) {
    return switch (part) {
      case TRAIN -> train;
      case VALIDATION -> train + validation;
      case TEST -> train + validation + test;
    };
  }

  /**
   * Returns the first row of the part's first window, its context included; of a series that is
   * younger than a context, the first row of all.
   */
  public int firstWindow(Part part, int contextLength) {
    return part == Part.TRAIN ? 0 : Math.max(0, begin(part) - contextLength);
  }

  /**
   * Returns the number of windows of the part, one row apart.
   *
   * @throws DataException if there is none
   */
  public int windows(Part part, int contextLength, int horizon) {
    int windows = windowsIfAny(part, contextLength, horizon);
    if (windows < 1 || begin(part) < contextLength && part != Part.TRAIN) {
      throw tooShort(part, contextLength, horizon);
    }
    return windows;
  }

  /** Returns the number of windows of the part, one row apart, which may be 0. */
  public int windowsIfAny(Part part, int contextLength, int horizon) {
    return Math.max(0, end(part) - firstWindow(part, contextLength) - contextLength - horizon + 1);
  }

  /** Says that a part holds no window. */
  DataException tooShort(Part part, int contextLength, int horizon) {
    return new DataException(
        "the "
            + part.name().toLowerCase(Locale.ROOT)
            + " rows of split "
            + this
            + " must hold a window of context "
            + contextLength
            + " and horizon "
            + horizon
            + "; give it more rows or choose shorter lengths");
  }

  /**
   * Returns the rows of each part that a series has which begins later than the rows that are
   * divided, or ends before them.
   *
   * @param offset by how many rows it begins later
   * @param rows that it has
   */
  Split of(int offset, int rows) {
    int[] ends = {end(Part.TRAIN), end(Part.VALIDATION), end(Part.TEST)};
    int[] own = new int[ends.length];
    int before = 0;
    for (int i = 0; i < ends.length; i++) {
      int end = Math.max(0, Math.min(rows, ends[i] - offset));
      own[i] = end - before;
      before = end;
    }
    return own[0] + own[1] + own[2] == 0
        ? new Split(0, 0, rows)
        : new Split(own[0], own[1], own[2]);
  }

  @Override
  public String toString() {
    return train + "," + validation + "," + test;
  }
}
