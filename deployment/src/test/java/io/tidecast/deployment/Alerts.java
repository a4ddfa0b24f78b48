package io.tidecast.deployment;

import java.util.List;
import java.util.Map;

/** The rules of alerts. */
final class Alerts {

  private Alerts() {}

  static List<Map<String, Object>> rules() {
    Map<String, Object> group =
        Repository.map(Repository.list(Repository.yaml(Repository.ALERTS).get("groups")).get(0));
    return Repository.list(group.get("rules")).stream().map(Repository::map).toList();
  }

  static List<String> names() {
    return rules().stream().map(rule -> (String) rule.get("alert")).toList();
  }

  /** The expression of each. */
  static List<String> expressions() {
    return rules().stream().map(rule -> (String) rule.get("expr")).toList();
  }
}
