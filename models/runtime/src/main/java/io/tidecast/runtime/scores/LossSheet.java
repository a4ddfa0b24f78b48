package io.tidecast.runtime.scores;

import io.tidecast.runtime.measures.PointErrors;
import io.tidecast.runtime.measures.QuantileErrors;
import java.util.Arrays;
import java.util.List;

/** Collects what the forecasts of one cell were off by until all models have told. One thread. */
final class LossSheet implements LossWatch.Losses {

  private final ScoreSettings settings;
  private final LossMetric metric;
  private final LossWatch watch;

  /** {@code [lead][channel][model]}, not yet scaled; NaN for none. */
  private final double[] raw;

  /** {@code [lead][channel]}. */
  private final double[] naive;

  private final int[] leads;
  private List<ModelScores> models = List.of();
  private int model;
  private int at;
  private double scale;

  LossSheet(ScoreSettings settings, LossMetric metric, LossWatch watch) {
    this.settings = settings;
    this.metric = metric;
    this.watch = watch;
    this.leads = settings.leads().stream().mapToInt(Integer::intValue).toArray();
    this.naive = new double[leads.length * settings.channels()];
    this.raw = new double[naive.length * ScoreSettings.MOST_MODELS];
  }

  /** Begins with a cell, of which the models of a series are to tell. */
  void begin(List<ModelScores> of) {
    models = of;
    Arrays.fill(raw, Double.NaN);
    Arrays.fill(naive, Double.NaN);
  }

  /** The next that is told is of this model. */
  void turnTo(int index) {
    model = index;
  }

  /** One forecast was off. */
  void add(int lead, int channel, ModelPlan plan, ErrorSums.Said said, double actual) {
    int place = lead * settings.channels() + channel;
    raw[place * ScoreSettings.MOST_MODELS + model] = loss(plan, said, actual);
    naive[place] = ofPoint(said.naive() - actual);
  }

  private double loss(ModelPlan plan, ErrorSums.Said said, double actual) {
    if (metric == LossMetric.CRPS && plan.by.levels().length > 0) {
      double[] levels = plan.by.levels();
      double sum = 0;
      for (int i = 0; i < levels.length; i++) {
        sum += QuantileErrors.pinball(levels[i], said.numbers()[said.at() + 1 + i], actual);
      }
      return 2 * sum / levels.length;
    }
    return ofPoint(said.numbers()[said.at()] - actual);
  }

  private double ofPoint(double error) {
    return metric == LossMetric.MSE ? error * error : Math.abs(error);
  }

  /**
   * Tells what was off for one channel.
   *
   * @param errors of the seasonal naive one season ahead
   */
  void tell(long cell, int channel, PointErrors errors) {
    scale = metric == LossMetric.MSE ? errors.meanSquare() : errors.meanAbsolute();
    // Of a series that has only repeated itself, nobody's error has a size.
    if (!(scale > 0)) {
      return;
    }
    for (int lead = 0; lead < leads.length; lead++) {
      at = lead * settings.channels() + channel;
      if (hasAny()) {
        watch.lost(cell, cell - leads[lead], lead == 0, this);
      }
    }
  }

  private boolean hasAny() {
    int first = at * ScoreSettings.MOST_MODELS;
    for (int i = first; i < first + models.size(); i++) {
      if (!Double.isNaN(raw[i])) {
        return true;
      }
    }
    return false;
  }

  @Override
  public int size() {
    return models.size();
  }

  @Override
  public Contestant by(int index) {
    return models.get(index).by();
  }

  @Override
  public double of(int index) {
    return raw[at * ScoreSettings.MOST_MODELS + index] / scale;
  }

  @Override
  public double ofNaive() {
    return naive[at] / scale;
  }
}
