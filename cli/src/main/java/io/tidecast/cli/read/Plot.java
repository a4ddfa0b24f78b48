package io.tidecast.cli.read;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** A line of values as people see it in a terminal, with the band that it may lie in. */
final class Plot {

  private static final int ROWS = 8;
  private static final int LEAST_COLUMNS = 16;

  private Plot() {}

  /**
   * What is drawn, from left to right.
   *
   * @param low of the band, as many; null where there is none
   * @param high of the band
   * @param begin below the first value
   * @param end below the last
   */
  record Line(
      double[] values,
      double @Nullable [] low,
      double @Nullable [] high,
      String begin,
      String end) {}

  /**
   * Draws.
   *
   * @param width of the terminal, characters
   * @param ascii whether there are no other characters
   */
  static List<String> draw(Line line, int width, boolean ascii) {
    double least = Double.POSITIVE_INFINITY;
    double most = Double.NEGATIVE_INFINITY;
    for (int i = 0; i < line.values().length; i++) {
      least = Math.min(least, at(line.low(), line.values(), i));
      most = Math.max(most, at(line.high(), line.values(), i));
      least = Math.min(least, line.values()[i]);
      most = Math.max(most, line.values()[i]);
    }
    String top = number(most, most - least);
    String bottom = number(least, most - least);
    int margin = Math.max(top.length(), bottom.length());
    int columns = Math.max(LEAST_COLUMNS, width - margin - 3);
    Canvas canvas = new Canvas(columns, ROWS, ascii);
    fill(canvas, line, least, most);
    List<String> lines = new ArrayList<>();
    List<String> drawn = canvas.lines();
    for (int row = 0; row < drawn.size(); row++) {
      String label = row == 0 ? top : row == drawn.size() - 1 ? bottom : "";
      lines.add(
          (" ".repeat(margin - label.length() + 1)
                  + label
                  + (ascii ? "|" : "\u2502")
                  + drawn.get(row))
              .stripTrailing());
    }
    String gap = " ".repeat(Math.max(1, columns - line.begin().length() - line.end().length()));
    lines.add(" ".repeat(margin + 2) + line.begin() + gap + line.end());
    return lines;
  }

  private static void fill(Canvas canvas, Line line, double least, double most) {
    int before = -1;
    for (int x = 0; x < canvas.width(); x++) {
      double position =
          canvas.width() == 1 ? 0 : (double) x * (line.values().length - 1) / (canvas.width() - 1);
      int y = height(canvas, between(line.values(), position), least, most);
      double[] low = line.low();
      double[] high = line.high();
      if (low != null && high != null) {
        canvas.shade(
            x,
            height(canvas, between(low, position), least, most),
            height(canvas, between(high, position), least, most));
      }
      // Where the line is steep it goes through what is between.
      int from = before < 0 ? y : before < y ? before + 1 : before > y ? before - 1 : y;
      for (int step = Math.min(from, y); step <= Math.max(from, y); step++) {
        canvas.dot(x, step);
      }
      before = y;
    }
  }

  private static int height(Canvas canvas, double value, double least, double most) {
    return most == least
        ? canvas.height() / 2
        : (int) Math.round((value - least) / (most - least) * (canvas.height() - 1));
  }

  private static double between(double[] values, double position) {
    int left = (int) position;
    int right = Math.min(left + 1, values.length - 1);
    return values[left] + (position - left) * (values[right] - values[left]);
  }

  private static double at(double @Nullable [] band, double[] values, int i) {
    return band == null ? values[i] : band[i];
  }

  /** As many decimals as tell values of this range apart. */
  private static String number(double value, double range) {
    double size = range > 0 ? range : Math.max(Math.abs(value), 1);
    int decimals = (int) Math.max(0, Math.min(9, 2 - Math.floor(Math.log10(size))));
    return String.format(Locale.ROOT, "%,." + decimals + "f", value);
  }
}
