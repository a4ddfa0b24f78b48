package io.tidecast.benchmarks.eager;

import io.tidecast.architectures.ArchitectureConfig;
import io.tidecast.architectures.Port;
import io.tidecast.architectures.Role;
import io.tidecast.benchmarks.inference.ForecasterPath;
import java.util.Arrays;

/** Two that are held against each other must compute the same. */
final class Agreement {

  /** In deviations of the training series. */
  private static final double TOLERANCE = 1e-2;

  private Agreement() {}

  /**
   * Finds the greatest difference of a forecast, in deviations.
   *
   * @throws IllegalStateException if it is more than rounding explains
   */
  static double require(Network<?> network, int batch, EagerTorch<?> torch, ForecasterPath ours) {
    ours.run();
    float[] given = torch.output();
    double[] deviation = network.scale().deviation();
    double greatest = 0;
    for (int row = 0; row < batch; row++) {
      float[] expected = points(network, batch, given, row);
      float[] found = ours.points(row);
      for (int i = 0; i < found.length; i++) {
        double difference = Math.abs(expected[i] - found[i]) / deviation[i % deviation.length];
        // Negated, so that NaN fails.
        if (!(difference <= TOLERANCE)) {
          throw new IllegalStateException(
              "both must give the same forecast: network=%s, batch=%d, row=%d, value=%d, torch=%s, ours=%s"
                  .formatted(network.name(), batch, row, i, expected[i], found[i]));
        }
        greatest = Math.max(greatest, difference);
      }
    }
    return greatest;
  }

  /** The points of one window; of paths the median. */
  private static float[] points(Network<?> network, int batch, float[] given, int row) {
    int size = given.length / batch;
    float[] one = Arrays.copyOfRange(given, row * size, (row + 1) * size);
    Port output = output(network);
    return output.role() == Role.SAMPLES
        ? medians(one, Math.toIntExact(output.shape().get(1)))
        : one;
  }

  private static <C extends ArchitectureConfig> Port output(Network<C> network) {
    return network.architecture().output(network.config());
  }

  private static float[] medians(float[] paths, int count) {
    int steps = paths.length / count;
    float[] medians = new float[steps];
    float[] sorted = new float[count];
    for (int step = 0; step < steps; step++) {
      for (int path = 0; path < count; path++) {
        sorted[path] = paths[path * steps + step];
      }
      Arrays.sort(sorted);
      medians[step] = (sorted[(count - 1) / 2] + sorted[count / 2]) / 2;
    }
    return medians;
  }
}
