package io.tidecast.evaluation.data;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Mean and standard deviation (population) of each channel over the training rows.
 *
 * @param mean {@code [channel]}, units of the series; not copied
 * @param deviation {@code [channel]}, units of the series, 1 where a channel is constant; not
 *     copied
 */
@SuppressWarnings("ArrayRecordComponent")
public record Scaler(double[] mean, double[] deviation) {
  private static final String MEAN = "scalerMean";
  private static final String DEVIATION = "scalerDeviation";

  /** Fits a scaler on what is known of the first rows of a series. */
  public static Scaler fit(TimeSeries series, int rows) {
    int channels = series.channels().size();
    double[] mean = new double[channels];
    double[] deviation = new double[channels];
    for (int c = 0; c < channels; c++) {
      double sum = 0;
      int known = 0;
      for (int row = 0; row < rows; row++) {
        double value = series.values()[row * channels + c];
        if (!Double.isNaN(value)) {
          sum += value;
          known++;
        }
      }
      mean[c] = known == 0 ? 0 : sum / known;
      double squares = 0;
      for (int row = 0; row < rows; row++) {
        double centred = series.values()[row * channels + c] - mean[c];
        squares += Double.isNaN(centred) ? 0 : centred * centred;
      }
      deviation[c] = squares == 0 ? 1 : Math.sqrt(squares / known);
    }
    return new Scaler(mean, deviation);
  }

  /** Fits a scaler on what is known of the training rows of several series, all together. */
  static Scaler fit(List<SplitSeries> series) {
    int channels = series.get(0).series().channels().size();
    int rows = series.stream().mapToInt(one -> one.split().train()).sum();
    double[] values = new double[rows * channels];
    int at = 0;
    for (SplitSeries one : series) {
      int length = one.split().train() * channels;
      System.arraycopy(one.series().values(), 0, values, at, length);
      at += length;
    }
    SplitSeries first = series.get(0);
    return fit(
        new TimeSeries(
            first.series().channels(), first.series().firstMillis(), first.series().grid(), values),
        rows);
  }

  /** Writes it as a manifest keeps it in what it says of the training. */
  public Map<String, Object> toMap() {
    Map<String, Object> entries = new LinkedHashMap<>();
    entries.put(MEAN, Arrays.stream(mean).boxed().toList());
    entries.put(DEVIATION, Arrays.stream(deviation).boxed().toList());
    return entries;
  }

  /** Reads what {@link #toMap} wrote; null where the manifest says nothing of a scaler. */
  public static @Nullable Scaler of(Map<String, Object> training) {
    return training.get(MEAN) instanceof List<?> mean
            && training.get(DEVIATION) instanceof List<?> deviation
        ? new Scaler(numbers(mean), numbers(deviation))
        : null;
  }

  private static double[] numbers(List<?> values) {
    return values.stream().mapToDouble(value -> ((Number) value).doubleValue()).toArray();
  }

  /** Scales every row, to {@code [row][channel]}; what is missing stays NaN. */
  public float[] scale(TimeSeries series) {
    float[] scaled = new float[series.values().length];
    for (int i = 0; i < scaled.length; i++) {
      int c = i % mean.length;
      scaled[i] = (float) ((series.values()[i] - mean[c]) / deviation[c]);
    }
    return scaled;
  }
}
