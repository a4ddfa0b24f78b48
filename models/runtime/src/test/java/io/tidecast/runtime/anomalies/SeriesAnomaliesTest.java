package io.tidecast.runtime.anomalies;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;
import static org.assertj.core.api.Assertions.within;

import io.tidecast.runtime.anomalies.AnomalySettings.Interval;
import io.tidecast.runtime.anomalies.AnomalySettings.Rule;
import io.tidecast.runtime.anomalies.Finding.Kind;
import io.tidecast.runtime.anomalies.Finding.Levels;
import io.tidecast.runtime.anomalies.Finding.Run;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class SeriesAnomaliesTest {

  /** Ends are the greatest error on their side. */
  private static final Interval GREATEST = new Interval(0.99, 200);

  private static final double MISSING = Double.NaN;

  private SeriesAnomalies series;
  private AnomalySettings settings;
  private final Tally tally = new Tally();
  private final List<Finding> told = new ArrayList<>();
  private long cell;

  private static AnomalySettings settings(Rule rule, int shiftCells, int openCells) {
    return new AnomalySettings(1, GREATEST, rule, shiftCells, 10, openCells);
  }

  /** After 100 cells of which the forecasts were 1 off, up and down by turns. */
  private void start(AnomalySettings chosen) {
    settings = chosen;
    series = new SeriesAnomalies(settings, tally);
    for (int i = 0; i < 100; i++) {
      close(10 + (i % 2 == 0 ? 1 : -1), 10);
    }
    assertThat(told).isEmpty();
  }

  private void start(Rule rule) {
    start(settings(rule, 0, 8));
  }

  private void forecast(long origin, int revision, double... points) {
    series.forecast(
        new Expectation(
            new Source(origin, "m", "7"),
            revision,
            new int[1],
            points.length,
            (step, target) -> points[step]));
  }

  /** Closes the next cell, which was forecast from the one before. */
  private void close(double value, double point) {
    forecast(cell - 1, 0, point);
    assertThat(series.close(cell++, new double[] {value})).isTrue();
    told.addAll(series.findings());
  }

  private void correct(long corrected, double value) {
    assertThat(series.close(corrected, new double[] {value})).isTrue();
    told.addAll(series.findings());
  }

  private List<Double> scores() {
    return told.stream().map(Finding::score).toList();
  }

  private static Rule rule(int outside, int among) {
    return new Rule(new RunRule(outside, among), Sides.BOTH, 0, 0, 0);
  }

  @Test
  void shouldTellAValueOutsideOfItsInterval() {
    start(Rule.EACH);
    close(11, 10);
    assertThat(told).as("just at the end").isEmpty();
    close(12.5, 10);

    assertThat(told)
        .singleElement()
        .isEqualTo(
            new Finding(
                Kind.ANOMALY,
                0,
                new Judged(101, 12.5, 10, 9, 11, new Source(100, "m", "7")),
                2.5,
                new Run(1, 1, 101),
                Levels.NONE,
                0,
                false));
    assertThat(told.get(0).value().side()).isEqualTo(Side.ABOVE);
    assertThat(told.get(0).value().lead()).isEqualTo(1);
    assertThat(tally.earlyValues()).isEqualTo(50);
    assertThat(tally.judgedValues()).isEqualTo(52);
    assertThat(tally.unexpectedValues()).isZero();
  }

  @Test
  void shouldMeasureEachSideByItsOwnErrors() {
    settings = settings(Rule.EACH, 0, 8);
    series = new SeriesAnomalies(settings, tally);
    for (int i = 0; i < 100; i++) {
      close(10 + (i % 2 == 0 ? 4 : -1), 10);
    }
    close(13.5, 10);
    close(7, 10);
    assertThat(told).extracting(finding -> finding.value().side()).containsExactly(Side.BELOW);
    assertThat(scores()).containsExactly(3.0);
  }

  @Test
  void shouldLearnWhatIsUsualNow() {
    start(Rule.EACH);
    close(13, 10);
    close(13, 10);
    close(14, 10);
    assertThat(scores()).containsExactly(3.0, 4.0 / 3);
  }

  @Test
  void shouldNotTellOfWhatIsMissing() {
    start(Rule.EACH);
    close(MISSING, 10);
    close(10, MISSING);
    assertThat(told).isEmpty();
    series.close(cell + 20, new double[] {99});
    assertThat(series.findings()).as("no forecast names it").isEmpty();
    assertThat(tally.unexpectedValues()).isEqualTo(1);
  }

  @Test
  void shouldAskForARunOnOneSide() {
    start(rule(2, 3));
    close(13, 10);
    close(10, 10);
    close(MISSING, 10);
    close(6, 10);
    assertThat(told).as("one above, one below").isEmpty();
    close(14, 10);
    assertThat(told).as("the one above is gone").isEmpty();
    close(15.5, 10);
    assertThat(told).extracting(Finding::run).containsExactly(new Run(2, 3, 104));
  }

  private void gap(int cells) {
    for (int i = 0; i < cells; i++) {
      close(MISSING, 10);
    }
  }

  @Test
  void shouldFindARunOverAGapHoweverLongItIs() {
    start(rule(2, 3));
    close(14, 10);
    gap(50);
    close(20, 10);
    assertThat(told).extracting(Finding::run).containsExactly(new Run(2, 3, 100));
    gap(50);
    close(10, 10);
    close(10, 10);
    close(40, 10);
    assertThat(told).as("those that are known still leave in their turn").hasSize(1);
  }

  @Test
  void shouldNotTakeBackAnAnomalyWhoseRunBeganBeforeAGap() {
    start(settings(rule(2, 3), 0, 2));
    close(14, 10);
    gap(4);
    close(20, 10);
    close(10, 10);
    correct(105, 21);
    assertThat(told).extracting(Finding::withdrawn).containsExactly(false, false);
    assertThat(told).extracting(Finding::run).containsOnly(new Run(2, 3, 100));
  }

  @Test
  void shouldKeepMissingCellsThatAreOpen() {
    start(rule(2, 3));
    close(14, 10);
    gap(8);
    correct(101, 20);
    assertThat(told).extracting(finding -> finding.value().cell()).containsExactly(101L);
  }

  @Test
  void shouldKeepNoMoreOverAGap() {
    start(rule(2, 3));
    int before = series.bytes().length;
    gap(50);
    assertThat(series.bytes()).hasSize(before);
  }

  @Test
  void shouldKeepWhatIsKnownWhenFewerCellsAreOpenAfterARestore() {
    start(rule(2, 3));
    close(14, 10);
    gap(9);
    settings = settings(rule(2, 3), 0, 1);
    series = SeriesAnomalies.read(settings, tally, series.bytes());
    close(20, 10);
    assertThat(told).extracting(Finding::run).containsExactly(new Run(2, 3, 100));
  }

  @Test
  void shouldTellOnlyTheSideThatIsAskedFor() {
    start(new Rule(RunRule.EACH, Sides.BELOW, 0, 0, 0));
    close(20, 10);
    close(5, 10);
    assertThat(told).extracting(finding -> finding.value().value()).containsExactly(5.0);
  }

  @Test
  void shouldAskForTheLeastDeviation() {
    start(new Rule(RunRule.EACH, Sides.BOTH, 4, 0.5, 0));
    close(13, 10);
    close(13.9, 10);
    assertThat(told).isEmpty();
    close(16, 10);
    assertThat(scores()).as("5 are half of what was expected").containsExactly(6.0 / 5);
    close(-10, 0);
    assertThat(scores()).as("4 are the least").last().isEqualTo(10.0 / 4);
  }

  @Test
  void shouldGiveFiniteScoresToSeriesThatAreForecastWithoutAnError() {
    settings = settings(Rule.EACH, 0, 8);
    series = new SeriesAnomalies(settings, tally);
    for (int i = 0; i < 60; i++) {
      close(0.1, 0.1f);
    }
    assertThat(told).as("rounding").isEmpty();
    close(0.2, 0.1f);
    assertThat(scores()).singleElement().satisfies(s -> assertThat(s).isBetween(1e5, 1e6));
  }

  @Test
  void shouldBeSilentForAWhile() {
    start(new Rule(RunRule.EACH, Sides.BOTH, 0, 0, 2));
    close(20, 10);
    close(40, 10);
    close(80, 10);
    close(160, 10);
    assertThat(told).extracting(finding -> finding.value().cell()).containsExactly(100L, 103L);
  }

  @Test
  void shouldHoldACellAgainstTheNewestForecastThatNamedIt() {
    start(Rule.EACH);
    forecast(99, 0, 10, 20, 30, 40);
    correctNothing(100, 10);
    forecast(99, 1, 10, 21, 31, 41);
    forecast(98, 5, 0, 0, 0, 0, 0);
    correctNothing(101, 21);
    forecast(101, 0, 32);
    correctNothing(102, 32);
    correctNothing(103, 77);
    assertThat(tally.unexpectedValues()).as("the newest names 102 alone").isEqualTo(1);
    series.close(104, new double[] {1});
    forecast(102, 0, 5, 5, 50);
    assertThat(series.close(105, new double[] {52})).isTrue();
    assertThat(series.findings())
        .singleElement()
        .satisfies(
            finding -> {
              assertThat(finding.value().expected()).isEqualTo(50);
              assertThat(finding.value().lead()).isEqualTo(3);
              assertThat(finding.score()).isGreaterThan(1);
            });
  }

  private void correctNothing(long of, double value) {
    assertThat(series.close(of, new double[] {value})).isTrue();
    assertThat(series.findings()).isEmpty();
  }

  @Test
  void shouldKeepForecastsUntilTheCellsBeforeThemHaveClosed() {
    start(Rule.EACH);
    int before = series.bytes().length;
    for (int origin = 99; origin < 140; origin++) {
      forecast(origin, 0, origin, 0, 0);
    }
    // Of each forecast but the last only what was said of the cell before the next one.
    assertThat(series.bytes()).hasSize(before + 41 * 28 + (40 + 3) * Double.BYTES);
    for (int next = 100; next < 140; next++) {
      correctNothing(next, next - 1);
    }
    correctNothing(140, 139);
    correctNothing(141, 0);
    series.close(142, new double[] {9});
    assertThat(series.findings()).extracting(f -> f.value().lead()).containsExactly(3);
  }

  @Test
  void shouldTakeBackWhatACorrectionMakesUsual() {
    start(Rule.EACH);
    close(20, 10);
    close(10, 10);
    correct(100, 10.5);
    assertThat(told).extracting(Finding::withdrawn).containsExactly(false, true);
    assertThat(told.get(1).value().value()).isEqualTo(10.5);
    assertThat(told.get(1).score()).isEqualTo(0.5);
    correct(100, 10.5);
    assertThat(told).as("no news").hasSize(2);
  }

  @Test
  void shouldTellWhatACorrectionMakesStrange() {
    start(rule(2, 3));
    close(MISSING, 10);
    close(14, 10);
    assertThat(told).isEmpty();
    correct(100, 14);
    assertThat(told).extracting(finding -> finding.value().cell()).containsExactly(101L);
    correct(101, 15);
    assertThat(told).hasSize(2).extracting(Finding::withdrawn).containsOnly(false);
    assertThat(told.get(1).score()).as("by the interval of then").isEqualTo(5);
    correct(100, 10);
    assertThat(told.get(2).withdrawn()).as("a run of one").isTrue();
    assertThat(told.get(2).value().cell()).isEqualTo(101);
  }

  @Test
  void shouldCountWhatIsToldOfACell() {
    start(Rule.EACH);
    close(20, 10);
    correct(100, 10.5);
    correct(100, 20);
    byte[] kept = series.bytes();
    series = SeriesAnomalies.read(settings, tally, kept);
    assertThat(series.bytes()).isEqualTo(kept);
    correct(100, 30);
    close(50, 10);
    assertThat(told).extracting(Finding::revision).containsExactly(0, 1, 2, 3, 0);
    for (int i = 0; i < 100; i++) {
      correct(100, i % 2 == 0 ? 10 : 20);
      series = SeriesAnomalies.read(settings, tally, series.bytes());
    }
    assertThat(told).hasSize(105).last().extracting(Finding::revision).isEqualTo(63);
  }

  @Test
  void shouldRefuseCorrectionsThatAreTooLate() {
    start(Rule.EACH);
    assertThat(series.close(95, new double[] {77})).isTrue();
    assertThat(series.findings()).hasSize(1);
    assertThat(series.close(80, new double[] {77})).isFalse();
    assertThat(series.findings()).isEmpty();
  }

  @Test
  void shouldTellAShiftOfLevelOnce() {
    start(settings(Rule.EACH, 5, 2));
    for (int i = 0; i < 40; i++) {
      close(30 + (i % 2 == 0 ? 1 : -1), 10);
    }
    Finding shift =
        told.stream().filter(finding -> finding.kind() == Kind.LEVEL_SHIFT).toList().get(0);
    assertThat(told).filteredOn(finding -> finding.kind() == Kind.LEVEL_SHIFT).hasSize(1);
    assertThat(shift.value().cell()).isEqualTo(104);
    assertThat(shift.run()).isEqualTo(new Run(5, 5, 100));
    assertThat(shift.shift()).isEqualTo(new Levels(10, 31));
    assertThat(shift.score()).isEqualTo(21);
    // Those after the first are no stranger, until the new level is known, though not to a hair.
    assertThat(told)
        .filteredOn(finding -> finding.kind() == Kind.ANOMALY)
        .extracting(finding -> finding.value().cell())
        .containsExactly(100L, 105L);
    told.clear();
    close(40, 10);
    assertThat(told)
        .singleElement()
        .satisfies(
            finding -> {
              assertThat(finding.value().expected())
                  .as("on the new level")
                  .isEqualTo(30, within(0.2));
              assertThat(finding.value().source().origin()).isEqualTo(139);
            });
  }

  @Test
  void shouldGoBackToTheForecastsOnceTheyFollow() {
    start(settings(Rule.EACH, 5, 2));
    for (int i = 0; i < 20; i++) {
      close(30 + (i % 2 == 0 ? 1 : -1), 10);
    }
    told.clear();
    for (int i = 0; i < 5; i++) {
      close(30 + (i % 2 == 0 ? 1 : -1), 30);
    }
    assertThat(told).isEmpty();
    close(51, 30);
    assertThat(told).as("31 is the level of the forecasts no more").hasSize(1);
    assertThat(told.get(0).value().expected()).isEqualTo(30);
  }

  @Test
  void shouldTakeNoSpikeForAShift() {
    start(settings(Rule.EACH, 5, 2));
    for (int i = 0; i < 30; i++) {
      close(i % 4 == 0 ? 1e6 * (i + 1) : 10 + (i % 2 == 0 ? 1 : -1), 10);
    }
    assertThat(told).isNotEmpty().extracting(Finding::kind).containsOnly(Kind.ANOMALY);
  }

  @Test
  void shouldWidenIntervalsFurtherAhead() {
    settings = new AnomalySettings(1, GREATEST, Rule.EACH, 0, 10, 0);
    series = new SeriesAnomalies(settings, tally);
    for (int i = 0; i < 400; i++) {
      int sign = i % 8 < 4 ? 1 : -1;
      forecast(4L * i - 1, 0, 0, 0, 0, 0);
      for (int step = 0; step < 4; step++) {
        series.close(4L * i + step, new double[] {sign * (step + 1)});
      }
    }
    series.findings();
    forecast(1599, 0, 0, 0, 0, 0);
    series.close(1600, new double[] {1.5});
    Finding near = series.findings().get(0);
    series.close(1601, new double[] {0});
    series.close(1602, new double[] {0});
    series.close(1603, new double[] {50});
    Finding far = series.findings().get(0);
    double nearReach = near.value().upper() - near.value().expected();
    double farReach = far.value().upper() - far.value().expected();
    assertThat(farReach / nearReach).isBetween(3.0, 4.5);
  }

  @Test
  void shouldHaveChannelsOfTheirOwn() {
    settings = new AnomalySettings(3, GREATEST, Rule.EACH, 0, 10, 2);
    series = new SeriesAnomalies(settings, tally);
    for (int i = 0; i < 200; i++) {
      int sign = i % 2 == 0 ? 1 : -1;
      Expectation two =
          new Expectation(
              new Source(i - 1, "m", "7"), 0, new int[] {2, 0}, 1, (step, target) -> 10 * target);
      series.forecast(two);
      series.close(i, new double[] {10 + 2 * sign, 1e9 * i, sign});
    }
    series.forecast(
        new Expectation(
            new Source(199, "m", "7"), 0, new int[] {2, 0}, 1, (step, target) -> 10 * target));
    series.close(200, new double[] {16, 0, 2});
    assertThat(series.findings())
        .extracting(Finding::channel, Finding::score)
        .containsExactly(tuple(2, 2.0), tuple(0, 3.0));
  }

  @Test
  void shouldBeginAnewUnderOtherSettings() {
    start(Rule.EACH);
    byte[] kept = series.bytes();
    SeriesAnomalies same = SeriesAnomalies.read(settings, tally, kept);
    assertThat(same.bytes()).isEqualTo(kept);
    AnomalySettings other = new AnomalySettings(1, new Interval(0.98, 200), Rule.EACH, 0, 10, 8);
    assertThat(SeriesAnomalies.read(other, tally, kept).bytes())
        .isEqualTo(new SeriesAnomalies(other, tally).bytes());
  }

  @Test
  void shouldRefuseBytesOfSomethingElse() {
    start(Rule.EACH);
    byte[] kept = series.bytes();
    assertThatThrownBy(() -> SeriesAnomalies.read(settings, tally, new byte[] {9}))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("must be of version 1");
    assertThatThrownBy(
            () -> SeriesAnomalies.read(settings, tally, Arrays.copyOf(kept, kept.length - 1)))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("end early");
    assertThatThrownBy(
            () -> SeriesAnomalies.read(settings, tally, Arrays.copyOf(kept, kept.length + 1)))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("must end with their last byte");
  }
}
