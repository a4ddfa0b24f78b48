package io.tidecast.architectures.networks;

import io.tidecast.architectures.Architecture;
import io.tidecast.architectures.Init;
import io.tidecast.architectures.Inputs;
import io.tidecast.architectures.Ops;
import io.tidecast.architectures.Port;
import io.tidecast.architectures.Role;
import io.tidecast.architectures.Schedule;
import io.tidecast.architectures.Tensor;
import io.tidecast.architectures.TrainingSettings;
import io.tidecast.architectures.layers.Blocks;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;

/**
 * A generative forecaster in the style of Sundial (Liu et al., 2025, <a
 * href="https://arxiv.org/abs/2502.00816">arXiv 2502.00816</a>): a decoder with rotary positions
 * reads the patches of a series, and {@linkplain TimeFlow a flow-matching head} draws what comes
 * after the last one. Beyond one piece the median of the paths drawn is read on as if it had been
 * observed.
 *
 * <p>A context may begin with NaN: what is not known counts in no statistic, and no token attends
 * to a patch of which nothing is known. Positions are told apart by their distance alone, and
 * patches are counted from the newest cell, so what comes out is the forecast of the shorter
 * context.
 *
 * <p>Parameters carry the names of the official implementation.
 */
public final class Sundial implements Architecture<SundialConfig> {
  private static final double DEVIATION_EPSILON = 1e-5;

  @Override
  public String name() {
    return "sundial";
  }

  @Override
  public Class<SundialConfig> configType() {
    return SundialConfig.class;
  }

  /** The values of the official base size. */
  @Override
  public String defaults() {
    return """
        {"num_samples": 20, "input_token_len": 16, "output_token_lens": [720], "hidden_size": 768,
         "intermediate_size": 3072, "num_hidden_layers": 12, "num_attention_heads": 12,
         "hidden_act": "silu", "dropout_rate": 0.1, "flow_loss_depth": 3,
         "num_sampling_steps": 50, "rope_theta": 10000.0, "path": "initial_noise"}
        """;
  }

  /** Officially it learns from a corpus; this is what suits a single series. */
  @Override
  public TrainingSettings officialTraining() {
    return TrainingSettings.builder()
        .batchSize(64)
        .epochs(30)
        .patience(8)
        .learningRate(1e-3)
        .schedule(Schedule.COSINE)
        .build();
  }

  @Override
  public boolean mixesChannels() {
    return false;
  }

  @Override
  public boolean padsLeft() {
    return true;
  }

  /** The context, and a draw for each element of each piece of each path. */
  @Override
  public List<Port> inputs(SundialConfig config) {
    return List.of(
        Port.of(Role.CONTEXT, -1, config.seqLen(), 1),
        Port.of(Role.NOISE, -1, config.pieces(), config.numSamples(), config.pieceLength()));
  }

  @Override
  public Port output(SundialConfig config) {
    return Port.of(Role.SAMPLES, -1, config.numSamples(), config.predLen());
  }

  @Override
  public <T> T forward(Ops<T> ops, SundialConfig config, Inputs<T> in) {
    int length = config.pieceLength();
    Past<T> past = past(ops, config, in.context());
    Reader<T> reader = new Reader<>(ops, config);
    TimeFlow<T> flow = flow(ops, config);
    T condition = reader.last(past.values(), past.known(), config.seqLen(), "");
    List<T> pieces = new ArrayList<>();
    for (int i = 0; i < config.pieces(); i++) {
      if (i > 0) {
        T median = ops.reshape(median(ops, config, pieces.get(i - 1)), -1, length);
        condition = reader.last(median, ops.known(median), length, "_call" + (i + 1));
      }
      T noise = ops.gather(in.get(Role.NOISE), 1, new long[] {i}, 1);
      noise = ops.reshape(noise, -1, config.numSamples(), length);
      pieces.add(flow.sample(condition, noise, i == 0));
    }

    T y = ops.slice(ops.concat(pieces, 2), 2, 0, config.predLen());
    y = ops.add(ops.mul(y, past.deviation()), past.mean());
    ops.tap("y_median", median(ops, config, y));
    ops.tap("y_mean", Blocks.meanOfSteps(ops, y, config.numSamples()));
    return y;
  }

  /** Every token learns to draw what comes after it, which is at least a piece long. */
  @Override
  public int trainingHorizon(SundialConfig config) {
    return config.pieceLength();
  }

  @Override
  public Map<Role, Tensor> draws(SundialConfig config, int batch, RandomGenerator random) {
    int tokens = config.tokens(config.seqLen());
    float[] noise = new float[batch * tokens * config.pieceLength()];
    for (int i = 0; i < noise.length; i++) {
      noise[i] = (float) random.nextGaussian();
    }
    return Map.of(
        Role.FLOW_NOISE,
        Tensor.of(noise, batch, tokens, config.pieceLength()),
        Role.FLOW_TIME,
        TimeFlow.times(batch, tokens, random));
  }

  @Override
  public <T> Comparison<T> compare(Ops<T> ops, SundialConfig config, Inputs<T> in, T future) {
    int length = config.seqLen() + config.pieceLength();
    int patch = config.inputTokenLen();
    int tokens = config.tokens(config.seqLen());
    Past<T> past = past(ops, config, in.context());
    T ahead = ops.div(ops.sub(future, past.mean()), past.deviation());
    ahead = ops.reshape(ahead, -1, config.pieceLength());
    T series = ops.concat(List.of(past.values(), ahead), 1);
    int first = config.seqLen() - (tokens - 1) * patch;
    T wanted = Blocks.windows(ops, series, 1, length, first, tokens, config.pieceLength(), patch);
    T condition = new Reader<>(ops, config).read(past.values(), past.known(), config.seqLen(), "");
    T said =
        flow(ops, config)
            .denoised(condition, in.get(Role.FLOW_NOISE), in.get(Role.FLOW_TIME), wanted);
    return new Comparison<>(said, wanted);
  }

  private static <T> TimeFlow<T> flow(Ops<T> ops, SundialConfig config) {
    return new TimeFlow<>(
        ops,
        config.pieceLength(),
        config.hiddenSize(),
        config.flowLossDepth(),
        config.numSamplingSteps(),
        config.path());
  }

  /**
   * A context as it is read.
   *
   * @param values {@code [batch, step]}, normalised; 0 where unknown
   * @param known {@code [batch, step]}, 1 or 0
   * @param mean of what is known, {@code [batch, 1, 1]}
   * @param deviation of what is known, {@code [batch, 1, 1]}
   */
  private record Past<T>(T values, T known, T mean, T deviation) {}

  private static <T> Past<T> past(Ops<T> ops, SundialConfig config, T context) {
    int length = config.seqLen();
    T known = ops.known(context);
    T count = Blocks.sumOfSteps(ops, known, length);
    T x = ops.orZero(context);
    T mean = ops.tap("mean", ops.div(Blocks.sumOfSteps(ops, x, length), count));
    T centred = ops.mul(ops.sub(x, mean), known);
    T squares = Blocks.sumOfSteps(ops, ops.mul(centred, centred), length);
    T deviation = ops.add(ops.sqrt(ops.div(squares, count)), ops.constant(DEVIATION_EPSILON));
    ops.tap("std", deviation);
    T values = ops.reshape(ops.div(centred, deviation), -1, length);
    return new Past<>(values, ops.reshape(known, -1, length), mean, deviation);
  }

  /**
   * Takes the median over {@code [batch, sample, step]}, {@code [batch, step, 1]}; of two middles
   * the lower.
   */
  private static <T> T median(Ops<T> ops, SundialConfig config, T samples) {
    T sorted = ops.sort(ops.permute(samples, 0, 2, 1), config.numSamples());
    return ops.gather(sorted, 2, new long[] {(config.numSamples() - 1) / 2}, 1);
  }

  /** The decoder, which remembers the keys and values of what it has read. One forecast. */
  private static final class Reader<T> {
    private final Ops<T> ops;
    private final SundialConfig config;
    private final int d;
    private final List<T> keys = new ArrayList<>();
    private final List<T> values = new ArrayList<>();
    private final List<T> hiding = new ArrayList<>();
    private int tokensRead;

    Reader(Ops<T> ops, SundialConfig config) {
      this.ops = ops;
      this.config = config;
      this.d = config.hiddenSize();
    }

    /** The same, the last token alone, {@code [batch, 1, hidden_size]}. */
    T last(T x, T known, int length, String call) {
      return ops.slice(read(x, known, length, call), 1, config.tokens(length) - 1, 1);
    }

    /**
     * Reads on; what it knows after each token, {@code [batch, token, hidden_size]}.
     *
     * @param x {@code [batch, length]}, 0 where unknown
     * @param known {@code [batch, length]}, 1 or 0
     */
    T read(T x, T known, int length, String call) {
      int n = config.tokens(length);
      T mask = patches(known, length, n);
      T z = ops.tap("patch_embed" + call, embedding(patches(x, length, n), mask));
      hiding.add(Blocks.hidingBias(ops, ops.max(mask, 2), n));
      T causal = Blocks.causalBias(ops, n, tokensRead + n);
      T bias = ops.add(causal, ops.concat(hiding, 3));
      for (int i = 0; i < config.numHiddenLayers(); i++) {
        z = ops.tap("layer" + i + "_out" + call, layer(z, bias, i, n));
      }
      tokensRead += n;
      return ops.tap("hidden" + call, Blocks.layerNorm(ops, z, "model.norm", d));
    }

    /** {@code [batch, token, step]}, zeros before the first patch where it is not full. */
    private T patches(T x, int length, int n) {
      int patch = config.inputTokenLen();
      return ops.reshape(ops.pad(x, 1, n * patch - length, 0), -1, n, patch);
    }

    /** Embeds patches, each beside its mask, which is 1 where a value is known. */
    private T embedding(T patches, T mask) {
      String name = "model.embed_layer.";
      int hidden = config.intermediateSize();
      T both = ops.concat(List.of(patches, mask), 2);
      long width = 2L * config.inputTokenLen();
      T z = ops.silu(Blocks.linear(ops, both, name + "hidden_layer", width, hidden, Init.SMALL));
      z = Blocks.linear(ops, z, name + "output_layer", hidden, d, Init.SMALL);
      z = ops.dropout(z, config.dropoutRate());
      return ops.add(z, Blocks.linear(ops, both, name + "residual_layer", width, d, Init.SMALL));
    }

    private T layer(T x, T bias, int index, int n) {
      String layer = "model.layers." + index + ".";
      T attended = attention(Blocks.layerNorm(ops, x, layer + "norm1", d), bias, layer, index, n);
      T z = ops.add(x, attended);
      return ops.add(z, feedForward(Blocks.layerNorm(ops, z, layer + "norm2", d), layer));
    }

    private T attention(T z, T bias, String layer, int index, int n) {
      String name = layer + "self_attn.";
      int heads = config.numAttentionHeads();
      T query = rotated(Blocks.linear(ops, z, name + "q_proj", d, d, Init.SMALL), n);
      T key = rotated(Blocks.linear(ops, z, name + "k_proj", d, d, Init.SMALL), n);
      T value = Blocks.linear(ops, z, name + "v_proj", d, d, Init.SMALL);
      key = remembered(keys, index, key);
      value = remembered(values, index, value);
      double scale = 1 / Math.sqrt((double) d / heads);
      T attended = ops.attention(query, key, value, heads, scale, bias).output();
      return ops.linear(attended, ops.parameter(name + "o_proj.weight", Init.SMALL, d, d), null);
    }

    private T remembered(List<T> memory, int index, T latest) {
      if (tokensRead == 0) {
        memory.add(latest);
      } else {
        memory.set(index, ops.concat(List.of(memory.get(index), latest), 1));
      }
      return memory.get(index);
    }

    /** Applies the feed-forward block of the paper, SwiGLU: one half gates the other. */
    private T feedForward(T z, String layer) {
      String name = layer + "ffn_layer.";
      int hidden = config.intermediateSize();
      T gate = ops.linear(z, ops.parameter(name + "gate_proj.weight", Init.SMALL, hidden, d), null);
      T up = ops.linear(z, ops.parameter(name + "up_proj.weight", Init.SMALL, hidden, d), null);
      T down = ops.parameter(name + "down_proj.weight", Init.SMALL, d, hidden);
      return ops.linear(ops.mul(ops.silu(gate), up), down, null);
    }

    /** Turns the pairs of each head, half a head apart, by angles that grow with the position. */
    private T rotated(T x, int n) {
      int width = d / config.numAttentionHeads();
      long[] partners = new long[d];
      float[] cosines = new float[n * d];
      float[] sines = new float[n * d];
      for (int i = 0; i < d; i++) {
        int place = i % width;
        boolean first = place < width / 2;
        partners[i] = first ? i + width / 2 : i - width / 2;
        float exponent = (float) (2 * (place % (width / 2))) / width;
        float frequency = 1 / (float) Math.pow(config.ropeTheta(), exponent);
        for (int t = 0; t < n; t++) {
          float angle = (tokensRead + t) * frequency;
          cosines[t * d + i] = (float) Math.cos(angle);
          sines[t * d + i] = (float) (first ? -Math.sin(angle) : Math.sin(angle));
        }
      }
      T turned = ops.mul(ops.gather(x, 2, partners, d), ops.constant(sines, n, d));
      return ops.add(ops.mul(x, ops.constant(cosines, n, d)), turned);
    }
  }
}
