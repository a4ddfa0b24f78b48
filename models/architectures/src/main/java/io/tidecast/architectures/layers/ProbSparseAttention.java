package io.tidecast.architectures.layers;

import io.tidecast.architectures.Ops;
import io.tidecast.architectures.WeightsException;
import java.util.SplittableRandom;

/**
 * Informer's self-attention: only queries whose scores over a sample of keys stand out attend; the
 * others take the mean of the values or, where later steps are hidden, the sum of the values so
 * far.
 *
 * <p>The sample is drawn once and belongs to the network, so that a forecast does not depend on a
 * draw. Sampled scores are read off the product of all queries and keys. Which queries were chosen
 * is carried as one row of ones and zeros for each, so picking and putting back are products too.
 *
 * @param length of the sequence
 * @param factor keys sampled and queries chosen, in logarithms of the length
 * @param width of a step, all heads together
 * @param causal whether later steps are hidden from earlier ones
 * @param mixed whether the result stays laid out by head, as officially in the decoder
 * @param tap name of the sample and of the intermediates
 */
public record ProbSparseAttention<T>(
    Ops<T> ops,
    int length,
    int factor,
    int width,
    int heads,
    boolean causal,
    boolean mixed,
    String tap)
    implements Blocks.Mixer<T> {

  @Override
  public T of(T query, T key, T value) {
    T q = byHead(query);
    T k = byHead(key);
    T v = byHead(value);
    T chosen = ops.greatest(sparsity(query, key), count(), length);
    ops.tap("mtop_" + tap, ops.matmul(chosen, Blocks.places(ops, length)));

    int headWidth = width / heads;
    double scale = 1 / Math.sqrt(headWidth);
    T scores = ops.matmul(ops.matmul(chosen, q), ops.permute(k, 0, 1, 3, 2));
    scores = ops.mul(scores, ops.constant(scale));
    if (causal) {
      scores = ops.add(scores, ops.matmul(chosen, Blocks.causalBias(ops, length, length)));
    }
    T attended = ops.matmul(ops.softmax(scores), v);

    T others = causal ? ops.cumulate(v, 2) : Blocks.meanOfSteps(ops, v, length);
    T isOther = ops.reshape(ops.sub(ops.constant(1), ops.max(chosen, 2)), -1, heads, length, 1);
    T result =
        ops.add(ops.matmul(ops.permute(chosen, 0, 1, 3, 2), attended), ops.mul(isOther, others));
    return ops.reshape(mixed ? result : ops.permute(result, 0, 2, 1, 3), -1, length, width);
  }

  /** {@code [batch, length, width]} to {@code [batch, head, length, width / heads]}. */
  private T byHead(T x) {
    return ops.permute(ops.reshape(x, -1, length, heads, width / heads), 0, 2, 1, 3);
  }

  /**
   * How far the greatest sampled score of a query stands above the others, {@code [batch, head,
   * length]}. Officially the sum is divided by the number of all keys, not of those sampled. Scores
   * that are not sampled are hidden from the maximum, which is faster than to pick the others; the
   * sum is that of the scores with the sampled keys, so it is the score with their sum.
   */
  private T sparsity(T query, T key) {
    float[] times = timesSampled();
    float[] hiding = new float[times.length];
    for (int i = 0; i < times.length; i++) {
      hiding[i] = times[i] == 0 ? Blocks.MASKED : 0;
    }
    T scores = ops.matmul(byHead(query), ops.permute(byHead(key), 0, 1, 3, 2));
    T greatest = ops.max(ops.add(scores, ops.constant(hiding, length, length)), -1);
    T sampled = ops.matmul(ops.constant(times, length, length), key);
    T sum = ops.permute(sumOfHeads(ops.mul(query, sampled)), 0, 2, 1);
    T mean = ops.mul(sum, ops.constant(1.0 / length));
    return ops.tap("sparsity_" + tap, ops.sub(ops.reshape(greatest, -1, heads, length), mean));
  }

  /** Turns {@code [batch, length, width]} into sums {@code [batch, length, head]}. */
  private T sumOfHeads(T x) {
    float[] ones = new float[width * heads];
    for (int i = 0; i < width; i++) {
      ones[i * heads + i / (width / heads)] = 1;
    }
    return ops.matmul(x, ops.constant(ones, width, heads));
  }

  /** How often each key is in the sample of each query, {@code [query, key]}. */
  private float[] timesSampled() {
    SplittableRandom random = new SplittableRandom(tap.hashCode());
    long[] keys = random.longs((long) length * count(), 0, length).toArray();
    keys = ops.table("sample_" + tap, keys);
    float[] times = new float[length * length];
    for (int i = 0; i < keys.length; i++) {
      if (keys[i] < 0 || keys[i] >= length) {
        throw new WeightsException(
            "sample_" + tap + " must hold keys 0 to " + (length - 1) + ", found " + keys[i]);
      }
      times[i / count() * length + (int) keys[i]]++;
    }
    return times;
  }

  /** Queries chosen, and keys sampled for each. */
  private int count() {
    return Math.min(length, factor * (int) Math.ceil(Math.log(length)));
  }
}
