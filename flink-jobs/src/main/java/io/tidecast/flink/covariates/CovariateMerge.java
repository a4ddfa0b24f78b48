package io.tidecast.flink.covariates;

import io.tidecast.flink.grid.GapPolicy;
import io.tidecast.flink.grid.GapPolicy.Outcome;
import io.tidecast.flink.grid.GridStep;
import io.tidecast.flink.model.ModelChannels;
import io.tidecast.flink.record.ForecastTask;
import io.tidecast.runtime.manifest.ForecasterSpec;
import io.tidecast.runtime.windows.Window;
import java.io.Serializable;
import java.time.Duration;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Puts future covariates beside what was observed: in the context as channels among the others, for
 * the horizon as an input of their own. One thread.
 */
public final class CovariateMerge implements Serializable {

  private static final long serialVersionUID = 1L;

  private static final long DAY_MILLIS = Duration.ofDays(1).toMillis();

  private final GridStep step;
  private final CovariateSources sources;
  private final int contextLength;
  private final int horizon;
  private final int channels;
  private final int[] observed;
  private final int[] covariates;
  private final GapPolicy gaps;

  /**
   * @param sources of the future covariates of the model, in its order
   * @param gaps of as many channels as there are covariates
   */
  public CovariateMerge(
      CovariateSources sources, GapPolicy gaps, ForecasterSpec spec, ModelChannels model) {
    this.step = sources.step();
    this.sources = sources;
    this.gaps = gaps;
    this.contextLength = spec.contextLength();
    this.horizon = spec.predictionLength();
    this.channels = spec.channels();
    this.observed = model.observed();
    this.covariates = model.futureCovariates().stream().mapToInt(model.names()::indexOf).toArray();
  }

  /**
   * The request with all that the model takes. Values missing in the context are filled as those of
   * the series, within the limits that hold for both together.
   *
   * @param ring null where no topic has covariates
   * @return null if a value of the horizon is missing, or too much of the context
   */
  @Nullable ForecastTask complete(ForecastTask request, @Nullable CovariateRing ring) {
    if (request.context().length != contextLength * observed.length) {
      // Restored, from a job of another model; told apart where it is forecast.
      return request;
    }
    if (request.baseline()) {
      return forBaseline(request);
    }
    long origin = step.cell(request.originMillis());
    float[] ahead = read(origin + 1, horizon, ring);
    if (GapPolicy.missing(ahead) > 0) {
      return null;
    }
    int known = firstObserved(request.context());
    float[] past = read(origin - contextLength + 1 + known, contextLength - known, ring);
    int missing = GapPolicy.missing(past);
    return gaps.fill(past, missing, request.filledCells(), contextLength) == Outcome.FILLED
        ? merged(request, past, ahead, missing)
        : null;
  }

  /**
   * The request with what is missing put in its place: in the horizon the value of the same time a
   * day before, or as many days as it takes; where the cells are no parts of a day, or no such day
   * has one, the last value before. In the context as always, but without limits.
   *
   * @return null if there is nothing to fill from
   */
  @Nullable ForecastTask fill(ForecastTask request, @Nullable CovariateRing ring) {
    long origin = step.cell(request.originMillis());
    int known = firstObserved(request.context());
    float[] ahead = read(origin + 1, horizon, ring);
    float[] past = read(origin - contextLength + 1 + known, contextLength - known, ring);
    int missing = GapPolicy.missing(ahead) + GapPolicy.missing(past);
    for (int i = 0; i < ahead.length; i++) {
      if (Float.isNaN(ahead[i])) {
        ahead[i] = before(origin + 1 + i / sources.count(), i % sources.count(), origin, ring);
      }
    }
    boolean filled =
        GapPolicy.missing(ahead) == 0 && (GapPolicy.missing(past) == 0 || gaps.fillAnyway(past));
    return filled ? merged(request, past, ahead, missing) : null;
  }

  /** The request for the baseline, which looks at the targets alone: covariates are 0. */
  ForecastTask forBaseline(ForecastTask request) {
    int known = contextLength - firstObserved(request.context());
    float[] past = new float[known * covariates.length];
    return new ForecastTask(
        request.series(),
        request.originMillis(),
        context(request, past),
        request.filledCells(),
        request.revision(),
        true,
        request.horizon(),
        request.group(),
        request.futureCovariates(),
        bases(request),
        request.passed());
  }

  /** {@code [cell][covariate]}, row-major; NaN is missing. */
  private float[] read(long first, int cells, @Nullable CovariateRing ring) {
    float[] values = new float[cells * sources.count()];
    int at = 0;
    for (long cell = first; cell < first + cells; cell++) {
      for (int covariate = 0; covariate < sources.count(); covariate++) {
        values[at++] = sources.value(covariate, cell, ring);
      }
    }
    return values;
  }

  private float before(long cell, int covariate, long origin, @Nullable CovariateRing ring) {
    long oldest = origin - contextLength + 1;
    long day = DAY_MILLIS % step.millis() == 0 ? DAY_MILLIS / step.millis() : 1;
    for (long one = cell - day; one >= oldest; one -= day) {
      float value = sources.value(covariate, one, ring);
      if (!Float.isNaN(value)) {
        return value;
      }
    }
    for (long one = cell - 1; one >= oldest; one--) {
      float value = sources.value(covariate, one, ring);
      if (!Float.isNaN(value)) {
        return value;
      }
    }
    return Float.NaN;
  }

  /** The first cell with an observation: those before are not part of a series this young. */
  private int firstObserved(float[] context) {
    int at = 0;
    while (at < context.length && Float.isNaN(context[at])) {
      at++;
    }
    return at == context.length ? 0 : at / observed.length;
  }

  private ForecastTask merged(ForecastTask request, float[] past, float[] ahead, int filledHere) {
    return new ForecastTask(
        request.series(),
        request.originMillis(),
        context(request, past),
        request.filledCells() + filledHere,
        request.revision(),
        false,
        request.horizon(),
        request.group(),
        ahead,
        bases(request),
        request.passed());
  }

  /** Of all channels of the context; covariates are told from 0. */
  private double[] bases(ForecastTask request) {
    if (request.bases().length == 0) {
      return Window.NO_BASES;
    }
    double[] all = new double[channels];
    for (int i = 0; i < observed.length; i++) {
      all[observed[i]] = request.bases()[i];
    }
    return all;
  }

  /**
   * All channels of the context.
   *
   * @param past of the covariates, its newest cells or all; cells before are missing
   */
  private float[] context(ForecastTask request, float[] past) {
    float[] all = new float[contextLength * channels];
    Arrays.fill(all, Float.NaN);
    int unknown = contextLength - past.length / covariates.length;
    int fromObserved = 0;
    int fromPast = 0;
    for (int row = 0; row < contextLength; row++) {
      int at = row * channels;
      for (int channel : observed) {
        all[at + channel] = request.context()[fromObserved++];
      }
      for (int k = 0; row >= unknown && k < covariates.length; k++) {
        all[at + covariates[k]] = past[fromPast++];
      }
    }
    return all;
  }
}
