package io.tidecast.architectures;

import java.util.List;

/**
 * TimeXer (Wang et al., 2024, <a href="https://arxiv.org/abs/2402.19072">arXiv 2402.19072</a>):
 * patches of each forecast series and a learned global token attend to one another, and the global
 * token alone asks whole other series, one token each, what they know.
 *
 * <p>Parameters carry the names of the official implementation.
 */
public final class TimeXer implements Architecture<TimeXerConfig> {

  @Override
  public String name() {
    return "timexer";
  }

  @Override
  public Class<TimeXerConfig> configType() {
    return TimeXerConfig.class;
  }

  /** The official settings of ETTh1, horizon 96. */
  @Override
  public String defaults() {
    return """
        {"features": "M", "use_norm": true, "patch_len": 16, "d_model": 256, "n_heads": 8,
         "e_layers": 1, "d_ff": 2048, "dropout": 0.1, "activation": "gelu", "freq": "h"}
        """;
  }

  @Override
  public List<Port> inputs(TimeXerConfig config) {
    return List.of(
        Port.of(Role.CONTEXT, -1, config.seqLen(), config.encIn()),
        Port.of(
            Role.CONTEXT_TIME_FEATURES, -1, config.seqLen(), TimeFeatures.count(config.freq())));
  }

  @Override
  public Port output(TimeXerConfig config) {
    return Port.of(Role.POINT, -1, config.predLen(), config.targets());
  }

  @Override
  public <T> T forward(Ops<T> ops, TimeXerConfig config, Inputs<T> in) {
    int firstTarget = config.encIn() - config.targets();
    T x = ops.permute(in.context(), 0, 2, 1);
    RevIn revIn = new RevIn("", config.encIn(), config.seqLen(), false, false);
    RevIn.Statistics<T> statistics = config.useNorm() ? revIn.statistics(ops, x) : null;
    if (config.useNorm()) {
      x = revIn.normalise(ops, x, statistics);
    }
    T targets = ops.slice(x, 1, firstTarget, config.targets());
    T tokens = ops.tap("en_embed", targetTokens(ops, config, targets));
    T marks = ops.permute(in.get(Role.CONTEXT_TIME_FEATURES), 0, 2, 1);
    T variates = ops.tap("ex_embed", variateTokens(ops, config, x, marks));
    for (int i = 0; i < config.eLayers(); i++) {
      tokens = layer(ops, config, i, tokens, variates);
    }
    tokens = Blocks.layerNorm(ops, tokens, "encoder.norm", config.dModel());
    T y = head(ops, config, ops.tap("encoder_out", tokens));
    if (config.useNorm()) {
      T centre = ops.slice(statistics.centre(), 1, firstTarget, config.targets());
      T deviation = ops.slice(statistics.deviation(), 1, firstTarget, config.targets());
      y = revIn.denormalise(ops, y, new RevIn.Statistics<>(centre, deviation));
    }
    return ops.permute(y, 0, 2, 1);
  }

  /** Patches and then the global token, {@code [batch·target, patch + 1, d_model]}. */
  private static <T> T targetTokens(Ops<T> ops, TimeXerConfig config, T targets) {
    int n = config.patchCount();
    int length = config.patchLen();
    int d = config.dModel();
    T z = Blocks.windows(ops, targets, 2, config.seqLen(), 0, n, length, length);
    z = Blocks.linearWithoutBias(ops, z, "en_embedding.value_embedding", length, d);
    z = ops.add(z, Blocks.positions(ops, "en_embedding.position_embedding", n, d));
    T global =
        ops.parameter(
            "en_embedding.glb_token", Init.uniform(Math.sqrt(3)), 1, config.targets(), 1, d);
    z = ops.add(ops.pad(z, 2, 0, 1), ops.pad(global, 2, n, 0));
    return ops.dropout(ops.reshape(z, -1, config.tokens(), d), config.dropout());
  }

  /** Each informing series and time feature as one token, {@code [batch, variate, d_model]}. */
  private static <T> T variateTokens(Ops<T> ops, TimeXerConfig config, T x, T marks) {
    int series = config.variates() - TimeFeatures.count(config.freq());
    T variates = series == 0 ? marks : ops.concat(List.of(ops.slice(x, 1, 0, series), marks), 1);
    T tokens =
        Blocks.linear(
            ops, variates, "ex_embedding.value_embedding", config.seqLen(), config.dModel());
    return ops.dropout(tokens, config.dropout());
  }

  private static <T> T layer(Ops<T> ops, TimeXerConfig config, int index, T tokens, T variates) {
    String layer = "encoder.layers." + index + ".";
    String tap = "layer" + index + "_";
    int d = config.dModel();
    int heads = config.nHeads();
    Blocks.Mixer<T> attention = Blocks.fullAttention(ops, d, heads, null);

    T self = Blocks.projected(ops, layer + "self_attention", tokens, tokens, d, heads, attention);
    self = ops.dropout(ops.tap(tap + "self_attn", self), config.dropout());
    T z = Blocks.layerNorm(ops, ops.add(tokens, self), layer + "norm1", d);

    T global = ops.slice(z, 1, config.patchCount(), 1);
    global = ops.reshape(global, -1, config.targets(), d);
    T cross =
        Blocks.projected(ops, layer + "cross_attention", global, variates, d, heads, attention);
    cross = ops.dropout(ops.tap(tap + "cross_attn", cross), config.dropout());
    global = Blocks.layerNorm(ops, ops.add(global, cross), layer + "norm2", d);
    T patches = ops.slice(z, 1, 0, config.patchCount());
    z = ops.concat(List.of(patches, ops.reshape(global, -1, 1, d)), 1);

    Blocks.FeedForward feedForward =
        new Blocks.FeedForward(layer, d, config.dFf(), config.activation(), config.dropout(), true);
    z = ops.add(z, Blocks.feedForward(ops, z, feedForward));
    return ops.tap(tap + "out", Blocks.layerNorm(ops, z, layer + "norm3", d));
  }

  /** All tokens of a series, {@code d_model} first, to its horizon. */
  private static <T> T head(Ops<T> ops, TimeXerConfig config, T tokens) {
    long inputs = (long) config.dModel() * config.tokens();
    T z = ops.reshape(ops.permute(tokens, 0, 2, 1), -1, config.targets(), inputs);
    T y = Blocks.linear(ops, z, "head.linear", inputs, config.predLen());
    return ops.dropout(ops.tap("head_out", y), config.dropout());
  }
}
