package io.tidecast.architectures.layers;

import io.tidecast.architectures.Activation;
import io.tidecast.architectures.Init;
import io.tidecast.architectures.Ops;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Building blocks that several architectures share. */
public final class Blocks {
  /** What PyTorch adds to a variance in its norms. */
  public static final double NORM_EPSILON = 1e-5;

  /** Added to a score, leaves nothing of it after softmax; finite, so that 0 times it is 0. */
  static final float MASKED = -1e30f;

  private static final int SHORTEST_PIECE = 16;

  private Blocks() {}

  /** Applies a linear layer of {@code name.weight} and {@code name.bias}. */
  public static <T> T linear(Ops<T> ops, T x, String name, long inputs, long outputs) {
    return ops.linear(x, weight(ops, name, inputs, outputs), bias(ops, name, inputs, outputs));
  }

  /** Applies a linear layer whose weight is drawn as told and whose bias is zero at first. */
  public static <T> T linear(Ops<T> ops, T x, String name, long inputs, long outputs, Init init) {
    return ops.linear(
        x,
        ops.parameter(name + ".weight", init, outputs, inputs),
        ops.parameter(name + ".bias", Init.ZEROS, outputs));
  }

  /** Applies a linear layer of {@code name.weight} alone. */
  public static <T> T linearWithoutBias(Ops<T> ops, T x, String name, long inputs, long outputs) {
    return ops.linear(x, weight(ops, name, inputs, outputs), null);
  }

  /**
   * Applies a linear layer of its own to each channel of {@code [batch, channel, inputs]}: {@code
   * prefix0.weight}, {@code prefix0.bias} and so on.
   */
  public static <T> T linearOfEach(
      Ops<T> ops, T x, String prefix, int channels, long inputs, long outputs) {
    List<T> weights = new ArrayList<>();
    List<T> biases = new ArrayList<>();
    for (int c = 0; c < channels; c++) {
      weights.add(weight(ops, prefix + c, inputs, outputs));
      biases.add(bias(ops, prefix + c, inputs, outputs));
    }
    T weight = ops.reshape(ops.concat(weights, 0), channels, outputs, inputs);
    T bias = ops.reshape(ops.concat(biases, 0), channels, outputs);
    // One matrix per channel: [batch, channel, 1, inputs] x [channel, inputs, outputs].
    T y = ops.matmul(ops.reshape(x, -1, channels, 1, inputs), ops.permute(weight, 0, 2, 1));
    return ops.add(ops.reshape(y, -1, channels, outputs), bias);
  }

  private static <T> T weight(Ops<T> ops, String name, long inputs, long outputs) {
    return ops.parameter(name + ".weight", Init.ofLinear(inputs), outputs, inputs);
  }

  private static <T> T bias(Ops<T> ops, String name, long inputs, long outputs) {
    return ops.parameter(name + ".bias", Init.ofLinear(inputs), outputs);
  }

  /** Applies a layer norm of {@code name.weight} and {@code name.bias}. */
  public static <T> T layerNorm(Ops<T> ops, T x, String name, long features) {
    return layerNorm(ops, x, name, features, NORM_EPSILON);
  }

  /** Applies a layer norm that adds another epsilon to the variance. */
  public static <T> T layerNorm(Ops<T> ops, T x, String name, long features, double epsilon) {
    return ops.layerNorm(
        x,
        ops.parameter(name + ".weight", Init.ONES, features),
        ops.parameter(name + ".bias", Init.ZEROS, features),
        epsilon);
  }

  /**
   * Overlapping windows of an axis, which may reach beyond either end and then repeat the outermost
   * value.
   *
   * @param length of the axis
   * @param first where the first window begins; negative reaches before the start
   * @return the axis replaced by {@code [count, size]}
   */
  public static <T> T windows(
      Ops<T> ops, T x, int axis, int length, int first, int count, int size, int stride) {
    long[] indices = new long[count * size];
    for (int i = 0; i < count; i++) {
      for (int j = 0; j < size; j++) {
        indices[i * size + j] = Math.max(0, Math.min(length - 1, first + i * stride + j));
      }
    }
    return ops.gather(x, axis, indices, count, size);
  }

  /**
   * Patches of the last axis, which may overlap, {@code [row, patch, step]} whatever the axes
   * before it; the newest value is repeated where they reach beyond the end. Copied by blocks, the
   * longest that every patch begins and ends with: value by value it was a tenth of PatchTST's
   * time, and a third of TimeXer's. Patches side by side are not copied at all.
   *
   * @param length of the axis
   */
  public static <T> T patches(Ops<T> ops, T x, int length, int count, int size, int stride) {
    if (stride == size && count * size <= length) {
      T side = ops.reshape(x, -1, length);
      T whole = count * size == length ? side : ops.slice(side, 1, 0, count * size);
      return ops.reshape(whole, -1, count, size);
    }
    int block = gcd(gcd(size, stride), length);
    int blocks = length / block;
    T rows = ops.reshape(x, -1, length);
    T cut = ops.reshape(rows, -1, blocks, block);
    if ((count - 1) * stride + size > length) {
      // One more block, of the newest value alone.
      long[] newest = new long[block];
      Arrays.fill(newest, length - 1);
      cut = ops.concat(List.of(cut, ops.gather(rows, 1, newest, 1, block)), 1);
    }
    int perPatch = size / block;
    long[] indices = new long[count * perPatch];
    for (int i = 0; i < indices.length; i++) {
      indices[i] = Math.min(blocks, i / perPatch * (stride / block) + i % perPatch);
    }
    return ops.reshape(ops.gather(cut, 1, indices, count, perPatch), -1, count, size);
  }

  private static int gcd(int a, int b) {
    return b == 0 ? a : gcd(b, a % b);
  }

  /**
   * Mean over the second to last axis, which stays with length 1. A matrix product, since ONNX
   * Runtime's reductions give other bits in other batches.
   */
  public static <T> T meanOfSteps(Ops<T> ops, T x, int steps) {
    float[] shares = new float[steps];
    Arrays.fill(shares, 1f / steps);
    return ops.matmul(ops.constant(shares, 1, steps), x);
  }

  /** Sums over the second to last axis, which stays with length 1; this is a matrix product too. */
  public static <T> T sumOfSteps(Ops<T> ops, T x, int steps) {
    float[] ones = new float[steps];
    Arrays.fill(ones, 1);
    return ops.matmul(ops.constant(ones, 1, steps), x);
  }

  /**
   * Centred moving average over the time of {@code x [batch, time, channel]}, its ends padded by
   * repetition so that the length stays. It is a product with a matrix, and where the average is
   * much shorter than the series one for each piece of it, since the matrix would be mostly zeros.
   *
   * @param kernel odd number of steps averaged
   */
  public static <T> T movingAverage(Ops<T> ops, T x, int length, int kernel, int channels) {
    int half = kernel / 2;
    int piece = Math.max(SHORTEST_PIECE, kernel - 1);
    int size = piece + 2 * half;
    if (2 * size > length) {
      return ops.matmul(ops.constant(shares(length, length, 0, kernel), length, length), x);
    }
    int pieces = (length + piece - 1) / piece;
    T cut = windows(ops, x, 1, length, -half, pieces, size, piece);
    T averages = ops.matmul(ops.constant(shares(piece, size, half, kernel), piece, size), cut);
    averages = ops.reshape(averages, -1, (long) pieces * piece, channels);
    return pieces * piece == length ? averages : ops.slice(averages, 1, 0, length);
  }

  /** What each of {@code columns} steps is worth in each average, the first of {@code first}. */
  private static float[] shares(int rows, int columns, int first, int kernel) {
    float[] share = new float[rows * columns];
    for (int t = 0; t < rows; t++) {
      for (int k = -(kernel / 2); k <= kernel / 2; k++) {
        share[t * columns + Math.max(0, Math.min(columns - 1, first + t + k))] += 1;
      }
    }
    for (int i = 0; i < share.length; i++) {
      share[i] /= kernel;
    }
    return share;
  }

  /** What an attention does between its projections. */
  public interface Mixer<T> {
    /** Mixes {@code [batch, steps, width]} each; the result has the steps of the query. */
    T of(T query, T key, T value);
  }

  /**
   * An attention between the projections {@code query_projection}, {@code key_projection}, {@code
   * value_projection} and {@code out_projection}.
   *
   * @param name prefix of the projections
   * @param heads that share {@code dModel}; what does not divide is left out, as officially
   */
  public static <T> T projected(
      Ops<T> ops, String name, T queries, T keys, int dModel, int heads, Mixer<T> mixer) {
    int width = dModel / heads * heads;
    T mixed =
        mixer.of(
            linear(ops, queries, name + ".query_projection", dModel, width),
            linear(ops, keys, name + ".key_projection", dModel, width),
            linear(ops, keys, name + ".value_projection", dModel, width));
    return linear(ops, mixed, name + ".out_projection", width, dModel);
  }

  /**
   * Makes an attention of every query to every key.
   *
   * @param bias added to the scores; null for none
   */
  public static <T> Mixer<T> fullAttention(Ops<T> ops, int dModel, int heads, @Nullable T bias) {
    int headWidth = dModel / heads;
    double scale = 1 / Math.sqrt(headWidth);
    return (query, key, value) -> ops.attention(query, key, value, heads, scale, bias).output();
  }

  /**
   * What hides later steps from earlier ones: {@code [queries, keys]}, the newest query beside the
   * newest key.
   */
  public static <T> T causalBias(Ops<T> ops, int queries, int keys) {
    float[] bias = new float[queries * keys];
    for (int q = 0; q < queries; q++) {
      for (int k = keys - queries + q + 1; k < keys; k++) {
        bias[q * keys + k] = MASKED;
      }
    }
    return ops.constant(bias, queries, keys);
  }

  /**
   * What hides some keys from every query: {@code [batch, 1, 1, key]}. A query that sees no key at
   * all looks at hidden ones and stays finite.
   *
   * @param seen {@code [batch, key, 1]}, 1 for the others and 0 for those to hide
   */
  public static <T> T hidingBias(Ops<T> ops, T seen, int keys) {
    T missing = ops.sub(ops.constant(1), ops.reshape(seen, -1, 1, 1, keys));
    return ops.mul(missing, ops.constant(MASKED));
  }

  /**
   * A position-wise feed-forward block, officially two convolutions of one step: {@code
   * prefix.conv1.weight [hidden, dModel, 1]} and {@code prefix.conv2.weight [dModel, hidden, 1]}.
   */
  public static <T> T feedForward(Ops<T> ops, T x, FeedForward block) {
    T hidden = pointwise(ops, x, block.prefix() + "conv1", block.dModel(), block.hidden(), block);
    hidden = ops.dropout(block.activation().of(ops, hidden), block.dropout());
    T y = pointwise(ops, hidden, block.prefix() + "conv2", block.hidden(), block.dModel(), block);
    return ops.dropout(y, block.dropout());
  }

  private static <T> T pointwise(
      Ops<T> ops, T x, String name, long inputs, long outputs, FeedForward block) {
    Init init = Init.ofLinear(inputs);
    T weight = ops.parameter(name + ".weight", init, outputs, inputs, 1);
    return ops.linear(
        x,
        ops.reshape(weight, outputs, inputs),
        block.biased() ? ops.parameter(name + ".bias", init, outputs) : null);
  }

  /**
   * A position-wise feed-forward block.
   *
   * @param prefix of its two convolutions
   * @param dModel width in and out
   * @param hidden width between
   * @param biased whether they have biases
   */
  public record FeedForward(
      String prefix,
      int dModel,
      int hidden,
      Activation activation,
      double dropout,
      boolean biased) {}

  /** The place of each of {@code length} elements, {@code [length, 1]}. */
  static <T> T places(Ops<T> ops, int length) {
    float[] places = new float[length];
    for (int i = 0; i < length; i++) {
      places[i] = i;
    }
    return ops.constant(places, length, 1);
  }

  /**
   * The sines and cosines that tell positions apart, {@code [length, dModel]}.
   *
   * @param name under whose {@code pe} official checkpoints hold them
   */
  public static <T> T positions(Ops<T> ops, String name, int length, int dModel) {
    float[] table = positionTable(length, dModel);
    ops.unlearned(name + ".pe", table);
    return ops.constant(table, length, dModel);
  }

  /** In the float steps of PyTorch: far positions would differ in the fifth digit otherwise. */
  static float[] positionTable(int length, int dModel) {
    float[] table = new float[length * dModel];
    for (int i = 0; i < dModel; i++) {
      float exponent = (float) (i / 2 * 2) * (float) (-Math.log(10_000) / dModel);
      float frequency = (float) Math.exp(exponent);
      for (int t = 0; t < length; t++) {
        float angle = t * frequency;
        table[t * dModel + i] = (float) (i % 2 == 0 ? Math.sin(angle) : Math.cos(angle));
      }
    }
    return table;
  }
}
