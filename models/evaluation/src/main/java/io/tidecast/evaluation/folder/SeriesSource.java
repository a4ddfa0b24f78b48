package io.tidecast.evaluation.folder;

import io.tidecast.evaluation.EvaluationWindows;
import io.tidecast.evaluation.ModelReport;
import io.tidecast.evaluation.ResidualEvaluation;
import io.tidecast.evaluation.data.Split;
import io.tidecast.evaluation.data.SplitSeries;
import io.tidecast.runtime.manifest.ForecasterSpec;
import io.tidecast.runtime.manifest.Residuals;
import io.tidecast.runtime.windows.Forecaster;
import io.tidecast.runtime.windows.Window;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * One series, on whose test rows the model is measured.
 *
 * @param name file name of the data
 * @param source of the data, in words
 */
public record SeriesSource(SplitSeries data, String name, String source) implements TrainingSource {
  private static final int WINDOWS = 3;

  @Override
  public String step() {
    return data.series().step().toString();
  }

  @Override
  public List<String> channels(int count) {
    List<String> names = data.series().channels();
    // A network of one channel that learned from several knows none by name.
    return count == names.size() ? names : List.of("value");
  }

  @Override
  public Map<String, Object> toMap() {
    Map<String, Object> training = new LinkedHashMap<>();
    training.put("data", name);
    training.put("source", source);
    training.put("rows", rows());
    training.putAll(data.scaler().toMap());
    return training;
  }

  private Map<String, Object> rows() {
    Map<String, Object> rows = new LinkedHashMap<>();
    rows.put("train", data.split().train());
    rows.put("validation", data.split().validation());
    rows.put("test", data.split().test());
    return rows;
  }

  /** The first, a middle and the last window of the validation rows. */
  @Override
  public List<Window> windows(ForecasterSpec spec, List<String> futureCovariates) {
    EvaluationWindows windows = new EvaluationWindows(data.series(), spec, futureCovariates);
    int context = spec.contextLength();
    int first = data.split().firstWindow(Split.Part.VALIDATION, context) + context - 1;
    int count = data.split().windows(Split.Part.VALIDATION, context, spec.predictionLength());
    List<Window> chosen = new ArrayList<>();
    for (int i = 0; i < WINDOWS; i++) {
      Window window = windows.window(first + (count - 1) * i / (WINDOWS - 1), 0);
      chosen.add(
          new Window(
              window.series(),
              window.originMillis(),
              window.stepMillis(),
              window.context().clone(),
              window.futureCovariates().clone()));
    }
    return chosen;
  }

  /** A standard deviation of the training rows. */
  @Override
  public double unit(Window window, int target) {
    return data.scaler().deviation()[target];
  }

  @Override
  public List<Measured> measure(Forecaster forecaster, List<String> futureCovariates) {
    return List.of(new Measured(name, ModelReport.measure(forecaster, data, futureCovariates)));
  }

  @Override
  public List<Residuals> residuals(Forecaster forecaster, List<String> futureCovariates) {
    boolean isOfOneSize = forecaster.spec().channels() == data.series().channels().size();
    return new ResidualEvaluation(data, Split.Part.TEST, futureCovariates)
        .measure(forecaster, name, isOfOneSize);
  }

  @Override
  public String describe() {
    return """
        `%s`. %s

        Rows in order of time: %s (train, validation, test). The training rows alone set the scaler
        and the weights, the validation rows chose among weights, nothing was chosen by the test rows.
        """
        .formatted(name, source, rows());
  }
}
