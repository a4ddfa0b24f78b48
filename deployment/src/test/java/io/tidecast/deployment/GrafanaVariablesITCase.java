package io.tidecast.deployment;

import static java.util.stream.Collectors.joining;
import static org.assertj.core.api.Assertions.assertThat;

import io.tidecast.deployment.Dashboards.Query;
import io.tidecast.flink.sink.PostgresSettings;
import io.tidecast.postgres.Connector;
import io.tidecast.postgres.Schema;
import io.tidecast.postgres.TestPostgres;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

/** What a viewer may choose of a dashboard's variables, asked of a real PostgreSQL. */
@Tag("cluster")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class GrafanaVariablesITCase {
  private static final Instant TIME = Instant.parse("2026-03-01T12:00:00Z");

  /**
   * Each is a series, its target and a model of every series. Grafana makes the second of the
   * first.
   */
  private static final List<String> NAMES = List.of("a\"b", "a\\\"b", "Bob's", "c\\d");

  private static final List<String> CONTESTANTS = NAMES.stream().map(name -> name + "@1").toList();

  /** What there is of a series; a value is outside the interval. */
  private static final String ROWS =
      """
      insert into tidecast.series values (NAME, NAME);
      insert into tidecast.observations values (NAME, NAME, TIME, 5, false);
      insert into tidecast.forecasts
        select NAME, NAME, TIME, TIME - lead * interval '1 hour', 'primary', '', lead, NAME, '1', 0, TIME, 0, false,
          null, 1, 0, 2, '{0.1,0.9}', '{0,2}'
        from generate_series(1, 2) lead;
      insert into tidecast.forecasts
        select NAME, NAME, TIME, TIME - interval '1 hour', 'shadow', model || '@1', 1, model, '1', 0, TIME, 0, false,
          null, 1, 0, 2, '{0.1,0.9}', '{0,2}'
        from unnest(array[NAMES]) model;
      insert into tidecast.scores (series, target, time, model_id, model_version, role, first_lead, last_lead, weight,
          count, mae, mse, mase, rmsse, smape, bias, naive_count, naive_mae, crps, coverage, width,
          recent_count, recent_mae, recent_mse, recent_smape, recent_bias, recent_naive_count, recent_naive_mae,
          recent_crps, recent_coverage)
        values (NAME, NAME, TIME, NAME, '1', 'member', 1, 4, 1,
          1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1,
          1, 1, 1, 1, 1, 1, 1,
          1, 1);
      insert into tidecast.anomalies
        values (NAME, NAME, TIME, 'anomaly', 'above', 5, 1, 0, 2, 0.99, 4, 1, 1, TIME, null, null,
          TIME - interval '1 hour', 1, NAME, '1', false);
      """;

  private TestPostgres server;

  @BeforeAll
  void start() throws Exception {
    server = TestPostgres.start(TestPostgres.Version.NEWEST);
    Schema.migrate(
        new Connector(
            new PostgresSettings(
                server.url(),
                server.user(),
                null,
                "group",
                new PostgresSettings.Batch(1, Duration.ZERO),
                Map.of(),
                null,
                null)));
    String names = NAMES.stream().map(GrafanaVariablesITCase::literal).collect(joining(","));
    for (String name : NAMES) {
      server.execute(
          ROWS.replace("NAMES", names)
              .replace("NAME", literal(name))
              .replace("TIME", "timestamptz '" + TIME + "'"));
    }
  }

  private static String literal(String name) {
    return "$name$" + name + "$name$";
  }

  @AfterAll
  void end() {
    if (server != null) {
      server.close();
    }
  }

  /** A job without shadows and members has no other models to choose from. */
  @Test
  void shouldAnswerWhereThereIsNoOtherModel() throws Exception {
    GrafanaSql variables = variables(NAMES.get(2), List.of());
    List<Query> queries = queriesWith("contestant");
    assertThat(queries).isNotEmpty();
    for (Query query : queries) {
      assertThat(server.rows(variables.in(query.text()))).as(query.toString()).isEmpty();
    }
  }

  @ParameterizedTest
  @FieldSource("NAMES")
  void shouldAnswerForEveryName(String name) throws Exception {
    GrafanaSql variables = variables(name, CONTESTANTS);
    for (Query query : queriesWith("series")) {
      assertThat(server.rows(variables.in(query.text())))
          .as(query.toString())
          .isNotEmpty()
          .doesNotContain("null");
    }
    assertThat(answers("target", variables)).containsExactly(name);
    assertThat(answers("contestant", variables)).containsExactlyInAnyOrderElementsOf(CONTESTANTS);
    assertThat(answers("Actual and forecast D", variables))
        .extracting(row -> row.split("\\|")[1])
        .containsExactlyInAnyOrderElementsOf(CONTESTANTS);
  }

  /** What a query of the dashboard of forecasts finds. */
  private List<String> answers(String query, GrafanaSql variables) throws Exception {
    String text =
        queriesWith("series").stream()
            .filter(one -> one.file().equals("forecasts.json") && one.name().equals(query))
            .findFirst()
            .orElseThrow()
            .text();
    return server.rows(variables.in(text));
  }

  private static List<Query> queriesWith(String variable) {
    return Dashboards.all().stream()
        .flatMap(dashboard -> dashboard.sql().stream())
        .filter(query -> query.text().contains("${" + variable + ":"))
        .toList();
  }

  private static GrafanaSql variables(String name, List<String> contestants) {
    return new GrafanaSql(
        TIME.minus(Duration.ofDays(1)),
        TIME.plus(Duration.ofDays(1)),
        Map.of(
            "series",
            List.of(name),
            "target",
            List.of(name),
            "contestant",
            contestants,
            "band",
            List.of("1 to 4"),
            "lead",
            List.of("1"),
            "origins",
            List.of("3")));
  }
}
