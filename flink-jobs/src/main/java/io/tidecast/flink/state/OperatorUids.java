package io.tidecast.flink.state;

import java.util.List;

/**
 * The uids of the job's operators, under which a savepoint keeps what each of them remembers. A uid
 * is never changed and never given to another operator.
 */
public final class OperatorUids {

  public static final String OBSERVATIONS = "observations";
  public static final String BOUNDED_INPUT = "bounded-input";
  public static final String PARSE = "parse";
  public static final String CHANNELS = "channels";
  public static final String REQUESTS = "requests";
  public static final String PARSE_REQUESTS = "parse-requests";
  public static final String WINDOW = "window";
  public static final String COVARIATE_RECORDS = "covariate-records";
  public static final String PARSE_COVARIATES = "parse-covariates";
  public static final String COVARIATES = "covariates";
  public static final String MODEL_COMMANDS = "model-commands";
  public static final String PARSE_COMMANDS = "parse-commands";
  public static final String FORECAST = "forecast";
  public static final String MIXTURE = "mixture";
  public static final String SCORED_FORECASTS = "scored-forecasts";
  public static final String SCORED_SHADOWS = "scored-shadows";
  public static final String SCORES = "scores";
  public static final String FORECAST_SCORES = "forecast-scores";
  public static final String ANOMALIES = "anomalies";
  public static final String TOLD_ANOMALIES = "told-anomalies";
  public static final String PROMOTION = "promotion";
  public static final String PROMOTION_COMMANDS = "promotion-commands";
  public static final String FORECASTS = "forecasts";
  public static final String SHADOW_FORECASTS = "shadow-forecasts";
  public static final String CHOSEN_FORECASTS = "chosen-forecasts";
  public static final String FORECAST_GAUGES = "forecast-gauges";
  public static final String DEAD_LETTERS = "dead-letters";
  public static final String CLOSED_CELLS = "closed-cells";
  public static final String MODEL_EVENTS = "model-events";

  /** All of them, in the order of the data. A job has those that it needs. */
  public static final List<String> ALL =
      List.of(
          OBSERVATIONS,
          BOUNDED_INPUT,
          PARSE,
          CHANNELS,
          REQUESTS,
          PARSE_REQUESTS,
          WINDOW,
          COVARIATE_RECORDS,
          PARSE_COVARIATES,
          COVARIATES,
          MODEL_COMMANDS,
          PARSE_COMMANDS,
          FORECAST,
          MIXTURE,
          SCORED_FORECASTS,
          SCORED_SHADOWS,
          SCORES,
          ANOMALIES,
          PROMOTION,
          FORECASTS,
          SHADOW_FORECASTS,
          FORECAST_SCORES,
          CLOSED_CELLS,
          TOLD_ANOMALIES,
          CHOSEN_FORECASTS,
          FORECAST_GAUGES,
          DEAD_LETTERS,
          MODEL_EVENTS,
          PROMOTION_COMMANDS);

  /** Those of operators that there once were, which never had state. */
  public static final List<String> FORMER = List.of("split-failed");

  private OperatorUids() {}
}
