package io.tidecast.training.torch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDManager;
import io.tidecast.architectures.Init;
import io.tidecast.architectures.Tensor;
import io.tidecast.architectures.WeightsException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class AveragedWeightsTest {

  private static final double SHARE = 0.5;
  private static final float ROUNDING = 1e-6f;

  private final NDManager manager = Torch.newManager();
  private final TorchWeights weights = new TorchWeights(manager, 1);

  @AfterEach
  void freeMemory() {
    manager.close();
  }

  @Test
  void shouldKeepItsShareInEachStepAndLessInTheFirst() {
    weights.trainable("weight", Init.ZEROS, 2);
    weights.statistic("mean", Init.ZEROS, 1);
    weights.table("table", new long[] {7});
    AveragedWeights average = new AveragedWeights(manager, weights, SHARE);
    double weight = 0;
    double mean = 0;
    for (int step = 1; step <= 20; step++) {
      set(3 * step, -step);
      average.add(weights);
      double kept = Math.min(SHARE, step / (step + 9.0));
      weight = kept * weight + (1 - kept) * 3 * step;
      mean = kept * mean - (1 - kept) * step;
    }
    Map<String, Tensor> averaged = average.over(weights.snapshot());
    assertThat(averaged.get("weight").floats())
        .containsExactly(new float[] {(float) weight, (float) weight}, within(20 * 3 * ROUNDING));
    assertThat(averaged.get("mean").floats())
        .containsExactly(new float[] {(float) mean}, within(20 * ROUNDING));
    assertThat(averaged.get("table").longs()).containsExactly(7);
    assertThat(weights.snapshot().get("weight").floats()).containsExactly(60, 60);
  }

  @Test
  void shouldGoOnWhereItsSnapshotWasTaken() {
    weights.trainable("weight", Init.ZEROS, 1);
    AveragedWeights whole = new AveragedWeights(manager, weights, SHARE);
    for (int step : List.of(1, 5, 9)) {
      weights.restore(Map.of("weight", Tensor.of(new float[] {step}, 1)));
      whole.add(weights);
    }
    AveragedWeights resumed = new AveragedWeights(manager, weights, SHARE);
    resumed.restore(whole.snapshot());
    weights.restore(Map.of("weight", Tensor.of(new float[] {-4}, 1)));
    whole.add(weights);
    resumed.add(weights);
    assertThat(resumed.over(Map.of()).get("weight").floats())
        .containsExactly(whole.over(Map.of()).get("weight").floats());
  }

  @Test
  void shouldNameWhatASnapshotLacks() {
    weights.trainable("weight", Init.ZEROS, 1);
    AveragedWeights average = new AveragedWeights(manager, weights, SHARE);
    assertThatThrownBy(() -> average.restore(Map.of()))
        .isInstanceOf(WeightsException.class)
        .hasMessageEndingWith("must hold average/weight");
  }

  private void set(float weight, float mean) {
    weights.restore(
        Map.of(
            "weight",
            Tensor.of(new float[] {weight, weight}, 2),
            "mean",
            Tensor.of(new float[] {mean}, 1)));
  }
}
