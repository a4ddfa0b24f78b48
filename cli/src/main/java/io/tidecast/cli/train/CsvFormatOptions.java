package io.tidecast.cli.train;

import io.tidecast.evaluation.data.CsvFormat;
import io.tidecast.evaluation.data.CsvSeries;
import io.tidecast.runtime.csv.CsvDialect;
import io.tidecast.runtime.csv.CsvOptions;
import io.tidecast.runtime.grid.GridStep;
import io.tidecast.runtime.text.DecimalMark;
import io.tidecast.runtime.text.NumberMarks;
import io.tidecast.runtime.text.Thousands;
import java.time.Duration;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

/**
 * The options that say how a CSV file is written and what its columns are, where that is not found
 * in it. They are the same of every command that reads one.
 */
final class CsvFormatOptions {

  @Option(
      names = "--time",
      paramLabel = "COLUMN",
      split = ",",
      description =
          "This column has the times; of two, a date and a time of day, both. Found in the file "
              + "otherwise.")
  private List<String> time = List.of();

  @Option(
      names = "--series",
      paramLabel = "COLUMN",
      split = ",",
      description =
          "Rows of which this column has another value are of another series, as in a file with "
              + "the columns unique_id, ds and y. All series are divided at the same times.")
  private List<String> series = List.of();

  @Option(
      names = "--values",
      paramLabel = "COLUMN",
      split = ",",
      description = "These columns alone are channels, in this order. Default: all others.")
  private List<String> values = List.of();

  @Option(
      names = "--start",
      paramLabel = "TIME",
      description =
          "The first row of a file without times, whose columns are all channels, was at this "
              + "time, such as 1990-01-01.")
  private @Nullable String start;

  @Option(
      names = "--step",
      paramLabel = "STEP",
      converter = StepConverter.class,
      description =
          "It is so long from one row of a series to the next: a duration such as PT30M or P7D, or "
              + "P1D, P1W, P1M, P3M, P6M, P1Y or business-day of --time-zone. Rows are put into "
              + "the cells of this step. Found in the file otherwise, unless it has no times.")
  private @Nullable GridStep step;

  @Option(
      names = "--separator",
      paramLabel = "CHARACTER",
      description =
          "The fields are separated by this, or by tab or spaces. Found in the file otherwise.")
  private @Nullable String separator;

  @Option(
      names = "--skip-lines",
      paramLabel = "NUMBER",
      description = "So many lines stand before that of the names.")
  private @Nullable Integer skipLines;

  @Option(
      names = "--comment",
      paramLabel = "TEXT",
      description = "Lines that begin with this text are no rows.")
  private @Nullable String comment;

  @Option(
      names = "--encoding",
      paramLabel = "CHARSET",
      description = "The file is text of this character set, such as windows-1252.")
  private @Nullable String encoding;

  @Option(
      names = "--decimal-mark",
      paramLabel = "MARK",
      description = "Numbers have a point or a comma before their decimals.")
  private @Nullable DecimalMark decimal;

  @Option(
      names = "--thousands-separator",
      paramLabel = "MARK",
      description = "This stands between thousands: none, point, comma, space or apostrophe.")
  private @Nullable Thousands thousands;

  @Option(
      names = "--time-format",
      paramLabel = "FORMAT",
      description =
          "Times are written in this way, as in a job file: such as \"dd.MM.yyyy HH:mm\", or "
              + "epoch-seconds.")
  private @Nullable String timeFormat;

  @Option(
      names = "--time-zone",
      paramLabel = "ZONE",
      description = "Times that name no zone are of this one, such as Europe/Berlin. Default: UTC.")
  private @Nullable ZoneId zone;

  /**
   * @throws IllegalArgumentException if one of them is not what it must be
   */
  CsvFormat format() {
    if (encoding != null && !CsvOptions.isEncoding(encoding)) {
      throw new IllegalArgumentException(
          "must be a character set such as utf-16 or windows-1252: --encoding=" + encoding);
    }
    if (decimal != null && thousands != null && !NumberMarks.areDifferent(decimal, thousands)) {
      throw new IllegalArgumentException(
          "must differ from --decimal-mark: --thousands-separator="
              + thousands.name().toLowerCase(Locale.ROOT));
    }
    if (start != null && step == null) {
      throw new IllegalArgumentException(
          "start and step must be given together: start=" + start + ", step=null");
    }
    return new CsvFormat(
        new CsvOptions(
            character(separator),
            null,
            comment,
            skipLines,
            List.of(),
            encoding,
            CsvOptions.Keys.OF_COMMAND),
        decimal,
        thousands,
        timeFormat,
        zone,
        new CsvFormat.Columns(time, series, values),
        start == null ? step : null);
  }

  /** Says when the rows of a file without times were; null for a file with times. */
  CsvSeries.@Nullable Times times() {
    return start == null || step == null
        ? null
        : CsvSeries.Times.of(start, zone == null ? step : step.in(zone));
  }

  /** Reads a step: a part of the calendar, or a duration. */
  static final class StepConverter implements ITypeConverter<GridStep> {

    @Override
    public GridStep convert(String text) {
      return GridStep.Unit.of(text)
          .map(unit -> GridStep.of(unit, ZoneOffset.UTC))
          .orElseGet(() -> GridStep.fixed(duration(text)));
    }

    private static Duration duration(String text) {
      try {
        Duration duration = Duration.parse(text);
        if (duration.toMillis() > 0) {
          return duration;
        }
      } catch (DateTimeParseException e) {
        // Said below.
      }
      throw new TypeConversionException(
          "must be %s or a duration of a millisecond or more such as PT30M: '%s'"
              .formatted(GridStep.Unit.names(), text));
    }
  }

  private static @Nullable Character character(@Nullable String text) {
    if (text == null) {
      return null;
    }
    return switch (text) {
      case "tab" -> '\t';
      case "spaces" -> CsvDialect.SPACES;
      default -> {
        if (text.length() != 1 || Character.isLetterOrDigit(text.charAt(0))) {
          throw new IllegalArgumentException(
              "must be one character, tab or spaces: --separator=" + text);
        }
        yield text.charAt(0);
      }
    };
  }
}
