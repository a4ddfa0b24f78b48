package io.tidecast.flink;

import io.tidecast.flink.config.JobConfig;
import io.tidecast.flink.covariates.CovariateGrid;
import io.tidecast.flink.covariates.CovariateSettings.Feed;
import io.tidecast.flink.grid.MillisClock;
import io.tidecast.flink.grid.Spelling;
import io.tidecast.flink.model.ForecasterFactory;
import io.tidecast.flink.model.ModelSlot;
import io.tidecast.flink.model.ModelSlots;
import io.tidecast.flink.record.IssuedForecast;
import io.tidecast.flink.record.Issuer;
import io.tidecast.flink.series.SeriesCost;
import io.tidecast.flink.series.SeriesGrid;
import io.tidecast.flink.sink.SinkSettings;
import io.tidecast.flink.sink.record.ForecastRecords;
import io.tidecast.runtime.manifest.ForecasterSpec;
import java.time.Instant;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/**
 * What one series and one forecast of a job take, for whoever plans how large it becomes. The bytes
 * of a series are those that the job itself reckons its limit of series by.
 *
 * @param series with all that it may keep
 * @param covariates of a topic; null where there are none
 * @param contextCells of a window
 * @param cellsApart from one forecast of a series to the next; 0 where they are made on request
 *     alone
 * @param forecasts records that a forecast of the default model becomes, keys and headers included
 */
public record JobSize(
    SeriesCost series,
    @Nullable Covariates covariates,
    int contextCells,
    long cellsApart,
    ForecastRecords.Size forecasts) {

  /** As long a name as that of a meter with its plant. */
  public static final String SAMPLE_NAME = "plant-north/4711";

  private static final Instant SAMPLE_TIME = Instant.parse("2026-01-05T12:00:00Z");
  private static final float SAMPLE_LEVEL = 100;
  private static final float SAMPLE_SPREAD = 10;

  /**
   * Covariates that are kept.
   *
   * @param keyedBy as the key {@code covariates.keyed-by} has it: only those of {@code series} are
   *     where series are, and the others are on the heap of every subtask
   * @param bytesOfAKey at most
   */
  public record Covariates(String keyedBy, long bytesOfAKey) {}

  /** Of a job whose models have been read. Nothing is asked of Kafka or a registry. */
  public static JobSize of(JobConfig config, ModelSlots models) {
    int context = ModelFit.needs(config, models).cells();
    return new JobSize(
        new Topology(config, models, MillisClock.SYSTEM).seriesCost(),
        covariates(config, models.byDefault().model().spec(), context),
        context,
        config.series().cadence().cellsApart(config.series().step()),
        forecasts(config, models.byDefault()));
  }

  private static @Nullable Covariates covariates(
      JobConfig config, ForecasterSpec spec, int context) {
    Feed feed = config.covariates().feed();
    if (feed == null) {
      return null;
    }
    double bytes =
        CovariateGrid.bytes(
            config.series().step(),
            feed,
            ModelFit.maxFuture(config, feed, spec.predictionLength()),
            SeriesGrid.of(config.series(), context).capacity());
    return new Covariates(Spelling.of(feed.keyedBy()), (long) bytes);
  }

  /** Numbers with as many digits as a model gives, the same in every run. */
  private static ForecastRecords.Size forecasts(JobConfig config, ModelSlot slot) {
    ForecasterFactory model = slot.model();
    ForecasterSpec spec = model.spec();
    double[] levels =
        config.mixture().levelsBeside(spec.quantileLevels()).stream()
            .mapToDouble(Double::doubleValue)
            .toArray();
    Issuer issuer = Issuer.of(spec, model.channels().names(), slot.name());
    Random random = new Random(1);
    int points = spec.horizon() * issuer.channels();
    IssuedForecast sample =
        new IssuedForecast(
            SAMPLE_NAME,
            SAMPLE_TIME.toEpochMilli(),
            SAMPLE_TIME.toEpochMilli(),
            new Issuer(
                issuer.modelId(),
                issuer.modelVersion(),
                issuer.channels(),
                issuer.targets(),
                levels,
                issuer.slot()),
            numbers(random, points),
            numbers(random, points * levels.length),
            0,
            false,
            0,
            spec.horizon());
    return new ForecastRecords((SinkSettings.Kafka) config.sink(), config.series().step(), levels)
        .size(sample);
  }

  private static float[] numbers(Random random, int count) {
    float[] numbers = new float[count];
    for (int i = 0; i < count; i++) {
      numbers[i] = (float) (SAMPLE_LEVEL + SAMPLE_SPREAD * random.nextGaussian());
    }
    return numbers;
  }
}
