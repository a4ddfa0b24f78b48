package io.tidecast.training;

import io.tidecast.runtime.Forecaster;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/**
 * What a model and the baselines reached on the test rows.
 *
 * @param model its accuracy
 * @param baselines by name, simplest first
 */
public record ModelReport(Accuracy model, Map<String, Accuracy> baselines) {

  /** Over the test rows. */
  public static ModelReport measure(Forecaster forecaster, TrainingData data) {
    Evaluation evaluation = new Evaluation(data, Split.Part.TEST);
    return new ModelReport(
        evaluation.accuracy(forecaster), evaluation.baselines(forecaster.spec()));
  }

  /** One row per forecaster, as Markdown that reads as plain text too. */
  public String toTable(String name) {
    int width = Math.max("weekly seasonal naive".length(), name.length());
    StringBuilder table = new StringBuilder();
    String row = "| %-" + width + "s | %9s | %9s | %14s | %12s |%n";
    table.append(String.format(row, "forecaster", "MSE", "MAE", "MSE raw", "MAE raw"));
    table.append(
        String.format(
            "|%s|%s:|%s:|%s:|%s:|%n",
            "-".repeat(width + 2), "-".repeat(10), "-".repeat(10), "-".repeat(15), "-".repeat(13)));
    Map<String, Accuracy> rows = new LinkedHashMap<>();
    rows.put(name, model);
    rows.putAll(baselines);
    rows.forEach(
        (forecaster, accuracy) ->
            table.append(
                String.format(
                    Locale.ROOT,
                    "| %-" + width + "s | %9.5f | %9.5f | %14.3f | %12.3f |%n",
                    forecaster,
                    accuracy.scaledMse(),
                    accuracy.scaledMae(),
                    accuracy.mse(),
                    accuracy.mae())));
    return table.toString();
  }

  /** An entry of the manifest's {@code accuracy}. */
  Map<String, Object> toMap(String dataName) {
    Map<String, Object> entry = new LinkedHashMap<>();
    entry.put("data", dataName);
    entry.put("split", "test");
    entry.put("windows", model.windows());
    entry.putAll(figures(model));
    Map<String, Object> others = new LinkedHashMap<>();
    baselines.forEach((name, accuracy) -> others.put(name, figures(accuracy)));
    entry.put("baselines", others);
    return entry;
  }

  private static Map<String, Object> figures(Accuracy accuracy) {
    Map<String, Object> figures = new LinkedHashMap<>();
    figures.put("mse", accuracy.mse());
    figures.put("mae", accuracy.mae());
    figures.put("scaledMse", accuracy.scaledMse());
    figures.put("scaledMae", accuracy.scaledMae());
    return figures;
  }
}
