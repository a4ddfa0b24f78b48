package io.tidecast.evaluation.data;

import static java.util.Objects.requireNonNull;

import io.tidecast.runtime.context.GapSettings;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Series of one set, all of them divided at the same times, so that nothing is learned from what
 * lies behind a time that is tested on. One that begins later, or ends earlier, has fewer rows in a
 * part, or none.
 *
 * @param series by name, each with its part of the split
 * @param split in rows of the whole time, from the first row of any series on
 * @param gaps what becomes of missing values, as a job has it
 */
public record SplitSet(Map<String, SplitSeries> series, Split split, GapSettings gaps) {

  public SplitSet {
    series = new LinkedHashMap<>(series);
    requireNonNull(gaps, "gaps is null");
  }

  /** Series whose gaps are filled as a job fills them if nothing is said. */
  public SplitSet(Map<String, SplitSeries> series, Split split) {
    this(series, split, GapSettings.DEFAULT);
  }

  /** Returns the same with other rules for missing values. */
  public SplitSet with(GapSettings others) {
    return new SplitSet(series, split, others);
  }

  /** A set of one series that has no name. */
  public static SplitSet of(SplitSeries one) {
    return new SplitSet(Map.of(SeriesSet.UNNAMED, one), one.split());
  }

  /**
   * Divides every series at the same times and fits a scaler on the training rows of each. Series
   * without a training row are left out.
   *
   * @param split of the rows of {@link SeriesSet#span}
   * @throws DataException if 32-bit floats, in which models compute, can't hold a value, or no
   *     series has a training row
   */
  public static SplitSet of(SeriesSet set, Split split) {
    Map<String, SplitSeries> divided = new LinkedHashMap<>();
    set.series()
        .forEach(
            (name, one) -> {
              Split own = split.of(set.offset(one), one.rows());
              if (own.train() > 0) {
                divided.put(name, SplitSeries.of(one, own));
              }
            });
    if (divided.isEmpty()) {
      throw new DataException(
          "the training rows of split %s must have a row of a series".formatted(split));
    }
    return new SplitSet(divided, split);
  }

  /** Every series with its split. */
  public List<SplitSeries> all() {
    return new ArrayList<>(series.values());
  }

  /** The first series, whose channels and grid are those of all. */
  public SplitSeries any() {
    return series.values().iterator().next();
  }

  /** A scaler fitted on the training rows of all series together. */
  public Scaler scaler() {
    return isSingle() ? any().scaler() : Scaler.fit(all());
  }

  /**
   * The scaler of a served network that standardises each window itself. Its mean is 0 where 32-bit
   * floats can't tell values near the mean apart: contexts are then told from a base near them, and
   * the mean would be as far from that as from the values.
   */
  public Scaler servedScaler() {
    Scaler scaler = scaler();
    return all().stream().allMatch(SplitSeries::isResolvable)
        ? scaler
        : new Scaler(new double[scaler.mean().length], scaler.deviation());
  }

  /**
   * Checks that 32-bit floats can tell the values of every series apart.
   *
   * @throws DataException naming the channel whose values they can't
   */
  public void requireResolvable() {
    all().forEach(SplitSeries::requireResolvable);
  }

  /** Whether there is one series only. */
  public boolean isSingle() {
    return series.size() == 1;
  }

  /**
   * Returns the same rows with some of the channels.
   *
   * @param names of them, in the order in which they are wanted
   * @throws DataException if one is not there
   */
  public SplitSet select(List<String> names) {
    Map<String, SplitSeries> selected = new LinkedHashMap<>();
    series.forEach(
        (name, one) -> selected.put(name, SplitSeries.of(one.series().select(names), one.split())));
    return new SplitSet(selected, split, gaps);
  }

  /** The number of windows of a part, of all series together, one row apart. */
  public long windows(Split.Part part, int contextLength, int horizon) {
    return series.values().stream()
        .mapToLong(one -> one.split().windowsIfAny(part, contextLength, horizon))
        .sum();
  }

  /**
   * Checks that every part holds a window of some series, the test rows too: better before a
   * training than after.
   *
   * @throws DataException naming the part that does not
   */
  public void requireWindows(int contextLength, int horizon) {
    for (Split.Part part : Split.Part.values()) {
      if (windows(part, contextLength, horizon) == 0) {
        throw split.tooShort(part, contextLength, horizon);
      }
    }
  }

  /** Tells one data set from another in a checkpoint. */
  public String identity() {
    if (isSingle()) {
      return any().identity();
    }
    StringBuilder text = new StringBuilder("split " + split);
    series.forEach((name, one) -> text.append(' ').append(name).append(' ').append(one.identity()));
    return text.toString();
  }
}
