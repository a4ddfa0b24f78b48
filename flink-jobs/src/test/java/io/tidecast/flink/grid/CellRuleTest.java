package io.tidecast.flink.grid;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidecast.flink.grid.CellRule.Aggregate;
import io.tidecast.flink.grid.CellRule.Duplicates;
import java.math.BigDecimal;
import java.math.MathContext;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CellRuleTest {

  private static final float NAN = Float.NaN;

  /** Observations in the order of arrival: at 5, 3, 9, 3 and 9. */
  @ParameterizedTest
  @CsvSource({
    "LAST,LAST,50",
    "LAST,FIRST,30",
    "LAST,AGGREGATE,50",
    "FIRST,LAST,40",
    "FIRST,FIRST,20",
    "FIRST,AGGREGATE,20",
    "MEAN,AGGREGATE,30",
    "SUM,AGGREGATE,150",
    "MIN,AGGREGATE,10",
    "MAX,AGGREGATE,50",
    "COUNT,AGGREGATE,5"
  })
  void shouldMakeOneValueOfMany(Aggregate aggregate, Duplicates duplicates, float expected) {
    CellRule rule = new CellRule(aggregate, duplicates, 1);
    ByteBuffer open = ByteBuffer.allocate(rule.openBytes());
    double cell = rule.fold(open, 0, NAN, 5, 10);
    cell = rule.fold(open, 0, cell, 3, 20);
    cell = rule.fold(open, 0, cell, 9, 30);
    cell = rule.fold(open, 0, cell, 3, 40);
    cell = rule.fold(open, 0, cell, 9, 50);
    assertThat(cell).isEqualTo(expected);
  }

  @Test
  void shouldForgetWhatWasThereBeforeAnEmptyCell() {
    for (Aggregate aggregate : Aggregate.values()) {
      CellRule rule = new CellRule(aggregate, Duplicates.AGGREGATE, 1);
      if (rule.isOfReadings()) {
        continue;
      }
      ByteBuffer open = ByteBuffer.allocate(rule.openBytes());
      rule.fold(open, 0, rule.fold(open, 0, NAN, 8, 100), 9, 200);
      float expected = aggregate == Aggregate.COUNT ? 1 : 7;
      assertThat(rule.fold(open, 0, NAN, 8, 7)).as("%s", aggregate).isEqualTo(expected);
    }
  }

  /** Magnitudes 2^-30 to 2^30 of both signs: far beyond what one double holds. */
  @Test
  void shouldAddUpToTheSameBitsInAnyOrder() {
    Random random = new Random(5);
    for (int trial = 0; trial < 200; trial++) {
      List<Float> values = new ArrayList<>();
      for (int i = 1 + random.nextInt(300); i > 0; i--) {
        values.add((float) (random.nextGaussian() * Math.pow(2, random.nextInt(61) - 30)));
      }
      BigDecimal exact =
          values.stream().map(BigDecimal::new).reduce(BigDecimal.ZERO, BigDecimal::add);
      BigDecimal mean = exact.divide(BigDecimal.valueOf(values.size()), MathContext.DECIMAL128);
      Set<Float> sums = new HashSet<>();
      Set<Float> means = new HashSet<>();
      for (int order = 0; order < 10; order++) {
        sums.add(fold(Aggregate.SUM, values));
        means.add(fold(Aggregate.MEAN, values));
        Collections.shuffle(values, random);
      }
      assertThat(sums).as("trial %d", trial).containsExactly(exact.floatValue());
      assertThat(means).as("trial %d", trial).hasSize(1);
      float only = means.iterator().next();
      assertThat(Math.abs(only - mean.floatValue())).isLessThanOrEqualTo(Math.ulp(only));
    }
  }

  @Test
  void shouldNeverBecomeInfinite() {
    List<Float> values = Collections.nCopies(3, Float.MAX_VALUE);
    assertThat(fold(Aggregate.SUM, values)).isEqualTo(Float.MAX_VALUE);
    assertThat(fold(Aggregate.MEAN, values)).isEqualTo(Float.MAX_VALUE);
    assertThat(fold(Aggregate.SUM, Collections.nCopies(3, -Float.MAX_VALUE)))
        .isEqualTo(-Float.MAX_VALUE);
  }

  @Test
  void shouldKeepItsCodes() {
    assertThat(new CellRule(Aggregate.LAST, Duplicates.LAST, 1).code()).isZero();
    assertThat(new CellRule(Aggregate.COUNT, Duplicates.AGGREGATE, 1).code()).isEqualTo(0x206);
    for (Aggregate aggregate : Aggregate.values()) {
      for (Duplicates duplicates : Duplicates.values()) {
        CellRule rule = new CellRule(aggregate, duplicates, 0);
        assertThat(CellRule.ofCode(rule.code())).isEqualTo(rule);
      }
    }
  }

  private static float fold(Aggregate aggregate, List<Float> values) {
    CellRule rule = new CellRule(aggregate, Duplicates.AGGREGATE, 1);
    ByteBuffer open = ByteBuffer.allocate(rule.openBytes());
    double cell = NAN;
    for (float value : values) {
      cell = rule.fold(open, 0, cell, 0, value);
    }
    return (float) cell;
  }
}
