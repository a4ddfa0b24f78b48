package io.tidecast.training.corpus;

import io.tidecast.evaluation.ModelReport;
import io.tidecast.evaluation.ResidualEvaluation;
import io.tidecast.evaluation.data.Split;
import io.tidecast.evaluation.data.SplitSet;
import io.tidecast.evaluation.folder.TrainingSource;
import io.tidecast.runtime.manifest.ForecasterSpec;
import io.tidecast.runtime.manifest.ModelManifest;
import io.tidecast.runtime.manifest.Residuals;
import io.tidecast.runtime.windows.Forecaster;
import io.tidecast.runtime.windows.Window;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * A corpus. The model is measured on series of which the corpus holds nothing.
 *
 * @param windows drawn from it
 * @param heldOut by file name
 */
public record CorpusSource(Corpus corpus, CorpusWindows windows, Map<String, SplitSet> heldOut)
    implements TrainingSource {
  /** The number of golden vectors. */
  static final int WINDOWS = 3;

  private static final long STEP_MILLIS = 3_600_000;

  @Override
  public String step() {
    return ModelManifest.ANY_STEP;
  }

  @Override
  public List<String> channels(int count) {
    return List.of("value");
  }

  @Override
  public Map<String, Object> toMap() {
    Map<String, Object> training = new LinkedHashMap<>();
    training.put("data", corpus.sets().stream().map(CorpusSet::toMap).toList());
    training.put("corpus", corpus.settings());
    training.put("windowsPerEpoch", windows.count(Split.Part.TRAIN));
    training.put("heldOut", List.copyOf(heldOut.keySet()));
    return training;
  }

  @Override
  public List<Window> windows(ForecasterSpec spec, List<String> futureCovariates) {
    List<Window> chosen = new ArrayList<>();
    for (int i = 0; i < WINDOWS; i++) {
      float[] context = new float[spec.contextLength()];
      windows.copyContext(i, context);
      chosen.add(new Window("golden", 0, STEP_MILLIS, context));
    }
    return chosen;
  }

  /** A standard deviation of the context. */
  @Override
  public double unit(Window window, int target) {
    double sum = 0;
    double squares = 0;
    for (float value : window.context()) {
      sum += value;
      squares += (double) value * value;
    }
    double mean = sum / window.context().length;
    return Math.sqrt(squares / window.context().length - mean * mean);
  }

  @Override
  public List<Measured> measure(Forecaster forecaster, List<String> futureCovariates) {
    List<Measured> measured = new ArrayList<>();
    heldOut.forEach(
        (name, data) ->
            measured.add(new Measured(name, ModelReport.measure(forecaster, data, List.of()))));
    return measured;
  }

  @Override
  public List<Residuals> residuals(Forecaster forecaster, List<String> futureCovariates) {
    List<Residuals> residuals = new ArrayList<>();
    heldOut.forEach(
        (name, data) ->
            residuals.addAll(
                new ResidualEvaluation(data, Split.Part.TEST, List.of())
                    .measure(forecaster, name, false)));
    return residuals;
  }

  @Override
  public String describe() {
    StringBuilder text = new StringBuilder();
    CorpusSettings settings = corpus.settings();
    text.append(
        String.format(
            Locale.ROOT,
            """
        It saw, and saw nothing but, windows drawn anew for each epoch, %,d of them, from:

        - synthetic series that Tidecast generates (`SyntheticSeries` lists the kinds): %.0f %% of what was drawn;
        """,
            windows.count(Split.Part.TRAIN),
            100 * settings.syntheticShare()));
    for (CorpusSet set : corpus.sets()) {
      text.append("- ").append(set.describe()).append(";\n");
    }
    text.append(
        String.format(
            Locale.ROOT,
            """

        The files share the rest alike. %.0f %% of their windows were averaged to a step up to %d times as long, %.0f %% were brought to half the step,
        %.0f %% of all windows were sums of up to %d standardised ones, %.0f %% were turned upside down. The validation rows and other
        synthetic series chose the epoch.%s
        """,
            100 * settings.coarseningShare(),
            settings.greatestFactor(),
            100 * settings.refiningShare(),
            100 * settings.mixingShare(),
            settings.mostMixed(),
            100 * settings.flippingShare(),
            heldOut.isEmpty()
                ? ""
                : " Held out, so that nothing of them was seen: %s."
                    .formatted(String.join(", ", heldOut.keySet()))));
    return text.toString();
  }
}
