package io.tidecast.deployment;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** The dashboard of Grafana, as far as it asks Prometheus. */
record Dashboard(JsonNode json) {

  static Dashboard read() {
    try {
      return new Dashboard(
          new ObjectMapper().readTree(Repository.text("grafana/dashboards/tidecast.json")));
    } catch (JsonProcessingException e) {
      throw new AssertionError(e);
    }
  }

  /** The expressions of every panel and variable. */
  List<String> expressions() {
    List<String> expressions = new ArrayList<>(json.findValuesAsText("expr"));
    for (JsonNode variable : json.at("/templating/list")) {
      expressions.add(
          variable.at("/query/query").asText().replaceAll("label_values\\((.*),.*\\)", "$1"));
    }
    return expressions;
  }

  /** The data sources that are named, by uid. */
  Set<String> dataSources() {
    Set<String> uids = new TreeSet<>();
    for (JsonNode source : json.findValues("datasource")) {
      uids.add(source.path("uid").asText());
    }
    return uids;
  }
}
