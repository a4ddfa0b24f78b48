package io.tidecast.evaluation;

import io.tidecast.evaluation.data.Split;
import io.tidecast.evaluation.data.SplitSet;
import io.tidecast.runtime.manifest.ForecasterSpec;
import io.tidecast.runtime.windows.Forecaster;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.ToDoubleFunction;

/**
 * What a model and the baselines reached on the rows of one part.
 *
 * @param model its accuracy
 * @param baselines by name, simplest first
 * @param maseSeason steps of the season of MASE
 * @param quantileLevels of the model, ascending; empty where it gives points only
 */
public record ModelReport(
    Accuracy model, Map<String, Accuracy> baselines, int maseSeason, List<Double> quantileLevels) {

  /**
   * Measures a forecaster over the test rows.
   *
   * @param futureCovariates names of the channels that are known ahead, in the model's order
   */
  public static ModelReport measure(
      Forecaster forecaster, SplitSet data, List<String> futureCovariates) {
    Evaluation evaluation = new Evaluation(data, Split.Part.TEST, futureCovariates);
    return of(evaluation.accuracy(forecaster), evaluation, forecaster.spec());
  }

  /** Reports a model that was measured, beside the baselines of the same evaluation. */
  public static ModelReport of(Accuracy model, Evaluation evaluation, ForecasterSpec spec) {
    return new ModelReport(
        model, evaluation.baselines(spec), evaluation.maseSeason(), spec.quantileLevels());
  }

  /** Returns the same with one more forecaster, right below the model. */
  public ModelReport with(String name, Accuracy accuracy) {
    Map<String, Accuracy> others = new LinkedHashMap<>();
    others.put(name, accuracy);
    others.putAll(baselines);
    return new ModelReport(model, others, maseSeason, quantileLevels);
  }

  /** Shows one figure of every forecaster. */
  private record Column(String title, int width, int decimals, ToDoubleFunction<Accuracy> figure) {

    String right(String text) {
      return " " + " ".repeat(Math.max(0, width - text.length())) + text + " |";
    }

    String cell(Accuracy accuracy) {
      return right(
          String.format(Locale.ROOT, "%." + decimals + "f", figure.applyAsDouble(accuracy)));
    }
  }

  private List<Column> columns() {
    List<Column> columns = new ArrayList<>();
    columns.add(new Column("MSE", 9, 5, Accuracy::scaledMse));
    columns.add(new Column("MAE", 9, 5, Accuracy::scaledMae));
    columns.add(new Column("MASE", 9, 5, Accuracy::mase));
    if (!quantileLevels.isEmpty()) {
      columns.add(new Column("CRPS", 9, 5, Accuracy::crps));
    }
    columns.add(new Column("MSE raw", 14, 3, Accuracy::mse));
    columns.add(new Column("MAE raw", 12, 3, Accuracy::mae));
    return columns;
  }

  /**
   * One row per forecaster and what the columns are beyond MSE and MAE, as Markdown that reads as
   * plain text too. CRPS is among them for a model with quantiles.
   */
  public String toTable(String name) {
    int width = Math.max("weekly seasonal naive".length(), name.length());
    String first = "| %-" + width + "s |";
    StringBuilder table = new StringBuilder(first.formatted("forecaster"));
    columns().forEach(column -> table.append(column.right(column.title())));
    table.append("\n|").append("-".repeat(width + 2)).append('|');
    columns().forEach(column -> table.append("-".repeat(column.width() + 1)).append(":|"));
    Map<String, Accuracy> rows = new LinkedHashMap<>();
    rows.put(name, model);
    rows.putAll(baselines);
    rows.forEach(
        (forecaster, accuracy) -> {
          table.append('\n').append(first.formatted(forecaster));
          columns().forEach(column -> table.append(column.cell(accuracy)));
        });
    return table.append("\n\n").append(notes()).toString();
  }

  /** Says which windows do not count, and that of the baselines all others do. */
  private String leftOut() {
    StringBuilder text = new StringBuilder();
    if (model.leftOut().withGaps() > 0) {
      text.append(
          "Left out are %,d windows of whose context more is missing than a job would fill, or of which nothing is known that happened.\n"
              .formatted(model.leftOut().withGaps()));
    }
    Map<String, Accuracy> all = new LinkedHashMap<>();
    all.put("the model", model);
    all.putAll(baselines);
    all.forEach(
        (name, one) -> {
          if (one.leftOut().withoutNumbers() > 0) {
            text.append(
                "Left out are %,d of %,d windows in which the forecast of %s has NaN or infinity; its figures are of the others alone.\n"
                    .formatted(
                        one.leftOut().withoutNumbers(),
                        one.windows() + one.leftOut().withoutNumbers(),
                        name));
          }
        });
    return text.toString();
  }

  private String notes() {
    StringBuilder notes = new StringBuilder(leftOut());
    notes.append(
        "MASE: MAE by that of the seasonal naive of %d %s on the training rows.\n"
            .formatted(maseSeason, maseSeason == 1 ? "step" : "steps"));
    if (!quantileLevels.isEmpty()) {
      notes.append(
          "CRPS: mean weighted quantile loss over %d levels; a baseline's point stands for each of them.\n"
              .formatted(quantileLevels.size()));
    }
    if (quantileLevels.size() > 1) {
      notes.append(
          String.format(
              Locale.ROOT,
              "Between the quantiles %s and %s lay %.1f %% of the actual values.\n",
              quantileLevels.get(0),
              quantileLevels.get(quantileLevels.size() - 1),
              100 * model.coverage()));
    }
    return notes.toString();
  }

  /** Returns an entry of the manifest's {@code accuracy}. */
  public Map<String, Object> toMap(String dataName) {
    Map<String, Object> entry = new LinkedHashMap<>();
    entry.put("data", dataName);
    entry.put("split", "test");
    entry.put("windows", model.windows());
    if (model.leftOut().withoutNumbers() > 0) {
      entry.put("windowsWithoutNumbers", model.leftOut().withoutNumbers());
    }
    if (model.leftOut().withGaps() > 0) {
      entry.put("windowsWithGaps", model.leftOut().withGaps());
    }
    entry.put("maseSeason", maseSeason);
    entry.putAll(figures(model));
    if (quantileLevels.size() > 1) {
      entry.put("coverage", model.coverage());
    }
    Map<String, Object> others = new LinkedHashMap<>();
    baselines.forEach((name, accuracy) -> others.put(name, figures(accuracy)));
    entry.put("baselines", others);
    return entry;
  }

  private Map<String, Object> figures(Accuracy accuracy) {
    Map<String, Object> figures = new LinkedHashMap<>();
    figures.put("mse", accuracy.mse());
    figures.put("mae", accuracy.mae());
    figures.put("scaledMse", accuracy.scaledMse());
    figures.put("scaledMae", accuracy.scaledMae());
    figures.put("mase", accuracy.mase());
    if (!quantileLevels.isEmpty()) {
      figures.put("crps", accuracy.crps());
    }
    return figures;
  }
}
