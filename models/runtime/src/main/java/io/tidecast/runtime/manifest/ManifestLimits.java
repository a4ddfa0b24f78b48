package io.tidecast.runtime.manifest;

import java.time.Duration;
import java.util.Arrays;
import java.util.List;

/**
 * How much a manifest may ask for: what a window and a forecast hold stays within memory, and every
 * count of values within an integer.
 */
final class ManifestLimits {

  /** Cells of a context or a forecast. */
  static final int MOST_STEPS = 1_000_000;

  /** Values of one window that go in, or come out, as one tensor. */
  static final int MOST_VALUES = 1_000_000;

  private static final int MOST_CHARACTERS = 200;
  private static final int MOST_DAYS = 36_500;

  private ManifestLimits() {}

  /** Checks the length of an axis, or of a step along it. */
  static void steps(String name, long count) {
    Checks.positive(name, count);
    Checks.require(count <= MOST_STEPS, "must be at most %,d".formatted(MOST_STEPS), name, count);
  }

  /** Checks how many values a window or a forecast has as one tensor, the factors multiplied. */
  static void values(String names, long... factors) {
    // In decimals, for three factors of a million do not fit a long.
    double count = Arrays.stream(factors).asDoubleStream().reduce(1, (a, b) -> a * b);
    Checks.require(
        count <= MOST_VALUES,
        "must be at most %,d values".formatted(MOST_VALUES),
        names,
        "%,.0f".formatted(count));
  }

  /** Checks the fixed axes of a tensor. */
  static void shape(List<Long> shape) {
    values("shape", shape.stream().mapToLong(Math::abs).toArray());
  }

  static void shortText(String name, String text) {
    Checks.require(
        text.length() <= MOST_CHARACTERS,
        "must have at most %d characters".formatted(MOST_CHARACTERS),
        name,
        text.substring(0, Math.min(text.length(), MOST_CHARACTERS)) + "…");
  }

  /** Checks the time between two cells, which is counted in whole milliseconds everywhere. */
  static void step(Duration step) {
    Checks.require(
        step.compareTo(Duration.ofDays(MOST_DAYS)) <= 0
            && Duration.ofMillis(step.toMillis()).equals(step),
        "must be whole milliseconds and at most %,d days".formatted(MOST_DAYS),
        "step",
        step);
  }
}
