package io.tidecast.training.torch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.training.GradientCollector;
import io.tidecast.architectures.Init;
import io.tidecast.architectures.Ops;
import io.tidecast.architectures.Tensor;
import io.tidecast.architectures.WeightsException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class TorchOpsTest {
  private final NDManager manager = Torch.newManager();
  private final TorchWeights weights = new TorchWeights(manager, 7);

  @AfterEach
  void close() {
    manager.close();
  }

  @Test
  void shouldMoveRunningStatisticsByATenthWhileTraining() {
    NDArray x = manager.create(new float[] {1, 10, 3, 30, 5, 50, 7, 70}, new Shape(4, 2));
    NDArray y =
        TorchOps.training(manager, weights, new DropoutMasks(1)).batchNorm(x, "bn", 2, 1e-5);
    // Mean 4 and 40; the running variance takes the unbiased 20/3 and 2000/3.
    assertThat(weights.statistic("bn.running_mean", Init.ZEROS, 2).toFloatArray())
        .containsExactly(new float[] {0.4f, 4f}, within(1e-5f));
    assertThat(weights.statistic("bn.running_var", Init.ONES, 2).toFloatArray())
        .containsExactly(new float[] {0.9f + 2 / 3f, 0.9f + 200 / 3f}, within(1e-4f));
    assertThat(y.mean(new int[] {0}).toFloatArray())
        .containsExactly(new float[] {0, 0}, within(1e-6f));
  }

  @Test
  void shouldLeaveRunningStatisticsAloneOtherwise() {
    NDArray x = manager.create(new float[] {1, 10, 3, 30}, new Shape(2, 2));
    NDArray y = TorchOps.inference(manager, weights).batchNorm(x, "bn", 2, 1e-5);
    assertThat(weights.statistic("bn.running_mean", Init.ZEROS, 2).toFloatArray())
        .containsExactly(0, 0);
    assertThat(y.toFloatArray()).containsExactly(new float[] {1, 10, 3, 30}, within(1e-3f));
  }

  @Test
  void shouldDropOnlyWhileTrainingAndKeepTheMean() {
    NDArray x = manager.ones(new Shape(99_999));
    float[] dropped =
        TorchOps.training(manager, weights, new DropoutMasks(1)).dropout(x, 0.3).toFloatArray();
    double mean = 0;
    for (float value : dropped) {
      assertThat(value == 0 || Math.abs(value - 1 / 0.7f) < 1e-5).isTrue();
      mean += value / dropped.length;
    }
    assertThat(mean).isCloseTo(1, within(0.02));
    assertThat(TorchOps.inference(manager, weights).dropout(x, 0.3)).isSameAs(x);
  }

  @Test
  void shouldGatherWindowsAlongAnyAxis() {
    NDArray x = manager.arange(24f).reshape(2, 3, 4);
    Ops<NDArray> ops = TorchOps.inference(manager, weights);
    NDArray last = ops.gather(x, -1, new long[] {0, 1, 2, 3}, 2, 2);
    assertThat(last.getShape()).isEqualTo(new Shape(2, 3, 2, 2));
    assertThat(last.toFloatArray()).isEqualTo(x.toFloatArray());
    NDArray middle = ops.gather(x, 1, new long[] {2, 2}, 2);
    assertThat(middle.getShape()).isEqualTo(new Shape(2, 2, 4));
    assertThat(middle.get("0, 1").toFloatArray()).containsExactly(8, 9, 10, 11);
    assertThat(ops.concat(List.of(x, x), 1).getShape()).isEqualTo(new Shape(2, 6, 4));
  }

  @Test
  void shouldShowTheGreatestInTheOrderOfTheirPlaces() {
    Ops<NDArray> ops = TorchOps.inference(manager, weights);
    NDArray x = manager.create(new float[] {1, 9, -3, 7, 8, 7, 6, 5}, new Shape(2, 1, 4));
    NDArray greatest = ops.greatest(x, 2, 4);
    assertThat(greatest.getShape()).isEqualTo(new Shape(2, 1, 2, 4));
    assertThat(greatest.toFloatArray())
        .containsExactly(0, 1, 0, 0, 0, 0, 0, 1, 1, 0, 0, 0, 0, 1, 0, 0);
    assertThat(ops.sort(x, 4).toFloatArray()).containsExactly(-3, 1, 7, 9, 5, 6, 7, 8);
  }

  @Test
  void shouldRollStepsByDelaysOfEachWindowOrOfAll() {
    Ops<NDArray> ops = TorchOps.inference(manager, weights);
    NDArray x = manager.arange(12f).reshape(2, 3, 2);
    x.setRequiresGradient(true);
    NDArray own = manager.create(new float[] {0, 1, 2, 0}, new Shape(2, 2, 1));
    NDArray rolled = ops.rolled(x, own, 3);
    assertThat(rolled.getShape()).isEqualTo(new Shape(2, 2, 3, 2));
    assertThat(rolled.get("0, 1").toFloatArray()).containsExactly(2, 3, 4, 5, 0, 1);
    assertThat(rolled.get("1, 0").toFloatArray()).containsExactly(10, 11, 6, 7, 8, 9);
    NDArray common = manager.create(new float[] {1}, new Shape(1, 1, 1));
    assertThat(ops.rolled(x, common, 3).get("1, 0").toFloatArray())
        .containsExactly(8, 9, 10, 11, 6, 7);
    try (GradientCollector collector = manager.getEngine().newGradientCollector()) {
      collector.backward(ops.rolled(x, own, 3).square().sum().div(4));
    }
    assertThat(x.getGradient().toFloatArray()).isEqualTo(x.toFloatArray());
  }

  @Test
  void shouldPadOneAxis() {
    Ops<NDArray> ops = TorchOps.inference(manager, weights);
    NDArray x = manager.create(new float[] {1, 2, 3, 4}, new Shape(2, 2));
    assertThat(ops.pad(x, 0, 1, 0).toFloatArray()).containsExactly(0, 0, 1, 2, 3, 4);
    assertThat(ops.pad(x, 1, 0, 1).toFloatArray()).containsExactly(1, 2, 0, 3, 4, 0);
  }

  @Test
  void shouldLetGradientsThroughWhatIsKnownAlone() {
    Ops<NDArray> ops = TorchOps.inference(manager, weights);
    NDArray x = manager.create(new float[] {2, Float.NaN, -3}, new Shape(3));
    x.setRequiresGradient(true);
    assertThat(ops.known(x).toFloatArray()).containsExactly(1, 0, 1);
    assertThat(ops.orZero(x).toFloatArray()).containsExactly(2, 0, -3);
    try (GradientCollector collector = manager.getEngine().newGradientCollector()) {
      collector.backward(ops.mul(ops.orZero(x), ops.known(x)).square().sum());
    }
    assertThat(x.getGradient().toFloatArray()).containsExactly(4, 0, -6);
  }

  @Test
  void shouldKeepDrawnTablesUntilOthersAreRestored() {
    assertThat(weights.table("sample", new long[] {1, 2})).containsExactly(1, 2);
    assertThat(weights.table("sample", new long[] {3, 4})).containsExactly(1, 2);
    Tensor other = Tensor.of(new long[] {5, 6}, 2);
    weights.restore(Map.of("sample", other));
    assertThat(weights.snapshot().get("sample").longs()).containsExactly(5, 6);
    assertThatThrownBy(() -> weights.restore(Map.of("sample", Tensor.of(new long[1], 1))))
        .isInstanceOf(WeightsException.class)
        .hasMessage("weights must hold sample of 2 integers");
  }

  @Test
  void shouldFollowTheGradientOfEachStepAlone() {
    // Of w², from w = 1: Adam's first steps are all close to the rate, whatever the gradient's
    // size.
    NDArray w = weights.trainable("w", Init.ONES, 1);
    Adam adam = new Adam(weights, 0);
    double expected = 1;
    double m = 0;
    double v = 0;
    for (int t = 1; t <= 5; t++) {
      try (GradientCollector collector = manager.getEngine().newGradientCollector()) {
        collector.backward(w.square().sum());
      }
      adam.step(weights, 0.1);
      double gradient = 2 * expected;
      m = 0.9 * m + 0.1 * gradient;
      v = 0.999 * v + 0.001 * gradient * gradient;
      expected -=
          0.1 * (m / (1 - Math.pow(0.9, t))) / (Math.sqrt(v / (1 - Math.pow(0.999, t))) + 1e-8);
      assertThat(w.toFloatArray()[0]).as("step " + t).isCloseTo((float) expected, within(1e-5f));
    }
  }
}
