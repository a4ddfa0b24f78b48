package io.tidecast.flink.covariates;

import io.tidecast.flink.model.ForecasterFactory;
import io.tidecast.flink.model.ModelChannels;
import io.tidecast.flink.record.ForecastTask;
import io.tidecast.flink.series.ContextNeeds;
import io.tidecast.flink.series.SeriesSettings;
import io.tidecast.runtime.context.GapPolicy;
import io.tidecast.runtime.context.GapPolicy.Outcome;
import io.tidecast.runtime.grid.GridStep;
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
  private final ContextNeeds needs;
  private final int contextLength;
  private final int horizon;
  private final int channels;
  private final int[] observed;
  private final int[] covariates;
  private final GapPolicy gaps;
  private final boolean silenceIsFilled;

  /**
   * @param sources of the future covariates of the model, in its order
   * @param needs of the models that answer the series
   */
  public CovariateMerge(
      CovariateSources sources,
      SeriesSettings series,
      ContextNeeds needs,
      ForecasterFactory model) {
    ForecasterSpec spec = model.spec();
    ModelChannels named = model.channels();
    this.step = sources.step();
    this.sources = sources;
    this.gaps = new GapPolicy(series.gaps(), needs.byDefault().seasonCells(), sources.count());
    this.silenceIsFilled = series.fillsSilence();
    this.needs = needs;
    this.contextLength = needs.cells();
    this.horizon = spec.predictionLength();
    this.channels = spec.channels();
    this.observed = named.observed();
    this.covariates = named.futureCovariates().stream().mapToInt(named.names()::indexOf).toArray();
  }

  /**
   * The request with all that the model takes. Values missing in the context are filled as those of
   * the series, within the limits that hold for both together. Silence that was filled is no gap.
   *
   * @param ring null where no topic has covariates
   * @return null if a value of the horizon is missing, or too much of the context
   */
  @Nullable ForecastTask complete(ForecastTask asked, @Nullable CovariateRing ring) {
    ForecastTask request = sized(asked);
    if (request.baseline()) {
      return forBaseline(request);
    }
    long origin = step.cell(request.originMillis());
    float[] ahead = read(origin + 1, horizon, ring);
    if (GapPolicy.missing(ahead) > 0) {
      return null;
    }
    int own = own(request);
    int first = Math.max(firstObserved(request.context()), contextLength - own);
    float[] past = past(origin, first, ring);
    int missing = GapPolicy.missing(past);
    int filledBefore = silenceIsFilled ? 0 : request.filledCells();
    return gaps.fill(past, missing, filledBefore, own) == Outcome.FILLED
        ? merged(request, withOlder(request, past, origin, ring), ahead, missing)
        : null;
  }

  /**
   * The request with as many cells as windows have. One that is restored may have more or less,
   * from a job of other models or with another {@code series.context}: cells that it has not are
   * missing.
   */
  private ForecastTask sized(ForecastTask request) {
    float[] context = request.context();
    int size = contextLength * observed.length;
    if (context.length == size) {
      return request;
    }
    float[] all = new float[size];
    Arrays.fill(all, Float.NaN);
    int kept = Math.min(size, context.length);
    System.arraycopy(context, context.length - kept, all, size - kept, kept);
    return new ForecastTask(
        request.series(),
        request.originMillis(),
        all,
        request.filledCells(),
        request.revision(),
        request.baseline(),
        request.horizon(),
        request.group(),
        request.futureCovariates(),
        request.bases(),
        request.passed());
  }

  /** How many of the cells the model takes that answers the series: the newest. */
  private int own(ForecastTask request) {
    return needs.of(request.series(), request.group()).contextLength();
  }

  /** What there is in a context from a cell on, counted from its oldest. */
  private float[] past(long origin, int first, @Nullable CovariateRing ring) {
    return read(origin - contextLength + 1 + first, contextLength - first, ring);
  }

  /**
   * The same with the observed cells before, which a longer model would take, if their gaps can be
   * filled.
   */
  private float[] withOlder(
      ForecastTask request, float[] past, long origin, @Nullable CovariateRing ring) {
    int first = firstObserved(request.context());
    float[] all = past(origin, first, ring);
    System.arraycopy(past, 0, all, all.length - past.length, past.length);
    int missing = GapPolicy.missing(all);
    return gaps.fill(all, missing, 0, contextLength - first) == Outcome.FILLED ? all : past;
  }

  /**
   * The request with what is missing put in its place: in the horizon the value of the same time a
   * day before, or as many days as it takes; where the cells are no parts of a day, or no such day
   * has one, the last value before. In the context as always, but without limits.
   *
   * @return null if there is nothing to fill from
   */
  @Nullable ForecastTask fill(ForecastTask asked, @Nullable CovariateRing ring) {
    ForecastTask request = sized(asked);
    long origin = step.cell(request.originMillis());
    int own = own(request);
    int known = firstObserved(request.context());
    float[] ahead = read(origin + 1, horizon, ring);
    float[] past = past(origin, known, ring);
    int missing =
        GapPolicy.missing(ahead)
            + GapPolicy.missing(past(origin, Math.max(known, contextLength - own), ring));
    for (int i = 0; i < ahead.length; i++) {
      if (Float.isNaN(ahead[i])) {
        long oldest = origin - own + 1;
        ahead[i] = before(origin + 1 + i / sources.count(), i % sources.count(), oldest, ring);
      }
    }
    boolean filled =
        GapPolicy.missing(ahead) == 0 && (GapPolicy.missing(past) == 0 || gaps.fillAnyway(past));
    return filled ? merged(request, past, ahead, missing) : null;
  }

  /** The request for the baseline, which looks at the targets alone: covariates are 0. */
  ForecastTask forBaseline(ForecastTask asked) {
    ForecastTask request = sized(asked);
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

  private float before(long cell, int covariate, long oldest, @Nullable CovariateRing ring) {
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
   * @param past of the covariates, its newest cells or all; cells before are missing, whatever was
   *     observed in them
   */
  private float[] context(ForecastTask request, float[] past) {
    float[] all = new float[contextLength * channels];
    Arrays.fill(all, Float.NaN);
    int unknown = contextLength - past.length / covariates.length;
    int fromObserved = unknown * observed.length;
    int fromPast = 0;
    for (int row = unknown; row < contextLength; row++) {
      int at = row * channels;
      for (int channel : observed) {
        all[at + channel] = request.context()[fromObserved++];
      }
      for (int covariate : covariates) {
        all[at + covariate] = past[fromPast++];
      }
    }
    return all;
  }
}
