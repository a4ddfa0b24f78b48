package io.tidecast.deployment;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/** What {@code docs/runbook.md} has somebody ask. */
final class Runbook {
  static final String PAGE = "docs/runbook.md";

  private static final Pattern QUERY = Pattern.compile("(?ms)^```promql\n(.*?)\n```$");

  /** In the column of a table. */
  private static final Pattern ROW =
      Pattern.compile("(?m)^\\| [^|]* \\| `([^`|]*\\b(?:flink|tidecast)_[^`|]*)` \\|");

  private Runbook() {}

  static String page() {
    return Repository.text(PAGE);
  }

  /** Every PromQL expression. */
  static List<String> queries() {
    String page = page();
    List<String> queries = new ArrayList<>();
    for (Pattern pattern : List.of(QUERY, ROW)) {
      pattern
          .matcher(page)
          .results()
          .map((MatchResult found) -> found.group(1))
          .forEach(queries::add);
    }
    return queries;
  }
}
