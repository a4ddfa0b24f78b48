package io.tidecast.architectures.networks;

import io.tidecast.architectures.Architecture;
import io.tidecast.architectures.Inputs;
import io.tidecast.architectures.Ops;
import io.tidecast.architectures.Port;
import io.tidecast.architectures.Role;
import io.tidecast.architectures.Schedule;
import io.tidecast.architectures.TrainingSettings;
import io.tidecast.architectures.layers.Blocks;
import io.tidecast.architectures.layers.CircularConvolution;
import io.tidecast.architectures.layers.ProbSparseAttention;
import io.tidecast.architectures.layers.SequenceEmbedding;
import io.tidecast.architectures.layers.TimeFeatures;
import java.util.Arrays;
import java.util.List;

/**
 * Informer (Zhou et al., 2021, <a href="https://arxiv.org/abs/2012.07436">arXiv 2012.07436</a>): an
 * encoder of {@linkplain ProbSparseAttention sparse attention} that halves the sequence from layer
 * to layer, and a decoder that gives the whole horizon at once.
 *
 * <p>Parameters carry the names of the official implementation.
 */
public final class Informer implements Architecture<InformerConfig> {
  private static final int POOLED = 3;

  @Override
  public String name() {
    return "informer";
  }

  @Override
  public Class<InformerConfig> configType() {
    return InformerConfig.class;
  }

  /** The official settings of ETTh1; seven channels in and out unless told otherwise. */
  @Override
  public String defaults() {
    return """
        {"enc_in": 7, "dec_in": 7, "c_out": 7, "label_len": 48, "padding": 0, "factor": 5,
         "d_model": 512, "n_heads": 8, "e_layers": 2, "d_layers": 1, "d_ff": 2048,
         "dropout": 0.05, "attn": "prob", "distil": true, "mix": true, "activation": "gelu",
         "embed": "timeF", "freq": "h"}
        """;
  }

  @Override
  public TrainingSettings officialTraining() {
    return TrainingSettings.builder()
        .batchSize(32)
        .epochs(6)
        .patience(3)
        .learningRate(1e-4)
        .schedule(Schedule.HALVING)
        .build();
  }

  @Override
  public List<Port> inputs(InformerConfig config) {
    return TimeFeatures.ports(config, config.freq());
  }

  @Override
  public Port output(InformerConfig config) {
    return Port.of(Role.POINT, -1, config.predLen(), config.cOut());
  }

  @Override
  public int targets(InformerConfig config) {
    return config.cOut();
  }

  @Override
  public List<String> timeFeatures(InformerConfig config) {
    return TimeFeatures.names(config.freq());
  }

  @Override
  public <T> T forward(Ops<T> ops, InformerConfig config, Inputs<T> in) {
    int label = config.labelLen();
    T encoded = encoder(ops, config, in.context(), in.get(Role.CONTEXT_TIME_FEATURES));

    T start = ops.slice(in.context(), 1, config.seqLen() - label, label);
    start = ops.pad(start, 1, 0, config.predLen());
    if (config.padding() == 1) {
      start = ops.add(start, ops.constant(onesAhead(config), config.decoderLength(), 1));
    }
    T marks = TimeFeatures.ofDecoder(ops, in, config.seqLen(), label);
    T decoded = decoder(ops, config, start, marks, encoded);
    T y = Blocks.linear(ops, decoded, "projection", config.dModel(), config.cOut());
    return ops.slice(y, 1, label, config.predLen());
  }

  private static float[] onesAhead(InformerConfig config) {
    float[] ones = new float[config.decoderLength()];
    Arrays.fill(ones, config.labelLen(), ones.length, 1);
    return ones;
  }

  private static <T> T encoder(Ops<T> ops, InformerConfig config, T x, T marks) {
    int d = config.dModel();
    T z = embedding(config, "enc_embedding.").placed(ops, x, marks, config.seqLen());
    z = ops.tap("enc_embed", z);
    for (int i = 0; i < config.eLayers(); i++) {
      String layer = "encoder.attn_layers." + i + ".";
      String tap = "enc" + i;
      int length = config.encoderLength(i);
      T attended = selfAttention(ops, config, layer + "attention", tap, z, length, false);
      attended = ops.dropout(ops.tap(tap + "_attn", attended), config.dropout());
      z = Blocks.layerNorm(ops, ops.add(z, attended), layer + "norm1", d);
      z = ops.add(z, Blocks.feedForward(ops, z, feedForward(config, layer)));
      z = ops.tap(tap + "_out", Blocks.layerNorm(ops, z, layer + "norm2", d));
      if (config.distil() && i < config.eLayers() - 1) {
        z = distilled(ops, z, "encoder.conv_layers." + i, length, d);
        z = ops.tap("distil" + i + "_out", z);
      }
    }
    return ops.tap("enc_out", Blocks.layerNorm(ops, z, "encoder.norm", d));
  }

  /** Half as many steps: the greatest of every three around every second, after a convolution. */
  private static <T> T distilled(Ops<T> ops, T x, String name, int length, int d) {
    T z = new CircularConvolution(name + ".downConv", length, d, d, true).of(ops, x);
    z = ops.elu(ops.batchNorm(z, name + ".norm", d, Blocks.NORM_EPSILON));
    int half = (length + 1) / 2;
    // Repeating an end does not change the greatest, so this pads as well as minus infinity does.
    T windows = Blocks.windows(ops, z, 1, length, -(POOLED / 2), half, POOLED, 2);
    return ops.reshape(ops.max(windows, 2), -1, half, d);
  }

  private static <T> T decoder(Ops<T> ops, InformerConfig config, T start, T marks, T encoded) {
    int d = config.dModel();
    int length = config.decoderLength();
    Blocks.Mixer<T> full = Blocks.fullAttention(ops, d, config.nHeads(), null);
    T z = embedding(config, "dec_embedding.").placed(ops, start, marks, length);
    z = ops.tap("dec_embed", z);
    for (int i = 0; i < config.dLayers(); i++) {
      String layer = "decoder.layers." + i + ".";
      String tap = "dec" + i;
      T self = selfAttention(ops, config, layer + "self_attention", tap, z, length, true);
      self = ops.dropout(ops.tap(tap + "_self_attn", self), config.dropout());
      z = Blocks.layerNorm(ops, ops.add(z, self), layer + "norm1", d);

      T cross =
          Blocks.projected(ops, layer + "cross_attention", z, encoded, d, config.nHeads(), full);
      cross = ops.dropout(ops.tap(tap + "_cross_attn", cross), config.dropout());
      z = Blocks.layerNorm(ops, ops.add(z, cross), layer + "norm2", d);

      z = ops.add(z, Blocks.feedForward(ops, z, feedForward(config, layer)));
      z = ops.tap(tap + "_out", Blocks.layerNorm(ops, z, layer + "norm3", d));
    }
    return ops.tap("dec_out", Blocks.layerNorm(ops, z, "decoder.norm", d));
  }

  private static <T> T selfAttention(
      Ops<T> ops,
      InformerConfig config,
      String name,
      String tap,
      T x,
      int length,
      boolean decoding) {
    int d = config.dModel();
    int heads = config.nHeads();
    int width = d / heads * heads;
    boolean mixed = decoding && config.mix();
    Blocks.Mixer<T> attention =
        switch (config.attn()) {
          case PROB ->
              new ProbSparseAttention<>(
                  ops, length, config.factor(), width, heads, decoding, mixed, tap);
          case FULL -> {
            T bias = decoding ? Blocks.causalBias(ops, length, length) : null;
            Blocks.Mixer<T> full = Blocks.fullAttention(ops, d, heads, bias);
            yield mixed ? byHead(ops, full, length, width, heads) : full;
          }
        };
    return Blocks.projected(ops, name, x, x, d, heads, attention);
  }

  /** The same, its result laid out by head first and read as if by step. */
  private static <T> Blocks.Mixer<T> byHead(
      Ops<T> ops, Blocks.Mixer<T> mixer, int length, int width, int heads) {
    return (query, key, value) -> {
      T result = ops.reshape(mixer.of(query, key, value), -1, length, heads, width / heads);
      return ops.reshape(ops.permute(result, 0, 2, 1, 3), -1, length, width);
    };
  }

  private static SequenceEmbedding embedding(InformerConfig config, String prefix) {
    int features = TimeFeatures.count(config.freq());
    return new SequenceEmbedding(
        prefix, config.encIn(), features, config.dModel(), config.dropout());
  }

  private static Blocks.FeedForward feedForward(InformerConfig config, String layer) {
    return new Blocks.FeedForward(
        layer, config.dModel(), config.dFf(), config.activation(), config.dropout(), true);
  }
}
