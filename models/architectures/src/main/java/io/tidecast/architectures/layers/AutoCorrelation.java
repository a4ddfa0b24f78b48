package io.tidecast.architectures.layers;

import io.tidecast.architectures.Ops;
import java.util.List;

/**
 * Autoformer's auto-correlation: the delays at which a query resembles the key most are chosen, for
 * each sample when serving and for the whole batch while training, and the value, rolled by each,
 * is averaged by resemblance.
 *
 * <p>Officially every channel is correlated through a Fourier transform and the correlations are
 * averaged over the channels. Here the transform is a product with a matrix of cosines and sines,
 * and its products are averaged over the channels before they are transformed back. Where steps are
 * wide, taking the average first is faster: it leaves one matrix of products of all pairs of steps,
 * whose circular diagonals are the correlations.
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

  /** Steps wider than this are multiplied pair by pair. */
  private static final int WIDE = 128;

  @Override
  public T of(T query, T key, T value) {
    T correlated = width <= WIDE ? transformed(query, key) : diagonalMeans(query, fitted(key));
    T correlation = ops.reshape(ops.tap("corr_" + tap, correlated), -1, 1, length);

    T resemblance = ops.training() ? meanOfBatch(correlation) : correlation;
    T chosen = ops.reshape(ops.greatest(resemblance, delays, length), -1, delays, length);
    T strengths = ops.matmul(correlation, ops.permute(chosen, 0, 2, 1));
    T weights = ops.tap("weight_" + tap, ops.softmax(strengths));
    T chosenDelays = ops.tap("delay_" + tap, ops.matmul(chosen, Blocks.places(ops, length)));

    T rolled = ops.rolled(fitted(value), chosenDelays, length);
    rolled = ops.reshape(rolled, -1, delays, (long) length * width);
    return ops.reshape(ops.matmul(weights, rolled), -1, length, width);
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
   * the query share, {@code [batch, delay]}, through their frequencies.
   */
  T transformed(T query, T key) {
    int n = length / 2 + 1;
    T q = ops.matmul(ops.constant(waves(length), 2L * n, length), query);
    int seen = Math.min(keys, length);
    T k = keys > length ? ops.slice(key, 1, 0, length) : key;
    k = ops.matmul(ops.constant(waves(seen), 2L * n, seen), k);
    T turned = ops.concat(List.of(ops.slice(k, 1, n, n), ops.slice(k, 1, 0, n)), 1);
    T shared = ops.concat(List.of(ops.mean(ops.mul(q, k)), ops.mean(ops.mul(q, turned))), 1);
    return ops.matmul(ops.reshape(shared, -1, 4L * n), ops.constant(back(), 4L * n, length));
  }

  /** A cosine and then a sine of each frequency, {@code [2·frequencies, steps]}. */
  private float[] waves(int steps) {
    int n = length / 2 + 1;
    float[] waves = new float[2 * n * steps];
    for (int f = 0; f < n; f++) {
      for (int t = 0; t < steps; t++) {
        waves[f * steps + t] = (float) Math.cos(angle(f, t));
        waves[(n + f) * steps + t] = (float) Math.sin(angle(f, t));
      }
    }
    return waves;
  }

  /**
   * From products of frequencies to delays: of cosines, of sines, of cosines with sines, of sines
   * with cosines.
   */
  private float[] back() {
    int n = length / 2 + 1;
    float[] back = new float[4 * n * length];
    for (int f = 0; f < n; f++) {
      // Frequencies between the first and the last stand for their mirror images too.
      double share = (f == 0 || 2 * f == length ? 1.0 : 2.0) / length;
      for (int delay = 0; delay < length; delay++) {
        float even = (float) (share * Math.cos(angle(f, delay)));
        float odd = (float) (share * Math.sin(angle(f, delay)));
        back[f * length + delay] = even;
        back[(n + f) * length + delay] = even;
        back[(2 * n + f) * length + delay] = -odd;
        back[(3 * n + f) * length + delay] = odd;
      }
    }
    return back;
  }

  private double angle(int frequency, int step) {
    return 2 * Math.PI * ((long) frequency * step % length) / length;
  }

  /**
   * The same through the products of all pairs of steps. In a block of {@code length} rows of
   * {@code 2·length - 1}, element {@code (t, s)} lies at {@code s - t} modulo {@code length}; so
   * read in rows of {@code length}, each delay is a column.
   */
  T diagonalMeans(T query, T key) {
    T products = ops.matmul(key, ops.permute(query, 0, 2, 1));
    T skewed = ops.reshape(ops.pad(products, 2, 0, length - 1), -1, 2L * length - 1, length);
    int rows = 2 * length - 1;
    T means = Blocks.meanOfSteps(ops, skewed, rows);
    T sums = ops.mul(means, ops.constant((double) rows / width));
    return ops.reshape(sums, -1, length);
  }
}
