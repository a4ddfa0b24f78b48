package io.tidecast.architectures.networks;

import static io.tidecast.architectures.Checks.require;

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
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * PatchTST (Nie et al., 2023, <a href="https://arxiv.org/abs/2211.14730">arXiv 2211.14730</a>):
 * each channel on its own becomes a sequence of overlapping patches, an encoder with residual
 * attention and batch norm reads them, and one linear layer maps all of them to the horizon.
 *
 * <p>Parameters carry the names of the official implementation ({@code PatchTST_supervised}).
 */
public final class PatchTst implements Architecture<PatchTstConfig> {
  private static final String MODEL = "model.";

  @Override
  public String name() {
    return "patchtst";
  }

  @Override
  public Class<PatchTstConfig> configType() {
    return PatchTstConfig.class;
  }

  /** The official settings of ETTh1 (PatchTST/42), and the code's own defaults beyond them. */
  @Override
  public String defaults() {
    return """
        {"e_layers": 3, "n_heads": 4, "d_model": 16, "d_ff": 128, "patch_len": 16, "stride": 8,
         "padding_patch": "end", "dropout": 0.3, "head_dropout": 0.0, "individual": false,
         "revin": true, "affine": false, "subtract_last": false, "decomposition": false,
         "kernel_size": 25, "norm": "BatchNorm", "act": "gelu", "res_attention": true,
         "pre_norm": false}
        """;
  }

  @Override
  public TrainingSettings officialTraining() {
    return TrainingSettings.builder()
        .batchSize(128)
        .epochs(100)
        .patience(100)
        .learningRate(1e-4)
        .schedule(Schedule.DECAY)
        .build();
  }

  @Override
  public boolean mixesChannels() {
    return false;
  }

  /** The mean and deviation of the context come out of the patches that hold all of it. */
  @Override
  public List<Port> patchedInputs(PatchTstConfig config) {
    require(
        !config.decomposition(),
        "patchtst must be given whole contexts for its moving averages: decomposition",
        true);
    require(
        !config.revin()
            || (config.stride() <= config.patchLen() && config.covered() >= config.seqLen()),
        "patches must leave no value of the context out, by which patchtst normalises them",
        "%d long, one every %d, of a context of %d"
            .formatted(config.patchLen(), config.stride(), config.seqLen()));
    return List.of(Port.of(Role.PATCHES, -1, config.patchCount(), config.patchLen()));
  }

  /**
   * Context {@code [batch, seq_len, enc_in]}, or its patches {@code [batch·enc_in, patch,
   * patch_len]}, to point forecasts {@code [batch, pred_len, enc_in]}.
   */
  @Override
  public <T> T forward(Ops<T> ops, PatchTstConfig config, Inputs<T> in) {
    T y;
    if (in.has(Role.PATCHES)) {
      y = backboneOfPatches(ops, config, in.get(Role.PATCHES));
    } else if (config.decomposition()) {
      T x = in.context();
      T trend = Blocks.movingAverage(ops, x, config.seqLen(), config.kernelSize(), config.encIn());
      T remainder = ops.sub(x, trend);
      y =
          ops.add(
              backbone(ops, config, "model_res.", "res_", remainder),
              backbone(ops, config, "model_trend.", "trend_", trend));
    } else {
      y = backbone(ops, config, MODEL, "", in.context());
    }
    return ops.permute(y, 0, 2, 1);
  }

  /** Turns {@code [batch, time, channel]} into {@code [batch, channel, horizon]}. */
  private static <T> T backbone(
      Ops<T> ops, PatchTstConfig config, String prefix, String tap, T series) {
    T x = ops.tap(tap + "backbone_in", ops.permute(series, 0, 2, 1));
    if (!config.revin()) {
      return forecastOfSeries(ops, config, prefix, tap, x);
    }
    RevIn revIn = revIn(config, prefix);
    RevIn.Statistics<T> statistics = revIn.statistics(ops, x);
    T y = forecastOfSeries(ops, config, prefix, tap, revIn.normalise(ops, x, statistics));
    return revIn.denormalise(ops, y, statistics);
  }

  /** {@code [batch, channel, time]}, normalised, to {@code [batch, channel, horizon]}. */
  private static <T> T forecastOfSeries(
      Ops<T> ops, PatchTstConfig config, String prefix, String tap, T x) {
    int n = config.patchCount();
    T patches = Blocks.patches(ops, x, config.seqLen(), n, config.patchLen(), config.stride());
    return forecast(ops, config, prefix, tap, ops.tap(tap + "patches", patches));
  }

  /** Turns {@code [batch·channel, patch, step]} into {@code [batch, channel, horizon]}. */
  private static <T> T backboneOfPatches(Ops<T> ops, PatchTstConfig config, T patches) {
    if (!config.revin()) {
      return forecast(ops, config, MODEL, "", patches);
    }
    RevIn revIn = revIn(config, MODEL);
    RevIn.Statistics<T> statistics = revIn.statistics(ops, context(ops, config, patches));
    long size = (long) config.patchCount() * config.patchLen();
    T x = revIn.normalise(ops, ops.reshape(patches, -1, config.encIn(), size), statistics);
    return revIn.denormalise(ops, forecast(ops, config, MODEL, "", x), statistics);
  }

  /** The context that was cut into patches, {@code [batch, channel, time]}. */
  private static <T> T context(Ops<T> ops, PatchTstConfig config, T patches) {
    int n = config.patchCount();
    int stride = config.stride();
    // The patches up to where the next one begins; of the last one, what else there is.
    int tiled = n * stride;
    T x = ops.reshape(ops.slice(patches, 2, 0, stride), -1, config.encIn(), tiled);
    if (tiled >= config.seqLen()) {
      return tiled == config.seqLen() ? x : ops.slice(x, 2, 0, config.seqLen());
    }
    int rest = config.seqLen() - tiled;
    T last = ops.slice(ops.slice(patches, 1, n - 1, 1), 2, stride, rest);
    return ops.concat(List.of(x, ops.reshape(last, -1, config.encIn(), rest)), 2);
  }

  private static RevIn revIn(PatchTstConfig config, String prefix) {
    return new RevIn(
        prefix, config.encIn(), config.seqLen(), config.affine(), config.subtractLast());
  }

  /**
   * Turns normalised patches of every window and channel into {@code [batch, channel, horizon]}.
   */
  private static <T> T forecast(
      Ops<T> ops, PatchTstConfig config, String prefix, String tap, T patches) {
    int n = config.patchCount();
    T z = ops.reshape(patches, -1, n, config.patchLen());
    z = Blocks.linear(ops, z, prefix + "backbone.W_P", config.patchLen(), config.dModel());
    z =
        ops.add(
            z, ops.parameter(prefix + "backbone.W_pos", Init.uniform(0.02), n, config.dModel()));
    z = ops.dropout(ops.tap(tap + "patch_embed", z), config.dropout());
    z = encoder(ops, config, prefix + "backbone.encoder.layers.", tap, z);

    z = ops.reshape(z, -1, config.encIn(), n, config.dModel());
    z = ops.tap(tap + "encoder_out", ops.permute(z, 0, 1, 3, 2));
    z = ops.reshape(z, -1, config.encIn(), (long) config.dModel() * n);
    return ops.tap(tap + "head_out", head(ops, config, prefix + "head.", z));
  }

  private static <T> T encoder(
      Ops<T> ops, PatchTstConfig config, String prefix, String tap, T tokens) {
    T z = tokens;
    T scores = null;
    for (int i = 0; i < config.eLayers(); i++) {
      String layer = prefix + i + ".";
      T attended = config.preNorm() ? norm(ops, config, layer + "norm_attn", z) : z;
      Ops.Attention<T> attention = attention(ops, config, layer + "self_attn.", attended, scores);
      z = ops.add(attended, ops.dropout(attention.output(), config.dropout()));
      z = norm(ops, config, layer + (config.preNorm() ? "norm_ffn" : "norm_attn"), z);
      z = ops.add(z, ops.dropout(feedForward(ops, config, layer + "ff.", z), config.dropout()));
      if (!config.preNorm()) {
        z = norm(ops, config, layer + "norm_ffn", z);
      }
      z = ops.tap(tap + "layer" + i + "_out", z);
      if (config.resAttention()) {
        scores = attention.scores();
        if (i == 0) {
          scores = ops.tap(tap + "layer0_scores", scores);
        }
        if (i == config.eLayers() - 1) {
          scores = ops.tap(tap + "last_layer_scores", scores);
        }
      }
    }
    return z;
  }

  /** Multi-head attention whose scores add to those of the layer before. */
  private static <T> Ops.Attention<T> attention(
      Ops<T> ops, PatchTstConfig config, String prefix, T z, @Nullable T previousScores) {
    int d = config.dModel();
    T query = Blocks.linear(ops, z, prefix + "W_Q", d, d);
    T key = Blocks.linear(ops, z, prefix + "W_K", d, d);
    T value = Blocks.linear(ops, z, prefix + "W_V", d, d);
    double scale = 1 / Math.sqrt((double) d / config.nHeads());
    ops.unlearned(prefix + "sdp_attn.scale", (float) scale);
    Ops.Attention<T> attention =
        ops.attention(query, key, value, config.nHeads(), scale, previousScores);
    T output = Blocks.linear(ops, attention.output(), prefix + "to_out.0", d, d);
    return new Ops.Attention<>(ops.dropout(output, config.dropout()), attention.scores());
  }

  private static <T> T feedForward(Ops<T> ops, PatchTstConfig config, String prefix, T z) {
    T hidden = Blocks.linear(ops, z, prefix + "0", config.dModel(), config.dFf());
    hidden = ops.dropout(config.act().of(ops, hidden), config.dropout());
    return Blocks.linear(ops, hidden, prefix + "3", config.dFf(), config.dModel());
  }

  /** The official batch norm sits between two transposes, hence second in its sequence. */
  private static <T> T norm(Ops<T> ops, PatchTstConfig config, String name, T z) {
    return config.batchNorm()
        ? ops.batchNorm(z, name + ".1", config.dModel(), Blocks.NORM_EPSILON)
        : Blocks.layerNorm(ops, z, name, config.dModel());
  }

  /** Turns {@code [batch, channel, d_model·patches]} into {@code [batch, channel, horizon]}. */
  private static <T> T head(Ops<T> ops, PatchTstConfig config, String prefix, T z) {
    long inputs = (long) config.dModel() * config.patchCount();
    long outputs = config.predLen();
    T y =
        config.individual()
            ? Blocks.linearOfEach(ops, z, prefix + "linears.", config.encIn(), inputs, outputs)
            : Blocks.linear(ops, z, prefix + "linear", inputs, outputs);
    return ops.dropout(y, config.headDropout());
  }
}
