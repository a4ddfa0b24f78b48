package io.tidecast.flink.record;

import static java.util.Objects.requireNonNull;

import io.tidecast.runtime.grid.GridStep;
import io.tidecast.runtime.windows.Window;
import org.jspecify.annotations.Nullable;

/**
 * A context that waits for its forecast. Never changed once made, nor are its arrays: operators
 * share them.
 *
 * @param originMillis time of the last context cell
 * @param context {@code [time][channel]} row-major, oldest first, their own units, less the base of
 *     the channel; NaN is missing; not copied. Of the channels that are observed; once covariates
 *     are known, of all the model's
 * @param filledCells values of the context, and of future covariates, that were missing and have
 *     been filled
 * @param revision 0 the first time that a forecast from this origin is asked for
 * @param baseline whether the baseline answers and not the model, for which something is missing
 * @param horizon steps that are wanted; null for all that the model gives
 * @param group of the series; null where the job has no groups
 * @param futureCovariates {@code [horizon][covariate]} row-major, their own units; empty until they
 *     are known, and for a model that takes none; not copied
 * @param bases one per channel of the context: what its cells are told from; empty where all are 0;
 *     not copied
 * @param passed headers that go onto the forecast, as {@link PassedHeaders} packs them; null for
 *     none; not copied
 */
public record ForecastTask(
    String series,
    long originMillis,
    float[] context,
    int filledCells,
    int revision,
    boolean baseline,
    @Nullable Integer horizon,
    @Nullable String group,
    float[] futureCovariates,
    double[] bases,
    byte @Nullable [] passed) {

  private static final float[] NO_COVARIATES = {};

  public ForecastTask {
    requireNonNull(series, "series is null");
    requireNonNull(context, "context is null");
    requireNonNull(futureCovariates, "futureCovariates is null");
    requireNonNull(bases, "bases is null");
    if (filledCells < 0 || revision < 0 || (horizon != null && horizon < 1)) {
      throw new IllegalArgumentException(
          "filledCells and revision must be 0 or more, horizon 1 or more: filledCells=%d, revision=%d, horizon=%d"
              .formatted(filledCells, revision, horizon));
    }
  }

  /** Of channels that are told from 0. */
  public ForecastTask(
      String series,
      long originMillis,
      float[] context,
      int filledCells,
      int revision,
      boolean baseline,
      @Nullable Integer horizon,
      @Nullable String group,
      float[] futureCovariates) {
    this(
        series,
        originMillis,
        context,
        filledCells,
        revision,
        baseline,
        horizon,
        group,
        futureCovariates,
        Window.NO_BASES,
        null);
  }

  /** The same without covariates and group. */
  public ForecastTask(
      String series,
      long originMillis,
      float[] context,
      int filledCells,
      int revision,
      boolean baseline,
      @Nullable Integer horizon) {
    this(
        series,
        originMillis,
        context,
        filledCells,
        revision,
        baseline,
        horizon,
        null,
        NO_COVARIATES);
  }

  /** Of the model, for all that it gives, without covariates. */
  public ForecastTask(
      String series, long originMillis, float[] context, int filledCells, int revision) {
    this(series, originMillis, context, filledCells, revision, false, null);
  }

  /** The same of a series of a group. */
  public ForecastTask of(@Nullable String newGroup) {
    return new ForecastTask(
        series,
        originMillis,
        context,
        filledCells,
        revision,
        baseline,
        horizon,
        newGroup,
        futureCovariates,
        bases,
        passed);
  }

  /** The same for fewer steps. */
  public ForecastTask upTo(@Nullable Integer steps) {
    return new ForecastTask(
        series,
        originMillis,
        context,
        filledCells,
        revision,
        baseline,
        steps,
        group,
        futureCovariates,
        bases,
        passed);
  }

  /**
   * The same with headers that go onto its forecast.
   *
   * @param packed as {@link PassedHeaders} does; null for none
   */
  public ForecastTask passing(byte @Nullable [] packed) {
    return packed == passed
        ? this
        : new ForecastTask(
            series,
            originMillis,
            context,
            filledCells,
            revision,
            baseline,
            horizon,
            group,
            futureCovariates,
            bases,
            packed);
  }

  /** What the model is given. */
  public Window window(GridStep step) {
    return new Window(
        series, step.wallMillis(originMillis), step.millis(), context, futureCovariates, bases);
  }
}
