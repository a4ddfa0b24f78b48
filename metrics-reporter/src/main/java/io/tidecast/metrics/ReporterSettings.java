package io.tidecast.metrics;

import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.apache.flink.metrics.MetricConfig;

/** The settings of a reporter, below {@code metrics.reporter.<name>.}. */
final class ReporterSettings {

  /** What Flink itself understands of them. */
  private static final Set<String> FLINKS = Set.of("factory.class", "interval", "scope.delimiter");

  private ReporterSettings() {}

  /**
   * Refuses what is no setting, which is most likely a typo.
   *
   * @param own settings of the reporter
   * @throws IllegalArgumentException if there is one that neither the reporter nor Flink knows
   */
  static void check(MetricConfig config, List<String> own) {
    Set<String> unknown = new TreeSet<>(config.stringPropertyNames());
    unknown.removeIf(
        name ->
            own.contains(name)
                || FLINKS.contains(name)
                || name.startsWith("scope.variables.")
                || name.startsWith("filter."));
    if (!unknown.isEmpty()) {
      throw new IllegalArgumentException(
          "a setting of the reporter must be %s: %s"
              .formatted(String.join(" or ", own), String.join(", ", unknown)));
    }
  }
}
