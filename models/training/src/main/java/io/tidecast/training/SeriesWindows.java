package io.tidecast.training;

import io.tidecast.architectures.Architecture;
import io.tidecast.architectures.ArchitectureConfig;
import io.tidecast.evaluation.data.DataException;
import io.tidecast.evaluation.data.Scaler;
import io.tidecast.evaluation.data.Split;
import io.tidecast.evaluation.data.SplitSeries;
import io.tidecast.evaluation.data.SplitSet;
import io.tidecast.evaluation.data.TimeSeries;
import io.tidecast.evaluation.data.WindowGaps;
import io.tidecast.runtime.manifest.CalendarFeature;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Every window of one or more series, one row apart, standardised. A network of one channel that is
 * given series of several learns from each as if it were a series of its own. Missing values are
 * filled with the one before; windows that miss more than a job fills are left out.
 */
public final class SeriesWindows implements TrainingWindows {
  private final SplitSet data;
  private final int contextLength;
  private final int length;
  private final boolean pooled;
  private final @Nullable Scaler scaler;
  private final boolean mixesChannels;
  private final int width;
  private final int features;
  private final List<Lesson> lessons = new ArrayList<>();
  private final Map<Split.Part, Index> indices = new EnumMap<>(Split.Part.class);

  /**
   * What is learned from one series.
   *
   * @param gaps which windows miss too much
   * @param values filled and standardised, {@code [row][channel]}
   * @param timeFeatures {@code [row][feature]}
   */
  @SuppressWarnings("ArrayRecordComponent")
  private record Lesson(SplitSeries data, WindowGaps gaps, float[] values, float[] timeFeatures) {}

  /**
   * Numbers the windows of a part, series after series.
   *
   * @param starts of each series, the rows that windows begin with
   * @param before {@code [series]}, windows of the series before; one more for all
   */
  @SuppressWarnings("ArrayRecordComponent")
  private record Index(List<int[]> starts, int[] before) {

    int series(int window) {
      int low = 0;
      int high = starts.size() - 1;
      while (low < high) {
        int middle = (low + high + 1) >>> 1;
        if (before[middle] <= window) {
          low = middle;
        } else {
          high = middle - 1;
        }
      }
      return low;
    }

    int count() {
      return before[starts.size()];
    }
  }

  /**
   * The windows that a network learns from.
   *
   * @throws DataException if a part of the data holds no window
   */
  public static <C extends ArchitectureConfig> SeriesWindows of(
      SplitSet data, Architecture<C> architecture, C config) {
    data.requireWindows(config.seqLen(), config.predLen());
    return new SeriesWindows(data, architecture, config);
  }

  /**
   * The windows of one series.
   *
   * @throws DataException if a part of the data holds no window
   */
  public static <C extends ArchitectureConfig> SeriesWindows of(
      SplitSeries data, Architecture<C> architecture, C config) {
    return of(SplitSet.of(data), architecture, config);
  }

  private <C extends ArchitectureConfig> SeriesWindows(
      SplitSet data, Architecture<C> architecture, C config) {
    List<CalendarFeature> marks =
        architecture.timeFeatures(config).stream().map(CalendarFeature::named).toList();
    this.data = data;
    this.contextLength = config.seqLen();
    this.length = config.seqLen() + architecture.trainingHorizon(config);
    this.width = data.any().series().channels().size();
    this.pooled = config.encIn() == 1 && width > 1 && !architecture.mixesChannels();
    this.features = marks.size();
    // What is pooled has no unit in common; such a network standardises each window itself.
    this.mixesChannels = architecture.mixesChannels();
    boolean isOfManyUnits = pooled || !data.isSingle() && !mixesChannels;
    this.scaler = isOfManyUnits ? null : data.scaler();
    for (SplitSeries one : data.all()) {
      TimeSeries series = one.series();
      float[] timeFeatures = new float[series.rows() * features];
      CalendarFeature.fill(marks, series.wallMillis(0), series.step().toMillis(), timeFeatures);
      Scaler unit = scaler == null ? one.scaler() : scaler;
      WindowGaps gaps = new WindowGaps(series, data.gaps());
      float[] values = gaps.fill(unit.scale(series), unit);
      lessons.add(new Lesson(one, gaps, values, timeFeatures));
    }
    for (Split.Part part : List.of(Split.Part.TRAIN, Split.Part.VALIDATION)) {
      Index index = index(part);
      if (index.count() == 0) {
        // Says which rows are too few; or they are enough, and too many values are missing.
        var unused = data.split().windows(part, contextLength, length - contextLength);
        throw new DataException(
            "every %s window of %d rows misses more values than the %d that are filled; --max-filled-cells says how many, or shorten the windows"
                .formatted(
                    part.name().toLowerCase(Locale.ROOT), length, data.gaps().fillableCells()));
      }
      indices.put(part, index);
    }
  }

  private Index index(Split.Part part) {
    List<int[]> starts = new ArrayList<>();
    int[] before = new int[lessons.size() + 1];
    for (int i = 0; i < lessons.size(); i++) {
      SplitSeries one = lessons.get(i).data;
      int first = one.split().firstWindow(part, contextLength);
      int count = one.split().windowsIfAny(part, contextLength, length - contextLength);
      WindowGaps gaps = lessons.get(i).gaps;
      int[] ofSeries =
          IntStream.range(first, first + count).filter(row -> gaps.isWhole(row, length)).toArray();
      starts.add(ofSeries);
      before[i + 1] = before[i] + ofSeries.length * (pooled ? width : 1);
    }
    return new Index(starts, before);
  }

  @Override
  public String identity() {
    return data.identity();
  }

  @Override
  public int channels() {
    return pooled ? 1 : width;
  }

  @Override
  public int count(Split.Part part) {
    return indices.computeIfAbsent(part, this::index).count();
  }

  @Override
  public @Nullable Scaler scaler() {
    return scaler == null || mixesChannels ? scaler : data.servedScaler();
  }

  @Override
  public void copy(
      Split.Part part, int epoch, int window, float[] destination, float[] destinationFeatures) {
    Index index = indices.computeIfAbsent(part, this::index);
    int series = index.series(window);
    Lesson lesson = lessons.get(series);
    int[] starts = index.starts.get(series);
    int within = window - index.before[series];
    int row = starts[within % starts.length];
    System.arraycopy(
        lesson.timeFeatures, row * features, destinationFeatures, 0, destinationFeatures.length);
    if (!pooled) {
      System.arraycopy(lesson.values, row * width, destination, 0, destination.length);
      return;
    }
    int channel = within / starts.length;
    for (int t = 0; t < length; t++) {
      destination[t] = lesson.values[(row + t) * width + channel];
    }
  }
}
