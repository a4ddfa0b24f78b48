package io.tidecast.evaluation.data;

/**
 * Mean and standard deviation (population) of each channel over the training rows.
 *
 * @param mean {@code [channel]}, units of the series; not copied
 * @param deviation {@code [channel]}, units of the series, 1 where a channel is constant; not
 *     copied
 */
@SuppressWarnings("ArrayRecordComponent")
public record Scaler(double[] mean, double[] deviation) {

  /** Fits a scaler on the first rows of a series. */
  public static Scaler fit(TimeSeries series, int rows) {
    int channels = series.channels().size();
    double[] mean = new double[channels];
    double[] deviation = new double[channels];
    for (int c = 0; c < channels; c++) {
      double sum = 0;
      for (int row = 0; row < rows; row++) {
        sum += series.values()[row * channels + c];
      }
      mean[c] = sum / rows;
      double squares = 0;
      for (int row = 0; row < rows; row++) {
        double centred = series.values()[row * channels + c] - mean[c];
        squares += centred * centred;
      }
      deviation[c] = squares == 0 ? 1 : Math.sqrt(squares / rows);
    }
    return new Scaler(mean, deviation);
  }

  /** Scales every row, to {@code [row][channel]}. */
  public float[] scale(TimeSeries series) {
    float[] scaled = new float[series.values().length];
    for (int i = 0; i < scaled.length; i++) {
      int c = i % mean.length;
      scaled[i] = (float) ((series.values()[i] - mean[c]) / deviation[c]);
    }
    return scaled;
  }
}
