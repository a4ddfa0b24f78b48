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
    T chosen = ops.greatest(sparsity(q, k), count(), length);
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
   * length]}. Officially the sum is divided by the number of all keys, not of those sampled.
   */
  private T sparsity(T q, T k) {
    T scores = ops.matmul(q, ops.permute(k, 0, 1, 3, 2));
    T flat = ops.reshape(scores, -1, heads, (long) length * length);
    T sampled = ops.gather(flat, 2, sampledPairs(), length, count());
    T mean = Blocks.meanOfSteps(ops, ops.permute(sampled, 0, 1, 3, 2), count());
    mean = ops.mul(ops.permute(mean, 0, 1, 3, 2), ops.constant((double) count() / length));
    T sparsity = ops.sub(ops.max(sampled, -1), mean);
    return ops.tap("sparsity_" + tap, ops.reshape(sparsity, -1, heads, length));
  }

  /** For each query its keys, as places in a flat matrix of scores. */
  private long[] sampledPairs() {
    SplittableRandom random = new SplittableRandom(tap.hashCode());
    long[] pairs = random.longs((long) length * count(), 0, length).toArray();
    pairs = ops.table("sample_" + tap, pairs).clone();
    for (int i = 0; i < pairs.length; i++) {
      if (pairs[i] < 0 || pairs[i] >= length) {
        throw new WeightsException(
            "sample_" + tap + " must hold keys 0 to " + (length - 1) + ", found " + pairs[i]);
      }
      pairs[i] += (long) i / count() * length;
    }
    return pairs;
  }

  /** Queries chosen, and keys sampled for each. */
  private int count() {
    return Math.min(length, factor * (int) Math.ceil(Math.log(length)));
  }
}
