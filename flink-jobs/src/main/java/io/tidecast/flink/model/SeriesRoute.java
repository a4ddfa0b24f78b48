package io.tidecast.flink.model;

import java.io.Serializable;
import org.jspecify.annotations.Nullable;

/**
 * Says which series a model is for, by their names and by the groups that their records name. A
 * pattern must match the whole name, and {@code *} stands for any characters, none included: {@code
 * plant-*}{@code /heat} matches {@code plant-7/heat}.
 *
 * @param series pattern of names; null for every name
 * @param group pattern of groups; null for every group, and for series without one
 */
public record SeriesRoute(@Nullable String series, @Nullable String group) implements Serializable {

  /** Every series. */
  public static final SeriesRoute ALL = new SeriesRoute(null, null);

  /** Tells whether a series is one of them. It takes nothing but the time to compare the names. */
  public boolean matches(String name, @Nullable String itsGroup) {
    return (series == null || fits(series, name))
        && (group == null || (itsGroup != null && fits(group, itsGroup)));
  }

  /**
   * Compares from the left. Where that fails after a star, the star takes one character more: only
   * the last star need do so, for what an earlier one leaves is a later beginning of the same.
   */
  private static boolean fits(String pattern, String text) {
    int star = -1;
    int afterStar = 0;
    int p = 0;
    int t = 0;
    while (t < text.length()) {
      if (p < pattern.length() && pattern.charAt(p) == '*') {
        star = p++;
        afterStar = t;
      } else if (p < pattern.length() && pattern.charAt(p) == text.charAt(t)) {
        p++;
        t++;
      } else if (star >= 0) {
        p = star + 1;
        t = ++afterStar;
      } else {
        return false;
      }
    }
    while (p < pattern.length() && pattern.charAt(p) == '*') {
      p++;
    }
    return p == pattern.length();
  }
}
