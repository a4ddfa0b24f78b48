package io.tidecast.postgres;

import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Assumptions;

/**
 * A real PostgreSQL server for tests. Where it cannot run, the test is skipped and says what is
 * missing.
 */
public final class TestPostgres extends PostgresServer {

  private TestPostgres(Version version) {
    // Nobody needs what tests have written once the machine has failed.
    super(version, Map.of("fsync", "off"));
  }

  /** Starts an empty server. */
  public static TestPostgres start(Version version) {
    Optional<String> obstacle = obstacle(version);
    Assumptions.assumeTrue(obstacle.isEmpty(), obstacle.orElse(""));
    return new TestPostgres(version);
  }
}
