package io.tidecast.deployment;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** The dashboards of Grafana, and what they ask. */
final class Dashboards {
  static final String FOLDER = "grafana/dashboards";

  private static final String PROMETHEUS = "prometheus";
  private static final String POSTGRESQL = "grafana-postgresql-datasource";
  private static final Pattern LABEL_VALUES = Pattern.compile("label_values\\((.*), \\w+\\)");

  private Dashboards() {}

  /**
   * One of them.
   *
   * @param file name without the folder
   */
  record Dashboard(String file, JsonNode json) {

    /** Everything that has a query: panels, variables and annotations. */
    private List<JsonNode> asking() {
      List<JsonNode> asking = new ArrayList<>();
      json.path("panels").forEach(panel -> panel.path("targets").forEach(asking::add));
      json.at("/templating/list").forEach(asking::add);
      json.at("/annotations/list").forEach(annotation -> asking.add(annotation.path("target")));
      return asking;
    }

    /** The PromQL expressions of its panels and variables. */
    List<Query> promQl() {
      List<Query> queries = new ArrayList<>();
      for (JsonNode one : asking()) {
        if (typeOf(one).equals(PROMETHEUS)) {
          Matcher variable = LABEL_VALUES.matcher(one.at("/query/query").asText());
          queries.add(
              new Query(
                  file,
                  name(one),
                  variable.matches() ? variable.group(1) : one.path("expr").asText()));
        }
      }
      return queries;
    }

    /** The SQL of its panels, variables and annotations. */
    List<Query> sql() {
      List<Query> queries = new ArrayList<>();
      for (JsonNode one : asking()) {
        if (typeOf(one).equals(POSTGRESQL)) {
          queries.add(
              new Query(
                  file,
                  name(one),
                  one.has("rawSql") ? one.path("rawSql").asText() : one.path("query").asText()));
        }
      }
      return queries;
    }

    private String name(JsonNode asking) {
      for (JsonNode panel : json.path("panels")) {
        for (JsonNode target : panel.path("targets")) {
          if (target == asking) {
            return panel.path("title").asText() + " " + target.path("refId").asText();
          }
        }
      }
      return asking.path("name").asText(asking.path("refId").asText());
    }

    private static String typeOf(JsonNode asking) {
      return asking.at("/datasource/type").asText();
    }

    /** The data sources that are named, such as {@code prometheus prometheus}: type and uid. */
    Set<String> dataSources() {
      Set<String> sources = new TreeSet<>();
      for (JsonNode source : json.findValues("datasource")) {
        sources.add(source.path("type").asText() + " " + source.path("uid").asText());
      }
      return sources;
    }
  }

  /**
   * What somebody asks.
   *
   * @param file of the dashboard
   * @param name of the panel and its query, of the variable or of the annotation
   */
  record Query(String file, String name, String text) {

    @Override
    public String toString() {
      return file + ", " + name + ": " + text;
    }
  }

  static List<Dashboard> all() {
    try (Stream<Path> files = Files.list(Repository.ROOT.resolve(FOLDER))) {
      return files
          .map(file -> file.getFileName().toString())
          .sorted()
          .map(Dashboards::read)
          .toList();
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private static Dashboard read(String file) {
    try {
      return new Dashboard(file, new ObjectMapper().readTree(Repository.text(FOLDER + "/" + file)));
    } catch (JsonProcessingException e) {
      throw new AssertionError(file, e);
    }
  }
}
