package io.tidecast.benchmarks.online;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;

/** Draws a plot with two linear axes as SVG, on white. */
final class Svg {
  private static final int WIDTH = 760;
  private static final int HEIGHT = 340;
  private static final int LEFT = 60;
  private static final int RIGHT = 20;
  private static final int TOP = 36;
  private static final int BOTTOM = 52;

  private final double fromX;
  private final double untilX;
  private final double fromY;
  private final double untilY;
  private final StringBuilder body = new StringBuilder();

  /** An empty plot of a part of the plane. */
  Svg(double fromX, double untilX, double fromY, double untilY) {
    this.fromX = fromX;
    this.untilX = untilX;
    this.fromY = fromY;
    this.untilY = untilY;
  }

  private double x(double value) {
    return LEFT + (value - fromX) / (untilX - fromX) * (WIDTH - LEFT - RIGHT);
  }

  private double y(double value) {
    double within = Math.max(fromY, Math.min(untilY, value));
    return HEIGHT - BOTTOM - (within - fromY) / (untilY - fromY) * (HEIGHT - TOP - BOTTOM);
  }

  private void add(String element, Object... values) {
    body.append("  ").append(String.format(Locale.ROOT, element, values)).append('\n');
  }

  private static String escaped(String text) {
    return text.replace("&", "&amp;").replace("<", "&lt;");
  }

  /** Says what the plot shows, and what its axes are. */
  Svg titled(String title, String axisX, String axisY) {
    add("<text x='%d' y='20' font-size='14'>%s</text>", LEFT, escaped(title));
    text((LEFT + WIDTH - RIGHT) / 2.0, HEIGHT - 10, axisX);
    add(
        "<text x='16' y='%d' text-anchor='middle' transform='rotate(-90 16 %d)'>%s</text>",
        (TOP + HEIGHT - BOTTOM) / 2, (TOP + HEIGHT - BOTTOM) / 2, escaped(axisY));
    return this;
  }

  private void text(double x, double y, String text) {
    add("<text x='%.1f' y='%.1f' text-anchor='middle'>%s</text>", x, y, escaped(text));
  }

  /** A mark on the axis below. */
  void tickX(double at, String text) {
    text(x(at), HEIGHT - BOTTOM + 18, text);
  }

  /** A mark on the axis to the left, and a line from it through the plot. */
  void tickY(double at, String text) {
    line(fromX, at, untilX, at, "#dddddd", "");
    add("<text x='%d' y='%.1f' text-anchor='end'>%s</text>", LEFT - 6, y(at) + 4, escaped(text));
  }

  /** A band through the whole plot. */
  void band(double from, double until, String colour) {
    add(
        "<rect x='%d' y='%.1f' width='%d' height='%.1f' fill='%s'/>",
        LEFT, y(until), WIDTH - LEFT - RIGHT, y(from) - y(until), colour);
  }

  void line(double x1, double y1, double x2, double y2, String colour, String dashes) {
    add(
        "<line x1='%.1f' y1='%.1f' x2='%.1f' y2='%.1f' stroke='%s'%s/>",
        x(x1),
        y(y1),
        x(x2),
        y(y2),
        colour,
        dashes.isEmpty() ? "" : " stroke-dasharray='" + dashes + "'");
  }

  /** A dot; one outside of the plot lies on its edge, and is hollow. */
  void dot(double x, double y, String colour) {
    boolean outside = y < fromY || y > untilY;
    add(
        "<circle cx='%.1f' cy='%.1f' r='3' fill='%s' stroke='%s' fill-opacity='.6'/>",
        x(x), y(y), outside ? "none" : colour, colour);
  }

  /** A line through points; NaN is left out. */
  void curve(double[] xs, double[] ys, String colour) {
    StringBuilder points = new StringBuilder();
    for (int i = 0; i < xs.length; i++) {
      if (!Double.isNaN(ys[i])) {
        points.append(String.format(Locale.ROOT, "%.1f,%.1f ", x(xs[i]), y(ys[i])));
      }
    }
    add(
        "<polyline points='%s' fill='none' stroke='%s' stroke-width='1.5'/>",
        points.toString().strip(), colour);
  }

  /** Says what a colour stands for, in the upper right. */
  void legend(int place, String text, String colour) {
    add(
        "<text x='%d' y='20' text-anchor='end' fill='%s'>%s</text>",
        WIDTH - RIGHT - 62 * place, colour, escaped(text));
  }

  void write(Path file) throws IOException {
    Files.writeString(
        file,
        "<svg xmlns='http://www.w3.org/2000/svg' width='%d' height='%d' viewBox='0 0 %d %d' font-family='sans-serif' font-size='12' fill='#333333'>%n"
                .formatted(WIDTH, HEIGHT, WIDTH, HEIGHT)
            + "  <rect width='%d' height='%d' fill='#ffffff'/>%n".formatted(WIDTH, HEIGHT)
            + body
            + "</svg>\n");
  }
}
