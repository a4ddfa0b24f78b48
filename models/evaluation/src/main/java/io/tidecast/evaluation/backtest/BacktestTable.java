package io.tidecast.evaluation.backtest;

import io.tidecast.evaluation.backtest.BacktestReport.LeftOut;
import io.tidecast.evaluation.backtest.BacktestReport.Scope;
import io.tidecast.evaluation.backtest.BacktestReport.Scored;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;

/** A backtest for a terminal: Markdown that reads as plain text too. */
public final class BacktestTable {

  /** Leads beyond the first and the last that are shown. */
  private static final int LEADS_BETWEEN = 4;

  private final BacktestReport report;

  /** Shows a report. */
  public BacktestTable(BacktestReport report) {
    this.report = report;
  }

  /**
   * A figure of each forecaster.
   *
   * @param decimals that are shown
   */
  record Column(String title, int decimals, ToDoubleFunction<Scored> figure) {

    String text(Scored of) {
      double value = figure.applyAsDouble(of);
      return Double.isNaN(value) ? "-" : String.format(Locale.ROOT, "%." + decimals + "f", value);
    }
  }

  /** The figures of a report, in the order in which they are shown. */
  static List<Column> columns(Scope scope) {
    List<Column> columns = new ArrayList<>();
    columns.add(new Column("MSE", 5, of -> of.accuracy().scaledMse()));
    columns.add(new Column("MAE", 5, of -> of.accuracy().scaledMae()));
    columns.add(new Column("MASE", 5, of -> of.accuracy().mase()));
    columns.add(new Column("sMAPE", 5, Scored::smape));
    columns.add(new Column("CRPS", 5, of -> of.accuracy().crps()));
    if (scope.quantileLevels().size() > 1) {
      columns.add(new Column("coverage", 3, of -> of.accuracy().coverage()));
    }
    columns.add(new Column("MSE raw", 3, of -> of.accuracy().mse()));
    columns.add(new Column("MAE raw", 3, of -> of.accuracy().mae()));
    return columns;
  }

  /** Returns the table of the forecasters, that of the leads, and what both mean. */
  public String toText() {
    List<Column> columns = columns(report.scope());
    List<List<String>> rows = new ArrayList<>();
    rows.add(row("forecaster", columns.stream().map(Column::title).toList()));
    report
        .forecasters()
        .forEach(
            one -> rows.add(row(one.name(), columns.stream().map(its -> its.text(one)).toList())));
    StringBuilder text = new StringBuilder(table(rows));
    text.append('\n').append(notes(report.scope())).append('\n');
    text.append("MAE by lead, in standard deviations:\n\n").append(leads());
    return text.toString();
  }

  private String leads() {
    List<Integer> steps = steps(report.scope().horizon());
    List<List<String>> rows = new ArrayList<>();
    rows.add(row("forecaster", steps.stream().map(step -> String.valueOf(step + 1)).toList()));
    for (Scored one : report.forecasters()) {
      rows.add(
          row(
              one.name(),
              steps.stream()
                  .map(step -> "%.4f".formatted(one.leads().get(step).scaledMae()))
                  .toList()));
    }
    return table(rows);
  }

  /** The first step, the last, and a few between them. */
  private static List<Integer> steps(int horizon) {
    int parts = LEADS_BETWEEN + 1;
    List<Integer> steps = new ArrayList<>();
    for (int i = 0; i <= parts; i++) {
      int step = (int) Math.round((horizon - 1) * (double) i / parts);
      if (steps.isEmpty() || steps.get(steps.size() - 1) != step) {
        steps.add(step);
      }
    }
    return steps;
  }

  /** What the figures are, a sentence each. */
  static String notes(Scope scope) {
    StringBuilder notes = new StringBuilder();
    notes.append(
        "MSE and MAE are in standard deviations of the training rows of each series; raw in its units.\n");
    notes.append(
        "MASE: MAE by that of the seasonal naive of %d %s on the training rows.\n"
            .formatted(scope.maseSeason(), scope.maseSeason() == 1 ? "step" : "steps"));
    notes.append("sMAPE: twice the error by forecast and actual value together, from 0 to 2.\n");
    notes.append(
        scope.quantileLevels().isEmpty()
            ? "CRPS: of points, the sum of the errors by that of the actual values.\n"
            : "CRPS: mean weighted quantile loss over %d levels; a point of a baseline stands for each of them.\n"
                .formatted(scope.quantileLevels().size()));
    if (scope.quantileLevels().size() > 1) {
      notes.append(
          "Coverage: the share of the actual values between the quantiles %s and %s.\n"
              .formatted(
                  scope.quantileLevels().get(0),
                  scope.quantileLevels().get(scope.quantileLevels().size() - 1)));
    }
    LeftOut left = scope.leftOut();
    if (left.unasked() > 0) {
      notes.append(
          "Left out: %,d windows with too little context or too many gaps, of which the model would not be asked.\n"
              .formatted(left.unasked()));
    }
    if (left.unknown() > 0) {
      notes.append(
          "Left out: %,d windows of which nothing is known of what then happened.\n"
              .formatted(left.unknown()));
    }
    if (left.series() > 0) {
      notes.append(
          "Left out: %,d series without a single window in these rows.\n".formatted(left.series()));
    }
    return notes.toString();
  }

  private static List<String> row(String first, List<String> others) {
    List<String> row = new ArrayList<>();
    row.add(first);
    row.addAll(others);
    return row;
  }

  /**
   * @param rows the titles first; the first cell of each is aligned to the left
   */
  private static String table(List<List<String>> rows) {
    int columns = rows.get(0).size();
    int[] widths = new int[columns];
    for (List<String> row : rows) {
      for (int i = 0; i < columns; i++) {
        widths[i] = Math.max(widths[i], row.get(i).length());
      }
    }
    StringBuilder text = new StringBuilder();
    for (int line = 0; line < rows.size(); line++) {
      for (int i = 0; i < columns; i++) {
        String cell = rows.get(line).get(i);
        String padding = " ".repeat(widths[i] - cell.length());
        text.append("| ").append(i == 0 ? cell + padding : padding + cell).append(' ');
      }
      text.append("|\n");
      if (line == 0) {
        for (int i = 0; i < columns; i++) {
          text.append('|').append("-".repeat(widths[i] + 1)).append(i == 0 ? '-' : ':');
        }
        text.append("|\n");
      }
    }
    return text.toString();
  }
}
