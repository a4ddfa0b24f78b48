package io.tidecast.cli.history;

import io.tidecast.evaluation.backtest.WindowSource;
import io.tidecast.evaluation.data.SplitSeries;
import io.tidecast.evaluation.data.TimeSeries;
import io.tidecast.flink.HistoryJob;
import io.tidecast.flink.config.JobConfig;
import io.tidecast.flink.record.ForecastTask;
import io.tidecast.flink.series.CellCloser;
import io.tidecast.runtime.manifest.ForecasterSpec;
import io.tidecast.runtime.windows.Window;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Cuts windows as a job does that closes these cells: gaps filled, and none where it asks for none,
 * or where a covariate is missing.
 *
 * @param futureCovariates names of the channels that are known ahead, in the model's order
 */
public record JobWindows(JobConfig config, List<String> futureCovariates) implements WindowSource {

  public JobWindows {
    futureCovariates = List.copyOf(futureCovariates);
  }

  @Override
  public Origins of(String series, SplitSeries data, ForecasterSpec spec) {
    TimeSeries all = data.series();
    int[] ahead = futureCovariates.stream().mapToInt(all.channels()::indexOf).toArray();
    int[] observed =
        IntStream.range(0, all.channels().size())
            .filter(channel -> IntStream.of(ahead).noneMatch(other -> other == channel))
            .toArray();
    double[] values = new double[all.rows() * observed.length];
    all.copy(0, observed, values);
    CellCloser.Past past =
        new CellCloser.Past(
            config.series(),
            HistoryJob.need(config, spec),
            series,
            new CellCloser.Past.Cells(all.firstMillis(), values));
    return origin -> {
      ForecastTask task = past.at(origin);
      if (task == null) {
        return null;
      }
      Window window = task.window(config.series().step());
      return ahead.length == 0
          ? window
          : new Merged(all, spec, observed, ahead).window(window, origin);
    };
  }

  /** Puts covariates beside what was observed, as the job does. */
  @SuppressWarnings("ArrayRecordComponent")
  private record Merged(TimeSeries series, ForecasterSpec spec, int[] observed, int[] ahead) {

    @Nullable Window window(Window window, int origin) {
      int width = spec.channels();
      float[] context = new float[spec.contextSize()];
      for (int cell = 0; cell < spec.contextLength(); cell++) {
        int row = origin - spec.contextLength() + 1 + cell;
        for (int i = 0; i < observed.length; i++) {
          context[cell * width + observed[i]] = window.context()[cell * observed.length + i];
        }
        boolean isBefore = Float.isNaN(window.context()[cell * observed.length]);
        for (int channel : ahead) {
          double value = isBefore || row < 0 ? Double.NaN : value(row, channel);
          if (Double.isNaN(value) && !isBefore) {
            return null;
          }
          context[cell * width + channel] = (float) value;
        }
      }
      float[] known = new float[spec.futureCovariatesSize()];
      for (int i = 0; i < known.length; i++) {
        double value = value(origin + 1 + i / ahead.length, ahead[i % ahead.length]);
        if (Double.isNaN(value)) {
          return null;
        }
        known[i] = (float) value;
      }
      return new Window(
          window.series(),
          window.originMillis(),
          window.stepMillis(),
          context,
          known,
          bases(window.bases()));
    }

    private double value(int row, int channel) {
      return series.values()[row * series.channels().size() + channel];
    }

    private double[] bases(double[] ofObserved) {
      if (ofObserved.length == 0) {
        return ofObserved;
      }
      double[] bases = new double[spec.channels()];
      for (int i = 0; i < observed.length; i++) {
        bases[observed[i]] = ofObserved[i];
      }
      return bases;
    }
  }
}
