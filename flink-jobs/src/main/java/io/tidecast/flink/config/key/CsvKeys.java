package io.tidecast.flink.config.key;

import io.tidecast.flink.config.value.ConfigKey;
import io.tidecast.flink.config.value.ConfigType;
import io.tidecast.flink.format.SourceFormat.Order;
import io.tidecast.runtime.csv.CsvDialect;
import io.tidecast.runtime.csv.CsvOptions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Has the keys that say what CSV files look like. */
public final class CsvKeys {

  private static final String FOUND = "found in each file";

  public static final ConfigKey<Character> SEPARATOR =
      ConfigKey.derived(
              "source.csv.separator",
              character(
                  "one character, tab, or spaces for as many of them as there are",
                  Map.of("tab", '\t', "spaces", CsvDialect.SPACES)),
              FOUND,
              "This stands between two fields of a line. Without the key, the first lines are tried with commas, semicolons, tabs, bars and spaces. A file that more than one of them suits is refused.")
          .example("\";\"");
  public static final ConfigKey<Character> QUOTE =
      ConfigKey.derived(
              "source.csv.quote",
              character("one character, or none", Map.of("none", CsvDialect.NO_QUOTE)),
              "`\"`",
              "Fields that hold separators or line ends stand between two of these. Twice within a field, it is a character of the field.")
          .example("\"'\"");
  public static final ConfigKey<String> COMMENT =
      ConfigKey.derived(
              "source.csv.comment",
              ConfigType.text(),
              "lines that begin with `#` and have not all columns",
              "Lines that begin with this text are no records.")
          .example("\"//\"");
  public static final ConfigKey<Integer> SKIP_LINES =
      ConfigKey.derived(
              "source.csv.skip-lines",
              ConfigType.count(0, 1_000_000, "lines"),
              "lines before the first that has the names of all columns of the mapping",
              "So many lines at the beginning of a file are no records. The names of the columns follow them, or the first record where `source.csv.columns` is given.")
          .example("2");
  public static final ConfigKey<List<String>> COLUMNS =
      ConfigKey.derived(
              "source.csv.columns",
              ConfigType.oneOrMore(ConfigType.text()),
              "a line of the file names the columns",
              "The columns have these names, in their order, for the files have no line of names.")
          .example("[time, celsius]");
  public static final ConfigKey<String> ENCODING =
      ConfigKey.derived(
              "source.csv.encoding",
              encoding(),
              "found by the byte-order mark, else UTF-8",
              "The bytes of a file are characters of this set. UTF-16 is found without the key. Bytes that are no text are let pass in columns that are not mapped, and refused in the others.")
          .example("windows-1252");
  public static final ConfigKey<Order> ORDER =
      ConfigKey.optional(
          "source.order",
          ConfigType.oneOf(Order.class),
          "oldest-first",
          "The records of a file, or of each partition of a topic, stand in the order of their times. With `oldest-first` a file is read from its first line on, and with `newest-first` from its last line back. A packed file is then unpacked into a temporary one. A topic needs `source.stop` with `newest-first`: it is read from there back to its first record.");

  private static final List<ConfigKey<?>> OF_FILES =
      List.of(SEPARATOR, QUOTE, COMMENT, SKIP_LINES, COLUMNS, ENCODING, ORDER);

  private CsvKeys() {}

  /** Returns every key in the order of the reference page. */
  public static List<ConfigKey<?>> all() {
    return new ArrayList<>(OF_FILES);
  }

  private static ConfigType<Character> character(String range, Map<String, Character> words) {
    return new ConfigType<>(
        range,
        raw -> {
          Character word = raw instanceof String text ? words.get(text) : null;
          if (word != null) {
            return word;
          }
          if (raw instanceof String text && text.length() == 1 && isMark(text.charAt(0))) {
            return text.charAt(0);
          }
          throw new IllegalArgumentException();
        },
        ConfigType.Display.VALUES);
  }

  /** A letter or a digit is a mistake, and what ends a line cannot stand within it. */
  private static boolean isMark(char one) {
    return !Character.isLetterOrDigit(one) && one != '\n' && one != '\r' && one != '\0';
  }

  private static ConfigType<String> encoding() {
    return new ConfigType<>(
        "a character set such as utf-8, utf-16, iso-8859-1 or windows-1252",
        raw -> {
          if (raw instanceof String text && CsvOptions.isEncoding(text)) {
            return text;
          }
          throw new IllegalArgumentException();
        },
        ConfigType.Display.VALUES);
  }
}
