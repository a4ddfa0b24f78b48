package io.tidecast.cli;

import io.tidecast.schemas.Forecast;
import java.util.List;

/**
 * How far forecasts were from what then happened, beside the weekly seasonal naive: the value of
 * the same half-hour a week before. Every point of every window counts alike.
 *
 * @param windows number of forecasts counted
 * @param mae mean absolute error, MW; NaN without windows
 * @param mse mean squared error, MW²; NaN without windows
 * @param naiveMae the same of the weekly seasonal naive
 * @param naiveMse the same of the weekly seasonal naive
 */
record Accuracy(int windows, double mae, double mse, double naiveMae, double naiveMse) {

  /**
   * Counts the forecasts all of whose points lie between two rows.
   *
   * @param firstTargetRow the earliest row that a first point may have; at least a week in
   */
  static Accuracy of(DemandSeries actual, List<Forecast> forecasts, int firstTargetRow) {
    int windows = 0;
    long points = 0;
    double absolute = 0;
    double squared = 0;
    double naiveAbsolute = 0;
    double naiveSquared = 0;
    for (Forecast forecast : forecasts) {
      int first = actual.row(forecast.getOrigin()) + 1;
      if (first < firstTargetRow || first + forecast.getHorizon() > actual.rows()) {
        continue;
      }
      windows++;
      List<Float> values = forecast.getPoints();
      for (int step = 0; step < forecast.getHorizon(); step++) {
        double truth = actual.value(first + step);
        double error = values.get(step) - truth;
        double naiveError = actual.value(first + step - DemandSeries.WEEK) - truth;
        absolute += Math.abs(error);
        squared += error * error;
        naiveAbsolute += Math.abs(naiveError);
        naiveSquared += naiveError * naiveError;
        points++;
      }
    }
    return new Accuracy(
        windows,
        absolute / points,
        squared / points,
        naiveAbsolute / points,
        naiveSquared / points);
  }
}
