package io.tidecast.flink.config;

import java.util.Collection;
import java.util.Comparator;

/** Finds the name that somebody has probably meant. Parts of names are separated by dots. */
final class Misspelling {

  /** A name with at most this many wrong characters is surely the one that it is like. */
  private static final int MOST_MISSPELT = 2;

  private Misspelling() {}

  /**
   * Finds the known name that is most alike, as a whole or, for a name in the wrong section, at its
   * end.
   *
   * @param known not empty
   */
  static String nearest(String name, Collection<String> known) {
    return known.stream()
        .min(
            Comparator.comparingInt(
                    (String one) ->
                        Math.min(distance(name, one), distance(end(name), end(one)) + 1))
                .thenComparingInt(one -> distance(name, one))
                .thenComparing(Comparator.naturalOrder()))
        .orElseThrow();
  }

  /** Says whether the ends of both names are so alike that one is surely the other. */
  static boolean isLike(String name, String known) {
    return distance(end(name), end(known)) <= MOST_MISSPELT;
  }

  private static String end(String name) {
    return name.substring(name.lastIndexOf('.') + 1);
  }

  /** Counts, after Levenshtein, the characters to insert, delete or replace. */
  static int distance(String a, String b) {
    int[] row = new int[b.length() + 1];
    for (int j = 0; j <= b.length(); j++) {
      row[j] = j;
    }
    for (int i = 1; i <= a.length(); i++) {
      int diagonal = row[0];
      row[0] = i;
      for (int j = 1; j <= b.length(); j++) {
        int replaced = diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
        diagonal = row[j];
        row[j] = Math.min(replaced, Math.min(row[j], row[j - 1]) + 1);
      }
    }
    return row[b.length()];
  }
}
