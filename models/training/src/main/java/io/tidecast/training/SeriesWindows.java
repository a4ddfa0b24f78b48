package io.tidecast.training;

import io.tidecast.architectures.Architecture;
import io.tidecast.architectures.ArchitectureConfig;
import io.tidecast.evaluation.data.Scaler;
import io.tidecast.evaluation.data.Split;
import io.tidecast.evaluation.data.SplitSeries;
import io.tidecast.evaluation.data.TimeSeries;
import io.tidecast.runtime.manifest.CalendarFeature;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Every window of one series, one row apart, standardised. A network of one channel that is given a
 * series of several learns from each as if it were a series of its own.
 */
public final class SeriesWindows implements TrainingWindows {
  private final SplitSeries data;
  private final int contextLength;
  private final int length;
  private final boolean pooled;
  private final float[] values;
  private final float[] timeFeatures;
  private final int features;

  /**
   * The windows that a network learns from.
   *
   * @throws DataException if a part of the data holds no window
   */
  public static <C extends ArchitectureConfig> SeriesWindows of(
      SplitSeries data, Architecture<C> architecture, C config) {
    data.requireWindows(config.seqLen(), config.predLen());
    return new SeriesWindows(data, architecture, config);
  }

  private <C extends ArchitectureConfig> SeriesWindows(
      SplitSeries data, Architecture<C> architecture, C config) {
    List<CalendarFeature> marks =
        architecture.timeFeatures(config).stream().map(CalendarFeature::named).toList();
    this.data = data;
    this.contextLength = config.seqLen();
    this.length = config.seqLen() + architecture.trainingHorizon(config);
    this.pooled =
        config.encIn() == 1 && data.series().channels().size() > 1 && !architecture.mixesChannels();
    this.features = marks.size();
    TimeSeries series = data.series();
    this.values = data.scaler().scale(series);
    this.timeFeatures = new float[series.rows() * features];
    CalendarFeature.fill(marks, series.firstMillis(), series.step().toMillis(), this.timeFeatures);
    count(Split.Part.TRAIN);
    count(Split.Part.VALIDATION);
  }

  @Override
  public String identity() {
    return data.identity();
  }

  @Override
  public int channels() {
    return pooled ? 1 : width();
  }

  private int width() {
    return data.series().channels().size();
  }

  @Override
  public int count(Split.Part part) {
    return rowsToStartAt(part) * (pooled ? width() : 1);
  }

  private int rowsToStartAt(Split.Part part) {
    return data.split().windows(part, contextLength, length - contextLength);
  }

  @Override
  public @Nullable Scaler scaler() {
    // Pooled channels have no unit in common; such a network standardises each window itself.
    return pooled ? null : data.scaler();
  }

  @Override
  public void copy(
      Split.Part part, int epoch, int window, float[] destination, float[] destinationFeatures) {
    int start = rowsToStartAt(part);
    int row = data.split().firstWindow(part, contextLength) + window % start;
    System.arraycopy(
        timeFeatures, row * features, destinationFeatures, 0, destinationFeatures.length);
    if (!pooled) {
      System.arraycopy(values, row * width(), destination, 0, destination.length);
      return;
    }
    int channel = window / start;
    for (int t = 0; t < length; t++) {
      destination[t] = values[(row + t) * width() + channel];
    }
  }
}
