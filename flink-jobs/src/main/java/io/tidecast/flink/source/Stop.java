package io.tidecast.flink.source;

import static java.util.Objects.requireNonNull;

import java.io.Serializable;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Where a job over topics ends.
 *
 * @param time of Kafka's records; null for the other kinds
 */
public record Stop(Kind kind, @Nullable Instant time) implements Serializable {

  public static final Stop NEVER = new Stop(Kind.NEVER, null);

  /** Whether a job over topics ends by itself. */
  public enum Kind {
    NEVER,
    /** With the last record that there is at the start. */
    LATEST,
    /** Before the first record, of each partition, of a time. */
    TIME
  }

  public Stop {
    requireNonNull(kind, "kind is null");
    if ((kind == Kind.TIME) != (time != null)) {
      throw new IllegalArgumentException(
          "must have a time where it stops at one: kind=%s, time=%s".formatted(kind, time));
    }
  }
}
