package io.tidecast.cli.history;

import io.tidecast.cli.console.CliException;
import io.tidecast.evaluation.data.TimeSeries;
import io.tidecast.flink.config.JobConfig;
import io.tidecast.flink.covariates.CovariateSettings.Feed;
import io.tidecast.flink.covariates.CovariateSettings.KeyedBy;
import io.tidecast.flink.covariates.CovariateSources;
import io.tidecast.flink.history.History;
import io.tidecast.flink.history.HistorySeries;
import io.tidecast.runtime.grid.GridStep;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Puts the covariates of a job beside what its series observed, as they were known in the end. */
final class Covariates {

  private final JobConfig config;
  private final History known;
  private final List<String> inTopic;
  private final List<String> inCalendar;
  private final CovariateSources calendar;

  /**
   * @throws CliException if nobody knows any more whose they were
   */
  Covariates(JobHistory history) {
    this.config = history.config();
    this.known = history.covariates();
    this.inTopic = inTopic(config);
    this.inCalendar = inCalendar(config);
    this.calendar = new CovariateSources(config.covariates(), config.series().step(), inCalendar);
    Feed feed = config.covariates().feed();
    if (feed != null && feed.keyedBy() == KeyedBy.GROUP) {
      throw new CliException(
          "covariates must be of a series or of all of them to be read back, those of groups can't be: covariates.keyed-by=group");
    }
  }

  /** The names of all covariates of a job, those of a topic first. */
  static List<String> of(JobConfig config) {
    List<String> names = new ArrayList<>(inTopic(config));
    names.addAll(inCalendar(config));
    return names;
  }

  static List<String> inTopic(JobConfig config) {
    Feed feed = config.covariates().feed();
    return feed == null ? List.of() : feed.names();
  }

  private static List<String> inCalendar(JobConfig config) {
    return List.copyOf(new TreeSet<>(config.covariates().calendar().keySet()));
  }

  /** Returns a series with its covariates after its channels. */
  TimeSeries beside(String name, TimeSeries series) throws IOException {
    int added = inTopic.size() + inCalendar.size();
    if (added == 0) {
      return series;
    }
    int width = series.channels().size();
    double[] values = new double[series.rows() * (width + added)];
    GridStep step = series.grid();
    long first = step.cell(series.firstMillis());
    Columns columns = columns(name);
    for (int row = 0; row < series.rows(); row++) {
      int at = row * (width + added);
      System.arraycopy(series.values(), row * width, values, at, width);
      for (int i = 0; i < inTopic.size(); i++) {
        values[at + width + i] = columns == null ? Double.NaN : columns.at(first + row, i);
      }
      for (int i = 0; i < inCalendar.size(); i++) {
        values[at + width + inTopic.size() + i] = calendar.ofCalendar(i, first + row);
      }
    }
    List<String> channels = new ArrayList<>(series.channels());
    channels.addAll(of(config));
    return new TimeSeries(channels, series.firstMillis(), step, values);
  }

  /**
   * The values of a topic for one key.
   *
   * @param values {@code [cell][covariate]}
   */
  @SuppressWarnings("ArrayRecordComponent")
  private record Columns(long first, int width, double[] values) {

    double at(long cell, int covariate) {
      long row = cell - first;
      return row < 0 || row >= values.length / width
          ? Double.NaN
          : values[(int) row * width + covariate];
    }
  }

  private @Nullable Columns columns(String series) throws IOException {
    Feed feed = config.covariates().feed();
    String key = feed != null && feed.keyedBy() == KeyedBy.GLOBAL ? "" : series;
    for (HistorySeries one : known.series()) {
      if (one.name().equals(key)) {
        return new Columns(
            config.series().step().cell(one.firstMillis()), inTopic.size(), known.values(one));
      }
    }
    return null;
  }
}
