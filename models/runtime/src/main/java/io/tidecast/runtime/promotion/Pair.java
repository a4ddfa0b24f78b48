package io.tidecast.runtime.promotion;

import java.util.Comparator;
import org.jspecify.annotations.Nullable;

/**
 * Two that are compared.
 *
 * @param rival null for the seasonal naive
 */
record Pair(ModelName primary, @Nullable ModelName rival) implements Comparable<Pair> {

  private static final Comparator<@Nullable ModelName> NAIVE_FIRST =
      Comparator.nullsFirst(Comparator.<ModelName>naturalOrder());

  @Override
  public int compareTo(Pair other) {
    int first = primary.compareTo(other.primary);
    return first != 0 ? first : NAIVE_FIRST.compare(rival, other.rival);
  }
}
