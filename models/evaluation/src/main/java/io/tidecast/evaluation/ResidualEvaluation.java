package io.tidecast.evaluation;

import static java.util.Objects.requireNonNull;

import io.tidecast.evaluation.data.Split;
import io.tidecast.evaluation.data.SplitSeries;
import io.tidecast.evaluation.data.SplitSet;
import io.tidecast.evaluation.data.TimeSeries;
import io.tidecast.runtime.manifest.ForecasterSpec;
import io.tidecast.runtime.manifest.Residuals;
import io.tidecast.runtime.measures.Leads;
import io.tidecast.runtime.measures.Seasons;
import io.tidecast.runtime.mixture.RecentCells;
import io.tidecast.runtime.windows.Forecaster;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * Measures how far a model is off at each lead, in units that every series has of its own: what a
 * manifest says, so that intervals of a new series begin with it. There is an entry for each unit
 * that the model's context has room for: the error of the last value, that of the better of it and
 * the daily naive, and that of the best of them and the weekly one.
 */
public final class ResidualEvaluation {
  private static final int[] DAYS = {1, 7};

  private final SplitSet data;
  private final Split.Part part;
  private final List<String> futureCovariates;

  /**
   * @param part whose rows the model did not learn from
   * @param futureCovariates names of the channels that are known ahead, in the model's order
   */
  public ResidualEvaluation(SplitSet data, Split.Part part, List<String> futureCovariates) {
    this.data = data;
    this.part = part;
    this.futureCovariates = List.copyOf(futureCovariates);
  }

  /**
   * Of one series.
   *
   * @param part whose rows the model did not learn from
   * @param futureCovariates names of the channels that are known ahead, in the model's order
   */
  public ResidualEvaluation(SplitSeries data, Split.Part part, List<String> futureCovariates) {
    this(SplitSet.of(data), part, futureCovariates);
  }

  /**
   * Measures a model, which stays the caller's. A model of one channel has one target, whatever
   * number of channels it forecasts.
   *
   * @param dataName file name of the data
   * @param hasUnit whether the model is for series of the size of this one
   * @return none for a unit in which a target has no error at some lead
   * @throws io.tidecast.evaluation.data.DataException if the part holds no window, or the series
   *     has other channels
   */
  public List<Residuals> measure(Forecaster model, String dataName, boolean hasUnit) {
    ForecasterSpec spec = model.spec();
    List<List<Duration>> units = units(spec);
    Evaluation evaluation = new Evaluation(data, part, futureCovariates);
    List<Integer> channels =
        evaluation.targets(spec).stream().map(any().channels()::indexOf).toList();
    List<List<ResidualSum>> sums = new ArrayList<>();
    for (List<Duration> seasons : units) {
      List<ResidualSum> ofTheUnit = new ArrayList<>();
      for (int target = 0; target < spec.targets().size(); target++) {
        ofTheUnit.add(new ResidualSum(Leads.upTo(spec.horizon()), cells(seasons)));
      }
      sums.add(ofTheUnit);
    }
    evaluation.accuracy(
        model,
        (origin, points) -> {
          for (int i = 0; i < channels.size(); i++) {
            TimeSeries series = series(origin);
            RecentCells cells = cells(series, origin.row(), channels.get(i), spec.contextLength());
            double[] errors = errors(series, origin, channels, i, points);
            for (List<ResidualSum> ofTheUnit : sums) {
              ofTheUnit.get(i % ofTheUnit.size()).add(cells, errors);
            }
          }
        });
    List<Residuals> measured = new ArrayList<>();
    for (int unit = 0; unit < sums.size(); unit++) {
      if (sums.get(unit).stream().allMatch(ResidualSum::isKnown)) {
        List<String> seasons = units.get(unit).stream().map(Duration::toString).toList();
        Residuals one = ResidualSum.of(dataName, seasons, hasUnit, sums.get(unit));
        // A season that those cells are too few for changes nothing.
        if (measured.stream().noneMatch(other -> other.targets().equals(one.targets()))) {
          measured.add(one);
        }
      }
    }
    return measured;
  }

  private List<List<Duration>> units(ForecasterSpec spec) {
    List<List<Duration>> units = new ArrayList<>();
    List<Duration> known = new ArrayList<>();
    units.add(List.of());
    for (int days : DAYS) {
      Duration season = Duration.ofDays(days);
      int cells = Seasons.steps(season, any().step());
      if (cells > 1 && cells <= spec.contextLength()) {
        known.add(season);
        units.add(List.copyOf(known));
      }
    }
    return units;
  }

  private int[] cells(List<Duration> seasons) {
    return seasons.stream().mapToInt(season -> Seasons.steps(season, any().step())).toArray();
  }

  private static RecentCells cells(TimeSeries series, int origin, int channel, int context) {
    RecentCells cells = new RecentCells(context);
    int before = Math.max(0, context - 1 - origin);
    float[] values = new float[context - before];
    series.copy(origin - context + 1 + before, new int[] {channel}, values);
    for (int i = 0; i < values.length; i++) {
      cells.put(before + i, values[i]);
    }
    return cells;
  }

  private static double[] errors(
      TimeSeries series,
      Evaluation.Origin origin,
      List<Integer> channels,
      int target,
      float[] points) {
    int horizon = points.length / channels.size();
    Leads leads = Leads.upTo(horizon);
    float[] actual = new float[horizon];
    series.copy(origin.row() + 1, new int[] {channels.get(target)}, actual);
    double[] errors = new double[leads.count()];
    for (int lead = 0; lead < errors.length; lead++) {
      int at = leads.step(lead) - 1;
      errors[lead] =
          actual[at] - origin.absolute(points, at * channels.size() + target).floatValue();
    }
    return errors;
  }

  private TimeSeries series(Evaluation.Origin origin) {
    return requireNonNull(data.series().get(origin.series())).series();
  }

  private TimeSeries any() {
    return data.any().series();
  }
}
