package io.tidecast.evaluation.data;

import io.tidecast.runtime.time.TimeException;
import io.tidecast.runtime.time.TimeFormat;
import io.tidecast.runtime.time.TimeFormat.ClockChanges;
import io.tidecast.runtime.time.TimeFormat.Gap;
import io.tidecast.runtime.time.TimeFormat.Overlap;
import io.tidecast.runtime.time.TimeFormat.Settings;
import io.tidecast.runtime.time.TimeParser;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;
import java.util.OptionalLong;

/**
 * Reads the times of the rows of a file, one after the other: where clocks go back, an hour that
 * comes twice goes on from the row before. One thread uses it.
 */
final class RowTimes {

  private static final Settings SETTINGS = new Settings("--");

  /** Are tried in this order, where nothing is declared. */
  private static final List<String> USUAL =
      List.of(TimeFormat.ISO_8601, "uuuu/M/d H:mm", "uuuu/M/d H:mm:ss");

  private final List<TimeParser> parsers;

  /**
   * @throws IllegalArgumentException if the declared format is none
   */
  RowTimes(CsvFormat format) {
    ZoneId zone = format.zone() == null ? ZoneOffset.UTC : format.zone();
    List<String> names = format.timeFormat() == null ? USUAL : List.of(format.timeFormat());
    parsers = names.stream().map(name -> parser(name, zone)).toList();
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
    for (TimeParser parser : parsers) {
      try {
        return OptionalLong.of(parser.millis(text, ""));
      } catch (TimeException e) {
        // The next format may do.
      }
    }
    return OptionalLong.empty();
  }
}
