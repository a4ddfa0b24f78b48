package io.tidecast.architectures;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The operations that architectures are written in. A backend either records them as an ONNX graph
 * or runs them at once with gradients.
 *
 * <p>Shapes are row-major; broadcasting follows numpy; a negative axis counts from the end. Only
 * the batch axis may be unknown when a graph is recorded, so reshapes name every other dimension.
 *
 * @param <T> a tensor of the backend
 */
public interface Ops<T> {

  /**
   * A learned tensor, asked for under the name that the official PyTorch implementation gives it.
   *
   * @param init how training starts it; ignored where weights are given
   * @throws WeightsException if given weights lack the name or hold another shape
   */
  T parameter(String name, Init init, long... shape);

  /**
   * Integers that belong to the network though nothing learns them, such as which keys are sampled.
   *
   * @param drawn used unless weights hold others under that name; not modified
   * @throws WeightsException if given weights hold another type or number
   */
  long[] table(String name, long[] drawn);

  /**
   * Tells of a tensor that official checkpoints hold though nothing learns it, so that its being
   * there is no surprise.
   *
   * @param values that it must begin with, since the network goes by them; none where its content
   *     can not matter
   */
  default void unlearned(String name, float... values) {}

  /** Whether the network is learning: dropout on, statistics of the batch. */
  default boolean training() {
    return false;
  }

  /** Makes a fixed float tensor of the given shape. */
  T constant(float[] values, long... shape);

  /** Makes a fixed float scalar. */
  default T constant(double value) {
    return constant(new float[] {(float) value});
  }

  /** Gives the same elements another shape; at most one dimension may be -1 and is inferred. */
  T reshape(T x, long... shape);

  /** Puts the axes into a new order. */
  T permute(T x, int... axes);

  /**
   * Picks elements along an axis.
   *
   * @param indices flat, row-major, of shape {@code indexShape}, which replaces the axis
   */
  T gather(T x, int axis, long[] indices, long... indexShape);

  /** Takes {@code count} neighbours along an axis that is not negative. */
  T slice(T x, int axis, int first, int count);

  /** Joins tensors one after the other along an axis that they have. */
  T concat(List<T> xs, int axis);

  /** Puts zeros before and after, along one axis that is not negative. */
  T pad(T x, int axis, int before, int after);

  /** {@code a + b}. */
  T add(T a, T b);

  /** {@code a - b}. */
  T sub(T a, T b);

  /** {@code a * b}, element by element. */
  T mul(T a, T b);

  /** {@code a / b}. */
  T div(T a, T b);

  /** Takes the square root of every element. */
  T sqrt(T x);

  /** Gives 1 where an element is a number and 0 where it is NaN. It passes no gradient. */
  T known(T x);

  /** Puts 0 in the place of every NaN. */
  T orZero(T x);

  /** Takes the mean over the last of three axes, which stays with length 1. */
  T mean(T x);

  /** Takes the greatest element along one axis, which stays with length 1. */
  T max(T x, int axis);

  /** Takes the running sums along one axis. */
  T cumulate(T x, int axis);

  /** Sorts along the last axis, the least first; {@code length} is its length. */
  T sort(T x, int length);

  /**
   * Where the greatest elements of the last axis are: a row for each of them, in the order of their
   * places, that is 1 at the place and 0 elsewhere. A product with it picks or puts rows. No
   * gradient.
   *
   * @param count how many, at most {@code length}
   * @param length of the last axis
   * @return the last axis replaced by {@code [count, length]}
   */
  T greatest(T x, int count, int length);

  /**
   * Rolls steps towards the first, which go on behind the last, once for each delay.
   *
   * @param x {@code [batch, length, width]}
   * @param delays whole numbers from 0 to less than {@code length}, {@code [batch, count, 1]}, or
   *     {@code [1, count, 1]} for the whole batch while training; no gradient
   * @return {@code [batch, count, length, width]}
   */
  T rolled(T x, T delays, int length);

  /** Takes {@code exp(x)} over its sum along the last axis. */
  T softmax(T x);

  /** Multiplies matrices of the last two axes, broadcasting the ones before. */
  T matmul(T a, T b);

  /** {@code x · weightᵀ + bias} with {@code weight [out, in]}, {@code bias [out]} or null. */
  T linear(T x, T weight, @Nullable T bias);

  /** Takes the GELU in its exact form, by the error function. */
  T gelu(T x);

  /** {@code max(x, 0)}. */
  T relu(T x);

  /** {@code x} where positive, else {@code exp(x) - 1}. */
  T elu(T x);

  /** {@code x / (1 + exp(-x))}. */
  T silu(T x);

  /**
   * Batch normalisation of the last axis. Serving uses the running statistics; training uses those
   * of the batch and moves the running ones by 0.1.
   *
   * @param name prefix of {@code weight}, {@code bias}, {@code running_mean}, {@code running_var},
   *     each {@code [features]}, beside {@code num_batches_tracked}, which is not read
   * @param epsilon added to the variance
   */
  T batchNorm(T x, String name, int features, double epsilon);

  /**
   * Layer normalisation of the last axis; {@code weight} and {@code bias} are {@code [features]}.
   */
  T layerNorm(T x, T weight, T bias, double epsilon);

  /**
   * Zeroes elements with a probability and scales the rest up while training; identity otherwise.
   */
  T dropout(T x, double probability);

  /**
   * Scaled dot-product attention of {@code heads} heads side by side in the last axis: {@code
   * softmax(q·kᵀ·scale + bias)·v}.
   *
   * @param query {@code [batch, queries, heads·d]}
   * @param key {@code [batch, keys, heads·d]}
   * @param value {@code [batch, keys, heads·dv]}
   * @param bias added to the scaled scores, broadcastable to {@code [batch, heads, queries, keys]};
   *     null for none
   */
  Attention<T> attention(T query, T key, T value, int heads, double scale, @Nullable T bias);

  /**
   * Gives the value in the full precision of the backend, so that what is made of it and constants
   * is too: for values whose units are large beside the differences that matter.
   */
  default T precise(T x) {
    return x;
  }

  /** Names an intermediate so that a test can look at it, and gives it back. */
  default T tap(String name, T value) {
    return value;
  }

  /**
   * What attention gives.
   *
   * @param output {@code [batch, queries, heads·dv]}
   * @param scores scaled scores with the bias added, before softmax, {@code [batch, heads, queries,
   *     keys]}
   */
  record Attention<T>(T output, T scores) {}
}
