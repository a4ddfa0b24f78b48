package io.tidecast.flink.format.time;

import io.tidecast.flink.format.field.FieldPath;
import io.tidecast.flink.format.field.Mapping.TimeField;
import io.tidecast.flink.format.field.RefusedException;
import io.tidecast.runtime.time.SeriesOrder;
import io.tidecast.runtime.time.TimeException;
import io.tidecast.runtime.time.TimeFormat.Overlap;
import io.tidecast.runtime.time.TimeParser;
import io.tidecast.schemas.ErrorCode;
import java.util.stream.Collectors;

/**
 * Makes epoch milliseconds of the time of a record. What is finer is cut off. One thread uses it.
 */
public final class TimeReader {

  private final String name;
  private final boolean ordered;
  private final TimeParser parser;

  /**
   * @throws IllegalArgumentException if the format is neither a name nor a pattern, or the pattern
   *     leaves the date or the zone open
   */
  public TimeReader(TimeField field) {
    this.name =
        field.paths().stream().map(FieldPath::toString).collect(Collectors.joining(" and "));
    this.ordered = field.format().clockChanges().overlap() == Overlap.IN_ORDER;
    this.parser = TimeParser.of(field.format());
  }

  /**
   * Reads one time.
   *
   * @param found a {@link Number}, {@link Boolean}, {@link String}, or something with parts
   * @param series whose time it is, and of which channel, where a record has one of several
   * @throws RefusedException if it is no time of the format, or one beyond a long of milliseconds
   */
  public long millis(Object found, String series) throws RefusedException {
    try {
      return parser.millis(found, series);
    } catch (TimeException e) {
      throw RefusedException.field(
          e.isOutOfRange() ? ErrorCode.TIME_OUT_OF_RANGE : ErrorCode.INVALID_FIELD,
          name,
          e.getMessage(),
          found);
    }
  }

  /** Says whether what a time is depends on those of the same series before it. */
  public boolean isOrdered() {
    return ordered;
  }

  /** Returns what is known of the series, to be kept and restored. */
  public SeriesOrder order() {
    return parser.order();
  }
}
