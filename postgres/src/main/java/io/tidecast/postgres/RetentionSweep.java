package io.tidecast.postgres;

import io.tidecast.flink.sink.PostgresSettings;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Map;

/**
 * Deletes rows that are too old, a few thousand in a transaction, so that copying never waits long;
 * with TimescaleDB it drops chunks instead. One thread.
 */
final class RetentionSweep {

  /** From the end of one sweep to the next. */
  static final Duration EVERY = Duration.ofMinutes(5);

  private static final int MOST_ROWS = 20_000;

  private final Map<PostgresSettings.Table, Duration> retention;
  private final Clock clock;
  private final Deque<PostgresSettings.Table> left = new ArrayDeque<>();
  private Instant due = Instant.MIN;

  RetentionSweep(Map<PostgresSettings.Table, Duration> retention, Clock clock) {
    this.retention = Map.copyOf(retention);
    this.clock = clock;
  }

  /** Whether there is something to delete, or to look for. */
  boolean isDue() {
    if (left.isEmpty() && !retention.isEmpty() && !clock.instant().isBefore(due)) {
      left.addAll(retention.keySet());
    }
    return !left.isEmpty();
  }

  /**
   * Does one step of it, in a transaction of its own.
   *
   * @return how many rows were deleted; with TimescaleDB, 0
   */
  long step(Connection connection) throws SQLException {
    PostgresSettings.Table table = left.getFirst();
    Duration kept = retention.getOrDefault(table, Duration.ZERO);
    Instant olderThan = clock.instant().minus(kept);
    long deleted =
        Hypertables.drop(connection, table, olderThan) ? 0 : delete(connection, table, olderThan);
    connection.commit();
    if (deleted < MOST_ROWS) {
      left.removeFirst();
      due = clock.instant().plus(EVERY);
    }
    return deleted;
  }

  private static long delete(Connection connection, PostgresSettings.Table table, Instant olderThan)
      throws SQLException {
    try (PreparedStatement statement =
        connection.prepareStatement(
            "delete from %1$s where ctid = any(array(select ctid from %1$s where time < ? limit %2$d))"
                .formatted(Hypertables.name(table), MOST_ROWS))) {
      statement.setTimestamp(1, Timestamp.from(olderThan));
      return statement.executeLargeUpdate();
    }
  }
}
