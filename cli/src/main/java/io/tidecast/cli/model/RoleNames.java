package io.tidecast.cli.model;

import io.tidecast.runtime.manifest.CalendarFeature;
import io.tidecast.runtime.manifest.TensorRole;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What the names of tensors tell, as exporters and libraries of forecasters give them. */
final class RoleNames {

  private static final Pattern CALENDAR_NAME = Pattern.compile("[^a-z0-9]+");

  /** A level in a name: q10, q0.9, p50, quantile_0.5. */
  private static final Pattern LEVEL = Pattern.compile("(?:q|p|quantile)[_ ]?(0?[.]\\d+|\\d{1,2})");

  private static final Pattern LAG = Pattern.compile("(?:lag|t-|y_lag)[_-]?([1-9]\\d*)");

  /** These are what a network looks at, in whatever company; the likeliest first. */
  private static final List<String> PASTS =
      List.of(
          "past_values",
          "past_target",
          "x_past",
          "insample_y",
          "x_enc",
          "x_in",
          "context",
          "values",
          "history",
          "series",
          "target",
          "inputs",
          "input",
          "x",
          "y");

  private static final List<String> POINTS =
      List.of(
          "point",
          "prediction",
          "predictions",
          "prediction_outputs",
          "forecast",
          "forecasts",
          "y_hat",
          "y_pred",
          "mean",
          "median",
          "output",
          "outputs",
          "y",
          "variable");

  /** Outputs that are no forecast wherever there is another. */
  private static final Pattern BESIDE =
      Pattern.compile(
          "loc|scale|loss|hidden.*|.*hidden_states?|.*_state|attention.*|.*attentions|backcast.*|h_?n|c_?n|h|c|encoder.*|.*residual.*|.*trend.*|.*season.*");

  /** What a recurrent network begins with. */
  private static final Pattern STATES =
      Pattern.compile("h_?0|c_?0|.*hidden.*|.*initial_[hc].*|.*_state");

  private static final Map<String, CalendarFeature> CALENDAR = calendar();

  private RoleNames() {}

  private static Map<String, CalendarFeature> calendar() {
    Map<String, CalendarFeature> names = new LinkedHashMap<>();
    for (CalendarFeature feature : CalendarFeature.values()) {
      names.put(feature.key().replace("_", ""), feature);
    }
    names.put("hour", CalendarFeature.HOUR_OF_DAY);
    names.put("minute", CalendarFeature.MINUTE_OF_HOUR);
    names.put("second", CalendarFeature.SECOND_OF_MINUTE);
    names.put("weekday", CalendarFeature.DAY_OF_WEEK);
    names.put("dow", CalendarFeature.DAY_OF_WEEK);
    names.put("day", CalendarFeature.DAY_OF_MONTH);
    names.put("doy", CalendarFeature.DAY_OF_YEAR);
    names.put("week", CalendarFeature.WEEK_OF_YEAR);
    names.put("month", CalendarFeature.MONTH_OF_YEAR);
    return names;
  }

  private static String plain(String name) {
    return name.toLowerCase(Locale.ROOT);
  }

  /** Finds a place in the calendar that the whole name means, but for words such as future. */
  static Optional<CalendarFeature> calendar(String name) {
    String joined =
        CALENDAR_NAME
            .matcher(plain(name))
            .replaceAll("")
            .replaceAll(
                "^(past|future|futr|known|dec|enc|time)+|(past|future|input|enc|dec)+$", "");
    return Optional.ofNullable(CALENDAR.get(joined));
  }

  /** Finds the lag that a column of its own means. */
  static Optional<String> lag(String name) {
    Matcher lag = LAG.matcher(plain(name));
    return lag.matches() ? Optional.of("lag_" + lag.group(1)) : Optional.empty();
  }

  /** Finds the level of an output that is one quantile. */
  static Optional<Double> level(String name) {
    Matcher level = LEVEL.matcher(plain(name));
    if (!level.matches()) {
      return Optional.empty();
    }
    String digits = level.group(1);
    double value =
        digits.contains(".") ? Double.parseDouble(digits) : Integer.parseInt(digits) / 100.0;
    return value > 0 && value < 1 ? Optional.of(value) : Optional.empty();
  }

  static boolean isAhead(String name) {
    String plain = plain(name);
    return plain.contains("future")
        || plain.contains("futr")
        || plain.contains("dec")
        || plain.contains("known")
        || plain.contains("horizon");
  }

  /** Tells whether an input of past values is of what is known ahead too, as Darts has it. */
  static boolean isKnownAhead(String name) {
    return plain(name).startsWith("historic");
  }

  static boolean isState(String name) {
    return STATES.matcher(plain(name)).matches();
  }

  static boolean isBeside(String name) {
    return BESIDE.matcher(plain(name)).matches();
  }

  /** How likely a name is that of the past, or of the forecast: the lower, the likelier. */
  static int rank(String name, boolean input) {
    int rank = (input ? PASTS : POINTS).indexOf(plain(name));
    return rank < 0 ? Integer.MAX_VALUE : rank;
  }

  /** Finds the role that a name tells. */
  static Optional<TensorRole> role(String given, boolean input) {
    String name = plain(given);
    for (TensorRole role : TensorRole.values()) {
      if (role.isInput() == input && role.key().equals(name)) {
        return Optional.of(role);
      }
    }
    if (!input) {
      boolean quantile = name.contains("quantile") || level(name).isPresent();
      return quantile
          ? Optional.of(TensorRole.QUANTILES)
          : name.contains("sample") ? Optional.of(TensorRole.SAMPLES) : Optional.empty();
    }
    if (name.contains("patch")) {
      return Optional.of(TensorRole.PATCHES);
    }
    if (name.contains("mask") || name.contains("observed")) {
      return Optional.of(isAhead(name) ? TensorRole.CONSTANT : TensorRole.OBSERVED_MASK);
    }
    if (name.contains("mark") || name.contains("time_feat")) {
      return Optional.of(
          isAhead(name) ? TensorRole.FUTURE_TIME_FEATURES : TensorRole.CONTEXT_TIME_FEATURES);
    }
    if (name.contains("x_dec") || name.contains("dec_in") || name.contains("decoder_in")) {
      return Optional.of(TensorRole.DECODER_INPUT);
    }
    if (lag(name).isPresent()) {
      return Optional.of(TensorRole.COLUMNS);
    }
    if (name.contains("stat_exog") || name.contains("static") || isState(name)) {
      return Optional.of(TensorRole.CONSTANT);
    }
    if (name.contains("hist_exog") || name.startsWith("past_cov") || name.startsWith("historic")) {
      return Optional.of(TensorRole.PAST_COVARIATES);
    }
    if (name.contains("futr")
        || name.contains("future_cov")
        || name.contains("x_future")
        || name.contains("known")) {
      return Optional.of(TensorRole.FUTURE_COVARIATES);
    }
    return name.contains("noise") ? Optional.of(TensorRole.NOISE) : Optional.empty();
  }
}
