package io.tidecast.flink.config.value;

import java.util.Collection;
import java.util.Comparator;
import org.apache.commons.text.similarity.LevenshteinDistance;

/** Finds the name that somebody has probably meant. Parts of names are separated by dots. */
public final class Misspelling {

  /** A name with at most this many wrong characters is surely the one that it is like. */
  private static final int MOST_MISSPELT = 2;

  private static final LevenshteinDistance DISTANCE = LevenshteinDistance.getDefaultInstance();

  private Misspelling() {}

  /**
   * Finds the known name that is most alike, as a whole or, for a name in the wrong section, at its
   * end.
   *
   * @param known not empty
   */
  public static String nearest(String name, Collection<String> known) {
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
  public static boolean isLike(String name, String known) {
    return distance(end(name), end(known)) <= MOST_MISSPELT;
  }

  private static String end(String name) {
    return name.substring(name.lastIndexOf('.') + 1);
  }

  /** Counts, after Levenshtein, the characters to insert, delete or replace. */
  public static int distance(String a, String b) {
    return DISTANCE.apply(a, b);
  }
}
