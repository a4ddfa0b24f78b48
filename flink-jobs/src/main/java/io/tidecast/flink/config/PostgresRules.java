package io.tidecast.flink.config;

import static java.util.Objects.requireNonNullElseGet;

import io.tidecast.flink.config.key.PostgresKeys;
import io.tidecast.flink.config.value.ConfigKey;
import io.tidecast.flink.config.value.ConfigValues;
import io.tidecast.flink.sink.PostgresSettings;
import io.tidecast.flink.sink.PostgresSettings.Table;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Where topics are copied to, and what must hold between those keys. */
final class PostgresRules {

  private PostgresRules() {}

  static void check(ConfigValues values) {
    for (ConfigKey<?> key : PostgresKeys.withUrl()) {
      if (values.isMissing(PostgresKeys.URL) && values.isGiven(key)) {
        values.problem(
            "must go with postgres.url, for without it nothing is copied: " + key.path());
      }
    }
    String url = values.get(PostgresKeys.URL);
    if (url != null && url.toLowerCase(Locale.ROOT).matches(".*[?&](user|password)=.*")) {
      values.problem(
          "must have neither user nor password, which go into postgres.user and postgres.password: postgres.url");
    }
  }

  /** How topics are copied; null where they are not. */
  static @Nullable PostgresSettings postgres(ConfigValues values) {
    String url = values.get(PostgresKeys.URL);
    if (url == null) {
      return null;
    }
    Map<Table, Duration> retention = new EnumMap<>(Table.class);
    PostgresKeys.retention()
        .forEach(
            (table, key) -> {
              Duration kept = values.get(key);
              if (kept != null) {
                retention.put(table, kept);
              }
            });
    return new PostgresSettings(
        url,
        values.get(PostgresKeys.USER),
        values.get(PostgresKeys.PASSWORD),
        requireNonNullElseGet(
            values.get(PostgresKeys.GROUP_ID),
            () -> values.require(ConfigKeys.JOB_NAME) + "-postgres"),
        new PostgresSettings.Batch(
            values.require(PostgresKeys.BATCH_ROWS), values.require(PostgresKeys.BATCH_DELAY)),
        retention,
        values.get(PostgresKeys.GIVE_UP_AFTER),
        values.get(PostgresKeys.METRICS_ADDRESS));
  }
}
