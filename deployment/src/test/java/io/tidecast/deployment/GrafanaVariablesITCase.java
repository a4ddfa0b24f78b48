package io.tidecast.deployment;

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

/** What a viewer may choose of a dashboard's variables, asked of a real PostgreSQL. */
@Tag("cluster")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class GrafanaVariablesITCase {
  private static final Instant TIME = Instant.parse("2026-03-01T12:00:00Z");

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
    GrafanaSql variables = variables("uk", List.of());
    List<Query> queries = queriesWith("contestant");
    assertThat(queries).isNotEmpty();
    for (Query query : queries) {
      assertThat(server.rows(variables.in(query.text()))).as(query.toString()).isEmpty();
    }
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
