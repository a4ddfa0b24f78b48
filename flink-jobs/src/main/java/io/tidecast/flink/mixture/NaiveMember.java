package io.tidecast.flink.mixture;

import static java.util.Objects.requireNonNull;

import io.tidecast.runtime.mixture.Naive;
import java.io.Serializable;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * A member of the mixture that needs nothing but the cells of a series.
 *
 * @param id by which the job file calls it and its forecasts are signed
 * @param kind how it goes on from the cells
 * @param season that it repeats; null for one that repeats none
 */
public record NaiveMember(String id, Naive.Kind kind, @Nullable Duration season)
    implements Serializable {

  /** How the name of one begins that repeats a season; its length follows. */
  public static final String SEASONAL = "seasonal-naive-";

  /** Repeats the newest value. */
  public static final NaiveMember REPEAT_LAST =
      new NaiveMember("repeat-last", Naive.Kind.LAST, null);

  /** Goes on as the line through the context. */
  public static final NaiveMember LINEAR = new NaiveMember("linear", Naive.Kind.LINE, null);

  public NaiveMember {
    requireNonNull(id, "id is null");
    requireNonNull(kind, "kind is null");
  }

  /**
   * What it is on the grid of the series.
   *
   * @param step from one cell to the next
   * @param contextCells that the line goes through
   */
  Naive on(Duration step, int contextCells) {
    return switch (kind) {
      case LAST -> Naive.last(id);
      case LINE -> Naive.line(id, contextCells);
      case SEASON ->
          Naive.season(
              id, Math.toIntExact(requireNonNull(season, "season is null").dividedBy(step)));
    };
  }
}
