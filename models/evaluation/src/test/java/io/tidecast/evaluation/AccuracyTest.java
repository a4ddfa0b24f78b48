package io.tidecast.evaluation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.tidecast.evaluation.data.Scaler;
import java.util.List;
import org.junit.jupiter.api.Test;

class AccuracyTest {
  private static final Scaler SCALER = new Scaler(new double[] {0, 0}, new double[] {2, 10});
  private static final double[] NAIVE = {4, 5};

  @Test
  void shouldDivideTheErrorsOfEachTargetByItsOwnScale() {
    Accuracy.Sum sum = new Accuracy.Sum(SCALER, NAIVE, List.of());
    // Errors 2, 10 and -4, 0; the second target of the first channel comes first.
    sum.add(new int[] {0, 1}, new float[] {3, 15, 0, 20}, new float[0], new float[] {1, 5, 4, 20});
    Accuracy accuracy = sum.mean();
    assertThat(accuracy.windows()).isEqualTo(1);
    assertThat(accuracy.mae()).isEqualTo(16.0 / 4);
    assertThat(accuracy.mse()).isEqualTo(120.0 / 4);
    assertThat(accuracy.scaledMae()).isEqualTo((1 + 1 + 2 + 0) / 4.0);
    assertThat(accuracy.scaledMse()).isEqualTo((1 + 1 + 4 + 0) / 4.0);
    assertThat(accuracy.mase()).isEqualTo((0.5 + 2 + 1 + 0) / 4);
    assertThat(accuracy.crps()).as("of points").isEqualTo(16.0 / 30);
    assertThat(accuracy.coverage()).isNaN();
  }

  @Test
  void shouldTakeTheScaleOfTheTarget() {
    Accuracy.Sum sum = new Accuracy.Sum(SCALER, NAIVE, List.of());
    sum.add(new int[] {1}, new float[] {20}, new float[0], new float[] {10});
    assertThat(sum.mean().scaledMae()).isEqualTo(1);
    assertThat(sum.mean().mase()).isEqualTo(2);
  }

  @Test
  void shouldWeighTheQuantileLoss() {
    Accuracy.Sum sum = new Accuracy.Sum(SCALER, NAIVE, List.of(0.1, 0.9));
    sum.add(new int[] {0}, new float[] {9, -4}, new float[] {8, 11, -3, 0}, new float[] {10, -5});
    // Pinball losses .1 * 2 and .1 * 1 around 10, .9 * 2 and .1 * 5 above -5.
    assertThat(sum.mean().crps()).isCloseTo(2 * (0.2 + 0.1 + 1.8 + 0.5) / 2 / 15, within(1e-12));
    assertThat(sum.mean().coverage()).isEqualTo(0.5);
    assertThat(sum.mean().mae()).isEqualTo(1);
  }

  @Test
  void shouldWeighTheQuantileLossOfEachTarget() {
    Accuracy.Sum sum = new Accuracy.Sum(SCALER, NAIVE, List.of(0.1, 0.9));
    // A step of two targets with two levels each: around 10, and above -5.
    sum.add(
        new int[] {1, 0}, new float[] {9, -4}, new float[] {8, 11, -3, 0}, new float[] {10, -5});
    assertThat(sum.mean().crps()).isCloseTo(2 * (0.2 + 0.1 + 1.8 + 0.5) / 2 / 15, within(1e-12));
    assertThat(sum.mean().coverage()).isEqualTo(0.5);
  }

  @Test
  void shouldGiveAPointTheCrpsOfItsQuantilesAllAlike() {
    Accuracy.Sum points = new Accuracy.Sum(SCALER, NAIVE, List.of());
    Accuracy.Sum quantiles = new Accuracy.Sum(SCALER, NAIVE, List.of(0.1, 0.5, 0.9));
    float[] actual = {10, -5};
    points.add(new int[] {0}, new float[] {8, -2}, new float[0], actual);
    quantiles.add(new int[] {0}, new float[] {8, -2}, new float[] {8, 8, 8, -2, -2, -2}, actual);
    assertThat(points.mean().crps()).isCloseTo(quantiles.mean().crps(), within(1e-12));
  }

  @Test
  void shouldHaveNoMaseWithoutAScale() {
    Accuracy.Sum sum = new Accuracy.Sum(SCALER);
    sum.add(new float[] {3, 15}, new float[] {1, 5});
    assertThat(sum.mean().mase()).isNaN();
    assertThat(sum.mean().scaledMae()).isEqualTo(1);
  }
}
