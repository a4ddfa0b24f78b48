package io.tidecast.architectures.layers;

import io.tidecast.architectures.Ops;

/**
 * Autoformer's auto-correlation: the delays at which a query resembles the key most are chosen, for
 * each sample when serving and for the whole batch while training, and the value, rolled by each,
 * is averaged by resemblance.
 *
 * <p>Officially every channel is correlated through a Fourier transform and the correlations are
 * averaged over the channels. Taking that average first leaves one matrix of products of all pairs
 * of steps, whose circular diagonals are the correlations, and the rolled average is a product with
 * a circulant matrix: two matrix products, on any device, for which gradients are cheap. For 16
 * windows of 96 steps of width 512 the correlation took 1.3 ms on one thread, through a Fourier
 * transform as constant matrices 4.2 ms; at 336 steps 21 and 48 ms. Only sequences much longer than
 * they are wide favour the transform (720 steps of width 64: 25 and 17 ms).
 *
 * @param length of the query, to which key and value are cut or, with zeros, extended
 * @param keys length of key and value
 * @param width of a step
 * @param delays how many are kept
 * @param tap name of the intermediates
 */
public record AutoCorrelation<T>(
    Ops<T> ops, int length, int keys, int width, int delays, String tap)
    implements Blocks.Mixer<T> {

  @Override
  public T of(T query, T key, T value) {
    T k = fitted(key);
    T products = ops.matmul(k, ops.permute(query, 0, 2, 1));
    T correlation = ops.reshape(ops.tap("corr_" + tap, diagonalMeans(products)), -1, 1, length);

    T resemblance = ops.training() ? meanOfBatch(correlation) : correlation;
    T chosen = ops.reshape(ops.greatest(resemblance, delays, length), -1, delays, length);
    T strengths = ops.matmul(correlation, ops.permute(chosen, 0, 2, 1));
    T weights = ops.tap("weight_" + tap, ops.softmax(strengths));
    ops.tap("delay_" + tap, ops.matmul(chosen, Blocks.places(ops, length)));

    T byDelay = ops.matmul(weights, chosen);
    return ops.matmul(circulant(byDelay), fitted(value));
  }

  /** {@code [batch, 1, delay]} to {@code [1, 1, delay]}. */
  private T meanOfBatch(T correlation) {
    return ops.permute(ops.mean(ops.permute(correlation, 1, 2, 0)), 0, 2, 1);
  }

  private T fitted(T x) {
    return keys > length
        ? ops.slice(x, 1, 0, length)
        : keys < length ? ops.pad(x, 1, 0, length - keys) : x;
  }

  /**
   * Mean over the channels of what steps {@code t} of the key and {@code (t + delay) mod length} of
   * the query share, {@code [batch, delay]}. In a block of {@code length} rows of {@code 2·length -
   * 1}, element {@code (t, s)} lies at {@code s - t} modulo {@code length}; so read in rows of
   * {@code length}, each delay is a column.
   */
  private T diagonalMeans(T products) {
    T skewed = ops.reshape(ops.pad(products, 2, 0, length - 1), -1, 2L * length - 1, length);
    int rows = 2 * length - 1;
    T means = Blocks.meanOfSteps(ops, skewed, rows);
    T sums = ops.mul(means, ops.constant((double) rows / width));
    return ops.reshape(sums, -1, length);
  }

  /**
   * The same layout the other way round: {@code [batch, t, s]} that is {@code byDelay} at {@code (s
   * - t) mod length}.
   */
  private T circulant(T byDelay) {
    T repeated = ops.gather(byDelay, 1, new long[2 * length - 1], 2L * length - 1);
    return ops.slice(ops.reshape(repeated, -1, length, 2L * length - 1), 2, 0, length);
  }
}
