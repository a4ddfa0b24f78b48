package io.tidecast.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tidecast.flink.sink.PostgresSettings;
import io.tidecast.postgres.rows.Table;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What the migrations make of an empty database, on each server that there is. */
@Tag("cluster")
class SchemaITCase {

  @ParameterizedTest
  @EnumSource
  void shouldMakeTheSchemaOnceAndTakeItAsItIsThen(TestPostgres.Version version) throws Exception {
    try (TestPostgres server = TestPostgres.start(version)) {
      Connector connector = new Connector(server.settings(1, Map.of()));

      Schema.migrate(connector);
      Schema.migrate(connector);

      List<String> tables = new ArrayList<>();
      for (Table table : Table.values()) {
        tables.add(table.id());
        assertThat(
                server.rows(
                    "select column_name from information_schema.columns where table_schema = 'tidecast' and table_name = '%s'"
                        .formatted(table.id())))
            .as(table.id())
            .containsExactlyInAnyOrderElementsOf(table.columns());
        assertThat(
                server.rows(
                    "select a.attname from pg_index i join pg_attribute a on a.attrelid = i.indrelid and a.attnum = any(i.indkey) where i.indrelid = 'tidecast.%s'::regclass and i.indisprimary"
                        .formatted(table.id())))
            .as("primary key of " + table.id())
            .hasSize(table.key(new Object[table.columns().size()]).size());
      }
      assertThat(
              server.rows(
                  "select table_name from information_schema.tables where table_schema = 'tidecast' and table_type = 'BASE TABLE'"))
          .containsAll(tables)
          .contains("offsets");
      assertThat(server.rows("select version, success from tidecast.flyway_schema_history"))
          .contains("1|t");
      assertThat(server.text("select tidecast.quantile('{0.1,0.5,0.9}', '{1,2,4}', 0.7)"))
          .isEqualTo("3");
      assertThat(server.text("select tidecast.quantile('{0.1,0.5,0.9}', '{1,2,4}', 0.5)"))
          .isEqualTo("2");
      assertThat(server.text("select tidecast.quantile('{0.1,0.9}', '{1,4}', 0.95) is null"))
          .isEqualTo("t");
      shouldUseTimescaleDb(server, connector);
    }
  }

  /**
   * An extension of that name that notes what it is asked for stands in: it shows that it is found,
   * wherever its functions are, and that the calls are ones that its functions take. Like those, it
   * takes times of any type, so that a time must say of which it is.
   */
  private static void shouldUseTimescaleDb(TestPostgres server, Connector connector)
      throws Exception {
    assertThat(server.text("select count(*) from pg_extension where extname = 'timescaledb'"))
        .isEqualTo("0");
    Path extensions = server.installed().resolve("share/postgresql/extension");
    Files.writeString(
        extensions.resolve("timescaledb.control"), "default_version = '0'\nrelocatable = true\n");
    Files.writeString(
        extensions.resolve("timescaledb--0.sql"),
        """
        create table asked (what text);
        create schema timescaledb_information;
        create table timescaledb_information.hypertables (hypertable_schema name, hypertable_name name);
        create function create_hypertable(relation regclass, time_column_name name,
            chunk_time_interval anyelement default null::bigint, if_not_exists boolean default false,
            migrate_data boolean default false) returns void language plpgsql as $$
          begin
            insert into "Time Scale".asked values (format('hypertable %s by %s every %s', relation, time_column_name, chunk_time_interval));
            insert into timescaledb_information.hypertables select nspname, relname
                from pg_class join pg_namespace n on n.oid = relnamespace where pg_class.oid = relation;
          end $$;
        create function drop_chunks(relation regclass, older_than anyelement)
            returns setof text language plpgsql as $$
          begin
            insert into "Time Scale".asked values (format('drop %s before %s', relation, older_than at time zone 'UTC'));
            return next 'a chunk';
          end $$;
        """);
    server.execute("create schema \"Time Scale\"");
    server.execute("create extension timescaledb schema \"Time Scale\"");

    try (Connection connection = connector.open()) {
      assertThat(Hypertables.drop(connection, PostgresSettings.Table.FORECASTS, Instant.EPOCH))
          .as("before the tables are hypertables")
          .isFalse();
    }
    Schema.migrate(connector);
    try (Connection connection = connector.open()) {
      assertThat(
              Hypertables.drop(
                  connection,
                  PostgresSettings.Table.FORECASTS,
                  Instant.parse("2026-03-01T00:00:00Z")))
          .isTrue();
    }

    assertThat(server.rows("select what from \"Time Scale\".asked"))
        .containsExactlyInAnyOrder(
            "hypertable tidecast.observations by time every 7 days",
            "hypertable tidecast.forecasts by time every 1 day",
            "hypertable tidecast.scores by time every 7 days",
            "hypertable tidecast.anomalies by time every 30 days",
            "hypertable tidecast.events by time every 30 days",
            "drop tidecast.forecasts before 2026-03-01 00:00:00");
  }

  @ParameterizedTest
  @EnumSource(names = "NEWEST")
  void shouldLeaveASchemaOfSomebodyElseAlone(TestPostgres.Version version) throws Exception {
    try (TestPostgres server = TestPostgres.start(version)) {
      server.execute("create schema tidecast");
      server.execute("create table tidecast.mine (n int)");

      assertThatThrownBy(() -> Schema.migrate(new Connector(server.settings(1, Map.of()))))
          .isInstanceOf(UnfitServerException.class)
          .hasMessageContaining(
              "the schema tidecast must be one that Tidecast has made, or not be there yet");
    }
  }
}
