package io.tidecast.runtime.csv;

import org.jspecify.annotations.Nullable;

/**
 * Says how fields stand in a line.
 *
 * @param separator between two fields; {@link #SPACES} for spaces and tabs, as many as there are
 * @param quote around fields that hold separators, quotes or line ends, twice where it is a
 *     character of the field; {@link #NO_QUOTE} for none
 * @param comment begins lines that are no records; null for none
 * @param commentSure whether it was declared; else a line that begins with it and has all columns
 *     is a record
 */
public record CsvDialect(
    char separator, char quote, @Nullable String comment, boolean commentSure) {

  /** Stands for spaces and tabs, as many as there are. */
  public static final char SPACES = ' ';

  /** Stands for no quotes. */
  public static final char NO_QUOTE = '\0';

  /** Describes the separator for people. */
  String shown() {
    return shown(separator);
  }

  static String shown(char separator) {
    return switch (separator) {
      case '\t' -> "tabs";
      case SPACES -> "spaces";
      default -> "\"" + separator + "\"";
    };
  }

  boolean isComment(String line) {
    return comment != null && line.stripLeading().startsWith(comment);
  }
}
