package io.tidecast.deployment;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** PromQL as dashboards and rules have it. */
final class PromQl {
  private static final Pattern SELECTOR =
      Pattern.compile("\\b((?:flink|tidecast)_\\w+)(\\{[^}]*\\})?");

  /** What hides that nothing is there. */
  private static final Pattern MADE_UP = Pattern.compile("\\b(?:vector|absent_over_time)\\s*\\(");

  private PromQl() {}

  /** What Grafana asks Prometheus, where every variable is at All. */
  static String asked(String expression) {
    return expression.replace("$__rate_interval", "20s").replace("$job", ".+");
  }

  /**
   * Every selector of an expression, such as {@code tidecast_series{job_name="a"}}.
   *
   * @throws AssertionError if there is none, or something stands in for what may not be there
   */
  static List<String> selectors(String expression) {
    if (MADE_UP.matcher(expression).find()) {
      throw new AssertionError("must ask for what is there: " + expression);
    }
    List<String> selectors = new ArrayList<>();
    Matcher found = SELECTOR.matcher(expression);
    while (found.find()) {
      selectors.add(found.group());
    }
    if (selectors.isEmpty()) {
      throw new AssertionError("no selector in " + expression);
    }
    return selectors;
  }
}
