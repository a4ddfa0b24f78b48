package io.tidecast.cli.train;

import io.tidecast.evaluation.data.CsvFormat;
import io.tidecast.runtime.csv.CsvDialect;
import io.tidecast.runtime.csv.CsvOptions;
import io.tidecast.runtime.text.DecimalMark;
import io.tidecast.runtime.text.NumberMarks;
import io.tidecast.runtime.text.Thousands;
import java.time.ZoneId;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The options that say how a CSV file is written, where that is not found in it. */
final class CsvFormatOptions {

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
        zone);
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
