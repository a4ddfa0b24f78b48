package io.tidecast.flink.format.field;

import java.nio.file.Path;
import java.util.Locale;
import java.util.regex.Pattern;

/** Knows the names of CSV files. */
public final class CsvNames {

  /** Says for people how they end. */
  public static final String ENDINGS = ".csv, .tsv, .csv.gz or .tsv.gz";

  private static final Pattern ENDING = Pattern.compile("\\.[ct]sv(\\.gz)?$");

  private CsvNames() {}

  /** Tells whether a file of a folder is one, by its name in capitals or not. */
  public static boolean isCsv(Path file) {
    return ENDING.matcher(lower(file)).find();
  }

  /** Returns the name of a file without folder and ending. */
  public static String withoutEnding(Path file) {
    String name = String.valueOf(file.getFileName());
    int ending = name.length() - ENDING.matcher(lower(file)).replaceFirst("").length();
    return name.substring(0, name.length() - ending);
  }

  private static String lower(Path file) {
    return String.valueOf(file.getFileName()).toLowerCase(Locale.ROOT);
  }
}
