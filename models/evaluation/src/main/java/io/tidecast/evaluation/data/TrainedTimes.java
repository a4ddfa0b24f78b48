package io.tidecast.evaluation.data;

import io.tidecast.runtime.grid.GridStep;
import io.tidecast.runtime.manifest.ModelManifest;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * When the rows end that a model was trained on. A topic goes on and forgets its beginning, so that
 * numbers of rows would say nothing later.
 *
 * @param train the first time that is not of the training rows
 * @param validation the first time that is of neither these nor the validation rows
 */
public record TrainedTimes(Instant train, Instant validation) {
  private static final String TRAIN = "trainingEnds";
  private static final String VALIDATION = "validationEnds";

  /** What a manifest says of them; empty where it says nothing. */
  public static Optional<TrainedTimes> of(ModelManifest manifest) {
    Map<String, Object> training = manifest.training();
    try {
      return training.get(TRAIN) instanceof String train
              && training.get(VALIDATION) instanceof String validation
          ? Optional.of(new TrainedTimes(Instant.parse(train), Instant.parse(validation)))
          : Optional.empty();
    } catch (DateTimeParseException e) {
      return Optional.empty();
    }
  }

  /** Finds them where series are divided. */
  public static TrainedTimes of(SplitSet data) {
    GridStep grid = data.any().series().grid();
    long begin =
        data.all().stream()
            .mapToLong(one -> grid.cell(one.series().firstMillis()))
            .min()
            .orElseThrow();
    int train = data.split().train();
    return new TrainedTimes(
        Instant.ofEpochMilli(grid.startMillis(begin + train)),
        Instant.ofEpochMilli(grid.startMillis(begin + train + data.split().validation())));
  }

  private static TimeSeries first(SeriesSet series) {
    return series.series().values().stream()
        .filter(one -> series.offset(one) == 0)
        .findFirst()
        .orElseThrow();
  }

  /** As a manifest has them. */
  public Map<String, Object> toMap() {
    Map<String, Object> entries = new LinkedHashMap<>();
    entries.put(TRAIN, train.toString());
    entries.put(VALIDATION, validation.toString());
    return entries;
  }

  /**
   * Divides series at these times, whatever is after them being for tests.
   *
   * @throws DataException if nothing of them is after these times
   */
  public Split split(SeriesSet series) {
    TimeSeries first = first(series);
    long begin = series.grid().cell(first.firstMillis());
    int span = series.span();
    int trained = rows(series, train, begin, span);
    int both = rows(series, validation, begin, span);
    if (trained == 0 || both >= span) {
      throw new DataException(
          "the topic must still have rows of before %s, which the model was trained on, and rows after %s, which it was not; --split says how to divide what there is"
              .formatted(train, validation));
    }
    return new Split(trained, both - trained, span - both);
  }

  private static int rows(SeriesSet series, Instant until, long begin, int span) {
    long rows = series.grid().cell(until.toEpochMilli()) - begin;
    return (int) Math.max(0, Math.min(rows, span));
  }
}
