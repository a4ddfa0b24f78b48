package io.tidecast.architectures.layers;

import io.tidecast.architectures.Init;
import io.tidecast.architectures.Ops;

/**
 * How Informer and its descendants make a token of a step: its values and those of its neighbours,
 * its time features and, where wanted, its position.
 *
 * @param prefix of {@code value_embedding.tokenConv} and {@code temporal_embedding.embed}
 * @param channels values of a step
 * @param features time features of a step
 * @param dModel token width
 * @param dropout of the tokens, while training
 */
public record SequenceEmbedding(
    String prefix, int channels, int features, int dModel, double dropout) {

  /**
   * An embedding without position and biases, as Autoformer has it; its checkpoints hold positions.
   */
  public <T> T unplaced(Ops<T> ops, T values, T marks, int length) {
    ops.unlearned(positions() + ".pe");
    T x = values(length, false).of(ops, values);
    T time = Blocks.linearWithoutBias(ops, marks, temporal(), features, dModel);
    return ops.dropout(ops.add(x, time), dropout);
  }

  /** An embedding with position and biases, as Informer has it. */
  public <T> T placed(Ops<T> ops, T values, T marks, int length) {
    T x = values(length, true).of(ops, values);
    x = ops.add(x, Blocks.positions(ops, positions(), length, dModel));
    T time = Blocks.linear(ops, marks, temporal(), features, dModel);
    return ops.dropout(ops.add(x, time), dropout);
  }

  /** Officially drawn as He et al. (2015) do before a rectifier. */
  private CircularConvolution values(int length, boolean biased) {
    Init init = Init.uniform(Math.sqrt(2.0 / channels));
    String name = prefix + "value_embedding.tokenConv";
    return new CircularConvolution(name, length, channels, dModel, biased, init);
  }

  private String positions() {
    return prefix + "position_embedding";
  }

  private String temporal() {
    return prefix + "temporal_embedding.embed";
  }
}
