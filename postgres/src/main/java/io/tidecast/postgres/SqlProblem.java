package io.tidecast.postgres;

import java.sql.SQLException;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What can be done about an answer of the database. */
enum SqlProblem {
  /** The rows themselves: with others it would go well. */
  ROWS,
  /**
   * Something is not as it should be for a while, or until somebody mends it: it is tried again.
   */
  ELSE;

  /** Classes of data that is no such value, constraints that it breaks, and limits of a row. */
  private static final Set<String> OF_ROWS = Set.of("22", "23", "54");

  static SqlProblem of(SQLException e) {
    @Nullable String state = e.getSQLState();
    return state != null && state.length() == 5 && OF_ROWS.contains(state.substring(0, 2))
        ? ROWS
        : ELSE;
  }
}
