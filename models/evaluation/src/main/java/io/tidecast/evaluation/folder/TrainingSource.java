package io.tidecast.evaluation.folder;

import io.tidecast.evaluation.ModelReport;
import io.tidecast.runtime.manifest.ForecasterSpec;
import io.tidecast.runtime.manifest.Residuals;
import io.tidecast.runtime.windows.Forecaster;
import io.tidecast.runtime.windows.Window;
import java.util.List;
import java.util.Map;

/** What a network learned from, as far as its model folder tells of it. */
public interface TrainingSource {

  /** The step of the model, as its manifest spells it. */
  String step();

  /**
   * Names of the channels, in the order of the context's last axis.
   *
   * @param count how many the network has
   */
  List<String> channels(int count);

  /** The entries of the manifest's {@code training}. */
  Map<String, Object> toMap();

  /** Windows that the network did not learn from, whose forecasts become golden vectors. */
  List<Window> windows(ForecasterSpec spec, List<String> futureCovariates);

  /** Size of an error that counts as one, in units of a target of such a window. */
  double unit(Window window, int target);

  /** What a forecaster reaches on rows that the network did not learn from. */
  List<Measured> measure(Forecaster forecaster, List<String> futureCovariates);

  /** How far a forecaster is off on those rows, for its manifest. */
  List<Residuals> residuals(Forecaster forecaster, List<String> futureCovariates);

  /** Describes the data for people, in Markdown. */
  String describe();

  /**
   * A measurement.
   *
   * @param dataName file name of the data
   */
  record Measured(String dataName, ModelReport report) {}
}
