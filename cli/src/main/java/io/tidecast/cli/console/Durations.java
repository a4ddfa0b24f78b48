package io.tidecast.cli.console;

import java.time.Duration;
import java.util.Locale;

/** Durations as people say them. */
public final class Durations {

  private Durations() {}

  /** Says it in the largest unit that leaves a number worth reading, such as {@code 1.5 d}. */
  public static String rounded(Duration duration) {
    double millis = duration.toMillis();
    if (millis > 0 && millis < 1_000) {
      return "%d ms".formatted(duration.toMillis());
    }
    double[] sizes = {86_400_000, 3_600_000, 60_000};
    String[] units = {"d", "h", "min"};
    for (int i = 0; i < sizes.length; i++) {
      if (millis >= sizes[i]) {
        return number(millis / sizes[i]) + " " + units[i];
      }
    }
    return number(millis / 1_000) + " s";
  }

  private static String number(double number) {
    return Math.abs(number - Math.rint(number)) < 0.05
        ? String.format(Locale.ROOT, "%,.0f", number)
        : String.format(Locale.ROOT, "%,.1f", number);
  }
}
