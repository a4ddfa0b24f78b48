package io.tidecast.cli.history;

import io.tidecast.evaluation.backtest.WindowSource;
import io.tidecast.evaluation.data.SplitSeries;
import io.tidecast.flink.HistoryJob;
import io.tidecast.flink.config.JobConfig;
import io.tidecast.flink.record.ForecastTask;
import io.tidecast.flink.series.CellCloser;
import io.tidecast.runtime.manifest.ForecasterSpec;

/**
 * Cuts windows as a job does that closes these cells: gaps filled, and none where it asks for none.
 */
public record JobWindows(JobConfig config) implements WindowSource {

  @Override
  public Origins of(String series, SplitSeries data, ForecasterSpec spec) {
    CellCloser.Past past =
        new CellCloser.Past(
            config.series(),
            HistoryJob.need(config, spec),
            series,
            new CellCloser.Past.Cells(data.series().firstMillis(), data.series().values()));
    return origin -> {
      ForecastTask task = past.at(origin);
      return task == null ? null : task.window(config.series().step());
    };
  }
}
