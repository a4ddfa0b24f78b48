package io.tidecast.architectures.networks;

import io.tidecast.architectures.Architecture;
import io.tidecast.architectures.Inputs;
import io.tidecast.architectures.Ops;
import io.tidecast.architectures.Port;
import io.tidecast.architectures.Role;
import io.tidecast.architectures.Schedule;
import io.tidecast.architectures.TrainingSettings;
import io.tidecast.architectures.layers.AutoCorrelation;
import io.tidecast.architectures.layers.Blocks;
import io.tidecast.architectures.layers.CircularConvolution;
import io.tidecast.architectures.layers.SequenceEmbedding;
import io.tidecast.architectures.layers.TimeFeatures;
import java.util.List;

/**
 * Autoformer (Wu et al., 2021, <a href="https://arxiv.org/abs/2106.13008">arXiv 2106.13008</a>): an
 * encoder and a decoder that take the trend out of the series again and again, and look for periods
 * by {@linkplain AutoCorrelation auto-correlation} in what remains.
 *
 * <p>Parameters carry the names of the official implementation.
 */
public final class Autoformer implements Architecture<AutoformerConfig> {

  /** A series and its moving average taken apart. */
  private record Parts<T>(T seasonal, T trend) {}

  @Override
  public String name() {
    return "autoformer";
  }

  @Override
  public Class<AutoformerConfig> configType() {
    return AutoformerConfig.class;
  }

  /** The official settings of ETTh1; seven channels in and out unless told otherwise. */
  @Override
  public String defaults() {
    return """
        {"enc_in": 7, "dec_in": 7, "c_out": 7, "label_len": 48, "factor": 3, "d_model": 512,
         "n_heads": 8, "e_layers": 2, "d_layers": 1, "d_ff": 2048, "moving_avg": 25,
         "dropout": 0.05, "activation": "gelu", "embed": "timeF", "freq": "h"}
        """;
  }

  @Override
  public TrainingSettings officialTraining() {
    return TrainingSettings.builder()
        .batchSize(32)
        .epochs(10)
        .patience(3)
        .learningRate(1e-4)
        .schedule(Schedule.HALVING)
        .build();
  }

  @Override
  public List<Port> inputs(AutoformerConfig config) {
    return TimeFeatures.ports(config, config.freq());
  }

  @Override
  public List<String> timeFeatures(AutoformerConfig config) {
    return TimeFeatures.names(config.freq());
  }

  @Override
  public <T> T forward(Ops<T> ops, AutoformerConfig config, Inputs<T> in) {
    int label = config.labelLen();
    T x = in.context();
    Parts<T> parts = decomposed(ops, config, x, config.seqLen(), config.encIn());
    T seasonal = ops.tap("init_seasonal", parts.seasonal());
    T trend = ops.tap("init_trend", parts.trend());
    T encoded = encoder(ops, config, x, in.get(Role.CONTEXT_TIME_FEATURES));

    // The decoder begins with the newest steps: zero seasonality and a level trend lie ahead.
    seasonal = ops.slice(seasonal, 1, config.seqLen() - label, label);
    seasonal = ops.pad(seasonal, 1, 0, config.predLen());
    T level =
        ops.gather(
            Blocks.meanOfSteps(ops, x, config.seqLen()),
            1,
            new long[config.predLen()],
            config.predLen());
    trend = ops.slice(trend, 1, config.seqLen() - label, label);
    trend = ops.concat(List.of(trend, level), 1);
    T marks = TimeFeatures.ofDecoder(ops, in, config.seqLen(), label);
    Parts<T> decoded = decoder(ops, config, new Parts<>(seasonal, trend), marks, encoded);

    T y = ops.add(decoded.trend(), decoded.seasonal());
    return ops.slice(y, 1, label, config.predLen());
  }

  private static <T> T encoder(Ops<T> ops, AutoformerConfig config, T x, T marks) {
    int length = config.seqLen();
    T z = embedding(config, "enc_embedding.", config.encIn()).unplaced(ops, x, marks, length);
    z = ops.tap("enc_embed", z);
    for (int i = 0; i < config.eLayers(); i++) {
      String layer = "encoder.attn_layers." + i + ".";
      String tap = "enc" + i;
      T attended = attention(ops, config, layer + "attention", tap, z, length, z, length);
      attended = ops.dropout(ops.tap(tap + "_attn", attended), config.dropout());
      z = decomposed(ops, config, ops.add(z, attended), length, config.dModel()).seasonal();
      z = ops.add(z, Blocks.feedForward(ops, z, feedForward(config, layer)));
      z = ops.tap(tap + "_out", decomposed(ops, config, z, length, config.dModel()).seasonal());
    }
    return ops.tap("enc_out", seasonalNorm(ops, config, z, length, "encoder.norm"));
  }

  private static <T> Parts<T> decoder(
      Ops<T> ops, AutoformerConfig config, Parts<T> start, T marks, T encoded) {
    int length = config.decoderLength();
    SequenceEmbedding embedding = embedding(config, "dec_embedding.", config.decIn());
    T z = ops.tap("dec_embed", embedding.unplaced(ops, start.seasonal(), marks, length));
    T trend = start.trend();
    for (int i = 0; i < config.dLayers(); i++) {
      String layer = "decoder.layers." + i + ".";
      String tap = "dec" + i;
      T self =
          attention(ops, config, layer + "self_attention", tap + "_self", z, length, z, length);
      self = ops.dropout(ops.tap(tap + "_self_attn", self), config.dropout());
      Parts<T> first = decomposed(ops, config, ops.add(z, self), length, config.dModel());

      T cross =
          attention(
              ops,
              config,
              layer + "cross_attention",
              tap + "_cross",
              first.seasonal(),
              length,
              encoded,
              config.seqLen());
      cross = ops.dropout(ops.tap(tap + "_cross_attn", cross), config.dropout());
      Parts<T> second =
          decomposed(ops, config, ops.add(first.seasonal(), cross), length, config.dModel());

      T fed = Blocks.feedForward(ops, second.seasonal(), feedForward(config, layer));
      Parts<T> third =
          decomposed(ops, config, ops.add(second.seasonal(), fed), length, config.dModel());

      z = ops.tap(tap + "_out", third.seasonal());
      T trends = ops.add(ops.add(first.trend(), second.trend()), third.trend());
      CircularConvolution projection =
          new CircularConvolution(
              layer + "projection", length, config.dModel(), config.cOut(), false);
      trend = ops.add(trend, ops.tap(tap + "_trend", projection.of(ops, trends)));
    }
    z = seasonalNorm(ops, config, z, length, "decoder.norm");
    z = Blocks.linear(ops, z, "decoder.projection", config.dModel(), config.cOut());
    return new Parts<>(ops.tap("seasonal_part", z), ops.tap("trend_part", trend));
  }

  private static <T> T attention(
      Ops<T> ops,
      AutoformerConfig config,
      String name,
      String tap,
      T queries,
      int length,
      T keys,
      int keyLength) {
    int heads = config.nHeads();
    int width = config.dModel() / heads * heads;
    AutoCorrelation<T> correlation =
        new AutoCorrelation<>(ops, length, keyLength, width, config.delays(length), tap);
    return Blocks.projected(ops, name, queries, keys, config.dModel(), heads, correlation);
  }

  private static <T> Parts<T> decomposed(
      Ops<T> ops, AutoformerConfig config, T x, int length, int channels) {
    T trend = Blocks.movingAverage(ops, x, length, config.movingAvg(), channels);
    return new Parts<>(ops.sub(x, trend), trend);
  }

  /** A layer norm that leaves no level. */
  private static <T> T seasonalNorm(
      Ops<T> ops, AutoformerConfig config, T x, int length, String name) {
    T z = Blocks.layerNorm(ops, x, name + ".layernorm", config.dModel());
    return ops.sub(z, Blocks.meanOfSteps(ops, z, length));
  }

  private static SequenceEmbedding embedding(AutoformerConfig config, String prefix, int channels) {
    int features = TimeFeatures.count(config.freq());
    return new SequenceEmbedding(prefix, channels, features, config.dModel(), config.dropout());
  }

  private static Blocks.FeedForward feedForward(AutoformerConfig config, String layer) {
    return new Blocks.FeedForward(
        layer, config.dModel(), config.dFf(), config.activation(), config.dropout(), false);
  }
}
