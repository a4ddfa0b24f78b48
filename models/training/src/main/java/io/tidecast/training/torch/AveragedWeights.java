package io.tidecast.training.torch;

import static java.util.Objects.requireNonNull;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.NDScope;
import io.tidecast.architectures.Tensor;
import io.tidecast.architectures.WeightsException;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The running average of a network's learned tensors and statistics over the steps of its training
 * (Polyak and Juditsky, 1992), weighing a step the less the longer ago it was. One thread, outside
 * gradient collection.
 */
public final class AveragedWeights {

  private static final String PREFIX = "average/";
  private static final String STEPS = "averaged-steps";

  private final double share;
  private final Map<String, NDArray> averages = new LinkedHashMap<>();
  private long steps;

  /**
   * @param weights drawn, where the average begins
   * @param share that the average keeps in a step, below 1; less in the first steps, so that the
   *     initial weights are soon forgotten
   */
  public AveragedWeights(NDManager manager, TorchWeights weights, double share) {
    this.share = share;
    weights
        .averageable()
        .forEach(
            (name, array) -> {
              NDArray average =
                  manager.create(TorchWeights.tensor(array).floats(), array.getShape());
              NDScope.unregister(average);
              averages.put(name, average);
            });
  }

  /** Takes in the weights after a step. */
  public void add(TorchWeights weights) {
    steps++;
    double kept = Math.min(share, steps / (steps + 9.0));
    weights
        .averageable()
        .forEach(
            (name, array) -> {
              NDArray average = requireNonNull(averages.get(name), name);
              average.muli(kept).addi(array.mul(1 - kept));
            });
  }

  /**
   * What the network would be with its averages: their values, and what has no average as it is.
   */
  public Map<String, Tensor> over(Map<String, Tensor> weights) {
    Map<String, Tensor> averaged = new LinkedHashMap<>(weights);
    averages.forEach((name, average) -> averaged.put(name, TorchWeights.tensor(average)));
    return averaged;
  }

  /** Copies its state: values by prefixed names, and the number of steps. */
  public Map<String, Tensor> snapshot() {
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    averages.forEach((name, average) -> tensors.put(PREFIX + name, TorchWeights.tensor(average)));
    tensors.put(STEPS, Tensor.of(new long[] {steps}));
    return tensors;
  }

  /**
   * Takes up where {@link #snapshot} was taken.
   *
   * @throws WeightsException if a value is missing
   */
  public void restore(Map<String, Tensor> tensors) {
    averages.forEach(
        (name, average) -> average.set(TorchWeights.kept(tensors, PREFIX + name).floats()));
    steps = TorchWeights.kept(tensors, STEPS).longs()[0];
  }
}
