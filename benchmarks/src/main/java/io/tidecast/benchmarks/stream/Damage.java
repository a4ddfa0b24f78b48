package io.tidecast.benchmarks.stream;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Random;

/**
 * What happens to observations on their way, the same for the same seed.
 *
 * @param hoursLate how far two of them may change places
 * @param duplicated share that comes twice
 * @param dropped share that does not come
 */
record Damage(int hoursLate, double duplicated, double dropped, long seed) {

  static final Damage NONE = new Damage(0, 0, 0, 0);

  private record Arrival(double hour, int row) {}

  /**
   * The rows in the order in which they arrive, an hour from one to the next.
   *
   * @param stream tells apart what is damaged in its own way
   */
  List<Integer> arrivals(int firstRow, int endRow, int stream) {
    Random random = new Random(31 * seed + stream);
    List<Arrival> arrivals = new ArrayList<>();
    for (int row = firstRow; row < endRow; row++) {
      boolean comes = random.nextDouble() >= dropped;
      boolean twice = random.nextDouble() < duplicated;
      double first = row + random.nextDouble() * hoursLate;
      double second = row + random.nextDouble() * hoursLate;
      if (comes) {
        arrivals.add(new Arrival(first, row));
      }
      if (comes && twice) {
        arrivals.add(new Arrival(second, row));
      }
    }
    arrivals.sort(Comparator.comparingDouble(Arrival::hour));
    return arrivals.stream().map(Arrival::row).toList();
  }
}
