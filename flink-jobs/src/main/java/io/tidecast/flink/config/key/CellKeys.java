package io.tidecast.flink.config.key;

import io.tidecast.flink.config.value.ConfigKey;
import io.tidecast.flink.config.value.ConfigType;
import io.tidecast.flink.grid.CellRule.Aggregate;
import io.tidecast.flink.grid.CellRule.Duplicates;
import io.tidecast.flink.grid.CounterRule.Gap;
import io.tidecast.flink.grid.CounterRule.Reset;
import io.tidecast.flink.series.Close;
import io.tidecast.flink.series.Silence;
import java.time.Duration;
import java.util.List;

/** The keys of what a cell makes of its observations, of silence, and of when a cell is over. */
public final class CellKeys {

  public static final ConfigKey<Close> CLOSE =
      ConfigKey.derived(
          "series.close",
          ConfigType.oneOf(Close.class),
          "`arrival` where `series.aggregate` is `last` or `first` and `series.silence` is `skip`, else `watermark`",
          "This decides when a cell is over and can be forecast from. With `arrival` it closes with its first observation, which suits series that report once a step. With `watermark` it closes when the watermark, or a later observation of the series, passes its end. With `complete` it closes once every channel has a value and the cells before it are closed, and no later than with `watermark`. `arrival` and `complete` are refused where `series.aggregate` is of all observations of a cell.");
  public static final ConfigKey<Aggregate> AGGREGATE =
      ConfigKey.optional(
          "series.aggregate",
          ConfigType.oneOf(Aggregate.class),
          "last",
          "The observations of a cell become one value of each channel: their `last`, `first`, `mean`, `sum`, `min` or `max`, or their `count`. `last` and `first` go by the times of the observations, not by their arrival. `delta` is what a counter counted from its last reading before the cell to its last one in it, and `rate` is the same by the seconds between the two. With `time-weighted-mean` each value weighs as long as it held, until the next observation, also over cells without any.");
  public static final ConfigKey<Duplicates> DUPLICATES =
      ConfigKey.derived(
          "series.duplicates",
          ConfigType.oneOf(Duplicates.class),
          "`aggregate` where `series.aggregate` is `mean`, `sum`, `min`, `max` or `count`, else `last`",
          "Observations of the same series, channel and time are duplicates. With `last` the last to arrive counts, with `first` the first, and with `aggregate` all of them count. `last` and `first` need more state where `series.aggregate` is neither `last` nor `first`: a cell then remembers each of its observations until it can no longer change.");
  public static final ConfigKey<Reset> COUNTER_RESET =
      ConfigKey.optional(
          "series.counter-reset",
          ConfigType.oneOf(Reset.class),
          "from-zero",
          "This decides what `delta` and `rate` make of a reading that is below the one before. With `from-zero` the counter has begun anew at 0, so that the reading itself is the increase. A fall of less than a tenth is a correction instead, and its cell is missing. With `missing` every cell in which the counter falls is missing. Each fall counts in `counterResets`.");
  public static final ConfigKey<Gap> COUNTER_GAP =
      ConfigKey.derived(
          "series.counter-gap",
          ConfigType.oneOf(Gap.class),
          "`whole` with `series.silence: fill`, else `missing`",
          "This decides to which cells `delta` and `rate` count the increase over cells without a reading. With `missing` none of them has a value, nor has the cell of the first reading after them. With `spread` the increase belongs to all of these evenly. With `whole` it belongs to the cell of the first reading after them.");
  public static final ConfigKey<Double> COUNTER_WRAPS_AT =
      ConfigKey.derived(
              "series.counter-wraps-at",
              ConfigType.positive(),
              "counters do not wrap",
              "A counter goes on at 0 when it has counted this much. A reading that is below the one before then counts as that, if the increase is at most half of it, and else as `series.counter-reset` says.")
          .example("4294967296");
  public static final ConfigKey<Silence.Kind> SILENCE =
      ConfigKey.optional(
          "series.silence",
          ConfigType.oneOf(Silence.Kind.class),
          "skip",
          "This says what it means that nothing was observed in a cell. With `skip` it is a gap, and a series that says nothing is not forecast. With `fill` it says that nothing has happened: the cell closes with the watermark, has the value of `series.fill`, which is `previous` or `constant`, and the series is forecast. Such values count in `filledCells`, but `series.max-filled-cells` does not limit them.");
  public static final ConfigKey<Duration> MAX_SILENCE =
      ConfigKey.optional(
              "series.max-silence",
              ConfigType.duration("1ms", "36500d"),
              "366d",
              "With `series.silence: fill`, a series is forecast for this long after the end of its newest cell with an observation. Then it rests, and is young when it speaks again.")
          .example("30d");

  /** In the order of the reference page. */
  public static final List<ConfigKey<?>> ALL =
      List.of(
          CLOSE,
          AGGREGATE,
          DUPLICATES,
          COUNTER_RESET,
          COUNTER_GAP,
          COUNTER_WRAPS_AT,
          SILENCE,
          MAX_SILENCE);

  private CellKeys() {}
}
