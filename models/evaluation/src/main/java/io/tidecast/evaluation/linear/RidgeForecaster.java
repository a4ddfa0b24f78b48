package io.tidecast.evaluation.linear;

import io.tidecast.architectures.networks.LinearConfig;
import io.tidecast.evaluation.data.SplitSet;
import io.tidecast.runtime.manifest.ForecasterInputs;
import io.tidecast.runtime.manifest.ForecasterSpec;
import io.tidecast.runtime.manifest.TensorRole;
import io.tidecast.runtime.windows.ForecastBatch;
import io.tidecast.runtime.windows.GuardedForecaster;
import io.tidecast.runtime.windows.WindowBatch;
import java.nio.FloatBuffer;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Stands beside a model in a comparison: ridge regression over the newest lags that the model sees,
 * one set of weights for all channels, computed from the training rows of the same data.
 */
public final class RidgeForecaster extends GuardedForecaster {

  /** A week of quarter hours; more lags would take minutes and seldom help. */
  private static final int MOST_LAGS = 672;

  private final Ridge ridge;
  private final int[] targets;

  private RidgeForecaster(ForecasterSpec spec, Ridge ridge) {
    super(spec);
    this.ridge = ridge;
    this.targets = spec.targets().stream().mapToInt(Integer::intValue).toArray();
  }

  /** How many lags it looks back on beside a model. */
  public static int lags(ForecasterSpec model) {
    return Math.min(MOST_LAGS, model.contextLength());
  }

  /**
   * Computes the weights of one that has the lengths, channels and targets of a model.
   *
   * @throws DataException if a part of the data holds no window
   */
  public static RidgeForecaster beside(ForecasterSpec model, SplitSet data) {
    int channels = data.any().series().channels().size();
    int lags = lags(model);
    LinearConfig config =
        new LinearConfig(model.channels(), lags, model.horizon(), false, false, "h");
    int[] learned =
        model.channels() == channels
            ? model.targets().stream().mapToInt(Integer::intValue).toArray()
            : IntStream.range(0, channels).toArray();
    ForecasterSpec spec =
        new ForecasterSpec(
            "ridge",
            String.valueOf(lags),
            model.contextLength(),
            model.predictionLength(),
            model.channels(),
            model.targets(),
            ForecasterInputs.NONE,
            List.of(),
            false,
            model.horizon());
    return new RidgeForecaster(spec, Ridge.fit(data, config, learned));
  }

  @Override
  public boolean isShiftEquivariant() {
    return true;
  }

  @Override
  protected void run(WindowBatch windows, ForecastBatch forecasts) {
    FloatBuffer context = windows.rows(TensorRole.CONTEXT).cells();
    FloatBuffer points = forecasts.rows(TensorRole.POINT).cells();
    int lags = ridge.config().seqLen();
    int channels = spec().channels();
    int horizon = spec().horizon();
    double[] newest = new double[lags + 1];
    for (int row = 0; row < windows.size(); row++) {
      int first = (row + 1) * spec().contextSize() - lags * channels;
      for (int target = 0; target < targets.length; target++) {
        double mean = normalise(context, first + targets[target], channels, newest);
        for (int step = 0; step < horizon; step++) {
          double sum = mean;
          for (int term = 0; term <= lags; term++) {
            sum += newest[term] * ridge.weight(0, term, step);
          }
          points.put((row * horizon + step) * targets.length + target, (float) sum);
        }
      }
    }
  }

  /** Fills in the terms of a window, in its units, and returns their mean. */
  private static double normalise(FloatBuffer from, int first, int channels, double[] terms) {
    int lags = terms.length - 1;
    double sum = 0;
    for (int lag = 0; lag < lags; lag++) {
      terms[lag] = from.get(first + lag * channels);
      sum += terms[lag];
    }
    double mean = sum / lags;
    double squares = 0;
    for (int lag = 0; lag < lags; lag++) {
      terms[lag] -= mean;
      squares += terms[lag] * terms[lag];
    }
    terms[lags] = Math.sqrt(squares / lags);
    return mean;
  }

  @Override
  protected void release() {
    // Holds nothing but memory of the heap.
  }
}
