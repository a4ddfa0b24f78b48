package io.tidecast.evaluation.data;

import java.util.Locale;

/**
 * Tells whether 32-bit floats, in which models compute and jobs keep their windows, can tell the
 * values of a channel apart: at a level of 1e9 they are 64 apart.
 *
 * @param level greatest absolute value
 * @param spacing from a float at that level to the next
 * @param deviation standard deviation (population) of all rows
 * @param change root mean square of the change from one row to the next
 */
record FloatResolution(double level, double spacing, double deviation, double change) {
  /** Rounding then adds less than a hundred-thousandth to the variance. */
  private static final double SHARE_OF_DEVIATION = 0.01;

  /** Rounding then adds less than a thousandth to the squared error of repeating the last value. */
  private static final double SHARE_OF_CHANGE = 0.1;

  /**
   * Requires that every channel can be told apart.
   *
   * @throws DataException naming the first that can't, and what to do
   */
  static void require(TimeSeries series) {
    for (int channel = 0; channel < series.channels().size(); channel++) {
      FloatResolution resolution = of(series, channel);
      if (!resolution.isEnough()) {
        throw new DataException(
            "channel "
                + series.channels().get(channel)
                + " "
                + resolution.complaint()
                + "; subtract a constant from it first, in the file and in the topic, or forecast"
                + " its changes");
      }
    }
  }

  private static FloatResolution of(TimeSeries series, int channel) {
    int rows = series.rows();
    int channels = series.channels().size();
    double level = 0;
    double sum = 0;
    for (int row = 0; row < rows; row++) {
      double value = series.values()[row * channels + channel];
      level = Math.max(level, Math.abs(value));
      sum += value;
    }
    double squares = 0;
    double changes = 0;
    for (int row = 0; row < rows; row++) {
      double value = series.values()[row * channels + channel];
      double before = row == 0 ? value : series.values()[(row - 1) * channels + channel];
      squares += (value - sum / rows) * (value - sum / rows);
      changes += (value - before) * (value - before);
    }
    return new FloatResolution(
        level,
        Math.ulp((float) level),
        Math.sqrt(squares / rows),
        Math.sqrt(changes / Math.max(1, rows - 1)));
  }

  /** A channel that never changes has nothing to be told apart. */
  private boolean isEnough() {
    return level <= Float.MAX_VALUE
        && (change == 0
            || (spacing <= SHARE_OF_DEVIATION * deviation && spacing <= SHARE_OF_CHANGE * change));
  }

  private String complaint() {
    return level > Float.MAX_VALUE
        ? String.format(
            Locale.ROOT, "has values up to %.3g, more than a 32-bit float can hold", level)
        : String.format(
            Locale.ROOT,
            "has values up to %.10g, where 32-bit floats, in which models compute, are %.3g apart: "
                + "too coarse for its standard deviation of %.3g and its change of %.3g from row to row",
            level,
            spacing,
            deviation,
            change);
  }
}
