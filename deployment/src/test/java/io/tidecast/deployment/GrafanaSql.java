package io.tidecast.deployment;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Puts into SQL what Grafana does: the time range into {@code $__timeFilter(column)}, quoted values
 * into <code>${name:sqlstring}</code>, and a number into {@code $name}. Whatever else begins with a
 * dollar is refused, for Grafana would leave it to the database.
 *
 * @param variables of the dashboard, each with the values that are chosen
 */
record GrafanaSql(Instant from, Instant to, Map<String, List<String>> variables) {
  /** The alternatives: a time filter, a quoted variable, a number, and what is none of them. */
  private static final Pattern DOLLAR =
      Pattern.compile("\\$__timeFilter\\(([\\w.]+)\\)|\\$\\{(\\w+):sqlstring\\}|\\$(\\w+)|\\$");

  /**
   * The SQL as the database gets it.
   *
   * @throws AssertionError if something is not known, or no number where one must be
   */
  String in(String sql) {
    return DOLLAR.matcher(sql).replaceAll(m -> Matcher.quoteReplacement(value(m, sql)));
  }

  private String value(MatchResult found, String sql) {
    if (found.group(1) != null) {
      return "%s BETWEEN '%s' AND '%s'".formatted(found.group(1), from, to);
    }
    if (found.group(2) != null) {
      return quoted(values(found.group(2), sql));
    }
    if (found.group(3) != null) {
      return number(found.group(3), sql);
    }
    throw new AssertionError("not understood: " + sql);
  }

  private List<String> values(String name, String sql) {
    List<String> values = variables.get(name);
    if (values == null) {
      throw new AssertionError("no variable " + name + " in " + sql);
    }
    return values;
  }

  /**
   * The values with commas in between; of none Grafana makes nothing. It puts a backslash before a
   * double quote, which PostgreSQL takes for one of the value's.
   */
  private static String quoted(List<String> values) {
    return values.stream()
        .map(value -> "'" + value.replace("'", "''").replace("\"", "\\\"") + "'")
        .collect(Collectors.joining(","));
  }

  private String number(String name, String sql) {
    List<String> values = values(name, sql);
    if (values.size() != 1 || !values.get(0).matches("\\d+")) {
      throw new AssertionError("must be a number: " + name + "=" + values + " in " + sql);
    }
    return values.get(0);
  }
}
