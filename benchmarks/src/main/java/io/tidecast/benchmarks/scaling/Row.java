package io.tidecast.benchmarks.scaling;

import java.util.Locale;

/**
 * A figure that was predicted and one that was found. Less is always safe.
 *
 * @param limit of what is found, as a multiple of what was predicted
 */
record Row(String name, String unit, double predicted, double found, double limit) {

  static final String HEADER =
      """
      | figure | predicted | found | found / predicted | at most | |
      |---|---:|---:|---:|---:|---|""";

  boolean holds() {
    return found <= predicted * limit;
  }

  @Override
  public String toString() {
    return String.format(
        Locale.ROOT,
        "| %s | %s | %s | %.2f | %.2f | %s |",
        name,
        number(predicted),
        number(found),
        found / predicted,
        limit,
        holds() ? "" : "too much");
  }

  private String number(double value) {
    return String.format(Locale.ROOT, value < 100 ? "%,.2f %s" : "%,.0f %s", value, unit).strip();
  }
}
