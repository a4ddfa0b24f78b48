package io.tidecast.architectures.networks;

import io.tidecast.architectures.Init;
import io.tidecast.architectures.Ops;
import io.tidecast.architectures.Tensor;
import io.tidecast.architectures.layers.Blocks;
import java.util.Arrays;
import java.util.List;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;

/**
 * Sundial's head: draws what comes next by flow matching (Lipman et al., 2023). A small network,
 * told the time and what the decoder knows, says where a path that began as noise should end; the
 * path goes there in steps.
 *
 * @param length of a path, in steps of the series
 * @param width of the condition and of the network
 * @param depth residual blocks
 * @param steps from noise to a path
 * @param path that they take
 */
record TimeFlow<T>(
    Ops<T> ops, int length, int width, int depth, int steps, SundialConfig.Path path) {
  private static final String NET = "flow_loss.net.";
  private static final double EPSILON = 1e-6;
  private static final int FREQUENCIES = 128;
  private static final double LONGEST_PERIOD = 10_000;

  /** What the network calls the end of the way. */
  private static final float TIME_SCALE = 1000;

  /**
   * Draws paths.
   *
   * @param condition {@code [batch, 1, width]}
   * @param noise {@code [batch, sample, length]}
   * @param tapped whether the intermediates are named
   * @return {@code [batch, sample, length]}
   */
  T sample(T condition, T noise, boolean tapped) {
    T known = linear(condition, "cond_embed", width, width);
    T x = noise;
    for (int i = 0; i < steps; i++) {
      T end = end(x, ops.add(timeEmbedding((float) i / steps * TIME_SCALE), known));
      x =
          switch (path) {
            case INITIAL_NOISE -> along(x, ops.sub(end, noise), 1.0 / steps);
            case EULER -> along(x, ops.sub(end, x), 1.0 / (steps - i));
          };
      if (tapped) {
        tap(i, end, x);
      }
    }
    return x;
  }

  private T along(T x, T direction, double share) {
    return ops.add(x, ops.mul(direction, ops.constant(share)));
  }

  /** The official rows go sample by sample. */
  private void tap(int step, T end, T x) {
    T rows = ops.permute(end, 1, 0, 2);
    if (step <= 1) {
      ops.tap("flow_pred_step" + step, rows);
    }
    if (step == 0) {
      ops.tap("flow_x_step1", ops.permute(x, 1, 0, 2));
    }
    if (step == steps - 1) {
      ops.tap("flow_pred_last_step", rows);
    }
  }

  /** Where the path should end, from where it is. */
  private T end(T x, T condition) {
    T activated = ops.silu(condition);
    T z = linear(x, "input_proj", length, width);
    for (int i = 0; i < depth; i++) {
      z = block(z, activated, "res_blocks." + i + ".");
    }
    List<T> modulation = modulation(activated, "final_layer.", 2);
    float[] ones = new float[width];
    Arrays.fill(ones, 1);
    T plain =
        ops.layerNorm(z, ops.constant(ones, width), ops.constant(new float[width], width), EPSILON);
    z = modulated(plain, modulation.get(0), modulation.get(1));
    return Blocks.linear(ops, z, NET + "final_layer.linear", width, length, Init.ZEROS);
  }

  private T block(T x, T condition, String name) {
    List<T> modulation = modulation(condition, name, 3);
    T z = Blocks.layerNorm(ops, x, NET + name + "in_ln", width, EPSILON);
    z = modulated(z, modulation.get(0), modulation.get(1));
    z = ops.silu(linear(z, name + "mlp.0", width, width));
    z = linear(z, name + "mlp.2", width, width);
    return ops.add(x, ops.mul(modulation.get(2), z));
  }

  /**
   * Shift, scale and, of three, gate. Zero at first, so that every block begins as the identity.
   */
  private List<T> modulation(T condition, String name, int parts) {
    T all =
        Blocks.linear(
            ops,
            condition,
            NET + name + "adaLN_modulation.1",
            width,
            (long) parts * width,
            Init.ZEROS);
    return IntStream.range(0, parts)
        .mapToObj(part -> ops.slice(all, 2, part * width, width))
        .toList();
  }

  private T modulated(T x, T shift, T scale) {
    return ops.add(ops.mul(x, ops.add(scale, ops.constant(1))), shift);
  }

  /**
   * What training compares: where the network says that paths end, from places on the way there.
   *
   * @param condition {@code [batch, token, width]}
   * @param noise {@code [batch, token, length]}
   * @param time of {@link #times}, {@code [batch, token, 1 + waves]}
   * @param target where they do end, {@code [batch, token, length]}
   */
  T denoised(T condition, T noise, T time, T target) {
    T known = linear(condition, "cond_embed", width, width);
    T share = ops.slice(time, 2, 0, 1);
    T x = ops.add(noise, ops.mul(share, ops.sub(target, noise)));
    T waves = ops.slice(time, 2, 1, 2 * FREQUENCIES);
    return end(x, ops.add(timeEmbedding(waves), known));
  }

  /** Times drawn within [0, 1), each followed by its waves. */
  static Tensor times(int batch, int tokens, RandomGenerator random) {
    int row = 1 + 2 * FREQUENCIES;
    float[] times = new float[batch * tokens * row];
    for (int i = 0; i < times.length; i += row) {
      times[i] = random.nextFloat();
      waves(times[i] * TIME_SCALE, times, i + 1);
    }
    return Tensor.of(times, batch, tokens, row);
  }

  /** Cosines and then sines of the time at falling frequencies. */
  private static void waves(float time, float[] waves, int offset) {
    for (int i = 0; i < FREQUENCIES; i++) {
      float exponent = (float) -Math.log(LONGEST_PERIOD) * i / FREQUENCIES;
      float angle = time * (float) Math.exp(exponent);
      waves[offset + i] = (float) Math.cos(angle);
      waves[offset + FREQUENCIES + i] = (float) Math.sin(angle);
    }
  }

  private T timeEmbedding(float time) {
    float[] waves = new float[2 * FREQUENCIES];
    waves(time, waves, 0);
    return timeEmbedding(ops.constant(waves, 1, waves.length));
  }

  private T timeEmbedding(T waves) {
    T z = Blocks.linear(ops, waves, NET + "time_embed.mlp.0", 2L * FREQUENCIES, width, Init.SMALL);
    return Blocks.linear(ops, ops.silu(z), NET + "time_embed.mlp.2", width, width, Init.SMALL);
  }

  private T linear(T x, String name, long inputs, long outputs) {
    Init init = Init.uniform(Math.sqrt(6.0 / (inputs + outputs)));
    return Blocks.linear(ops, x, NET + name, inputs, outputs, init);
  }
}
