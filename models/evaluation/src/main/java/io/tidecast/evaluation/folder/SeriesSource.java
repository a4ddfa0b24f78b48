package io.tidecast.evaluation.folder;

import static java.util.Objects.requireNonNull;

import io.tidecast.evaluation.Evaluation;
import io.tidecast.evaluation.EvaluationWindows;
import io.tidecast.evaluation.ModelReport;
import io.tidecast.evaluation.ResidualEvaluation;
import io.tidecast.evaluation.data.Split;
import io.tidecast.evaluation.data.SplitSeries;
import io.tidecast.evaluation.data.SplitSet;
import io.tidecast.evaluation.data.TrainedTimes;
import io.tidecast.runtime.manifest.ForecasterSpec;
import io.tidecast.runtime.manifest.Residuals;
import io.tidecast.runtime.windows.Forecaster;
import io.tidecast.runtime.windows.Window;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * One or more series, on whose test rows the model is measured.
 *
 * @param data the series
 * @param name file name of the data
 * @param source of the data, in words
 * @param seasons of the baselines in steps, that of MASE first; empty for those of the step
 */
public record SeriesSource(SplitSet data, String name, String source, List<Integer> seasons)
    implements TrainingSource {
  private static final int WINDOWS = 3;

  public SeriesSource {
    requireNonNull(data, "data is null");
    seasons = List.copyOf(seasons);
  }

  /** One series, with the seasons of its step. */
  public SeriesSource(SplitSeries data, String name, String source) {
    this(SplitSet.of(data), name, source, List.of());
  }

  @Override
  public String step() {
    return data.any().series().grid().text();
  }

  @Override
  public List<String> channels(int count) {
    List<String> names = data.any().series().channels();
    // A network of one channel that learned from several knows none by name.
    return count == names.size() ? names : List.of("value");
  }

  @Override
  public Map<String, Object> toMap() {
    Map<String, Object> training = new LinkedHashMap<>();
    training.put("data", name);
    training.put("source", source);
    if (!data.isSingle()) {
      training.put("series", data.series().size());
    }
    training.put("rows", rows());
    training.putAll(TrainedTimes.of(data).toMap());
    if (data.isSingle()) {
      training.putAll(data.any().scaler().toMap());
    }
    return training;
  }

  private Map<String, Object> rows() {
    Map<String, Object> rows = new LinkedHashMap<>();
    rows.put("train", data.split().train());
    rows.put("validation", data.split().validation());
    rows.put("test", data.split().test());
    return rows;
  }

  /** The first, a middle and the last window of the validation rows of a series that has some. */
  @Override
  public List<Window> windows(ForecasterSpec spec, List<String> futureCovariates) {
    int context = spec.contextLength();
    SplitSeries one =
        data.all().stream()
            .filter(
                any ->
                    any.split()
                            .windowsIfAny(Split.Part.VALIDATION, context, spec.predictionLength())
                        > 0)
            .findFirst()
            .orElseThrow();
    EvaluationWindows windows =
        new EvaluationWindows(one.series(), spec, futureCovariates, data.gaps());
    int first = one.split().firstWindow(Split.Part.VALIDATION, context) + context - 1;
    int count = one.split().windowsIfAny(Split.Part.VALIDATION, context, spec.predictionLength());
    List<Window> chosen = new ArrayList<>();
    for (int i = 0; i < WINDOWS; i++) {
      // Told from its bases where it has some: that, too, is a window.
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
    return data.any().scaler().deviation()[target];
  }

  @Override
  public List<Measured> measure(Forecaster forecaster, List<String> futureCovariates) {
    Evaluation evaluation =
        new Evaluation(data, Split.Part.TEST, futureCovariates).withSeasons(seasons);
    return List.of(
        new Measured(
            name, ModelReport.of(evaluation.accuracy(forecaster), evaluation, forecaster.spec())));
  }

  @Override
  public List<Residuals> residuals(Forecaster forecaster, List<String> futureCovariates) {
    boolean isOfOneSize =
        data.isSingle() && forecaster.spec().channels() == data.any().series().channels().size();
    return new ResidualEvaluation(data, Split.Part.TEST, futureCovariates)
        .measure(forecaster, name, isOfOneSize);
  }

  @Override
  public String describe() {
    return """
        `%s`%s. %s

        Rows in order of time: %s (train, validation, test). The training rows alone set the scaler
        and the weights, the validation rows chose among weights, nothing was chosen by the test rows.
        """
        .formatted(
            name,
            data.isSingle()
                ? ""
                : ", %,d series, all divided at the same times".formatted(data.series().size()),
            source,
            rows());
  }
}
