package io.tidecast.flink.model;

import java.io.Serializable;
import java.util.regex.Pattern;
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

  /** Tells whether a series is one of them. Compiles the patterns: keep the answer of a series. */
  public boolean matches(String name, @Nullable String itsGroup) {
    return (series == null || pattern(series).matcher(name).matches())
        && (group == null || (itsGroup != null && pattern(group).matcher(itsGroup).matches()));
  }

  private static Pattern pattern(String stars) {
    StringBuilder expression = new StringBuilder();
    for (String part : stars.split("\\*", -1)) {
      expression.append(expression.isEmpty() ? "" : ".*");
      expression.append(part.isEmpty() ? "(?:)" : Pattern.quote(part));
    }
    return Pattern.compile(expression.toString(), Pattern.DOTALL);
  }
}
