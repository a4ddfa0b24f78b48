package io.tidecast.runtime.manifest;

import java.util.List;

/** Checks quantile levels: they ascend, and each is strictly between 0 and 1. */
final class QuantileLevels {

  private QuantileLevels() {}

  static List<Double> checked(List<Double> levels) {
    List<Double> copy = List.copyOf(levels);
    double previous = 0;
    for (double level : copy) {
      Checks.require(
          level > previous && level < 1, "must ascend within (0, 1)", "quantileLevels", copy);
      previous = level;
    }
    return copy;
  }
}
