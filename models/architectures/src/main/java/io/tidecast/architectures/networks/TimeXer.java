package io.tidecast.architectures.networks;

import io.tidecast.architectures.Architecture;
import io.tidecast.architectures.Init;
import io.tidecast.architectures.Inputs;
import io.tidecast.architectures.Ops;
import io.tidecast.architectures.Port;
import io.tidecast.architectures.Role;
import io.tidecast.architectures.Schedule;
import io.tidecast.architectures.TrainingSettings;
import io.tidecast.architectures.layers.Blocks;
import io.tidecast.architectures.layers.RevIn;
import io.tidecast.architectures.layers.TimeFeatures;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * TimeXer (Wang et al., 2024, <a href="https://arxiv.org/abs/2402.19072">arXiv 2402.19072</a>):
 * patches of each forecast series and a learned global token attend to one another, and the global
 * token alone asks whole other series, one token each, what they know.
 *
 * <p>Beyond the paper, the first channels may be known over the horizon. Then the tokens of these
 * channels and of the calendar see the horizon too; each patch is told what the known channels did
 * beneath it; and the horizon has patches of its own, which hold nothing but that. So a day ahead
 * can look for past days of the same load.
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

  /** The official settings of ETTh1 at horizon 96. */
  @Override
  public String defaults() {
    return """
        {"features": "M", "use_norm": true, "patch_len": 16, "d_model": 256, "n_heads": 8,
         "e_layers": 1, "d_ff": 2048, "dropout": 0.1, "activation": "gelu", "freq": "h",
         "future_covariates": 0}
        """;
  }

  @Override
  public TrainingSettings officialTraining() {
    return TrainingSettings.builder()
        .batchSize(4)
        .epochs(10)
        .patience(3)
        .learningRate(1e-4)
        .schedule(Schedule.HALVING)
        .build();
  }

  @Override
  public List<Port> inputs(TimeXerConfig config) {
    int features = TimeFeatures.count(config.freq());
    List<Port> ports = new ArrayList<>();
    ports.add(Port.of(Role.CONTEXT, -1, config.seqLen(), config.encIn()));
    ports.add(Port.of(Role.CONTEXT_TIME_FEATURES, -1, config.seqLen(), features));
    if (config.seesAhead()) {
      ports.add(Port.of(Role.FUTURE_TIME_FEATURES, -1, config.predLen(), features));
      ports.add(Port.of(Role.FUTURE_COVARIATES, -1, config.predLen(), config.futureCovariates()));
    }
    return ports;
  }

  @Override
  public Port output(TimeXerConfig config) {
    return Port.of(Role.POINT, -1, config.predLen(), config.targets());
  }

  @Override
  public int targets(TimeXerConfig config) {
    return config.targets();
  }

  @Override
  public int futureCovariates(TimeXerConfig config) {
    return config.futureCovariates();
  }

  @Override
  public List<String> timeFeatures(TimeXerConfig config) {
    return TimeFeatures.names(config.freq());
  }

  /**
   * The series of one forecast, {@code [batch, channel, time]} each.
   *
   * @param context every channel
   * @param known the known channels over the horizon; null without any
   */
  private record Series<T>(T context, @Nullable T known) {}

  @Override
  public <T> T forward(Ops<T> ops, TimeXerConfig config, Inputs<T> in) {
    int firstTarget = config.encIn() - config.targets();
    T x = ops.permute(in.context(), 0, 2, 1);
    T known = config.seesAhead() ? ops.permute(in.get(Role.FUTURE_COVARIATES), 0, 2, 1) : null;
    RevIn revIn = new RevIn("", config.encIn(), config.seqLen(), false, false);
    RevIn.Statistics<T> statistics = config.useNorm() ? revIn.statistics(ops, x) : null;
    if (statistics != null) {
      x = revIn.normalise(ops, x, statistics);
      if (known != null) {
        RevIn.Statistics<T> ofKnown = of(ops, statistics, 0, config.futureCovariates());
        known = revIn.normalise(ops, known, ofKnown);
      }
    }
    Series<T> series = new Series<>(x, known);
    T tokens = ops.tap("en_embed", targetTokens(ops, config, series));
    T variates = ops.tap("ex_embed", variateTokens(ops, config, series, in));
    for (int i = 0; i < config.eLayers(); i++) {
      tokens = layer(ops, config, i, tokens, variates);
    }
    tokens = Blocks.layerNorm(ops, tokens, "encoder.norm", config.dModel());
    T y = head(ops, config, ops.tap("encoder_out", tokens));
    if (statistics != null) {
      y = revIn.denormalise(ops, y, of(ops, statistics, firstTarget, config.targets()));
    }
    return ops.permute(y, 0, 2, 1);
  }

  /** Takes the values of some channels. */
  private static <T> RevIn.Statistics<T> of(
      Ops<T> ops, RevIn.Statistics<T> statistics, int first, int count) {
    return new RevIn.Statistics<>(
        ops.slice(statistics.centre(), 1, first, count),
        ops.slice(statistics.deviation(), 1, first, count));
  }

  /** Patches and then the global token, {@code [batch·target, patch + 1, d_model]}. */
  private static <T> T targetTokens(Ops<T> ops, TimeXerConfig config, Series<T> series) {
    int n = config.patchCount();
    int length = config.patchLen();
    int d = config.dModel();
    T targets = ops.slice(series.context(), 1, config.encIn() - config.targets(), config.targets());
    T z = patches(ops, targets, config.targets(), n, length, config.seqLen());
    z = Blocks.linearWithoutBias(ops, z, "en_embedding.value_embedding", length, d);
    T known = series.known();
    if (known != null) {
      z = ops.pad(z, 2, 0, config.futurePatchCount());
      z = ops.add(z, knownBeneath(ops, config, series.context(), known));
    }
    int patches = config.patchCount() + config.futurePatchCount();
    z = ops.add(z, Blocks.positions(ops, "en_embedding.position_embedding", patches, d));
    T global =
        ops.parameter(
            "en_embedding.glb_token", Init.uniform(Math.sqrt(3)), 1, config.targets(), 1, d);
    z = ops.add(ops.pad(z, 2, 0, 1), ops.pad(global, 2, patches, 0));
    return ops.dropout(ops.reshape(z, -1, config.tokens(), d), config.dropout());
  }

  /** {@code [batch, channel, time]} as {@code [batch, channel, patch, step]}. */
  private static <T> T patches(Ops<T> ops, T x, int channels, int count, int size, int length) {
    return ops.reshape(
        Blocks.patches(ops, x, length, count, size, size), -1, channels, count, size);
  }

  /** What the known channels do beneath each patch, {@code [batch, 1, patch, d_model]}. */
  private static <T> T knownBeneath(Ops<T> ops, TimeXerConfig config, T context, T known) {
    int channels = config.futureCovariates();
    int length = config.patchLen();
    T past = ops.slice(context, 1, 0, channels);
    past = patches(ops, past, channels, config.patchCount(), length, config.seqLen());
    int ahead = config.futurePatchCount();
    T future = patches(ops, known, channels, ahead, length, config.predLen());
    T patches = ops.permute(ops.concat(List.of(past, future), 2), 0, 2, 1, 3);
    long inputs = (long) channels * length;
    patches = ops.reshape(patches, -1, 1, (long) config.patchCount() + ahead, inputs);
    return Blocks.linearWithoutBias(
        ops, patches, "en_embedding.covariate_embedding", inputs, config.dModel());
  }

  /** Each informing series and time feature as one token, {@code [batch, variate, d_model]}. */
  private static <T> T variateTokens(
      Ops<T> ops, TimeXerConfig config, Series<T> series, Inputs<T> in) {
    int informing = config.variates() - TimeFeatures.count(config.freq());
    T marks = ops.permute(in.get(Role.CONTEXT_TIME_FEATURES), 0, 2, 1);
    T variates =
        informing == 0
            ? marks
            : ops.concat(List.of(ops.slice(series.context(), 1, 0, informing), marks), 1);
    T tokens =
        Blocks.linear(
            ops, variates, "ex_embedding.value_embedding", config.seqLen(), config.dModel());
    if (series.known() != null) {
      T known = ahead(ops, config, series.known());
      T calendar = ahead(ops, config, ops.permute(in.get(Role.FUTURE_TIME_FEATURES), 0, 2, 1));
      // Nothing is known of the channels between.
      known = ops.pad(known, 1, 0, informing - config.futureCovariates());
      tokens = ops.add(tokens, ops.concat(List.of(known, calendar), 1));
    }
    return ops.dropout(tokens, config.dropout());
  }

  private static <T> T ahead(Ops<T> ops, TimeXerConfig config, T known) {
    return Blocks.linearWithoutBias(
        ops, known, "ex_embedding.future_embedding", config.predLen(), config.dModel());
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

    int last = config.tokens() - 1;
    T global = ops.reshape(ops.slice(z, 1, last, 1), -1, config.targets(), d);
    T cross =
        Blocks.projected(ops, layer + "cross_attention", global, variates, d, heads, attention);
    cross = ops.dropout(ops.tap(tap + "cross_attn", cross), config.dropout());
    global = Blocks.layerNorm(ops, ops.add(global, cross), layer + "norm2", d);
    T patches = ops.slice(z, 1, 0, last);
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
