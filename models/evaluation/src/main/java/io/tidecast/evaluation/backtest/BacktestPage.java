package io.tidecast.evaluation.backtest;

import io.tidecast.evaluation.backtest.BacktestReport.Scope;
import io.tidecast.evaluation.backtest.BacktestReport.Scored;
import io.tidecast.evaluation.backtest.BacktestReport.SeriesError;
import io.tidecast.evaluation.backtest.BacktestReport.ShownWindow;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** A backtest as one page that needs nothing beside it: no script, no font, no picture. */
public final class BacktestPage {

  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm", Locale.ROOT).withZone(ZoneOffset.UTC);

  private static final int WIDE = 980;
  private static final int NARROW = 480;
  private static final int HEIGHT = 260;
  private static final int MOST_SERIES = 20;
  private static final int TIMES = 5;
  private static final int NARROW_TIMES = 3;

  /** Of the greatest error of the model, or of the best baseline: more of others is cut off. */
  private static final double SHOWN_ERROR = 2;

  private static final int LEADS = 8;
  private static final int HOURS_APART = 3;

  /** Styles of lines in the style sheet. */
  private static final int COLOURS = 7;

  private static final String STYLE =
      """
      :root { color-scheme: light dark; --text: #1d2733; --soft: #5b6875; --grid: #d9dfe5;
        --page: #ffffff; --actual: #1d2733; --c0: #0b6bcb; --c1: #9a6700; --c2: #1a7f37; --c3: #a40e26;
        --c4: #8250df; --c5: #0a7d85; --c6: #bf3989; }
      @media (prefers-color-scheme: dark) { :root { --text: #e6edf3; --soft: #9aa7b4; --grid: #30363d;
        --page: #0d1117; --actual: #e6edf3; --c0: #58a6ff; --c1: #d29922; --c2: #3fb950; --c3: #ff7b72;
        --c4: #bc8cff; --c5: #39c5cf; --c6: #f778ba; } }
      body { font: 15px/1.5 system-ui, sans-serif; color: var(--text); background: var(--page);
        max-width: 1000px; margin: 2rem auto; padding: 0 1rem; }
      h1 { font-size: 1.5rem; } h2 { font-size: 1.15rem; margin-top: 2rem; }
      p { color: var(--soft); max-width: 75ch; }
      table { border-collapse: collapse; font-variant-numeric: tabular-nums; }
      th, td { padding: 0.25rem 0.75rem; text-align: right; border-bottom: 1px solid var(--grid); }
      th:first-child, td:first-child { text-align: left; }
      figure { margin: 1rem 0; } figcaption { color: var(--soft); }
      .pair { display: grid; grid-template-columns: repeat(auto-fit, minmax(360px, 1fr)); gap: 1rem; }
      svg { width: 100%; height: auto; } .tick { font-size: 11px; fill: var(--soft); }
      .grid { stroke: var(--grid); } .line { fill: none; stroke-width: 1.6; }
      .band { fill: var(--c0); opacity: 0.18; } .actual { stroke: var(--actual); }
      .c0 { stroke: var(--c0); } .c1 { stroke: var(--c1); stroke-dasharray: 2 3; }
      .c2 { stroke: var(--c2); stroke-dasharray: 6 3; } .c3 { stroke: var(--c3); stroke-dasharray: 8 3 2 3; }
      .c4 { stroke: var(--c4); stroke-dasharray: 3 2; } .c5 { stroke: var(--c5); stroke-dasharray: 10 4; }
      .c6 { stroke: var(--c6); stroke-dasharray: 1 4; }
      .legend span { display: inline-flex; align-items: center; gap: 0.4rem; margin-right: 1.2rem; }
      .legend svg { width: 28px; height: 8px; }
      """;

  private final BacktestReport report;

  /** Shows a report. */
  public BacktestPage(BacktestReport report) {
    this.report = report;
  }

  /** Returns the whole page. */
  public String toHtml() {
    Scope scope = report.scope();
    StringBuilder html = new StringBuilder();
    html.append(
        """
        <!DOCTYPE html>
        <html lang="en">
        <head>
        <meta charset="utf-8">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <title>Backtest of %s</title>
        <style>
        %s</style>
        </head>
        <body>
        <h1>Backtest of %s on %s</h1>
        <p>%s</p>
        """
            .formatted(
                Html.escaped(scope.model()),
                STYLE,
                Html.escaped(scope.model()),
                Html.escaped(scope.data()),
                Html.escaped(said(scope))));
    html.append("<h2>Errors</h2>\n").append(errors());
    html.append("<p>")
        .append(Html.escaped(BacktestTable.notes(scope).strip()).replace("\n", "<br>\n"))
        .append("</p>\n");
    html.append("<h2>Forecasts over what happened</h2>\n").append(legend(List.of(scope.model())));
    report.shown().forEach(windows -> html.append(inARow(windows)));
    html.append("<h2>Error by lead and by hour</h2>\n")
        .append(legend(report.forecasters().stream().map(Scored::name).toList()))
        .append("<div class=\"pair\">\n")
        .append(byLead())
        .append(byHour())
        .append("</div>\n");
    html.append("<h2>Worst windows</h2>\n<div class=\"pair\">\n");
    report.worst().forEach(window -> html.append(alone(window)));
    html.append("</div>\n");
    if (report.series().size() > 1) {
      html.append("<h2>Series, the worst first</h2>\n").append(series());
    }
    return html.append("</body>\n</html>\n").toString();
  }

  private String said(Scope scope) {
    return "Every origin of the %s rows (%s): %,d windows of %d steps of %s ahead, %,d series."
        .formatted(
            scope.part(),
            scope.split(),
            scope.windows(),
            scope.horizon(),
            scope.step(),
            report.series().size());
  }

  private String errors() {
    List<BacktestTable.Column> columns = BacktestTable.columns(report.scope());
    StringBuilder table = new StringBuilder("<table>\n<tr><th>forecaster</th>");
    columns.forEach(column -> table.append("<th>").append(column.title()).append("</th>"));
    for (Scored one : report.forecasters()) {
      table.append("</tr>\n<tr><td>").append(Html.escaped(one.name())).append("</td>");
      columns.forEach(column -> table.append("<td>").append(column.text(one)).append("</td>"));
    }
    return table.append("</tr>\n</table>\n").toString();
  }

  /** What the lines are: the actual values, and forecasters by their number. */
  private static String legend(List<String> names) {
    StringBuilder legend = new StringBuilder("<p class=\"legend\">");
    if (names.size() == 1) {
      legend.append(key("actual", "what happened"));
    }
    for (int i = 0; i < names.size(); i++) {
      legend.append(key(style(i), names.get(i)));
    }
    return legend.append("</p>\n").toString();
  }

  private static String key(String style, String name) {
    return "<span><svg viewBox=\"0 0 28 8\" aria-hidden=\"true\"><path class=\"line %s\" d=\"M0 4L28 4\"/></svg>%s</span>"
        .formatted(style, Html.escaped(name));
  }

  private static String style(int forecaster) {
    return "c" + Math.min(forecaster, COLOURS - 1);
  }

  private static String figure(SvgPlot plot, String caption) {
    return "<figure>\n%s<figcaption>%s</figcaption>\n</figure>\n"
        .formatted(plot.toSvg(), Html.escaped(caption));
  }

  private String inARow(List<ShownWindow> windows) {
    ShownWindow first = windows.get(0);
    ShownWindow last = windows.get(windows.size() - 1);
    SvgPlot plot =
        new SvgPlot("Forecasts of %s over what happened".formatted(first.series()), WIDE, HEIGHT);
    List<double[]> times = new ArrayList<>();
    List<double[]> values = new ArrayList<>();
    times.add(before(first));
    values.add(first.before());
    for (ShownWindow window : windows) {
      times.add(ahead(window));
      values.add(window.actual());
    }
    plot.line("what happened", "actual", together(times), together(values));
    windows.forEach(window -> forecast(plot, window));
    double from = before(first)[0];
    ticks(plot, from, ahead(last)[last.points().length - 1], TIMES);
    return figure(
        plot,
        "%s, %s: %d forecasts, each from the end of the one before, up to %s UTC"
            .formatted(
                first.series(),
                first.channel(),
                windows.size(),
                TIME.format(Instant.ofEpochMilli(last.originMillis()))));
  }

  private static void forecast(SvgPlot plot, ShownWindow window) {
    double[] times = ahead(window);
    if (window.lower().length > 0) {
      plot.band(times, window.lower(), window.upper());
    }
    plot.line("forecast", style(0), times, window.points());
  }

  private String alone(ShownWindow window) {
    SvgPlot plot =
        new SvgPlot("A forecast of %s that was far off".formatted(window.series()), NARROW, HEIGHT);
    double[] times = together(List.of(before(window), ahead(window)));
    plot.line(
        "what happened", "actual", times, together(List.of(window.before(), window.actual())));
    forecast(plot, window);
    ticks(plot, times[0], times[times.length - 1], NARROW_TIMES);
    return figure(
        plot,
        "%s, %s, from %s UTC: MAE %.3f standard deviations"
            .formatted(
                window.series(),
                window.channel(),
                TIME.format(Instant.ofEpochMilli(window.originMillis())),
                window.error()));
  }

  private static double[] before(ShownWindow window) {
    int count = window.before().length;
    return IntStream.range(0, count)
        .mapToDouble(i -> window.originMillis() - (count - 1.0 - i) * window.stepMillis())
        .toArray();
  }

  private static double[] ahead(ShownWindow window) {
    return IntStream.rangeClosed(1, window.points().length)
        .mapToDouble(i -> window.originMillis() + (double) i * window.stepMillis())
        .toArray();
  }

  private static double[] together(List<double[]> parts) {
    return parts.stream().flatMapToDouble(Arrays::stream).toArray();
  }

  private static void ticks(SvgPlot plot, double from, double to, int count) {
    boolean isLong = to - from > Duration.ofDays(count).toMillis();
    for (int i = 0; i < count; i++) {
      double at = from + (to - from) * (i + 0.5) / count;
      String text = TIME.format(Instant.ofEpochMilli((long) at));
      plot.tick(at, isLong ? text.substring(0, 10) : text);
    }
  }

  /** A plot of errors that shows those of the model well, however far others are off. */
  private SvgPlot errorPlot(String label, Function<Scored, double[]> errors) {
    Scored model = report.forecasters().get(0);
    Scored best =
        report.forecasters().stream()
            .skip(1)
            .min(Comparator.comparingDouble(one -> one.accuracy().scaledMae()))
            .orElse(model);
    double most =
        Stream.of(model, best)
            .flatMapToDouble(one -> Arrays.stream(errors.apply(one)))
            .filter(Double::isFinite)
            .max()
            .orElse(Double.POSITIVE_INFINITY);
    return new SvgPlot(label, NARROW, HEIGHT).upTo(SHOWN_ERROR * most);
  }

  private String byLead() {
    Function<Scored, double[]> errors =
        one -> one.leads().stream().mapToDouble(BacktestReport.Lead::scaledMae).toArray();
    SvgPlot plot = errorPlot("Mean absolute error by lead", errors);
    int horizon = report.scope().horizon();
    double[] steps = IntStream.rangeClosed(1, horizon).asDoubleStream().toArray();
    for (int i = 0; i < report.forecasters().size(); i++) {
      Scored one = report.forecasters().get(i);
      plot.line(one.name(), style(i), steps, errors.apply(one));
    }
    int apart = Math.max(1, horizon / LEADS);
    for (int step = apart; step <= horizon; step += apart) {
      plot.tick(step, String.valueOf(step));
    }
    return figure(
        plot,
        "MAE by lead, steps of %s; errors far above those of the model are not shown"
            .formatted(report.scope().step()));
  }

  private String byHour() {
    Function<Scored, double[]> errors =
        one -> one.hours().stream().mapToDouble(Double::doubleValue).toArray();
    SvgPlot plot = errorPlot("Mean absolute error by hour", errors);
    for (int i = 0; i < report.forecasters().size(); i++) {
      Scored one = report.forecasters().get(i);
      double[] hours = IntStream.range(0, one.hours().size()).asDoubleStream().toArray();
      plot.line(one.name(), style(i), hours, errors.apply(one));
    }
    for (int hour = 0; hour < Duration.ofDays(1).toHours(); hour += HOURS_APART) {
      plot.tick(hour, String.valueOf(hour));
    }
    return figure(plot, "MAE by the hour of the day that is forecast, UTC");
  }

  private String series() {
    StringBuilder table =
        new StringBuilder(
            "<table>\n<tr><th>series</th><th>MAE</th><th>MAE of the best baseline</th></tr>\n");
    for (SeriesError one : report.series().stream().limit(MOST_SERIES).toList()) {
      table.append(
          "<tr><td>%s</td><td>%.5f</td><td>%.5f</td></tr>\n"
              .formatted(Html.escaped(one.name()), one.scaledMae(), one.best()));
    }
    table.append("</table>\n");
    if (report.series().size() > MOST_SERIES) {
      table.append(
          "<p>The %d worst of %,d series.</p>\n".formatted(MOST_SERIES, report.series().size()));
    }
    return table.toString();
  }
}
