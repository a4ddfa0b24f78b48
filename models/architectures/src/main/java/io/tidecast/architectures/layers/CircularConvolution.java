package io.tidecast.architectures.layers;

import io.tidecast.architectures.Init;
import io.tidecast.architectures.Ops;
import java.util.List;

/**
 * A convolution over three neighbouring steps of a sequence whose ends meet.
 *
 * @param name of {@code name.weight [outputs, inputs, 3]} and, if biased, {@code name.bias}
 * @param length of the sequence
 * @param inputs values of a step
 * @param outputs values of a step of the result
 * @param biased whether it has a bias
 * @param init how training starts the weight
 */
public record CircularConvolution(
    String name, int length, int inputs, int outputs, boolean biased, Init init) {
  private static final int KERNEL = 3;

  /** A convolution that training starts as PyTorch does. */
  public CircularConvolution(String name, int length, int inputs, int outputs, boolean biased) {
    this(name, length, inputs, outputs, biased, Init.ofLinear((long) inputs * KERNEL));
  }

  /** Turns {@code [batch, length, inputs]} into {@code [batch, length, outputs]}. */
  public <T> T of(Ops<T> ops, T x) {
    T newest = ops.slice(x, 1, length - 1, 1);
    T ring = ops.concat(List.of(newest, x, ops.slice(x, 1, 0, 1)), 1);
    T before = ops.slice(ring, 1, 0, length);
    T after = ops.slice(ring, 1, 2, length);
    long width = (long) inputs * KERNEL;
    T weight = ops.parameter(name + ".weight", init, outputs, inputs, KERNEL);
    return ops.linear(
        ops.concat(List.of(before, x, after), 2),
        ops.reshape(ops.permute(weight, 0, 2, 1), outputs, width),
        biased ? ops.parameter(name + ".bias", Init.ofLinear(width), outputs) : null);
  }
}
