package io.tidecast.flink.sink;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Where what the job writes to its topics is copied to, and how. References in the URL and the
 * password are resolved where a connection is made; {@link #toString} shows neither.
 *
 * @param url of pgjdbc, such as {@code jdbc:postgresql://db:5432/tidecast}
 * @param user null where the URL or the driver's defaults say it
 * @param password null where none is needed, or the driver finds it
 * @param groupId of the consumers, and under which offsets are kept in the database
 * @param retention of the tables that are not kept for ever
 * @param giveUpAfter how long the database may be away before the copying ends; null for ever
 * @param metricsAddress {@code host:port} where metrics of the copying can be read; null for
 *     nowhere
 */
public record PostgresSettings(
    String url,
    @Nullable String user,
    @Nullable String password,
    String groupId,
    Batch batch,
    Map<Table, Duration> retention,
    @Nullable Duration giveUpAfter,
    @Nullable String metricsAddress) {

  /** What one transaction holds: so many rows, or fewer that have waited so long. */
  public record Batch(int rows, Duration delay) {

    public Batch {
      requireNonNull(delay, "delay is null");
      if (rows < 1) {
        throw new IllegalArgumentException("must be positive: rows=" + rows);
      }
    }
  }

  /** The tables that have a retention of their own. */
  public enum Table {
    OBSERVATIONS,
    FORECASTS,
    SCORES,
    ANOMALIES,
    EVENTS
  }

  public PostgresSettings {
    requireNonNull(url, "url is null");
    requireNonNull(groupId, "groupId is null");
    requireNonNull(batch, "batch is null");
    EnumMap<Table, Duration> copy = new EnumMap<>(Table.class);
    copy.putAll(retention);
    retention = Map.copyOf(copy);
  }

  @Override
  public String toString() {
    return "PostgresSettings[url=***, user=%s, password=***, groupId=%s, batch=%s, retention=%s, giveUpAfter=%s, metricsAddress=%s]"
        .formatted(user, groupId, batch, retention, giveUpAfter, metricsAddress);
  }
}
