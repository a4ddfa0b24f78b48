package io.tidecast.flink.config;

import io.tidecast.flink.config.anomaly.AnomalyKeys;
import io.tidecast.flink.config.device.DeviceKeys;
import io.tidecast.flink.config.gauge.GaugeKeys;
import io.tidecast.flink.config.key.CellKeys;
import io.tidecast.flink.config.key.CommandKeys;
import io.tidecast.flink.config.key.CsvKeys;
import io.tidecast.flink.config.key.KafkaKeys;
import io.tidecast.flink.config.key.MixtureKeys;
import io.tidecast.flink.config.key.PostgresKeys;
import io.tidecast.flink.config.key.ScoreKeys;
import io.tidecast.flink.config.key.SinkKeys;
import io.tidecast.flink.config.promotion.PromotionKeys;
import io.tidecast.flink.config.schema.RegistryKeys;
import io.tidecast.flink.config.slot.SlotKeys;
import io.tidecast.flink.config.value.ConfigKey;
import io.tidecast.flink.config.value.ConfigType;
import io.tidecast.flink.covariates.CalendarCovariate;
import io.tidecast.flink.covariates.CovariateSettings.KeyedBy;
import io.tidecast.flink.covariates.CovariateSettings.OnMissing;
import io.tidecast.flink.inference.OnFailure;
import io.tidecast.flink.series.ColdStart.Below;
import io.tidecast.flink.sink.Delivery;
import io.tidecast.flink.sink.LossPolicy;
import io.tidecast.flink.source.ChannelMode;
import io.tidecast.flink.source.Start;
import io.tidecast.flink.source.Stop;
import io.tidecast.runtime.context.Fill;
import io.tidecast.runtime.grid.GridStep;
import io.tidecast.runtime.serving.RunLimits;
import java.net.URI;
import java.time.Duration;
import java.time.LocalTime;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Every key of the job file. */
final class ConfigKeys {

  static final ConfigKey<List<String>> SOURCE_TOPIC =
      ConfigKey.optional(
              "source.topic",
              ConfigType.oneOrMore(ConfigType.topic()),
              "observations",
              "The job reads observations from this topic, or from each of a list.")
          .example("[plant-north, plant-south]");
  static final ConfigKey<String> TOPIC_PATTERN =
      ConfigKey.derived(
              "source.topic-pattern",
              ConfigType.pattern(),
              "the topics of `source.topic`",
              "The job reads every topic whose whole name this expression matches, instead of `source.topic`. It finds a new topic within minutes.")
          .example("plant-.*");
  static final RecordFormatKeys SOURCE_FORMAT = RecordFormatKeys.ofSource();
  static final ConfigKey<String> GROUP_ID =
      ConfigKey.optional(
              "source.group-id",
              ConfigType.text(),
              "tidecast",
              "The job commits the offsets that it has read for this consumer group, with every checkpoint. Give every job a group of its own.")
          .example("tidecast-meters");
  static final ConfigKey<Start> START =
      ConfigKey.optional(
          "source.start",
          ConfigType.oneOf(Start.class),
          "committed",
          "A job without a checkpoint begins at the first record (`earliest`), after the last one (`latest`), or at the offsets that the group has committed (`committed`). Without committed offsets it begins at the first record.");
  static final ConfigKey<Stop> STOP =
      ConfigKey.optional(
              "source.stop",
              ConfigType.stop(),
              "never",
              "The job ends by itself when it has read this far. `latest` is the last record that each partition has when the job starts. A time means all records before the first one of that time or later, by Kafka's timestamps. It must not be in the future.")
          .example("2026-11-20T00:00:00Z");
  static final ConfigKey<Duration> MAX_OUT_OF_ORDERNESS =
      ConfigKey.optional(
              "source.max-out-of-orderness",
              ConfigType.duration("0s", "7d"),
              "0s",
              "The observations of a partition may be out of order by this much. The watermark trails the latest of them by as much, and with `series.close: watermark` or `complete` it closes the cells.")
          .example("5min");
  static final ConfigKey<Duration> IDLE_TIMEOUT =
      ConfigKey.optional(
              "source.idle-timeout",
              ConfigType.duration("0s", "1d"),
              "30s",
              "A partition that has had no good observation for this long, by the wall clock, no longer holds the watermark back. `0s` means never. A job that ends by itself always waits for every partition.")
          .example("2min");
  static final ConfigKey<Duration> MAX_FUTURE =
      ConfigKey.optional(
              "source.max-future",
              ConfigType.duration("0s", "36500d"),
              "1h",
              "An observation dated up to this far ahead of the wall clock is accepted, but does not push the watermark past the present. One that is dated further ahead is a dead letter. Set more than a day for simulated or replayed data: then it does push the watermark.")
          .example("10s");

  static final ConfigKey<GridStep> STEP =
      ConfigKey.required(
              "series.step",
              ConfigType.step("1ms", "366d"),
              "The cells of the grid are this long, which must be the step of the model. A duration is counted from 1970-01-01T00:00:00Z, unless `series.zone` or `series.offset` says more. `P1D`, `P1W` (from Monday), `P1M`, `P3M`, `P6M` and `P1Y` are days, weeks, months, quarters, halves and years of `series.zone`. Cells of `business-day` are Monday to Friday.")
          .example("30min");
  static final ConfigKey<ZoneId> ZONE =
      ConfigKey.optional(
              "series.zone",
              ConfigType.zone(),
              "UTC",
              "The days, weeks and months of `series.step` begin at midnight in this time zone, so that a day has 23 or 25 hours when its clocks change. Cells of a fixed step begin with its full hours, which in India are half past those of UTC. `series.forecast-at` goes by the same clocks.")
          .example("Europe/Berlin");
  static final ConfigKey<ChannelMode> CHANNEL_MODE =
      ConfigKey.optional(
          "series.channel-mode",
          ConfigType.oneOf(ChannelMode.class),
          "joint",
          "With `joint`, the values of an observation are the channels of one series and are forecast together. With `independent`, each value is of a series of its own, which `source.mapping.channel-names` names and a model of one channel forecasts.");
  static final ConfigKey<Integer> CHANNELS =
      ConfigKey.optional(
              "series.channels",
              ConfigType.count(1, 100_000, "channels"),
              1,
              "A cell has this many values, which must be the number of channels of the model without its future covariates.")
          .example("3");
  static final ConfigKey<Integer> MAX_OBSERVATIONS =
      ConfigKey.optional(
              "series.max-observations",
              ConfigType.count(1, 100_000, "observations"),
              1_000,
              "A cell remembers at most this many observations, and further ones are dead letters. The limit holds only where `series.duplicates` makes cells remember them.")
          .example("60");
  static final ConfigKey<Integer> FORECAST_EVERY =
      ConfigKey.optional(
              "series.forecast-every",
              ConfigType.countOr("never", 1, 1_000_000, "closed cells"),
              1,
              "A series is forecast each time that so many of its cells have closed. With `never` it is forecast on request alone, so that `requests.topic` must be given.")
          .example("4");
  static final ConfigKey<List<LocalTime>> FORECAST_AT =
      ConfigKey.derived(
              "series.forecast-at",
              ConfigType.oneOrMore(ConfigType.timeOfDay()),
              "by `series.forecast-every`",
              "Each series is forecast at these times of day in `series.zone`, from the last cell that is over by then. They take the place of `series.forecast-every`, and `series.step` must be no longer than a day.")
          .example("[\"06:00\", \"18:00\"]");
  static final ConfigKey<Integer> CONTEXT =
      ConfigKey.derived(
              "series.context",
              ConfigType.count(1, 1_000_000, "cells"),
              "the context length of the longest model of the job",
              "So many of the newest cells of a series are kept for the models, which each take as many as their context is long. The number must be at least that of every model. Set a greater one where a longer model is to come later: it takes effect with a start from a savepoint, and a kept series then fills the rest as its cells close.")
          .example("672");
  static final ConfigKey<Integer> MIN_CONTEXT =
      ConfigKey.derived(
              "series.min-context",
              ConfigType.count(1, 1_000_000, "cells since the first observation of a series"),
              "the context length of the model",
              "The model is asked once a series has this many cells. Until then, `series.cold-start` decides. A number below the context length of the model is for models that pad (`leftPadding` in the manifest), which are given the cells before as missing.")
          .example("48");
  static final ConfigKey<Below> COLD_START =
      ConfigKey.optional(
          "series.cold-start",
          ConfigType.oneOf(Below.class),
          "skip",
          "With `skip`, a series with fewer cells than `series.min-context` has no forecast. With `baseline`, the seasonal-naive baseline answers from the first cell on and the forecast is marked as a fallback.");
  static final ConfigKey<Fill> FILL =
      ConfigKey.optional(
          "series.fill",
          ConfigType.oneOf(Fill.class),
          "previous",
          "The missing values of a context are filled in this way when a forecast is asked for. `previous` takes the value before, `linear` the line between the values around, `seasonal` the value of a season before and `constant` the value of `series.fill-constant`. With `none`, there is no forecast. Where `series.silence` is `fill` and `series.aggregate` is `sum`, `count`, `delta` or `rate`, the default is `constant`.");
  static final ConfigKey<Integer> FILL_SEASON =
      ConfigKey.derived(
              "series.fill-season",
              ConfigType.count(1, 1_000_000, "cells"),
              "the longest of a year of months, a week and a day below the context",
              "`series.fill: seasonal` repeats the values of so many cells before. A gap takes the value of the nearest season before that has one, else of a season after, else the value before.")
          .example("48");
  static final ConfigKey<Double> FILL_CONSTANT =
      ConfigKey.optional(
              "series.fill-constant",
              ConfigType.number(),
              0,
              "`series.fill: constant` puts this value into gaps, in the units of the series.")
          .example("-1.5");
  static final ConfigKey<Integer> MAX_FILLED_CELLS =
      ConfigKey.optional(
              "series.max-filled-cells",
              ConfigType.count(0, 1_000_000, "missing values of a context, all channels together"),
              16,
              "There is no forecast from a context that misses more values than this, all channels together. Nor is there one from a context that misses as many as it has cells.")
          .example("5");
  static final ConfigKey<Integer> MAX_CONSECUTIVE_FILLED =
      ConfigKey.optional(
              "series.max-consecutive-filled",
              ConfigType.count(0, 1_000_000, "missing values in a row, of one channel"),
              1_000_000,
              "There is no forecast from a context in which one channel misses more values in a row than this.")
          .example("12");
  static final ConfigKey<Duration> ALLOWED_LATENESS =
      ConfigKey.optional(
              "series.allowed-lateness",
              ConfigType.duration("0s", "366d"),
              "0s",
              "A closed cell still takes observations for this long after its end, and later forecasts see them. Observations that are later are dead letters. The time is that of the series, not of the wall clock, and is rounded up to whole cells.")
          .example("2h");
  static final ConfigKey<Boolean> REISSUE =
      ConfigKey.optional(
          "series.reissue",
          ConfigType.flag(),
          false,
          "With `true`, a forecast is made again when an observation changes the context that it was made from. The new one has the next `revision`.");
  static final ConfigKey<Integer> REISSUE_ORIGINS =
      ConfigKey.optional(
              "series.reissue-origins",
              ConfigType.count(1, 1_000, "origins"),
              1,
              "So many of the newest forecasts of a series can be made again.")
          .example("3");

  static final ConfigKey<Duration> TIME_TO_LIVE =
      ConfigKey.derived(
              "series.time-to-live",
              ConfigType.duration("1ms", "36500d"),
              "a series is never forgotten",
              "A series is forgotten when the watermark, or its own next observation, is this far beyond the end of its newest cell. What comes then begins a new series. The time must be at least `source.max-out-of-orderness` and `series.allowed-lateness` together.")
          .example("30d");
  static final ConfigKey<Integer> MAX_SERIES =
      ConfigKey.derived(
              "series.max-series",
              ConfigType.count(1, 1_000_000_000, "series"),
              "what 30 % of the heap has room for; with RocksDB, half of the free disk",
              "The job remembers at most this many series, which must be at least `job.parallelism`, for each subtask has an even share. A subtask with a full share goes on with the series that it knows, and observations of new ones are dead letters. Without a number, each subtask divides its part of the memory by [what a series takes](memory.md#how-many-series-there-is-room-for).")
          .example("1000000");

  static final ConfigKey<String> REQUESTS_TOPIC =
      ConfigKey.derived(
              "requests.topic",
              ConfigType.topic(),
              "no forecasts on request",
              "The job answers the requests of this topic, which are JSON objects such as `{\"series\": \"a\", \"horizon\": 12}`. The horizon is in steps and may be left out. The job begins at the offsets that the group of `source.group-id` has committed, or at the first record without any.")
          .example("meter-requests");
  static final ConfigKey<String> COVARIATE_TOPIC =
      ConfigKey.derived(
              "covariates.topic",
              ConfigType.topic(),
              "no topic has future covariates",
              "The job reads the values of future covariates from this topic, past ones as well as those ahead. It always reads the topic from its beginning.")
          .example("weather");
  static final ConfigKey<List<String>> COVARIATE_NAMES =
      ConfigKey.derived(
              "covariates.names",
              ConfigType.oneOrMore(ConfigType.text()),
              "needed with `covariates.topic`",
              "The records have values of these covariates, in this order, which must be names of future covariates in the manifest of the model.")
          .example("[temperature, wind]");
  static final ConfigKey<KeyedBy> KEYED_BY =
      ConfigKey.optional(
          "covariates.keyed-by",
          ConfigType.oneOf(KeyedBy.class),
          "series",
          "Who shares the values of a covariate record: one series (`series`), every series of a group (`group`), or all of them (`global`). For `group`, `source.mapping.group` must be given.");
  static final ConfigKey<Duration> COVARIATE_MAX_FUTURE =
      ConfigKey.derived(
              "covariates.max-future",
              ConfigType.duration("0s", "3660d"),
              "30d, or twice the horizon where that is longer, and `source.max-future`",
              "A record dated further ahead of the wall clock than this is a dead letter. The time must be at least the horizon.")
          .example("14d");
  static final ConfigKey<Duration> KEEP =
      ConfigKey.optional(
              "covariates.keep",
              ConfigType.duration("0s", "36600d"),
              "1d",
              "Values are kept for this much longer than a forecast of the present needs them, and older ones that arrive are dead letters. Set the length of the longest backlog of observations that the job may have to read.")
          .example("366d");
  static final ConfigKey<Duration> WAIT =
      ConfigKey.optional(
              "covariates.wait",
              ConfigType.duration("0s", "7d"),
              "30s",
              "A window that misses covariates waits this long for them, by the wall clock. The time includes the one in which the topic is read when the job starts.")
          .example("2min");
  static final ConfigKey<Integer> MAX_WAITING =
      ConfigKey.optional(
              "covariates.max-waiting",
              ConfigType.count(1, 100_000, "windows"),
              1_000,
              "At most this many windows of a series wait at once. With one more, the first has waited long enough.")
          .example("100");
  static final ConfigKey<OnMissing> ON_MISSING =
      ConfigKey.optional(
          "covariates.on-missing",
          ConfigType.oneOf(OnMissing.class),
          "fallback",
          "This is done for a window that has waited in vain. With `fallback`, the seasonal-naive baseline answers and the forecast is marked. With `fill`, the model is given what is known of the time before. With `skip`, there is no forecast.");
  static final ConfigKey<Map<String, CalendarCovariate>> CALENDAR =
      ConfigKey.optional(
              "covariates.calendar",
              ConfigType.named(ConfigType.oneOf(CalendarCovariate.class)),
              Map.of(),
              "The job computes these future covariates itself, under names that must be in the manifest of the model. See [the calendar](how-to/covariates-from-the-calendar.md).")
          .example("{hour: hour, free: holiday}");
  static final ConfigKey<ZoneId> CALENDAR_ZONE =
      ConfigKey.derived(
              "covariates.zone",
              ConfigType.zone(),
              "that of `series.zone`",
              "`covariates.calendar` goes by the clocks and days of this time zone.")
          .example("Europe/Berlin");
  static final ConfigKey<String> COUNTRY =
      ConfigKey.derived(
              "covariates.country",
              ConfigType.matching("a country of ISO 3166-1, such as DE", "[A-Z]{2}"),
              "needed for `holiday`",
              "The `holiday` of `covariates.calendar` is a public holiday of this country.")
          .example("DE");
  static final ConfigKey<String> REGION =
      ConfigKey.derived(
              "covariates.region",
              ConfigType.matching(
                  "a region of the country by ISO 3166-2, such as BY", "[A-Z0-9]{1,6}"),
              "holidays of the whole country",
              "The holidays of this region of the country count, too.")
          .example("BY");
  static final RecordFormatKeys COVARIATE_FORMAT = RecordFormatKeys.ofCovariates();

  static final ConfigKey<String> MODEL_PATH =
      ConfigKey.required(
              "model.path",
              ConfigType.text(),
              "The model is read from this folder, which must hold `model.onnx` and `manifest.json`, and should hold `golden.json`. It is a path, which begins at the working directory where it is relative, or a URI on any file system that Flink can reach, such as `s3://models/demand/2`. The model is read where the job is submitted and shipped with the job.")
          .example("models/zoo/patchtst-uk-demand/1");
  static final ConfigKey<Integer> HORIZON =
      ConfigKey.derived(
              "model.horizon",
              ConfigType.count(1, 100_000, "steps"),
              "the model's prediction length",
              "Every forecast reaches this many steps ahead. With fewer steps than the model has, its forecasts are cut. With more, the model goes on from its own forecasts, as far as the `rollout` of its manifest allows.")
          .example("24");
  static final ConfigKey<Integer> MAX_BATCH_SIZE =
      ConfigKey.optional(
              "model.max-batch-size",
              ConfigType.count(1, 4_096, "windows"),
              128,
              "One run of the model takes at most this many windows. The subtasks of a process share the model, and so do jobs with the same model and the same settings of it. Windows of all of them run together.")
          .example("64");
  static final ConfigKey<Duration> MAX_BATCH_DELAY =
      ConfigKey.optional(
              "model.max-batch-delay",
              ConfigType.duration("0ms", "1min"),
              "0ms",
              "A window waits up to this long for `model.max-batch-size` to be reached. At 0, a run takes whatever waits as soon as the model is free, which needs more of the processor for a window while there are few. It must be shorter than `model.timeout`.")
          .example("5ms");
  static final ConfigKey<Integer> WORKERS =
      ConfigKey.derived(
              "model.workers",
              ConfigType.count(1, 256, "threads"),
              "as many as there are subtasks in the process, but no more than its processors divided by `model.intra-op-threads`",
              "So many batches are run at once in a process. Each needs a thread, buffers for a batch, and a session with the weights of the model and room for its own values. A model of more than 64 MiB has one session for all.")
          .example("2");
  static final ConfigKey<OnFailure> ON_FAILURE =
      ConfigKey.optional(
          "model.on-failure",
          ConfigType.oneOf(OnFailure.class),
          "fallback",
          "When the model fails, `fallback` answers with the seasonal-naive baseline and marks the forecast. With `dead-letter`, a dead letter is written and there is no forecast. With `fail`, the job ends: once the model is mended, it goes on from its last checkpoint and misses no forecast.");
  static final ConfigKey<Integer> RETRIES =
      ConfigKey.optional(
              "model.retries",
              ConfigType.count(0, 10, "further attempts"),
              1,
              "A window that failed is given to the model so many times again, each time alone.")
          .example("2");
  static final ConfigKey<Duration> TIMEOUT =
      ConfigKey.optional(
              "model.timeout",
              ConfigType.duration("100ms", "1h"),
              "30s",
              "A window that waits for its forecast longer than this counts as failed.")
          .example("5s");
  static final ConfigKey<Duration> RUN_TIMEOUT =
      ConfigKey.derived(
              "model.run-timeout",
              ConfigType.duration("10ms", "1h"),
              "10s, or a third of `model.timeout` where that is shorter",
              "A run of the model that takes longer than this is ended. Each of its windows is then given to the model alone. One that takes long again counts as failed, and its series is not given to the model for a minute, then for two and so on, up to an hour. See [a model that is too slow or hangs](troubleshooting.md#the-model-is-too-slow-or-hangs).")
          .example("2s");
  static final ConfigKey<Integer> GIVE_UP_AFTER =
      ConfigKey.optional(
              "model.give-up-after",
              ConfigType.countOr("never", 1, 1_000, "batches"),
              RunLimits.DEFAULT.giveUpAfter(),
              "A model is given up that gives no forecast from so many batches, one after the other: all windows then count as failed at once. After a minute it is tried with one window, and once it gives a forecast, it has every window again. If not, it is tried after two minutes more, then four, then every ten. It is given up and tried for all subtasks of a process together. Batches count in which it took too long, and batches in which it failed or gave no numbers, but those only if they have a series that the ones before did not have: the fault of one series takes the model from no other. With `never`, it is asked every time.")
          .example("20");
  static final ConfigKey<Duration> SEASON =
      ConfigKey.derived(
              "model.season",
              ConfigType.duration("1ms", "3660d"),
              "a year of months, a week, a day or one step: the first that fits the context and the grid",
              "The seasonal-naive baseline repeats the values of this time before, which must be a multiple of `series.step` and no longer than the context.")
          .example("1d");
  static final ConfigKey<Integer> INTRA_OP_THREADS =
      ConfigKey.optional(
              "model.intra-op-threads",
              ConfigType.count(1, 256, "threads"),
              1,
              "One run of the model uses this many threads. Those that wait for work sleep. Raise `job.parallelism` or `model.workers` first.")
          .example("2");

  static final ConfigKey<String> SINK_TOPIC =
      ConfigKey.optional(
              "sink.topic",
              ConfigType.topic(),
              "forecasts",
              "The job writes forecasts to this topic, in the format of `sink.format`.")
          .example("meter-forecasts");
  static final ConfigKey<Delivery> DELIVERY =
      ConfigKey.optional(
          "sink.delivery",
          ConfigType.oneOf(Delivery.class),
          "exactly-once",
          "With `exactly-once`, forecasts and dead letters become readable with each checkpoint, for consumers that read `read_committed`. With `at-least-once`, they are readable at once, and some of them come twice after a failure.");
  static final ConfigKey<String> TRANSACTIONAL_ID_PREFIX =
      ConfigKey.optional(
              "sink.transactional-id-prefix",
              ConfigType.text(),
              "tidecast",
              "The transactional ids of the job begin with this text. No two jobs on one Kafka cluster may share it.")
          .example("tidecast-meters");
  static final ConfigKey<Duration> TRANSACTION_TIMEOUT =
      ConfigKey.optional(
              "sink.transaction-timeout",
              ConfigType.duration("10s", "7d"),
              "15min",
              "The broker aborts a transaction that is open for this long, and its forecasts are lost. Set more than the longest outage that the job has to get over. The time must be at least twice `checkpoints.interval`, and no more than the broker's `transaction.max.timeout.ms`, which is 15min unless raised.")
          .example("10min");
  static final ConfigKey<LossPolicy> ON_LOST_TRANSACTION =
      ConfigKey.optional(
          "sink.on-lost-transaction",
          ConfigType.oneOf(LossPolicy.class),
          "report",
          "The broker may abort a transaction before the job commits it, for the job was away for longer than `sink.transaction-timeout`. With `report`, the job says and counts what is lost, and goes on. With `replay`, it ends, and `tidecast run` starts it from the checkpoint before that transaction: nothing is lost, and what was committed since that checkpoint comes a second time, with the same values.");

  static final ConfigKey<String> DEAD_LETTER_TOPIC =
      ConfigKey.derived(
              "dead-letters.topic",
              ConfigType.topic(),
              "the `source.topic` followed by `.dlq`; needed with several of them, a pattern or files",
              "The job writes rejected records and failed forecasts to this topic.")
          .example("meter-rejects");
  static final ConfigKey<Integer> MAX_VALUE_BYTES =
      ConfigKey.optional(
              "dead-letters.max-value-bytes",
              ConfigType.count(0, 1 << 30, "bytes"),
              900_000,
              "A rejected value is cut to this length, so that its dead letter fits. The length must be at least 16 KiB below the `max.request.size` of the producers (1 MiB unless raised) and below the `max.message.bytes` of the topic.")
          .example("100000");
  static final ConfigKey<Boolean> KEEP_LATE_VALUES =
      ConfigKey.optional(
          "dead-letters.keep-late-values",
          ConfigType.flag(),
          false,
          "With `true`, every observation carries the bytes of its record to its series, so that a late one has them in its dead letter. With `false`, the dead letter of a record that was read well, but came late or was one too many, names the topic, partition and offset where its bytes are. They cost much of the job's network: a record of 5 KB with 300 independent channels is then 1.5 MB.");

  static final ConfigKey<Duration> CHECKPOINT_INTERVAL =
      ConfigKey.optional(
              "checkpoints.interval",
              ConfigType.duration("100ms", "1d"),
              "10s",
              "The job makes a checkpoint this often. With `sink.delivery: exactly-once`, a forecast is readable up to this much later.")
          .example("1min");
  static final ConfigKey<URI> CHECKPOINT_DIRECTORY =
      ConfigKey.derived(
              "checkpoints.directory",
              ConfigType.uri(),
              "`.tidecast` beside the job file in `tidecast run`; on a cluster its own `execution.checkpointing.dir`",
              "Checkpoints are kept in this directory, which every machine of the cluster must be able to reach. On a cluster without a directory of its own the key is needed. In `tidecast run` it must be a `file:` URI, best on a disk of the machine.")
          .example("s3://tidecast/checkpoints");

  static final ConfigKey<String> JOB_NAME =
      ConfigKey.optional(
              "job.name",
              ConfigType.text(),
              "tidecast",
              "Flink shows the job under this name, and the ids of its Kafka clients begin with it.")
          .example("meter-forecasts");
  static final ConfigKey<Integer> PARALLELISM =
      ConfigKey.optional(
              "job.parallelism",
              ConfigType.count(1, 1_024, "subtasks"),
              1,
              "Each operator has this many subtasks. Those that read files, or covariates of groups or of all series, have one. With more subtasks than the topic has partitions, some sources have nothing to read.")
          .example("4");
  static final ConfigKey<Duration> BUFFER_TIMEOUT =
      ConfigKey.derived(
              "job.buffer-timeout",
              ConfigType.duration("0ms", "1min"),
              "`10ms`; `0ms` with `sink.tuning: latency`",
              "What goes from one subtask to another over the network waits at most this long for more to go with it. The time adds to the [latency](how-to/milliseconds.md) of every forecast. With `0ms` nothing waits, which costs a busy job processor time. It takes the place of Flink's own setting, which is 100 ms.")
          .example("5ms");

  /** In the order of the reference page. */
  static final List<ConfigKey<?>> ALL = all();

  private ConfigKeys() {}

  private static List<ConfigKey<?>> all() {
    List<ConfigKey<?>> all = new ArrayList<>();
    all.addAll(KafkaKeys.all());
    all.addAll(
        List.of(
            SOURCE_TOPIC,
            TOPIC_PATTERN,
            GROUP_ID,
            START,
            STOP,
            MAX_OUT_OF_ORDERNESS,
            IDLE_TIMEOUT,
            MAX_FUTURE));
    all.addAll(SOURCE_FORMAT.all());
    all.addAll(CsvKeys.all());
    all.addAll(List.of(STEP, ZONE, GridRules.OFFSET, CHANNEL_MODE, CHANNELS));
    all.addAll(CellKeys.ALL);
    all.addAll(
        List.of(
            MAX_OBSERVATIONS,
            FORECAST_EVERY,
            FORECAST_AT,
            CONTEXT,
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
    all.addAll(RegistryKeys.all());
    all.add(REQUESTS_TOPIC);
    all.addAll(CommandKeys.ALL);
    all.addAll(
        List.of(
            MODEL_PATH,
            HORIZON,
            MAX_BATCH_SIZE,
            MAX_BATCH_DELAY,
            WORKERS,
            ON_FAILURE,
            RETRIES,
            TIMEOUT,
            RUN_TIMEOUT,
            GIVE_UP_AFTER,
            SEASON,
            INTRA_OP_THREADS));
    all.addAll(DeviceKeys.all());
    all.add(SlotKeys.MODELS);
    all.add(SINK_TOPIC);
    all.addAll(SinkKeys.sink());
    all.addAll(
        List.of(
            DELIVERY,
            TRANSACTIONAL_ID_PREFIX,
            TRANSACTION_TIMEOUT,
            ON_LOST_TRANSACTION,
            DEAD_LETTER_TOPIC,
            SinkKeys.DEAD_LETTER_FORMAT,
            MAX_VALUE_BYTES,
            KEEP_LATE_VALUES));
    all.addAll(ScoreKeys.all());
    all.addAll(MixtureKeys.all());
    all.add(SinkKeys.CELLS_TOPIC);
    all.addAll(PostgresKeys.all());
    all.addAll(AnomalyKeys.all());
    all.addAll(PromotionKeys.all());
    all.addAll(GaugeKeys.all());
    all.addAll(
        List.of(CHECKPOINT_INTERVAL, CHECKPOINT_DIRECTORY, JOB_NAME, PARALLELISM, BUFFER_TIMEOUT));
    return List.copyOf(all);
  }
}
