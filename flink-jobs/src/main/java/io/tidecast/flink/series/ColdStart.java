package io.tidecast.flink.series;

import static java.util.Objects.requireNonNull;

import java.io.Serializable;
import org.jspecify.annotations.Nullable;

/**
 * What becomes of a series that has fewer cells than a context yet.
 *
 * @param minContext cells since the first observation from which on the model is asked; null for a
 *     whole context
 * @param below what answers before that
 */
public record ColdStart(@Nullable Integer minContext, Below below) implements Serializable {

  /** What answers for a series that is too young for the model. */
  public enum Below {
    /** Nothing. */
    SKIP,
    /** The baseline, from the first cell on, its forecast marked as a fallback. */
    BASELINE
  }

  public ColdStart {
    requireNonNull(below, "below is null");
  }

  /** As {@link #minContext}, known. */
  int minContext(int contextLength) {
    return minContext == null ? contextLength : minContext;
  }
}
