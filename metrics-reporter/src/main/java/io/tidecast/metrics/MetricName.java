package io.tidecast.metrics;

import java.util.List;
import java.util.Locale;

/**
 * What a metric of Flink's is called here.
 *
 * <p>A metric of Tidecast's own, which is one in a group {@value #GROUP}, has a name without the
 * scope, in words, and in base units: {@code taskmanager.job.task.operator.tidecast.runMicros} is
 * {@code tidecast.run} in seconds, which Prometheus knows as {@code tidecast_run_seconds}. Every
 * other one keeps the name that Flink's own reporter gives it.
 *
 * @param name words with dots between
 * @param unit a base unit; empty for a plain number
 * @param divisor what a value is divided by to be in that unit
 * @param isOwn whether it is one of Tidecast's
 * @param description for who reads the metrics
 */
record MetricName(String name, String unit, double divisor, boolean isOwn, String description) {
  private static final String GROUP = "tidecast";

  /** A text that changes seldom is a label of a metric that is always 1. */
  private static final String VERSION = "Version";

  private record Suffix(String end, String unit, double divisor) {}

  private static final List<Suffix> SUFFIXES =
      List.of(
          new Suffix("Millis", "seconds", 1e3),
          new Suffix("Micros", "seconds", 1e6),
          new Suffix("Bytes", "bytes", 1),
          new Suffix("Thousandths", "", 1e3));

  /**
   * @param scope logical, with dots between
   * @param name in lower camel case if it is one of Tidecast's own
   */
  static MetricName of(String scope, String name) {
    if (!isOwnScope(scope)) {
      return new MetricName("flink." + scope + "." + name, "", 1, false, "Flink's " + name + ".");
    }
    String description = "Tidecast's %s, see docs/metrics.md.".formatted(name);
    for (Suffix suffix : SUFFIXES) {
      if (name.endsWith(suffix.end())) {
        String bare = name.substring(0, name.length() - suffix.end().length());
        return new MetricName(words(bare), suffix.unit(), suffix.divisor(), true, description);
      }
    }
    return new MetricName(words(name), "", 1, true, description);
  }

  private static boolean isOwnScope(String scope) {
    return ("." + scope + ".").contains("." + GROUP + ".");
  }

  /** Whether it is the version of something, a text. */
  static boolean isVersion(String scope, String name) {
    return isOwnScope(scope) && name.endsWith(VERSION);
  }

  private static String words(String camel) {
    return GROUP + "." + camel.replaceAll("([A-Z])", ".$1").toLowerCase(Locale.ROOT);
  }

  /** The same with another word at the end. */
  MetricName and(String word) {
    return new MetricName(name + "." + word, unit, divisor, isOwn, description);
  }

  /** The number of what it measures. */
  MetricName count() {
    return new MetricName(name + ".count", "", 1, isOwn, description);
  }
}
