package io.tidecast.benchmarks.stream;

import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/**
 * What a benchmark has measured, for a program that reads its output: lines of {@code figure}, a
 * name without blanks and a number. {@code benchmarks/run compare} reads them.
 */
public final class Figures {

  private final Map<String, Double> values = new LinkedHashMap<>();

  /** Adds a figure; a name may come once. */
  public void put(String name, double value) {
    if (name.contains(" ") || values.put(name, value) != null) {
      throw new IllegalArgumentException("name must be new and without blanks: name=" + name);
    }
  }

  /** Adds the shares of speed and of processor time that a job keeps of something it is held to. */
  public void putShares(String name, double speed, double cpu) {
    put(name + ".share", speed);
    put(name + ".share-of-cpu", cpu);
  }

  /** Prints every figure in the order in which they were added. */
  public void print() {
    System.out.println();
    values.forEach(
        (name, value) -> System.out.printf(Locale.ROOT, "figure %s %.6g%n", name, value));
  }
}
