package io.tidecast.flink.config;

import io.tidecast.flink.covariates.CalendarCovariate;
import io.tidecast.flink.covariates.CovariateSettings.KeyedBy;
import io.tidecast.flink.covariates.CovariateSettings.OnMissing;
import io.tidecast.flink.grid.CellRule.Aggregate;
import io.tidecast.flink.grid.CellRule.Duplicates;
import io.tidecast.flink.grid.Fill;
import io.tidecast.flink.grid.GridStep;
import io.tidecast.flink.inference.OnFailure;
import io.tidecast.flink.series.Close;
import io.tidecast.flink.series.ColdStart.Below;
import io.tidecast.flink.sink.Delivery;
import io.tidecast.flink.source.Start;
import io.tidecast.flink.source.Stop;
import java.net.URI;
import java.time.Duration;
import java.time.LocalTime;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Every key of the job file. */
public final class ConfigKeys {

  static final ConfigKey<String> BOOTSTRAP_SERVERS =
      ConfigKey.required(
          "kafka.bootstrap-servers",
          ConfigType.matching(
              "host:port, several separated by commas", "[^\\s,:]+:\\d{1,5}(,[^\\s,:]+:\\d{1,5})*"),
          "The brokers that observations come from and forecasts go to.");
  static final ConfigKey<Map<String, String>> PROPERTIES =
      ConfigKey.optional(
          "kafka.properties",
          ConfigType.properties(),
          Map.of(),
          "Settings of the Kafka clients under Kafka's own names, such as `security.protocol`; given to the consumer and to the producers. Values are never logged.");

  static final ConfigKey<List<String>> SOURCE_TOPIC =
      ConfigKey.optional(
          "source.topic",
          ConfigType.oneOrMore(ConfigType.topic()),
          "observations",
          "Where observations come from.");
  static final ConfigKey<String> TOPIC_PATTERN =
      ConfigKey.derived(
          "source.topic-pattern",
          ConfigType.pattern(),
          "the topics of `source.topic`",
          "Instead of `source.topic`: every topic whose whole name it matches; a new one is found within minutes.");
  public static final RecordFormatKeys SOURCE_FORMAT = RecordFormatKeys.ofSource();
  static final ConfigKey<String> GROUP_ID =
      ConfigKey.optional(
          "source.group-id",
          ConfigType.text(),
          "tidecast",
          "Consumer group whose offsets are committed with every checkpoint.");
  static final ConfigKey<Start> START =
      ConfigKey.optional(
          "source.start",
          ConfigType.oneOf(Start.class),
          "committed",
          "Where to begin without a checkpoint: at the first record, after the last one, or at the group's committed offsets (at the first record where there are none).");
  static final ConfigKey<Stop> STOP =
      ConfigKey.optional(
          "source.stop",
          ConfigType.stop(),
          "never",
          "Where the job ends by itself: nowhere, after the last record that each partition has at the start, or before its first record of this time or later, by Kafka's timestamps.");
  static final ConfigKey<Duration> MAX_OUT_OF_ORDERNESS =
      ConfigKey.optional(
          "source.max-out-of-orderness",
          ConfigType.duration("0s", "7d"),
          "0s",
          "How far the time of an observation may lie behind the latest of its partition; the watermark trails by this much. `series.close: watermark` and `complete` depend on it.");
  static final ConfigKey<Duration> IDLE_TIMEOUT =
      ConfigKey.optional(
          "source.idle-timeout",
          ConfigType.duration("0s", "1d"),
          "30s",
          "After how long a partition without a good observation no longer holds the watermark back; `0s` for never, as in a job that ends by itself.");
  static final ConfigKey<Duration> MAX_FUTURE =
      ConfigKey.optional(
          "source.max-future",
          ConfigType.duration("0s", "36500d"),
          "1h",
          "How far the time of an observation may lie ahead of the wall clock; beyond, it is a dead letter. Within it, it moves the watermark no further than one of now; but as any other where this is more than a day, for data that is not of clocks.");

  static final ConfigKey<GridStep> STEP =
      ConfigKey.required(
          "series.step",
          ConfigType.step("1ms", "366d"),
          "Distance between two cells of the grid; must be the model's. Fixed steps are counted from 1970-01-01T00:00:00Z; `P1D`, `P1W` (from Monday) and `P1M` are days, weeks and months of `series.zone`.");
  static final ConfigKey<ZoneId> ZONE =
      ConfigKey.optional(
          "series.zone",
          ConfigType.zone(),
          "UTC",
          "Where the days, weeks or months of `series.step` begin at midnight, with days of 23 and 25 hours as the clocks of that zone change; and whose clocks `series.forecast-at` goes by.");
  static final ConfigKey<ChannelMode> CHANNEL_MODE =
      ConfigKey.optional(
          "series.channel-mode",
          ConfigType.oneOf(ChannelMode.class),
          "joint",
          "Whether the values of an observation are one series of `series.channels`, or each is a series of its own, named by `source.mapping.channel-names` and forecast by a model of one channel.");
  static final ConfigKey<Integer> CHANNELS =
      ConfigKey.optional(
          "series.channels",
          ConfigType.count(1, 100_000, "channels"),
          1,
          "Values of a cell; must be the model's, less its future covariates.");
  static final ConfigKey<Close> CLOSE =
      ConfigKey.optional(
          "series.close",
          ConfigType.oneOf(Close.class),
          "arrival",
          "When a cell is over: with its first observation (series that report once a step); when the watermark, or a later observation of the series, passes its end; or `complete`: with a value of every channel once the cells before are over, at the latest like `watermark`.");
  static final ConfigKey<Aggregate> AGGREGATE =
      ConfigKey.optional(
          "series.aggregate",
          ConfigType.oneOf(Aggregate.class),
          "last",
          "What a cell makes of its observations, channel by channel; the last and the first by their time, whenever they arrive.");
  static final ConfigKey<Duplicates> DUPLICATES =
      ConfigKey.derived(
          "series.duplicates",
          ConfigType.oneOf(Duplicates.class),
          "`last` where `series.aggregate` is `last` or `first`, else `aggregate`",
          "Which of several observations of the same series, channel and time holds: the last to arrive, the first, or all of them. With `last` or `first`, a cell whose aggregate is `mean`, `sum`, `min`, `max` or `count` remembers each of its observations until it can no longer change.");
  static final ConfigKey<Integer> MAX_OBSERVATIONS =
      ConfigKey.optional(
          "series.max-observations",
          ConfigType.count(1, 100_000, "observations"),
          1_000,
          "Most observations that a cell remembers; further ones are dead letters. Only where `series.duplicates` says that it remembers them.");
  static final ConfigKey<Integer> FORECAST_EVERY =
      ConfigKey.optional(
          "series.forecast-every",
          ConfigType.countOr("never", 1, 1_000_000, "closed cells"),
          1,
          "Distance between two forecasts of a series; `never` for forecasts on request alone.");
  static final ConfigKey<List<LocalTime>> FORECAST_AT =
      ConfigKey.derived(
          "series.forecast-at",
          ConfigType.oneOrMore(ConfigType.timeOfDay()),
          "by `series.forecast-every`",
          "Instead of `series.forecast-every`: the times of day in `series.zone` at which each series is forecast, from the last cell that was over by then. For steps of up to a day.");
  static final ConfigKey<Integer> MIN_CONTEXT =
      ConfigKey.derived(
          "series.min-context",
          ConfigType.count(1, 1_000_000, "cells since the first observation of a series"),
          "the context length of the model",
          "From how many on the model is asked; less than its context length only for a model that pads (`leftPadding` in its manifest), which is then given the cells before as missing.");
  static final ConfigKey<Below> COLD_START =
      ConfigKey.optional(
          "series.cold-start",
          ConfigType.oneOf(Below.class),
          "skip",
          "With fewer cells than `series.min-context`: no forecast, or the seasonal-naive baseline's, marked as fallback, from the first cell on.");
  static final ConfigKey<Fill> FILL =
      ConfigKey.optional(
          "series.fill",
          ConfigType.oneOf(Fill.class),
          "previous",
          "What the missing values of a context are filled with when a forecast is asked for: nothing (then there is none), the value before, the line between the values around, the value of the season before, or `series.fill-constant`.");
  static final ConfigKey<Integer> FILL_SEASON =
      ConfigKey.derived(
          "series.fill-season",
          ConfigType.count(1, 1_000_000, "cells"),
          "the longer of a week and a day below the context",
          "Season of `series.fill: seasonal`. A gap takes the value of the nearest season before that has one, else after, else the value before.");
  static final ConfigKey<Float> FILL_CONSTANT =
      ConfigKey.optional(
          "series.fill-constant",
          ConfigType.number(),
          0,
          "What `series.fill: constant` puts into gaps, units of the series.");
  static final ConfigKey<Integer> MAX_FILLED_CELLS =
      ConfigKey.optional(
          "series.max-filled-cells",
          ConfigType.count(0, 1_000_000, "missing values of a context, all channels together"),
          16,
          "With more missing there is no forecast; nor with as many as the context has cells.");
  static final ConfigKey<Integer> MAX_CONSECUTIVE_FILLED =
      ConfigKey.optional(
          "series.max-consecutive-filled",
          ConfigType.count(0, 1_000_000, "missing values in a row, of one channel"),
          1_000_000,
          "With more missing in a row there is no forecast.");
  static final ConfigKey<Duration> ALLOWED_LATENESS =
      ConfigKey.optional(
          "series.allowed-lateness",
          ConfigType.duration("0s", "366d"),
          "0s",
          "How long after its end a closed cell still takes observations, for later forecasts; older ones are dead letters. In time of the series, rounded up to cells.");
  static final ConfigKey<Boolean> REISSUE =
      ConfigKey.optional(
          "series.reissue",
          ConfigType.flag(),
          false,
          "Whether an observation that changes the context of a forecast that was made has it made again, with the next `revision`.");
  static final ConfigKey<Integer> REISSUE_ORIGINS =
      ConfigKey.optional(
          "series.reissue-origins",
          ConfigType.count(1, 1_000, "origins"),
          1,
          "How many of the newest forecasts of a series can be made again.");

  static final ConfigKey<Duration> TIME_TO_LIVE =
      ConfigKey.derived(
          "series.time-to-live",
          ConfigType.duration("1ms", "36500d"),
          "a series is never forgotten",
          "How far the end of a series' newest cell may lie behind the watermark, or behind its own next observation; beyond, it is forgotten, and new when it speaks again. At least `source.max-out-of-orderness` and `series.allowed-lateness` together.");
  static final ConfigKey<Integer> MAX_SERIES =
      ConfigKey.derived(
          "series.max-series",
          ConfigType.count(1, 1_000_000_000, "series"),
          "any number",
          "How many series the job remembers at most, shared evenly by its subtasks. At its share, a subtask goes on with the series that it knows; observations of new ones are dead letters.");

  static final ConfigKey<String> REQUESTS_TOPIC =
      ConfigKey.derived(
          "requests.topic",
          ConfigType.topic(),
          "no forecasts on request",
          "Where requests come from: JSON objects `{\"series\": \"a\", \"horizon\": 12}`, the horizon in steps or left out. Read from the group's committed offsets, from the first record where there are none.");
  static final ConfigKey<String> COVARIATE_TOPIC =
      ConfigKey.derived(
          "covariates.topic",
          ConfigType.topic(),
          "no topic has future covariates",
          "Where the values of future covariates come from, past ones as well as those ahead; read from its beginning, whatever `source.start` says.");
  static final ConfigKey<List<String>> COVARIATE_NAMES =
      ConfigKey.derived(
          "covariates.names",
          ConfigType.oneOrMore(ConfigType.text()),
          "needed with `covariates.topic`",
          "Which of the model's future covariates the records have, by the names of its manifest, in the order of the values.");
  static final ConfigKey<KeyedBy> KEYED_BY =
      ConfigKey.optional(
          "covariates.keyed-by",
          ConfigType.oneOf(KeyedBy.class),
          "series",
          "Whose the values of a record are: a series', a group's of series (`source.mapping.group`), or those of all series.");
  static final ConfigKey<Duration> COVARIATE_MAX_FUTURE =
      ConfigKey.derived(
          "covariates.max-future",
          ConfigType.duration("0s", "3660d"),
          "30d, or twice the horizon where that is longer, and `source.max-future`",
          "How far the time of values may lie ahead of the wall clock; beyond, the record is a dead letter. At least the horizon.");
  static final ConfigKey<Duration> KEEP =
      ConfigKey.optional(
          "covariates.keep",
          ConfigType.duration("0s", "36600d"),
          "1d",
          "How long values are kept that a forecast of now does not need any more: as long as the longest backlog of observations that the job may have to read. Older values are dead letters.");
  static final ConfigKey<Duration> WAIT =
      ConfigKey.optional(
          "covariates.wait",
          ConfigType.duration("0s", "7d"),
          "30s",
          "How long, in wall-clock time, a window waits for covariates that are missing; also for the topic to be read at the start.");
  static final ConfigKey<Integer> MAX_WAITING =
      ConfigKey.optional(
          "covariates.max-waiting",
          ConfigType.count(1, 100_000, "windows"),
          1_000,
          "Most windows of a series that wait; with one more, the first has waited long enough.");
  static final ConfigKey<OnMissing> ON_MISSING =
      ConfigKey.optional(
          "covariates.on-missing",
          ConfigType.oneOf(OnMissing.class),
          "fallback",
          "Then: the seasonal-naive baseline answers and the forecast is marked, the model is given what is known before, or there is no forecast.");
  static final ConfigKey<Map<String, CalendarCovariate>> CALENDAR =
      ConfigKey.optional(
          "covariates.calendar",
          ConfigType.named(ConfigType.oneOf(CalendarCovariate.class)),
          Map.of(),
          "Future covariates that the job computes, by the names of the model's manifest; see [streams.md](streams.md).");
  static final ConfigKey<ZoneId> CALENDAR_ZONE =
      ConfigKey.derived(
          "covariates.zone",
          ConfigType.zone(),
          "that of `series.zone`",
          "Whose clocks and days `covariates.calendar` goes by.");
  static final ConfigKey<String> COUNTRY =
      ConfigKey.derived(
          "covariates.country",
          ConfigType.matching("a country of ISO 3166-1, such as DE", "[A-Z]{2}"),
          "needed for `holiday`",
          "Whose public holidays.");
  static final ConfigKey<String> REGION =
      ConfigKey.derived(
          "covariates.region",
          ConfigType.matching("a region of the country by ISO 3166-2, such as BY", "[A-Z0-9]{1,6}"),
          "holidays of the whole country",
          "With the holidays of a region besides.");
  public static final RecordFormatKeys COVARIATE_FORMAT = RecordFormatKeys.ofCovariates();

  static final ConfigKey<String> MODEL_PATH =
      ConfigKey.required(
          "model.path",
          ConfigType.text(),
          "Directory of the model (`model.onnx`, `manifest.json`, `golden.json`), relative to the working directory; read where the job is submitted, and shipped with it.");
  static final ConfigKey<Integer> HORIZON =
      ConfigKey.derived(
          "model.horizon",
          ConfigType.count(1, 100_000, "steps"),
          "the model's prediction length",
          "Steps ahead of every forecast: fewer than the model's are cut, more are rolled out, where the manifest declares a `rollout` that far.");
  static final ConfigKey<Integer> MAX_BATCH_SIZE =
      ConfigKey.optional(
          "model.max-batch-size",
          ConfigType.count(1, 4_096, "windows"),
          128,
          "Most windows in one run of the model; a run takes what is waiting and never waits for more.");
  static final ConfigKey<OnFailure> ON_FAILURE =
      ConfigKey.optional(
          "model.on-failure",
          ConfigType.oneOf(OnFailure.class),
          "fallback",
          "When the model fails: answer with the seasonal-naive baseline and mark the forecast, or write a dead letter.");
  static final ConfigKey<Integer> RETRIES =
      ConfigKey.optional(
          "model.retries",
          ConfigType.count(0, 10, "further attempts"),
          1,
          "Attempts for a window after its first one failed, each alone.");
  static final ConfigKey<Duration> TIMEOUT =
      ConfigKey.optional(
          "model.timeout",
          ConfigType.duration("100ms", "1h"),
          "30s",
          "How long a window may wait for its forecast before it counts as failed.");
  static final ConfigKey<Duration> SEASON =
      ConfigKey.derived(
          "model.season",
          ConfigType.duration("1ms", "3660d"),
          "a week, a day or one step: the first that fits the context and the grid",
          "Season of the baseline: a multiple of `series.step`, no longer than the context.");
  static final ConfigKey<Integer> INTRA_OP_THREADS =
      ConfigKey.optional(
          "model.intra-op-threads",
          ConfigType.count(1, 256, "threads"),
          1,
          "Threads of one run of the model; raise `job.parallelism` first.");

  static final ConfigKey<String> SINK_TOPIC =
      ConfigKey.optional(
          "sink.topic",
          ConfigType.topic(),
          "forecasts",
          "Topic of the forecasts: Avro single objects of `io.tidecast.schemas.Forecast`, keyed by series.");
  static final ConfigKey<Delivery> DELIVERY =
      ConfigKey.optional(
          "sink.delivery",
          ConfigType.oneOf(Delivery.class),
          "exactly-once",
          "Exactly once: forecasts and dead letters become readable (`read_committed`) with each checkpoint. At least once: at once, and again after a failure.");
  static final ConfigKey<String> TRANSACTIONAL_ID_PREFIX =
      ConfigKey.optional(
          "sink.transactional-id-prefix",
          ConfigType.text(),
          "tidecast",
          "Begins the transactional ids of this job; no two jobs on one Kafka cluster may share it.");
  static final ConfigKey<Duration> TRANSACTION_TIMEOUT =
      ConfigKey.optional(
          "sink.transaction-timeout",
          ConfigType.duration("10s", "7d"),
          "15min",
          "After this long the broker aborts an open transaction, and its forecasts are lost: must outlast a checkpoint interval and the longest outage. No more than the broker's `transaction.max.timeout.ms`, 15min unless raised.");

  static final ConfigKey<String> DEAD_LETTER_TOPIC =
      ConfigKey.derived(
          "dead-letters.topic",
          ConfigType.topic(),
          "the `source.topic` followed by `.dlq`; needed with several of them, a pattern or files",
          "Topic of rejected records and failed forecasts: Avro single objects of `io.tidecast.schemas.DeadLetter`.");
  static final ConfigKey<Integer> MAX_VALUE_BYTES =
      ConfigKey.optional(
          "dead-letters.max-value-bytes",
          ConfigType.count(0, 1 << 30, "bytes"),
          900_000,
          "A rejected value is cut to this length, so that its dead letter fits: at least 16 KiB less than the producers' `max.request.size` (1 MiB unless raised) and than the topic's `max.message.bytes`.");

  static final ConfigKey<Duration> CHECKPOINT_INTERVAL =
      ConfigKey.optional(
          "checkpoints.interval",
          ConfigType.duration("100ms", "1d"),
          "10s",
          "Time between checkpoints, and so what exactly-once delivery adds to the latency of a forecast.");
  static final ConfigKey<URI> CHECKPOINT_DIRECTORY =
      ConfigKey.derived(
          "checkpoints.directory",
          ConfigType.uri(),
          "the cluster's own setting",
          "Where checkpoints are kept.");

  static final ConfigKey<String> JOB_NAME =
      ConfigKey.optional(
          "job.name",
          ConfigType.text(),
          "tidecast",
          "Name of the job in Flink and of its clients.");
  static final ConfigKey<Integer> PARALLELISM =
      ConfigKey.optional(
          "job.parallelism",
          ConfigType.count(1, 1_024, "subtasks"),
          1,
          "Subtasks of every operator but those that read files, or covariates of groups or of all; more than the topic has partitions leaves sources idle.");

  /** In the order of the reference page. */
  static final List<ConfigKey<?>> ALL = all();

  private ConfigKeys() {}

  private static List<ConfigKey<?>> all() {
    List<ConfigKey<?>> all = new ArrayList<>();
    all.addAll(
        List.of(
            BOOTSTRAP_SERVERS,
            PROPERTIES,
            SOURCE_TOPIC,
            TOPIC_PATTERN,
            GROUP_ID,
            START,
            STOP,
            MAX_OUT_OF_ORDERNESS,
            IDLE_TIMEOUT,
            MAX_FUTURE));
    all.addAll(SOURCE_FORMAT.all());
    all.addAll(
        List.of(
            STEP,
            ZONE,
            CHANNEL_MODE,
            CHANNELS,
            CLOSE,
            AGGREGATE,
            DUPLICATES,
            MAX_OBSERVATIONS,
            FORECAST_EVERY,
            FORECAST_AT,
            MIN_CONTEXT,
            COLD_START,
            FILL,
            FILL_SEASON,
            FILL_CONSTANT,
            MAX_FILLED_CELLS,
            MAX_CONSECUTIVE_FILLED,
            ALLOWED_LATENESS,
            REISSUE,
            REISSUE_ORIGINS,
            TIME_TO_LIVE,
            MAX_SERIES));
    all.addAll(
        List.of(
            COVARIATE_TOPIC,
            COVARIATE_NAMES,
            KEYED_BY,
            COVARIATE_MAX_FUTURE,
            KEEP,
            WAIT,
            MAX_WAITING,
            ON_MISSING,
            CALENDAR,
            CALENDAR_ZONE,
            COUNTRY,
            REGION));
    all.addAll(COVARIATE_FORMAT.all());
    all.add(REQUESTS_TOPIC);
    all.addAll(
        List.of(
            MODEL_PATH,
            HORIZON,
            MAX_BATCH_SIZE,
            ON_FAILURE,
            RETRIES,
            TIMEOUT,
            SEASON,
            INTRA_OP_THREADS,
            SINK_TOPIC,
            DELIVERY,
            TRANSACTIONAL_ID_PREFIX,
            TRANSACTION_TIMEOUT,
            DEAD_LETTER_TOPIC,
            MAX_VALUE_BYTES,
            CHECKPOINT_INTERVAL,
            CHECKPOINT_DIRECTORY,
            JOB_NAME,
            PARALLELISM));
    return List.copyOf(all);
  }
}
