package io.tidecast.flink.config;

import io.tidecast.flink.config.key.CellKeys;
import io.tidecast.flink.config.value.ConfigKey;
import io.tidecast.flink.config.value.ConfigValues;
import io.tidecast.flink.grid.CellRule;
import io.tidecast.flink.grid.CellRule.Aggregate;
import io.tidecast.flink.grid.CellRule.Duplicates;
import io.tidecast.flink.grid.CounterRule;
import io.tidecast.flink.grid.CounterRule.Gap;
import io.tidecast.flink.grid.Spelling;
import io.tidecast.flink.series.Close;
import io.tidecast.flink.series.Silence;
import io.tidecast.runtime.context.Fill;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What must hold between the keys of cells, and the defaults that follow from each other. */
final class CellRules {

  /** Those that one observation answers, so that its arrival can close a cell. */
  private static final Set<Aggregate> OF_ONE =
      EnumSet.of(Aggregate.LAST, Aggregate.FIRST, Aggregate.DELTA, Aggregate.RATE);

  private static final Set<Aggregate> OF_COUNTERS = EnumSet.of(Aggregate.DELTA, Aggregate.RATE);

  /** Those that are 0 where nothing happens. */
  private static final Set<Aggregate> OF_AMOUNTS =
      EnumSet.of(Aggregate.SUM, Aggregate.COUNT, Aggregate.DELTA, Aggregate.RATE);

  private CellRules() {}

  static void check(ConfigValues values) {
    Aggregate aggregate = values.get(CellKeys.AGGREGATE);
    if (aggregate != null) {
      checkClose(values, aggregate);
      checkReadings(values, aggregate);
    }
    if (fillsSilence(values)) {
      checkSilence(values);
    } else if (values.isGiven(CellKeys.MAX_SILENCE) && !values.isUnreadable(CellKeys.SILENCE)) {
      values.problem(
          "must go with series.silence=fill: series.max-silence="
              + values.get(CellKeys.MAX_SILENCE));
    }
  }

  private static void checkClose(ConfigValues values, Aggregate aggregate) {
    Close close = values.get(CellKeys.CLOSE);
    if (close != null && close != Close.WATERMARK && !OF_ONE.contains(aggregate)) {
      values.problem(
          ("must be watermark with series.aggregate=%s, which is of all observations of a cell, for %s;"
                  + " or leave series.aggregate out, if there is one observation in a cell: series.close=%s")
              .formatted(
                  Spelling.of(aggregate),
                  close == Close.ARRIVAL
                      ? "the first of them would close it"
                      : "the first of each channel would close it",
                  Spelling.of(close)));
    }
  }

  private static void checkReadings(ConfigValues values, Aggregate aggregate) {
    if (!OF_COUNTERS.contains(aggregate)) {
      for (ConfigKey<?> key :
          List.of(CellKeys.COUNTER_RESET, CellKeys.COUNTER_GAP, CellKeys.COUNTER_WRAPS_AT)) {
        Object value = values.get(key);
        if (values.isGiven(key) && value != null) {
          values.problem(
              "must go with series.aggregate=delta or rate, not %s: %s=%s"
                  .formatted(
                      Spelling.of(aggregate),
                      key.path(),
                      value instanceof Enum<?> constant ? Spelling.of(constant) : value));
        }
      }
    }
    if (isOfReadings(aggregate) && values.get(CellKeys.DUPLICATES) == Duplicates.AGGREGATE) {
      values.problem(
          "must be last or first with series.aggregate=%s, for one of two readings of the same time holds: series.duplicates=aggregate"
              .formatted(Spelling.of(aggregate)));
    }
  }

  private static void checkSilence(ConfigValues values) {
    if (values.get(CellKeys.CLOSE) == Close.ARRIVAL) {
      values.problem(
          "must go with series.close=watermark or complete, for nothing arrives in silence: series.silence=fill");
    }
    Fill fill = values.isGiven(ConfigKeys.FILL) ? values.get(ConfigKeys.FILL) : null;
    if (fill != null
        && fill != Fill.PREVIOUS
        && fill != Fill.CONSTANT
        && values.get(CellKeys.AGGREGATE) != Aggregate.TIME_WEIGHTED_MEAN) {
      values.problem(
          "must be previous or constant with series.silence=fill, for silence says either that nothing has changed or that there was nothing: series.fill="
              + Spelling.of(fill));
    }
    if (values.get(CellKeys.COUNTER_GAP) == Gap.MISSING) {
      values.problem(
          "must be whole or spread with series.silence=fill, or what was counted in silence is lost: series.counter-gap=missing");
    }
  }

  static boolean fillsSilence(ConfigValues values) {
    return values.get(CellKeys.SILENCE) == Silence.Kind.FILL;
  }

  private static boolean isOfReadings(@Nullable Aggregate aggregate) {
    return aggregate == Aggregate.TIME_WEIGHTED_MEAN || OF_COUNTERS.contains(aggregate);
  }

  /** What closes a cell: what is given, or what the aggregate and silence need. */
  static Close close(ConfigValues values) {
    Close close = values.get(CellKeys.CLOSE);
    if (close != null) {
      return close;
    }
    Aggregate aggregate = values.get(CellKeys.AGGREGATE);
    boolean isOfOne = aggregate == Aggregate.LAST || aggregate == Aggregate.FIRST;
    return isOfOne && !fillsSilence(values) ? Close.ARRIVAL : Close.WATERMARK;
  }

  /** What gaps are filled with: what is given, or zeros for amounts whose silence is filled. */
  static Fill fill(ConfigValues values) {
    Aggregate aggregate = values.get(CellKeys.AGGREGATE);
    boolean isZero = fillsSilence(values) && OF_AMOUNTS.contains(aggregate);
    return values.isGiven(ConfigKeys.FILL) || !isZero
        ? values.require(ConfigKeys.FILL)
        : Fill.CONSTANT;
  }

  static CellRule cells(ConfigValues values) {
    Aggregate aggregate = values.require(CellKeys.AGGREGATE);
    Gap gap = values.get(CellKeys.COUNTER_GAP);
    Gap natural = fillsSilence(values) ? Gap.WHOLE : Gap.MISSING;
    return new CellRule(
        aggregate,
        duplicates(values, aggregate),
        values.require(ConfigKeys.MAX_OBSERVATIONS),
        new CounterRule(
            values.require(CellKeys.COUNTER_RESET),
            gap == null ? natural : gap,
            values.get(CellKeys.COUNTER_WRAPS_AT)));
  }

  private static Duplicates duplicates(ConfigValues values, Aggregate aggregate) {
    Duplicates duplicates = values.get(CellKeys.DUPLICATES);
    if (duplicates != null) {
      return duplicates;
    }
    boolean isOfOne = aggregate == Aggregate.LAST || aggregate == Aggregate.FIRST;
    return isOfOne || isOfReadings(aggregate) ? Duplicates.LAST : Duplicates.AGGREGATE;
  }

  static Silence silence(ConfigValues values) {
    return new Silence(values.require(CellKeys.SILENCE), values.require(CellKeys.MAX_SILENCE));
  }
}
