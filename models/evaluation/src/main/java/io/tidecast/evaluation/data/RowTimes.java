package io.tidecast.evaluation.data;

import io.tidecast.runtime.time.TimeException;
import io.tidecast.runtime.time.TimeFormat;
import io.tidecast.runtime.time.TimeFormat.ClockChanges;
import io.tidecast.runtime.time.TimeFormat.Gap;
import io.tidecast.runtime.time.TimeFormat.Overlap;
import io.tidecast.runtime.time.TimeFormat.Settings;
import io.tidecast.runtime.time.TimeParser;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * Reads the times of rows, one after the other: where clocks go back, an hour that comes twice goes
 * on from the row before of the same series. One thread uses it.
 */
final class RowTimes {

  private static final Settings SETTINGS = new Settings("--");

  /** Years of two digits are of this century, up to this time; later ones may be of the last. */
  private static final long SHORT_YEARS_UNTIL =
      Instant.parse("2040-01-01T00:00:00Z").toEpochMilli();

  private final List<TimeParser> parsers;
  private final boolean shortYears;
  private int last;

  /**
   * @param formats of which each time has one
   * @throws IllegalArgumentException if one of them is none
   */
  RowTimes(List<String> formats, @Nullable ZoneId zone) {
    ZoneId known = zone == null ? ZoneOffset.UTC : zone;
    parsers = formats.stream().map(name -> parser(name, known)).toList();
    shortYears = formats.stream().allMatch(name -> name.matches(".*(?<!u)uu(?!u).*"));
  }

  private static TimeParser parser(String name, ZoneId zone) {
    try {
      return TimeParser.of(
          TimeFormat.of(name, zone, SETTINGS)
              .withNumericText(true)
              .with(new ClockChanges(Overlap.IN_ORDER, Gap.REFUSE)));
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(
          "must be one of the names or a pattern: --time-format=%s: %s"
              .formatted(name, e.getMessage()),
          e);
    }
  }

  /** Returns epoch milliseconds; empty if the text is no time. */
  OptionalLong millis(String text) {
    return millis(text, "");
  }

  /**
   * Returns epoch milliseconds; empty if the text is no time.
   *
   * @param series whose row it is
   */
  OptionalLong millis(String text, String series) {
    // That of the row before mostly does, and a text that is no time takes long to be refused.
    for (int i = 0; i < parsers.size(); i++) {
      int tried = i == 0 ? last : i <= last ? i - 1 : i;
      try {
        long millis = parsers.get(tried).millis(text, series);
        last = tried;
        return shortYears && millis >= SHORT_YEARS_UNTIL
            ? OptionalLong.empty()
            : OptionalLong.of(millis);
      } catch (TimeException e) {
        // The next format may do.
      }
    }
    return OptionalLong.empty();
  }
}
