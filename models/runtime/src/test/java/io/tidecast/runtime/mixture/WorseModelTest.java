package io.tidecast.runtime.mixture;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidecast.runtime.measures.Leads;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A model that was nearly right for weeks, on demand for electricity by half-hours, and whose
 * forecasts are noise of three standard deviations of the series from some cell on. What counts is
 * its weight at each lead, and how much worse the mixture is than one that has never had the model.
 */
class WorseModelTest {

  private static final int HORIZON = 48;
  private static final Leads LEADS = Leads.upTo(HORIZON);
  private static final List<Naive> NAIVES =
      List.of(
          Naive.season("day", 48),
          Naive.season("week", 336),
          Naive.last("last"),
          Naive.line("line", 336));

  private static final int FIRST = 336;
  private static final int WORSE = 50 * HORIZON;

  private static final int LIMIT = 20;
  private static final double NEGLIGIBLE = .005;
  private static final double MOST_RATIO = 1.05;

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 4, 5})
  void shouldLoseItsWeightAtEveryLeadWithinTwentyHorizons(int seed) throws IOException {
    Course course = new Course(demand(), seed);

    for (int lead = 0; lead < LEADS.count(); lead++) {
      String what = "lead " + LEADS.step(lead);
      assertThat(course.weights[lead][WORSE]).as(what).isGreaterThan(.25);
      assertThat(course.horizonsUntilNegligible(lead)).as(what).isBetween(1, LIMIT);
      assertThat(course.ratioFrom(LIMIT, lead)).as(what).isLessThan(MOST_RATIO);
    }
  }

  /** What the model weighed, and the absolute errors of a mixture with it and of one without it. */
  private static final class Course {

    private final int cells;
    private final double[][] weights;
    private final double[][] with;
    private final double[][] without;

    Course(double[] values, int seed) {
      this.cells = values.length - HORIZON;
      this.weights = new double[LEADS.count()][cells];
      this.with = new double[LEADS.count()][cells];
      this.without = new double[LEADS.count()][cells];
      double noise = 3 * deviation(values);
      Random random = new Random(seed);
      RecentCells known = new RecentCells(2 * FIRST);
      MixedSeries mixture = new MixedSeries(LEADS, 1 + NAIVES.size(), .1, .9);
      MixedSeries other = new MixedSeries(LEADS, NAIVES.size(), .1, .9);
      for (int cell = 0; cell < cells; cell++) {
        known.put(cell, values[cell]);
        mixture.close(cell, values[cell]);
        other.close(cell, values[cell]);
        if (cell < FIRST) {
          continue;
        }
        float[][] points = new float[1 + NAIVES.size()][HORIZON];
        for (int step = 0; step < HORIZON; step++) {
          double usual = noise / 100 * (1 + step / 12.0);
          double off = (cell < WORSE ? usual : noise) * random.nextGaussian();
          points[0][step] = (float) (values[cell + 1 + step] + off);
        }
        for (int i = 0; i < NAIVES.size(); i++) {
          NAIVES.get(i).forecast(known, cell, 0, points[1 + i]);
        }
        float[] quantiles = new float[2 * HORIZON];
        float[] said = new float[HORIZON];
        float[] otherSaid = new float[HORIZON];
        mixture.forecast(points, said, quantiles);
        other.forecast(Arrays.copyOfRange(points, 1, points.length), otherSaid, quantiles);
        Mixer mixer = new Mixer(LEADS, points.length);
        mixer.follow(mixture.weights());
        for (int lead = 0; lead < LEADS.count(); lead++) {
          int step = LEADS.step(lead);
          double actual = values[cell + step];
          weights[lead][cell] = mixer.weight(lead, 0);
          with[lead][cell] = Math.abs(said[step - 1] - actual);
          without[lead][cell] = Math.abs(otherSaid[step - 1] - actual);
        }
      }
    }

    /** Whole horizons from the first worse forecast on, after which the weight stays negligible. */
    int horizonsUntilNegligible(int lead) {
      int cell = cells - 1;
      while (cell > WORSE && weights[lead][cell] < NEGLIGIBLE) {
        cell--;
      }
      return (cell + 1 - WORSE + HORIZON - 1) / HORIZON;
    }

    /** The error of the mixture by that of the one without the model, from a horizon on. */
    double ratioFrom(int horizon, int lead) {
      int from = WORSE + horizon * HORIZON;
      return Arrays.stream(with[lead], from, cells).sum()
          / Arrays.stream(without[lead], from, cells).sum();
    }
  }

  private static double deviation(double[] values) {
    double mean = Arrays.stream(values).average().orElseThrow();
    return Math.sqrt(
        Arrays.stream(values)
            .map(value -> (value - mean) * (value - mean))
            .average()
            .orElseThrow());
  }

  private static double[] demand() throws IOException {
    Path file =
        Path.of(System.getProperty("tidecast.root"))
            .resolve("cli/src/main/resources/io/tidecast/cli/uk-electricity-demand-2000.csv");
    return Files.readAllLines(file).stream()
        .skip(1)
        .mapToDouble(line -> Double.parseDouble(line.substring(line.indexOf(',') + 1)))
        .toArray();
  }
}
