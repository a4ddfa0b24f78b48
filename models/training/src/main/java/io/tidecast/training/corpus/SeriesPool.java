package io.tidecast.training.corpus;

import io.tidecast.evaluation.data.DataException;
import io.tidecast.training.synthetic.Draws;
import io.tidecast.training.synthetic.Values;
import java.util.Comparator;
import java.util.List;

/** Series of one set and part, to cut windows from. Immutable, any thread. */
final class SeriesPool {
  private static final int MOST_ATTEMPTS = 1000;

  private final String name;
  private final List<CorpusSeries> longestFirst;

  /**
   * @param name for messages
   */
  SeriesPool(String name, List<CorpusSeries> series) {
    this.name = name;
    Comparator<CorpusSeries> rows = Comparator.comparingInt(s -> s.values().length);
    this.longestFirst = series.stream().sorted(rows.reversed()).toList();
  }

  boolean isEmpty() {
    return longestFirst.isEmpty();
  }

  /**
   * Checks that a window can be cut.
   *
   * @throws DataException if every series is shorter
   */
  void requireWindow(int length) {
    int longest = longestFirst.get(0).values().length;
    if (longest < length) {
      throw new DataException(
          name + " must have a series of at least " + length + " rows, its longest has " + longest);
    }
  }

  /**
   * Cuts a random window from a random series that is long enough, again until one is usable.
   *
   * @param settings shares of coarser and finer windows
   * @throws DataException if no usable one is found
   */
  float[] draw(Draws draws, int length, CorpusSettings settings) {
    int longEnough = countOfAtLeast(length);
    for (int attempt = 0; attempt < MOST_ATTEMPTS; attempt++) {
      float[] values = longestFirst.get(draws.integer(0, longEnough - 1)).values();
      float[] window = new float[length];
      if (draws.chance(settings.refiningShare())) {
        halve(values, draws.integer(0, values.length - length / 2 - 1), window);
      } else {
        int factor = 1;
        int greatest = Math.min(settings.greatestFactor(), values.length / length);
        if (greatest > 1 && draws.chance(settings.coarseningShare())) {
          factor = draws.integer(2, greatest);
        }
        cut(values, draws.integer(0, values.length - length * factor), factor, window);
      }
      if (Values.isUsable(window)) {
        return window;
      }
    }
    throw new DataException(
        name
            + " must have windows of "
            + length
            + " rows that are complete and not constant, none was found in "
            + MOST_ATTEMPTS
            + " draws");
  }

  /** Binary search for the first that is too short. */
  private int countOfAtLeast(int length) {
    int low = 0;
    int high = longestFirst.size();
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (longestFirst.get(middle).values().length >= length) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  }

  /** Half the step: every other value is the mean of its neighbours. */
  private static void halve(float[] values, int first, float[] window) {
    for (int t = 0; t < window.length; t++) {
      int i = first + t / 2;
      window[t] = t % 2 == 0 ? values[i] : (values[i] + values[i + 1]) / 2;
    }
  }

  /** Each value the mean of as many neighbours as the factor says. */
  private static void cut(float[] values, int first, int factor, float[] window) {
    for (int t = 0; t < window.length; t++) {
      double sum = 0;
      for (int i = 0; i < factor; i++) {
        sum += values[first + t * factor + i];
      }
      window[t] = (float) (sum / factor);
    }
  }
}
