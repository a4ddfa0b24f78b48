package io.tidecast.cli.quickstart;

import io.tidecast.evaluation.Accuracy;
import io.tidecast.evaluation.data.Scaler;
import io.tidecast.schemas.Forecast;
import java.util.List;

/**
 * How far forecasts were from what then happened, beside the weekly seasonal naive: the value of
 * the same half-hour a week before. Every point of every window counts alike.
 *
 * @param model of the forecasts, MW
 * @param naive of the weekly seasonal naive over the same windows, MW
 */
record Comparison(Accuracy model, Accuracy naive) {
  /** Nothing is scaled: both are in MW. */
  private static final Scaler UNSCALED = new Scaler(new double[] {0}, new double[] {1});

  /**
   * Counts the forecasts all of whose points lie between two rows.
   *
   * @param firstTargetRow the earliest row that a first point may have; at least a week in
   */
  static Comparison of(DemandSeries actual, List<Forecast> forecasts, int firstTargetRow) {
    Accuracy.Sum model = new Accuracy.Sum(UNSCALED);
    Accuracy.Sum naive = new Accuracy.Sum(UNSCALED);
    for (Forecast forecast : forecasts) {
      int first = actual.row(forecast.getOrigin()) + 1;
      int horizon = forecast.getHorizon();
      if (first >= firstTargetRow && first + horizon <= actual.rows()) {
        float[] points = new float[horizon];
        for (int step = 0; step < horizon; step++) {
          // Floats that were widened for the topic, so nothing is lost.
          points[step] = forecast.getPoints().get(step).floatValue();
        }
        float[] truth = actual.values(first, horizon);
        model.add(points, truth);
        naive.add(actual.values(first - DemandSeries.WEEK, horizon), truth);
      }
    }
    return new Comparison(model.mean(), naive.mean());
  }
}
