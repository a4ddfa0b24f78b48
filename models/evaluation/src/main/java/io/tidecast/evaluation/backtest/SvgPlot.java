package io.tidecast.evaluation.backtest;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * A plot of lines and bands as SVG inside a page, whose style sheet has the colours. Built up by
 * one thread.
 */
final class SvgPlot {

  private static final int LEFT = 64;
  private static final int RIGHT = 12;
  private static final int TOP = 12;
  private static final int BOTTOM = 30;
  private static final int TICKS = 5;
  private static final int MILLIONS = 1_000_000;

  private final String label;
  private final int width;
  private final int height;
  private final List<Line> lines = new ArrayList<>();
  private final List<Band> bands = new ArrayList<>();
  private final List<Tick> ticks = new ArrayList<>();
  private double ceiling = Double.POSITIVE_INFINITY;

  /**
   * A line; NaN breaks it.
   *
   * @param style class of the style sheet
   */
  private record Line(String name, String style, double[] x, double[] y) {}

  private record Band(double[] x, double[] lower, double[] upper) {}

  private record Tick(double at, String text) {}

  /**
   * @param label what it shows, for those who don't see it
   */
  SvgPlot(String label, int width, int height) {
    this.label = label;
    this.width = width;
    this.height = height;
  }

  SvgPlot line(String name, String style, double[] x, double[] y) {
    lines.add(new Line(name, style, x, y));
    return this;
  }

  SvgPlot band(double[] x, double[] lower, double[] upper) {
    bands.add(new Band(x, lower, upper));
    return this;
  }

  /** Leaves out what lies above a value. */
  SvgPlot upTo(double most) {
    ceiling = most;
    return this;
  }

  /** Writes a text below the axis. */
  SvgPlot tick(double at, String text) {
    ticks.add(new Tick(at, text));
    return this;
  }

  /** The least and the greatest value of an axis. */
  private record Range(double from, double to) {

    static Range of(List<double[]> all) {
      double from = Double.POSITIVE_INFINITY;
      double to = Double.NEGATIVE_INFINITY;
      for (double[] values : all) {
        for (double value : values) {
          if (Double.isFinite(value)) {
            from = Math.min(from, value);
            to = Math.max(to, value);
          }
        }
      }
      if (from > to) {
        return new Range(0, 1);
      }
      return from == to ? new Range(from - 1, to + 1) : new Range(from, to);
    }

    Range upTo(double most) {
      return to <= most || most <= from ? this : new Range(from, most);
    }

    double share(double value) {
      return (value - from) / (to - from);
    }
  }

  String toSvg() {
    List<double[]> across = new ArrayList<>();
    List<double[]> up = new ArrayList<>();
    lines.forEach(
        line -> {
          across.add(line.x());
          up.add(line.y());
        });
    bands.forEach(
        band -> {
          up.add(band.lower());
          up.add(band.upper());
        });
    Range x = Range.of(across);
    Range y = Range.of(up).upTo(ceiling);
    StringBuilder svg = new StringBuilder();
    svg.append(
        "<svg role=\"img\" aria-label=\"%s\" viewBox=\"0 0 %d %d\">\n"
            .formatted(Html.escaped(label), width, height));
    grid(svg, y);
    for (Tick tick : ticks) {
      svg.append(
          "<text class=\"tick\" x=\"%s\" y=\"%d\" text-anchor=\"middle\">%s</text>\n"
              .formatted(text(x(x, tick.at())), height - BOTTOM + 18, Html.escaped(tick.text())));
    }
    for (Band band : bands) {
      svg.append("<polygon class=\"band\" points=\"");
      for (int i = 0; i < band.x().length; i++) {
        point(svg, x(x, band.x()[i]), y(y, band.lower()[i]));
      }
      for (int i = band.x().length - 1; i >= 0; i--) {
        point(svg, x(x, band.x()[i]), y(y, band.upper()[i]));
      }
      svg.append("\"/>\n");
    }
    lines.forEach(line -> draw(svg, line, x, y));
    return svg.append("</svg>\n").toString();
  }

  private void draw(StringBuilder svg, Line line, Range x, Range y) {
    svg.append("<path class=\"line %s\" d=\"".formatted(line.style()));
    boolean goesOn = false;
    for (int i = 0; i < line.x().length; i++) {
      if (Double.isNaN(line.y()[i]) || line.y()[i] > ceiling) {
        goesOn = false;
        continue;
      }
      svg.append(goesOn ? 'L' : 'M')
          .append(text(x(x, line.x()[i])))
          .append(' ')
          .append(text(y(y, line.y()[i])));
      goesOn = true;
    }
    svg.append("\"><title>%s</title></path>\n".formatted(Html.escaped(line.name())));
  }

  private void grid(StringBuilder svg, Range y) {
    for (int i = 0; i < TICKS; i++) {
      double value = y.from() + (y.to() - y.from()) * i / (TICKS - 1);
      String at = text(y(y, value));
      svg.append(
          "<line class=\"grid\" x1=\"%d\" x2=\"%d\" y1=\"%s\" y2=\"%s\"/>\n"
              .formatted(LEFT, width - RIGHT, at, at));
      svg.append(
          "<text class=\"tick\" x=\"%d\" y=\"%s\" text-anchor=\"end\" dy=\"0.3em\">%s</text>\n"
              .formatted(LEFT - 6, at, number(value, y.to() - y.from())));
    }
  }

  /** As many digits as tell the ticks apart. */
  private static String number(double value, double range) {
    if (Math.abs(value) >= MILLIONS) {
      return String.format(Locale.ROOT, "%.3g", value);
    }
    int decimals = (int) Math.max(0, Math.ceil(1 - Math.log10(Math.max(1e-9, range))));
    return String.format(Locale.ROOT, "%." + Math.min(decimals, 9) + "f", value);
  }

  private double x(Range range, double value) {
    return LEFT + range.share(value) * (width - LEFT - RIGHT);
  }

  private double y(Range range, double value) {
    return height - BOTTOM - range.share(value) * (height - TOP - BOTTOM);
  }

  private static void point(StringBuilder svg, double x, double y) {
    svg.append(text(x)).append(',').append(text(y)).append(' ');
  }

  private static String text(double coordinate) {
    return String.format(Locale.ROOT, "%.1f", coordinate);
  }
}
