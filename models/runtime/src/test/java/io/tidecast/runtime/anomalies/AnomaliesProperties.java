package io.tidecast.runtime.anomalies;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidecast.runtime.anomalies.AnomalySettings.Interval;
import io.tidecast.runtime.anomalies.AnomalySettings.Rule;
import io.tidecast.runtime.anomalies.Finding.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Whatever the series, the forecasts and the settings. */
class AnomaliesProperties {

  private static final int ROUNDS = 100;

  /** A series with the forecasts of it, and the corrections of its values. */
  private static final class World {
    final Random random;
    final AnomalySettings settings;
    final int every;
    final double[] values;
    final double[] points;

    World(long seed) {
      random = new Random(seed);
      every = 1 + random.nextInt(8);
      int among = 1 + random.nextInt(5);
      settings =
          new AnomalySettings(
              1,
              new Interval(0.9 + 0.09 * random.nextDouble(), 100 + random.nextInt(300)),
              new Rule(
                  new RunRule(1 + random.nextInt(among), among),
                  Sides.values()[random.nextInt(3)],
                  0,
                  random.nextInt(2) * 0.01,
                  random.nextInt(3)),
              random.nextInt(2) * (2 + random.nextInt(10)),
              every + 2,
              random.nextInt(10));
      values = new double[600];
      points = new double[600];
      double level = 0;
      for (int cell = 0; cell < values.length; cell++) {
        level += random.nextInt(150) == 0 ? 16 * random.nextGaussian() : 0;
        points[cell] = 64 + 8 * Math.sin(cell / 4.0);
        values[cell] =
            random.nextInt(20) == 0 ? Double.NaN : points[cell] + level + random.nextGaussian();
        values[cell] += random.nextInt(60) == 0 ? 20 * random.nextGaussian() : 0;
      }
    }

    /** Everything that is told of the values times a factor and moved. */
    List<Finding> run(double factor, double moved, int restores) {
      Random chance = new Random(restores);
      SeriesAnomalies series = new SeriesAnomalies(settings, new Tally());
      List<Finding> told = new ArrayList<>();
      for (int cell = 0; cell < values.length; cell++) {
        if (cell % every == 0) {
          long origin = cell - 1;
          series.forecast(
              new Expectation(
                  new Source(origin, "m" + cell / 100, "1"),
                  0,
                  new int[1],
                  every + 2,
                  (step, target) ->
                      factor * points[(int) Math.min(origin + 1 + step, points.length - 1)]
                          + moved));
        }
        series.close(cell, new double[] {factor * values[cell] + moved});
        if (cell % 7 == 6) {
          int corrected = cell - cell / 7 % 5;
          series.close(corrected, new double[] {factor * (values[corrected] + 1) + moved});
        }
        told.addAll(series.findings());
        if (restores > 0 && chance.nextInt(restores) == 0) {
          series = SeriesAnomalies.read(settings, new Tally(), series.bytes());
        }
      }
      return told;
    }
  }

  @Test
  void shouldTellTheSameAfterRestores() {
    int told = 0;
    for (long seed = 0; seed < ROUNDS; seed++) {
      World world = new World(seed);
      List<Finding> all = world.run(1, 0, 0);
      told += all.size();
      assertThat(world.run(1, 0, 20)).as("seed %d", seed).isEqualTo(all);
      assertThat(world.run(1, 0, 1)).as("seed %d", seed).isEqualTo(all);
    }
    assertThat(told).isGreaterThan(10 * ROUNDS);
  }

  /** Other units change nothing but the numbers in them. */
  @Test
  void shouldTellTheSameInOtherUnits() {
    for (long seed = 0; seed < ROUNDS; seed++) {
      World world = new World(seed);
      List<Finding> all = world.run(1, 0, 0);
      List<Finding> scaled = world.run(1024, 0, 0);
      assertThat(scaled).as("seed %d", seed).hasSameSizeAs(all);
      for (int i = 0; i < all.size(); i++) {
        Finding one = all.get(i);
        Finding other = scaled.get(i);
        assertThat(other.score()).isEqualTo(one.score());
        assertThat(other.value().value()).isEqualTo(1024 * one.value().value());
        assertThat(other.value().upper()).isEqualTo(1024 * one.value().upper());
        assertThat(other.run()).isEqualTo(one.run());
        assertThat(other.kind()).isEqualTo(one.kind());
      }
    }
  }

  /** What is told of a cell is told by its newest finding: an anomaly, or withdrawn. */
  @Test
  void shouldWithdrawNothingThatWasNotTold() {
    for (long seed = 0; seed < ROUNDS; seed++) {
      World world = new World(seed);
      List<Long> standing = new ArrayList<>();
      for (Finding finding : world.run(1, 0, 0)) {
        Long cell = finding.value().cell();
        if (finding.kind() == Kind.ANOMALY && finding.withdrawn()) {
          assertThat(standing.remove(cell)).as("seed %d", seed).isTrue();
        } else if (finding.kind() == Kind.ANOMALY) {
          assertThat(finding.score()).isGreaterThan(1);
          assertThat(finding.run().outside())
              .isBetween(world.settings.rule().run().outside(), finding.run().among());
          standing.remove(cell);
          standing.add(cell);
        }
      }
    }
  }

  /** A level that moves for good, while forecasts stay where they were. */
  @Test
  void shouldTellOneShiftAndFewAnomaliesOfALevelThatMoves() {
    int anomaliesBefore = 0;
    for (long seed = 0; seed < ROUNDS; seed++) {
      Random random = new Random(seed);
      AnomalySettings settings =
          new AnomalySettings(1, new Interval(0.99, 400), Rule.EACH, 6, 1, 0);
      SeriesAnomalies series = new SeriesAnomalies(settings, new Tally());
      double shift = (random.nextBoolean() ? 1 : -1) * (8 + 20 * random.nextDouble());
      int shifts = 0;
      int anomalies = 0;
      for (int cell = 0; cell < 2000; cell++) {
        series.forecast(
            new Expectation(
                new Source(cell - 1, "m", "1"), 0, new int[1], 1, (step, target) -> 100));
        double value = 100 + random.nextGaussian() + (cell < 1000 ? 0 : shift);
        series.close(cell, new double[] {value});
        for (Finding finding : series.findings()) {
          if (cell < 1000) {
            anomaliesBefore++;
            assertThat(finding.kind()).as("seed %d", seed).isEqualTo(Kind.ANOMALY);
          } else if (finding.kind() == Kind.LEVEL_SHIFT) {
            shifts++;
            assertThat(finding.value().cell()).isLessThan(1000 + 7);
            assertThat(finding.shift().after() - finding.shift().before())
                .isBetween(shift - 2, shift + 2);
          } else {
            anomalies++;
          }
        }
      }
      assertThat(shifts).as("seed %d", seed).isEqualTo(1);
      // Those of the run, and one in 100 as ever.
      assertThat(anomalies).as("seed %d", seed).isLessThan(6 + 30);
    }
    assertThat(anomaliesBefore / (double) (ROUNDS * 950)).isBetween(0.006, 0.014);
  }
}
