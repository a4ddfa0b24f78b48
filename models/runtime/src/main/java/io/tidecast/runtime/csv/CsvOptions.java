package io.tidecast.runtime.csv;

import static java.util.Objects.requireNonNull;

import java.io.Serializable;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Says what is declared of CSV files. What is null is found in each file, or refused there.
 *
 * @param separator between two fields; {@link CsvDialect#SPACES} for spaces and tabs, as many as
 *     there are
 * @param quote around fields; {@link CsvDialect#NO_QUOTE} for none
 * @param comment begins lines that are no records
 * @param skipLines before the line of names, or before the first record where {@code columns} are
 *     given
 * @param columns names of the columns of a file that has no line of them; empty where it has one
 * @param encoding the name of a character set
 * @param keys that messages name
 */
public record CsvOptions(
    @Nullable Character separator,
    @Nullable Character quote,
    @Nullable String comment,
    @Nullable Integer skipLines,
    List<String> columns,
    @Nullable String encoding,
    Keys keys)
    implements Serializable {

  public CsvOptions {
    columns = List.copyOf(columns);
    requireNonNull(keys, "keys is null");
  }

  /** Tells whether a name is that of a character set in whose bytes lines can be found. */
  public static boolean isEncoding(String name) {
    try {
      var unused = TextEncoding.charset(name, "");
      return true;
    } catch (CsvException e) {
      return false;
    }
  }

  /** Returns the options that declare nothing. */
  public static CsvOptions none(Keys keys) {
    return new CsvOptions(null, null, null, null, List.of(), null, keys);
  }

  /**
   * Names the settings, so that messages can say what to change.
   *
   * @param file begins those of a file
   * @param number begins those of the marks of numbers
   */
  public record Keys(String file, String number) implements Serializable {

    /** The keys of a job file. */
    public static final Keys OF_JOB = new Keys("source.csv.", "source.mapping.");

    /** The options of a command. */
    public static final Keys OF_COMMAND = new Keys("--", "--");

    public Keys {
      requireNonNull(file, "file is null");
      requireNonNull(number, "number is null");
    }

    String of(String name) {
      return file + name;
    }
  }
}
