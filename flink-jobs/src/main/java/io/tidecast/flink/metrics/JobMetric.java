package io.tidecast.flink.metrics;

import java.util.Locale;

/**
 * Lists every metric of the job. They are in the group {@code tidecast} of their operator. {@code
 * docs/metrics.md} is rendered from here.
 */
public enum JobMetric {
  /** Counts the records that a job has read which ends by itself. */
  RECORDS_READ(
      Kind.COUNTER,
      "records",
      "bounded input",
      "A job that ends by itself has read this many records."),
  /** Has the latest time of an observation that a job has read which ends by itself. */
  EVENT_TIME_MILLIS(
      Kind.GAUGE,
      "milliseconds since 1970-01-01T00:00:00Z",
      "bounded input",
      "A job that ends by itself has read observations up to this time."),
  /** Counts the records of the source. */
  PARSED_RECORDS(
      Kind.COUNTER,
      "records",
      "parse",
      "This many records of the source were read, whatever became of them."),
  /** Counts the observations that were read. */
  ACCEPTED_RECORDS(
      Kind.COUNTER,
      "observations",
      "parse",
      "This many observations were read from the records of the source, of which a record may hold several."),
  /** Counts the records of the source that were refused as they were read. */
  REFUSED_RECORDS(
      Kind.COUNTER,
      "records",
      "parse",
      "This many records of the source, or parts of them, were no good observations, and became dead letters."),
  /** Counts what was passed over as it was read. */
  PASSED_OVER_RECORDS(
      Kind.COUNTER_BY_REASON,
      "records or observations of a record",
      "parse, parse covariates",
      "This many were passed over and are no dead letters, for the reason, which is `not-asked-for` by `mapping.where`, `tombstone` of a record without a value, `deleted` of a change record that leaves nothing, `no-elements` where `mapping.each` found nothing to go over, or `not-in-the-mapping` of elements of an array whose others are read by number."),
  /** Has the earliest time of an observation. */
  EARLIEST_MILLIS(
      Kind.GAUGE,
      "milliseconds since 1970-01-01T00:00:00Z",
      "parse",
      "No observation since the start of the subtask is of an earlier time."),
  /** Has the latest time of an observation. */
  LATEST_MILLIS(
      Kind.GAUGE,
      "milliseconds since 1970-01-01T00:00:00Z",
      "parse",
      "No observation since the start of the subtask is of a later time."),
  /** Counts the times that are probably in another unit. */
  DOUBTFUL_TIMES(
      Kind.GAUGE,
      "observations",
      "parse",
      "This many observations are of the first days of 1970 and would be of this century in a larger unit, or none where others are of the years up to 2000, for that is a history."),
  /** Counts the requests to the schema registry. */
  REGISTRY_REQUESTS(
      Kind.COUNTER,
      "requests",
      "Source: observations, Source: covariate records",
      "The schema registry was asked this many times, once by each subtask for each schema that it meets."),
  /** Counts the requests to the schema registry that were not answered. */
  FAILED_REGISTRY_REQUESTS(
      Kind.COUNTER,
      "requests",
      "Source: observations, Source: covariate records",
      "This many of them had no answer that could be used, so that the job waited and asked again, as `registry.patience` says."),
  /** Counts the headers that are not passed on. */
  REFUSED_HEADERS(
      Kind.COUNTER,
      "headers",
      "Source: observations, Source: requests",
      "This many headers that `sink.pass-headers` names stayed behind: a `traceparent` that is none, or a value that is too long."),
  /** Counts the observations without a value. */
  VALUELESS_RECORDS(
      Kind.COUNTER,
      "observations",
      "window",
      "This many observations had no value in any channel, so they opened and closed no cell."),
  /** Counts how often counters have fallen. */
  COUNTER_RESETS(
      Kind.COUNTER,
      "readings",
      "window",
      "This many readings of counters were below the one before, and `series.counter-reset` said what became of the increase."),
  /** Counts the cells that had their first observation. */
  OPENED_CELLS(Kind.COUNTER, "cells", "window", "This many cells had their first observation."),
  /** Counts the cells that closed with a value. */
  CLOSED_CELLS(
      Kind.COUNTER,
      "cells",
      "window",
      "This many cells closed with a value, so that a forecast can be made from them."),
  /** Counts the cells that closed without a value. */
  EMPTY_CELLS(
      Kind.COUNTER,
      "cells",
      "window",
      "This many cells, gaps among them, closed without any value, which no cell does with `series.close: arrival`."),
  /** Counts the cells that closed without an observation, and had a value for that. */
  SILENT_CELLS(
      Kind.COUNTER,
      "cells",
      "window",
      "This many cells closed without an observation and count as closed with a value, since `series.silence` is `fill`."),
  /** Counts the cells at which no forecast was due. */
  CELLS_NOT_DUE(
      Kind.COUNTER,
      "cells",
      "window",
      "This many cells closed with a value while no forecast was due by `series.forecast-every` or `series.forecast-at`."),
  /** Has the number of cells that a forecast of the model needs. */
  NEEDED_CELLS(
      Kind.GAUGE,
      "cells",
      "window",
      "The model of `model.path` is asked once a series has this many cells, see `series.min-context`."),
  /** Counts the missing values of the windows that were skipped for them. */
  SKIPPED_MISSING_VALUES(
      Kind.COUNTER,
      "values",
      "window",
      "The windows that were skipped as `too-many-missing` or `gap-too-long` missed this many values together."),
  /** Counts the values that the windows which were skipped for gaps should have had. */
  SKIPPED_VALUES(
      Kind.COUNTER,
      "values",
      "window",
      "The windows that were skipped as `too-many-missing` or `gap-too-long` should have had this many values together."),
  /** Counts the requests for forecasts. */
  REQUESTS_READ(
      Kind.COUNTER,
      "requests",
      "window",
      "This many requests of `requests.topic` asked for a forecast, those of unknown series included."),
  /** Counts the dead letters that were given to the sink. */
  DEAD_LETTERS(
      Kind.COUNTER_BY_REASON,
      "dead letters",
      "dead letters: Writer",
      "This many records, requests and windows became [dead letters](troubleshooting.md#dead-letters) for the reason."),
  /** Has one dead letter of each reason in words. */
  DEAD_LETTER_EXAMPLE(
      Kind.TEXT_BY_REASON,
      "text",
      "dead letters: Writer",
      "This is the first dead letter of the reason since the start of the subtask, with topic, partition, offset and detail."),
  /** Counts the windows that no forecast was made from. */
  SKIPPED_WINDOWS(
      Kind.COUNTER_BY_REASON,
      "windows",
      "window, covariates",
      "This many windows got no forecast for the reason, which is `cold-start`, `too-many-missing`, `gap-too-long` or, in `covariates`, `missing-covariates`."),
  /** Counts the windows that had to wait for future covariates. */
  WAITED_WINDOWS(
      Kind.COUNTER,
      "windows",
      "covariates",
      "This many windows had to wait for future covariates, in vain or not."),
  /** Counts the windows whose future covariates were not all known in time. */
  MISSING_COVARIATES(
      Kind.COUNTER,
      "windows",
      "covariates",
      "This many windows waited in vain for future covariates, and went on as `covariates.on-missing` says."),
  /** Has the number of series that a subtask remembers. */
  SERIES(Kind.GAUGE, "series", "window", "The subtask remembers this many series."),
  /** Has the number of series that a subtask may remember. */
  MAX_SERIES(
      Kind.GAUGE,
      "series",
      "window",
      "The subtask remembers at most this many series: its share of `series.max-series`, or what the memory has room for."),
  /** Counts the series that were forgotten. */
  FORGOTTEN_SERIES(
      Kind.COUNTER,
      "series",
      "window",
      "This many series were forgotten after `series.time-to-live`."),
  /** Counts the windows that a forecast was asked for. */
  FORECAST_REQUESTS(
      Kind.COUNTER,
      "windows",
      "window",
      "This many windows were sent on for the model to forecast, those of requests included."),
  /** Counts the model's forecasts that were given to the sink. */
  FORECASTS(
      Kind.COUNTER,
      "forecasts",
      "forecasts: Writer",
      "This many forecasts of the model were given to Kafka."),
  /** Counts the baseline's forecasts that were given to the sink. */
  FALLBACK_FORECASTS(
      Kind.COUNTER,
      "forecasts",
      "forecasts: Writer",
      "This many forecasts of the seasonal-naive baseline, in place of the model's, were given to Kafka."),
  /** Counts the forecasts of shadows that were given to the sink. */
  SHADOW_FORECASTS(
      Kind.COUNTER,
      "forecasts",
      "shadow forecasts: Writer",
      "This many forecasts with the role `shadow` or `member` were given to Kafka, for the topic of `sink.shadow-topic`."),
  /** Counts the transactions that Kafka has aborted although a checkpoint was to commit them. */
  LOST_TRANSACTIONS(
      Kind.COUNTER,
      "transactions",
      "forecasts: Committer, shadow forecasts: Committer, forecast scores: Committer, cells: Committer, told anomalies: Committer, dead letters: Committer, model events: Committer, promotion commands: Committer",
      "This many transactions were aborted by Kafka before they were committed, so that [what was in them is lost](state-and-upgrades.md#when-a-transaction-is-lost)."),
  /** Counts the forecasts that were in lost transactions. */
  LOST_FORECASTS(
      Kind.COUNTER, "forecasts", "forecasts: Committer", "This many forecasts were in them."),
  /** Counts the forecasts of shadows that were in lost transactions. */
  LOST_SHADOW_FORECASTS(
      Kind.COUNTER,
      "forecasts",
      "shadow forecasts: Committer",
      "This many forecasts of shadows and members were in them."),
  /** Counts the dead letters that were in lost transactions. */
  LOST_DEAD_LETTERS(
      Kind.COUNTER,
      "dead letters",
      "dead letters: Committer",
      "This many dead letters were in them."),
  /** Counts the events of models in transactions that Kafka has aborted. */
  LOST_MODEL_EVENTS(
      Kind.COUNTER,
      "model events",
      "model events: Committer",
      "This many events of models were in them."),
  /** Counts the commands of the job itself that were in lost transactions. */
  LOST_MODEL_COMMANDS(
      Kind.COUNTER,
      "model commands",
      "promotion commands: Committer",
      "This many commands by which the job swaps its models were in them."),
  /** Counts the scores that were in lost transactions. */
  LOST_SCORES(
      Kind.COUNTER,
      "scores",
      "forecast scores: Committer",
      "This many scores of forecasts were in them."),
  /** Counts the values of closed cells that were in lost transactions. */
  LOST_CELLS(
      Kind.COUNTER, "values", "cells: Committer", "This many values of closed cells were in them."),
  /** Counts the leads of forecasts that were held against an actual value. */
  SCORED_LEADS(
      Kind.COUNTER,
      "leads of forecasts",
      "scores",
      "Forecasts were held against actual values at this many of their leads."),
  /** Counts what was scored, by model. */
  MODEL_LEADS(
      Kind.COUNTER_BY_MODEL,
      "leads of forecasts",
      "scores",
      "Forecasts of the model were held against actual values at this many of their leads, each target by itself."),
  /** Counts what was compared with the seasonal naive, by model. */
  MODEL_COMPARED_LEADS(
      Kind.COUNTER_BY_MODEL,
      "leads of forecasts",
      "scores",
      "At this many of those leads there was a forecast of the seasonal naive to compare with, in a series that has not stood still over the whole window."),
  /** Adds up the errors of a model. */
  MODEL_ERROR_THOUSANDTHS(
      Kind.COUNTER_BY_MODEL,
      "thousandths of the mean absolute error that the seasonal naive has in the series one season ahead",
      "scores",
      "The absolute errors of the model at those leads, of which one above 100 counts as 100, come to this, so that divided by `modelComparedLeads` it is about the MASE of all series together."),
  /** Adds up the errors of the seasonal naive beside a model. */
  MODEL_NAIVE_ERROR_THOUSANDTHS(
      Kind.COUNTER_BY_MODEL,
      "thousandths of the same",
      "scores",
      "The absolute errors of the seasonal naive from the same origins, counted alike, come to this, and a model whose own come to more is worse than it."),
  /** Counts the intervals of a model. */
  MODEL_INTERVALS(
      Kind.COUNTER_BY_MODEL,
      "leads of forecasts",
      "scores",
      "At this many of the leads of `modelLeads` the model told an interval, which is that of its outermost quantiles."),
  /** Counts the intervals of a model that held. */
  MODEL_COVERED_INTERVALS(
      Kind.COUNTER_BY_MODEL,
      "leads of forecasts",
      "scores",
      "This many of those intervals held the actual value."),
  /** Adds up how many intervals of a model should have held. */
  MODEL_EXPECTED_INTERVALS_THOUSANDTHS(
      Kind.COUNTER_BY_MODEL,
      "thousandths of leads of forecasts",
      "scores",
      "By their levels, this many of those intervals should have held the actual value."),
  /** Counts the leads of forecasts that came too late to be scored. */
  LATE_LEADS(
      Kind.COUNTER,
      "leads of forecasts",
      "scores",
      "Forecasts came after their cells were settled at this many of their leads, which are not scored."),
  /** Counts the leads of forecasts that were forgotten unscored. */
  DROPPED_LEADS(
      Kind.COUNTER,
      "leads of forecasts",
      "scores",
      "Forecasts were forgotten at this many of their leads before their cells closed, since a model of their series was gone or had changed what it forecasts, or since they waited when `scores` was given other keys."),
  /** Counts the cells that came too late for scores. */
  LATE_CELLS(
      Kind.COUNTER,
      "cells",
      "scores",
      "This many cells, or corrections of cells, came after newer ones had settled their scores, which they do not change."),
  /** Counts the forecasts of what series do not observe. */
  UNSCORED_FORECASTS(
      Kind.COUNTER,
      "forecasts",
      "scores",
      "This many forecasts were of targets that are not among the channels of their series, and are not scored."),
  /** Counts the forecasts that are passed on as models make them. */
  UNMIXED_FORECASTS(
      Kind.COUNTER,
      "forecasts",
      "mixture",
      "This many forecasts went out as their model made them, neither mixed nor calibrated, since their targets are not among the channels that the models of the job file forecast."),
  /** Counts the forecasts that leave without quantiles. */
  UNCALIBRATED_FORECASTS(
      Kind.COUNTER,
      "forecasts",
      "mixture",
      "This many forecasts left without quantiles, since too few cells of their series were known to say how far off they may be."),
  /** Counts the corrections that come too late for a mixture. */
  UNMIXED_CORRECTIONS(
      Kind.COUNTER,
      "cells",
      "mixture",
      "This many corrections were of cells older than those that the members of a mixture look back at, and changed nothing."),
  /** Counts the cells that a mixture does not let wait for all forecasts of before. */
  EARLY_CELLS(
      Kind.COUNTER,
      "cells",
      "mixture",
      "This many cells counted before it was sure that all forecasts of before them had come, since more of a series waited than there is room for, and of forecasts that came after them little or nothing is learned."),
  /** Counts the anomalies that were in lost transactions. */
  LOST_ANOMALIES(
      Kind.COUNTER,
      "anomalies",
      "told anomalies: Committer",
      "This many anomalies and shifts of level were in them."),
  /** Counts the values that anomalies were looked for in. */
  JUDGED_VALUES(
      Kind.COUNTER,
      "values",
      "anomalies",
      "This many values were held against the interval of the forecast that expected them."),
  /** Counts the values that no forecast expected. */
  UNFORECAST_VALUES(
      Kind.COUNTER,
      "values",
      "anomalies",
      "This many values were not judged, since there was no forecast of their cell from at most `anomalies.longest-lead` cells before."),
  /** Counts the values that came too early to be judged. */
  EARLY_VALUES(
      Kind.COUNTER,
      "values",
      "anomalies",
      "This many values were not judged, since fewer than 50 errors of their series were known."),
  /** Counts the anomalies that were told. */
  TOLD_ANOMALIES(
      Kind.COUNTER,
      "anomalies",
      "anomalies",
      "This many anomalies were told, those that were told again with a corrected value included."),
  /** Counts the shifts of level that were told. */
  LEVEL_SHIFTS(
      Kind.COUNTER, "shifts of level", "anomalies", "This many shifts of level were told."),
  /** Counts the anomalies that were taken back. */
  WITHDRAWN_ANOMALIES(
      Kind.COUNTER,
      "anomalies",
      "anomalies",
      "This many anomalies were withdrawn, since a late observation corrected their value or one before it."),
  /** Counts the corrections that came too late for anomalies. */
  LATE_CORRECTIONS(
      Kind.COUNTER,
      "cells",
      "anomalies",
      "This many cells, or corrections of cells, came too late to change what was told of them."),
  /** Counts the forecasts of what series do not observe. */
  UNWATCHED_FORECASTS(
      Kind.COUNTER,
      "forecasts",
      "anomalies",
      "This many forecasts were of targets that are not among the channels of their series, and no values are held against them."),
  /** Counts what came too late for a contest of models. */
  LATE_COMPARISONS(
      Kind.COUNTER,
      "leads of forecasts",
      "promotion",
      "Forecasts of two models could be compared at this many of their leads after the contest had gone on, which they do not change."),
  /** Counts the contests that were won. */
  PROMOTIONS(
      Kind.COUNTER,
      "promotions",
      "promotion",
      "This many times a model has won the slot of another, which `promotion.action` then proposes or performs."),
  /** Counts how often the seasonal naive was better. */
  OUTDONE_MODELS(
      Kind.COUNTER,
      "contests",
      "promotion",
      "This many times the seasonal naive has beaten the model that answers."),
  /** Shows what is forecast of a chosen series. */
  FORECAST_VALUE(
      Kind.GAUGE_BY_SERIES,
      "units of the series",
      "forecast gauges",
      "The newest forecast of a series that `gauges.series` names says this of the time that is as far after now as the lead of `gauges.forecast-at`, and it is no number where the forecast does not reach so far."),
  /** Counts the transactions of which nobody knows whether they were committed. */
  UNRESOLVED_TRANSACTIONS(
      Kind.COUNTER,
      "transactions",
      "forecasts: Committer, shadow forecasts: Committer, forecast scores: Committer, told anomalies: Committer, dead letters: Committer, model events: Committer",
      "This many transactions could not be committed, and whether they had been before could not be found out."),
  /** Counts the transactions of an earlier run that are written a second time. */
  REPEATED_TRANSACTIONS(
      Kind.COUNTER,
      "transactions",
      "forecasts: Writer, forecast scores: Writer, told anomalies: Writer, dead letters: Writer, model events: Writer",
      "The job goes on from a checkpoint after which an earlier run had committed this many transactions, so that what was in them comes a second time."),
  /** Counts the runs of the model that failed. */
  FAILED_RUNS(
      Kind.COUNTER,
      "runs",
      "forecast",
      "This many runs of the model failed, each counted by the one of the subtasks sharing it whose window came first."),
  /** Counts the runs of the model that took too long. */
  ENDED_RUNS(
      Kind.COUNTER,
      "runs",
      "forecast",
      "This many runs of the model were ended as they took longer than `model.run-timeout`, or a window alone longer than its part of it, each counted by the one of the subtasks sharing it whose window came first."),
  /** Counts the windows that took too long by themselves. */
  HANGING_WINDOWS(
      Kind.COUNTER,
      "windows",
      "forecast",
      "This many windows took too long alone, so they count as failed and their series rest."),
  /** Counts the windows whose values the model cannot tell apart. */
  COARSE_WINDOWS(
      Kind.COUNTER,
      "windows",
      "forecast",
      "This many windows of large values were given to a model whose forecasts do not move with their context, as 32-bit floats that are too coarse for what changes in them."),
  /** Has the number of versions of models that are open. */
  OPEN_VERSIONS(
      Kind.GAUGE,
      "versions",
      "forecast",
      "This many versions of models are open in the subtask: those that answer, those that are held ready, shadows, and those that still have windows under way."),
  /** Has the version of Tidecast. */
  BUILD_VERSION(
      Kind.TEXT,
      "text",
      "forecast",
      "The job is of this version of Tidecast and was built from this commit, as `./tidecast --version` says it."),
  /** Names the version that answers, for each slot. */
  ACTIVE_VERSION(
      Kind.TEXT_BY_REASON,
      "text",
      "forecast",
      "The slot of models that `reason` names is answered by this version, from the origin that the last event of a switch has told."),
  /** Counts the switches from one version to another. */
  MODEL_SWITCHES(
      Kind.COUNTER,
      "switches",
      "forecast",
      "This many times a command has given a slot to another version."),
  /** Counts the versions that could not be opened. */
  FAILED_LOADS(
      Kind.COUNTER,
      "versions",
      "forecast",
      "This many versions that commands named could not be loaded, so that what answered before goes on, and an event says why."),
  /** Counts the commands that were not followed. */
  REFUSED_COMMANDS(
      Kind.COUNTER,
      "commands",
      "forecast",
      "This many commands for models were not followed, and an event says why."),
  /** Counts the forecasts that shadows were not asked for. */
  SKIPPED_SHADOWS(
      Kind.COUNTER_BY_REASON,
      "forecasts",
      "forecast",
      "Shadows were not asked for this many forecasts, for the reason, which is `no-room` where a shadow is slower than what it stands beside, or `too-few-cells` where the series is too young for it or the window is one for the baseline."),
  /** Counts the forecasts that shadows failed to give. */
  FAILED_SHADOWS(
      Kind.COUNTER,
      "forecasts",
      "forecast",
      "Shadows failed to give this many forecasts, which nothing takes the place of."),
  /** Counts the forecasts that members failed to give. */
  FAILED_MEMBERS(
      Kind.COUNTER,
      "forecasts",
      "forecast",
      "Models with the role `member` failed to give this many forecasts, or gave them after `model.timeout`, so that mixtures went out without them."),
  /** Tells whether the model is given up. */
  MODEL_GIVEN_UP(
      Kind.GAUGE,
      "0 or 1",
      "forecast",
      "It is 1 while a model, be it a shadow, is given up, as `model.give-up-after` says, for all subtasks of a process at once, which share the model."),
  /** Tells whether the model runs on the processor for want of a GPU. */
  MODEL_FELL_BACK(
      Kind.GAUGE,
      "0 or 1",
      "forecast",
      "It is 1 while the model runs on the processor since the GPU of `model.device` cannot be used, with `model.device-policy: prefer`."),
  /** Has the number of nodes that a GPU leaves to the processor. */
  NODES_ON_PROCESSOR(
      Kind.GAUGE,
      "nodes",
      "forecast",
      "So many nodes of the graph of a model that runs on a GPU run on the processor, as those of shapes do as a rule."),
  /** Counts the windows that the model did not answer in time. */
  TIMED_OUT_WINDOWS(
      Kind.COUNTER,
      "windows",
      "forecast",
      "This many windows were not answered by the model within `model.timeout`."),
  /** Has the number of windows in each of the last runs of the model. */
  BATCH_SIZE_WINDOWS(
      Kind.HISTOGRAM,
      "windows",
      "forecast",
      "A run of the model had this many windows of all subtasks of the process together, at most `model.max-batch-size`, counted by the subtask whose window came first."),
  /** Has the time that each of the last runs of the model took. */
  RUN_MICROS(
      Kind.HISTOGRAM,
      "microseconds",
      "forecast",
      "A run of the model took this long, counted by the subtask whose window came first in it."),
  /** Has the number of windows that wait for the model. */
  WAITING_WINDOWS(
      Kind.GAUGE,
      "windows",
      "forecast",
      "This many windows of the subtask wait for the model at the moment.");

  private final Kind kind;
  private final String unit;
  private final String operators;
  private final String meaning;

  /** Says what a metric is to Flink. */
  public enum Kind {
    /** It is a number that only grows, from 0 when the job starts. */
    COUNTER("counter"),
    /**
     * There is a counter for each reason. The variable {@value JobMetrics#REASON} tells them apart.
     */
    COUNTER_BY_REASON("counter for each `reason`"),
    /**
     * There is a counter for each version of a model. The variables {@value JobMetrics#MODEL} and
     * {@value JobMetrics#VERSION} tell them apart.
     */
    COUNTER_BY_MODEL("counter for each `model` and `version`"),
    /** It is a number as it is when somebody looks. */
    GAUGE("gauge"),
    /**
     * It is a number as it is when somebody looks, of a few series that the job names. The
     * variables {@value JobMetrics#SERIES}, {@value JobMetrics#TARGET} and {@value JobMetrics#LEAD}
     * tell them apart.
     */
    GAUGE_BY_SERIES("gauge for each chosen `series`, `target` and `lead`"),
    /** It has statistics of the last values. */
    HISTOGRAM("histogram"),
    /** A text. */
    TEXT("text"),
    /** It is text, one for each reason that there was. */
    TEXT_BY_REASON("text for each `reason`");

    private final String text;

    Kind(String text) {
      this.text = text;
    }

    @Override
    public String toString() {
      return text;
    }
  }

  JobMetric(Kind kind, String unit, String operators, String meaning) {
    this.kind = kind;
    this.unit = unit;
    this.operators = operators;
    this.meaning = meaning;
  }

  /**
   * Returns the name in Flink, which is that of the constant in lower camel case. It has the unit
   * where that is not a plain count.
   */
  public String metricName() {
    StringBuilder camel = new StringBuilder();
    for (String word : name().split("_", -1)) {
      String lower = word.toLowerCase(Locale.ROOT);
      camel.append(
          camel.isEmpty() ? lower : Character.toUpperCase(lower.charAt(0)) + lower.substring(1));
    }
    return camel.toString();
  }

  /** Says how it is registered. */
  public Kind kind() {
    return kind;
  }

  /** Says for people what one of it is. */
  String unit() {
    return unit;
  }

  /** Names the operators that have it, separated by commas. */
  String operators() {
    return operators;
  }

  /** Says in a sentence what its value means. */
  String meaning() {
    return meaning;
  }
}
