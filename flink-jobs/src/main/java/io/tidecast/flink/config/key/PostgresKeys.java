package io.tidecast.flink.config.key;

import io.tidecast.flink.config.value.ConfigKey;
import io.tidecast.flink.config.value.ConfigType;
import io.tidecast.flink.sink.PostgresSettings.Table;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/** The keys that say where the job's topics are copied to. */
public final class PostgresKeys {

  public static final ConfigKey<String> URL =
      ConfigKey.derived(
              "postgres.url",
              ConfigType.jdbcUrl("postgresql"),
              "nothing is copied to PostgreSQL",
              "What the job writes to its topics is copied to this database, by `tidecast run` beside the job and by `tidecast postgres` alone. It is PostgreSQL 14 or newer, and parameters of its driver may follow, such as `?sslmode=verify-full`. Of it only server and database are shown and logged. See [PostgreSQL](how-to/postgres.md).")
          .example("jdbc:postgresql://db:5432/tidecast");
  public static final ConfigKey<String> USER =
      ConfigKey.derived(
              "postgres.user",
              ConfigType.text(),
              "the name of the user that runs the process",
              "The connection is made as this user, who must be allowed to create the schema `tidecast`, or own it.")
          .example("tidecast");
  public static final ConfigKey<String> PASSWORD =
      ConfigKey.derived(
              "postgres.password",
              ConfigType.secret("a password"),
              "the database asks for none",
              "The connection is made with this password. It is never shown or logged.")
          .example("${PGPASSWORD}");
  public static final ConfigKey<String> GROUP_ID =
      ConfigKey.derived(
              "postgres.group-id",
              ConfigType.text(),
              "the `job.name` followed by `-postgres`",
              "The topics are read as this consumer group, and the database keeps under this name how far they have been read. Another name reads them anew from their first record, which changes no row that is there already.")
          .example("demand-postgres");
  public static final ConfigKey<Integer> BATCH_ROWS =
      ConfigKey.optional(
              "postgres.batch-rows",
              ConfigType.count(1, 1_000_000, "rows"),
              10_000,
              "So many rows are written in one transaction, or a few more where a record has several.")
          .example("5000");
  public static final ConfigKey<Duration> BATCH_DELAY =
      ConfigKey.optional(
              "postgres.batch-delay",
              ConfigType.duration("0s", "1h"),
              "1s",
              "Rows wait no longer than this for others that go into the same transaction.")
          .example("200ms");
  private static final ConfigKey<Duration> KEEP_OBSERVATIONS =
      retention(
          "observations",
          "Rows of `tidecast.observations` are deleted when they are this old by their column `time`, which is the time of the cell.",
          "730d");
  private static final ConfigKey<Duration> KEEP_FORECASTS =
      retention(
          "forecasts",
          "Rows of `tidecast.forecasts` are deleted when they are this old by their column `time`, which is the time that is forecast.",
          "90d");
  private static final ConfigKey<Duration> KEEP_SCORES =
      retention(
          "scores",
          "Rows of `tidecast.scores` are deleted when they are this old by their column `time`, which is the time of the newest cell that was scored.",
          "365d");
  private static final ConfigKey<Duration> KEEP_ANOMALIES =
      retention(
          "anomalies",
          "Rows of `tidecast.anomalies` are deleted when they are this old by their column `time`, which is the time of the cell.",
          "730d");
  private static final ConfigKey<Duration> KEEP_EVENTS =
      retention(
          "events",
          "Rows of `tidecast.events` are deleted when they are this old by their column `time`, which is the time of the event.",
          "730d");
  public static final ConfigKey<Duration> GIVE_UP_AFTER =
      ConfigKey.derived(
              "postgres.give-up-after",
              ConfigType.duration("1s", "365d"),
              "it is tried again for ever",
              "When the database has not answered for this long, copying ends with an error. What was not copied is in the topics, and is copied after the next start.")
          .example("1h");

  public static final ConfigKey<String> METRICS_ADDRESS =
      ConfigKey.derived(
              "postgres.metrics-address",
              ConfigType.matching(
                  "host:port, or \"[address]:port\" for IPv6",
                  "([^\\s,:]+|\\[[0-9a-fA-F:.]+\\]):\\d{1,5}"),
              "metrics of the copying are not served",
              "Prometheus can read here, under `/metrics`, how far the copying is and what is in its way. With a host of `127.0.0.1` nobody reads it from another machine.")
          .example("127.0.0.1:9251");

  private PostgresKeys() {}

  private static ConfigKey<Duration> retention(String table, String meaning, String example) {
    return ConfigKey.derived(
            "postgres.retention." + table,
            ConfigType.duration("1h", "36500d"),
            "rows are kept for ever",
            meaning)
        .example(example);
  }

  /** How long each table keeps its rows. */
  public static Map<Table, ConfigKey<Duration>> retention() {
    Map<Table, ConfigKey<Duration>> keys = new EnumMap<>(Table.class);
    keys.put(Table.OBSERVATIONS, KEEP_OBSERVATIONS);
    keys.put(Table.FORECASTS, KEEP_FORECASTS);
    keys.put(Table.SCORES, KEEP_SCORES);
    keys.put(Table.ANOMALIES, KEEP_ANOMALIES);
    keys.put(Table.EVENTS, KEEP_EVENTS);
    return keys;
  }

  /** In the order of the reference page. */
  public static List<ConfigKey<?>> all() {
    List<ConfigKey<?>> all =
        new ArrayList<>(List.of(URL, USER, PASSWORD, GROUP_ID, BATCH_ROWS, BATCH_DELAY));
    all.addAll(retention().values());
    all.add(GIVE_UP_AFTER);
    all.add(METRICS_ADDRESS);
    return List.copyOf(all);
  }

  /** Those that mean something only with a URL. */
  public static List<ConfigKey<?>> withUrl() {
    List<ConfigKey<?>> others = new ArrayList<>(all());
    others.remove(URL);
    return others;
  }
}
