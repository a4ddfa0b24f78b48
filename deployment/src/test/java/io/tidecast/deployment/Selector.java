package io.tidecast.deployment;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What one selector of a PromQL expression asks for.
 *
 * @param matchers of labels, as they are written
 */
record Selector(String metric, List<String> matchers) {
  private static final Pattern SELECTOR = Pattern.compile("\\b(flink_\\w+)(?:\\{([^}]*)\\})?");
  private static final Pattern MATCHER = Pattern.compile("(\\w+)(=~|!~|!=|=)\"([^\"]*)\"");
  private static final Pattern SAMPLE = Pattern.compile("^(\\w+)(?:\\{(.*)\\})? (\\S+)$");
  private static final Pattern LABEL = Pattern.compile("(\\w+)=\"((?:[^\"\\\\]|\\\\.)*)\"");

  /**
   * Every selector of an expression.
   *
   * @throws AssertionError if there is none, or a matcher that can't be read
   */
  static List<Selector> of(String expression) {
    List<Selector> selectors = new ArrayList<>();
    Matcher found = SELECTOR.matcher(expression);
    while (found.find()) {
      List<String> matchers = new ArrayList<>();
      String braces = found.group(2) == null ? "" : found.group(2);
      Matcher matcher = MATCHER.matcher(braces);
      while (matcher.find()) {
        matchers.add(matcher.group());
      }
      if (!String.join(",", matchers).equals(braces)) {
        throw new AssertionError("not understood: " + braces);
      }
      selectors.add(new Selector(found.group(1), matchers));
    }
    if (selectors.isEmpty()) {
      throw new AssertionError("no selector in " + expression);
    }
    return selectors;
  }

  /** Tells whether a sample of a scrape is selected; variables of Grafana stand for anything. */
  boolean isIn(String scrape) {
    return scrape.lines().anyMatch(this::selects);
  }

  private boolean selects(String line) {
    Matcher sample = SAMPLE.matcher(line);
    if (!sample.matches() || !sample.group(1).equals(metric)) {
      return false;
    }
    Map<String, String> labels = new HashMap<>();
    Matcher label = LABEL.matcher(sample.group(2) == null ? "" : sample.group(2));
    while (label.find()) {
      labels.put(label.group(1), label.group(2));
    }
    return matchers.stream().allMatch(text -> holds(text, labels));
  }

  private static boolean holds(String text, Map<String, String> labels) {
    Matcher matcher = MATCHER.matcher(text);
    if (!matcher.matches()) {
      return false;
    }
    String value = labels.get(matcher.group(1));
    String wanted = matcher.group(3);
    if (value == null) {
      return false;
    }
    return wanted.startsWith("$")
        || switch (matcher.group(2)) {
          case "=" -> value.equals(wanted);
          case "!=" -> !value.equals(wanted);
          case "=~" -> value.matches(wanted);
          default -> !value.matches(wanted);
        };
  }
}
