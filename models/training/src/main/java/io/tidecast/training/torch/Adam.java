package io.tidecast.training.torch;

import static java.util.Objects.requireNonNull;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDScope;
import io.tidecast.architectures.Tensor;
import io.tidecast.architectures.WeightsException;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Adam (Kingma and Ba, 2015) with PyTorch's defaults, its moments open to a checkpoint. One thread,
 * outside gradient collection.
 */
public final class Adam {
  private static final double BETA1 = 0.9;
  private static final double BETA2 = 0.999;
  private static final double EPSILON = 1e-8;

  private final double weightDecay;
  private final Map<String, NDArray> first = new LinkedHashMap<>();
  private final Map<String, NDArray> second = new LinkedHashMap<>();
  private long steps;

  /**
   * @param weights whose gradients it will follow
   * @param weightDecay decoupled decay (Loshchilov and Hutter, 2019); 0 for none
   */
  public Adam(TorchWeights weights, double weightDecay) {
    this.weightDecay = weightDecay;
    weights.trainable().forEach((name, array) -> first.put(name, zeros(array)));
    weights.trainable().forEach((name, array) -> second.put(name, zeros(array)));
  }

  private static NDArray zeros(NDArray like) {
    NDArray array = like.getManager().zeros(like.getShape());
    NDScope.unregister(array);
    return array;
  }

  /** Takes one step against the gradients that the last backward pass left, and clears them. */
  public void step(TorchWeights weights, double learningRate) {
    steps++;
    double power = (double) steps;
    double rate =
        learningRate * Math.sqrt(1 - Math.pow(BETA2, power)) / (1 - Math.pow(BETA1, power));
    double epsilon = EPSILON * Math.sqrt(1 - Math.pow(BETA2, power));
    weights
        .trainable()
        .forEach(
            (name, array) -> {
              NDArray gradient = array.getGradient();
              NDArray m = requireNonNull(first.get(name), name);
              NDArray v = requireNonNull(second.get(name), name);
              m.muli(BETA1).addi(gradient.mul(1 - BETA1));
              v.muli(BETA2).addi(gradient.square().muli(1 - BETA2));
              if (weightDecay > 0) {
                array.muli(1 - learningRate * weightDecay);
              }
              array.subi(m.div(v.sqrt().addi(epsilon)).muli(rate));
              // The next backward pass adds to what it finds.
              gradient.subi(gradient);
            });
  }

  /** Copies its state: values by prefixed names, and the number of steps. */
  public Map<String, Tensor> snapshot() {
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    first.forEach((name, array) -> tensors.put("first/" + name, TorchWeights.tensor(array)));
    second.forEach((name, array) -> tensors.put("second/" + name, TorchWeights.tensor(array)));
    tensors.put("steps", Tensor.of(new long[] {steps}));
    return tensors;
  }

  /**
   * Takes up where {@link #snapshot} was taken.
   *
   * @throws WeightsException if a value is missing
   */
  public void restore(Map<String, Tensor> tensors) {
    first.forEach((name, array) -> array.set(TorchWeights.kept(tensors, "first/" + name).floats()));
    second.forEach(
        (name, array) -> array.set(TorchWeights.kept(tensors, "second/" + name).floats()));
    steps = TorchWeights.kept(tensors, "steps").longs()[0];
  }
}
