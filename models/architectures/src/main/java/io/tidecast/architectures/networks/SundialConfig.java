package io.tidecast.architectures.networks;

import static io.tidecast.architectures.Checks.require;
import static io.tidecast.architectures.Checks.requireDropout;
import static io.tidecast.architectures.Checks.requirePositive;

import com.fasterxml.jackson.annotation.JsonAlias;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import io.tidecast.architectures.ArchitectureConfig;
import io.tidecast.architectures.LeavesNoTrace;
import java.util.List;

/**
 * Hyperparameters of {@link Sundial} under the official names (snake case in JSON).
 *
 * @param seqLen context length in steps
 * @param maxNewTokens prediction length in steps, {@code pred_len} elsewhere
 * @param numSamples paths drawn
 * @param inputTokenLen steps in a patch
 * @param outputTokenLens steps that the head can give at once; the last counts
 * @param hiddenSize token width
 * @param intermediateSize width inside the feed-forward blocks and the patch embedding
 * @param numHiddenLayers decoder layers
 * @param numAttentionHeads attention heads; each has an even width
 * @param hiddenAct activation: {@code silu}
 * @param dropoutRate of the patch embedding, while training
 * @param flowLossDepth residual blocks of the flow head
 * @param numSamplingSteps steps from noise to a path
 * @param ropeTheta base of the wavelengths by which positions are turned
 * @param path how these steps go; not official
 */
@JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
public record SundialConfig(
    int seqLen,
    @JsonAlias("pred_len") int maxNewTokens,
    @LeavesNoTrace(chosen = false) int numSamples,
    int inputTokenLen,
    List<Integer> outputTokenLens,
    int hiddenSize,
    int intermediateSize,
    int numHiddenLayers,
    @LeavesNoTrace int numAttentionHeads,
    String hiddenAct,
    double dropoutRate,
    int flowLossDepth,
    @LeavesNoTrace(chosen = false) int numSamplingSteps,
    @LeavesNoTrace double ropeTheta,
    @LeavesNoTrace(chosen = false) Path path)
    implements ArchitectureConfig {

  /** How a path goes from noise to a draw. */
  public enum Path {
    /**
     * Every step goes a share of the way from the first noise to the end as it is foreseen by then,
     * as officially. The draw is so the mean of all that was foreseen, which at first is nearly the
     * mean of what can come: the draws lie too close together.
     */
    @JsonProperty("initial_noise")
    INITIAL_NOISE,
    /** Every step goes from where the path is: Euler's method for the flow that was learned. */
    @JsonProperty("euler")
    EULER
  }

  /** Checks every range. */
  public SundialConfig {
    requirePositive("seq_len", seqLen);
    requirePositive("max_new_tokens", maxNewTokens);
    requirePositive("num_samples", numSamples);
    requirePositive("input_token_len", inputTokenLen);
    require(
        outputTokenLens != null
            && !outputTokenLens.isEmpty()
            && outputTokenLens.stream().allMatch(length -> length != null && length >= 1),
        "output_token_lens must be lengths of at least 1",
        outputTokenLens);
    outputTokenLens = List.copyOf(outputTokenLens);
    requirePositive("hidden_size", hiddenSize);
    requirePositive("intermediate_size", intermediateSize);
    requirePositive("num_hidden_layers", numHiddenLayers);
    require(
        numAttentionHeads >= 1 && hiddenSize % (2 * numAttentionHeads) == 0,
        "num_attention_heads must divide hidden_size into even widths",
        numAttentionHeads);
    require("silu".equals(hiddenAct), "hidden_act must be silu", hiddenAct);
    requireDropout("dropout_rate", dropoutRate);
    requirePositive("flow_loss_depth", flowLossDepth);
    requirePositive("num_sampling_steps", numSamplingSteps);
    require(ropeTheta > 0, "rope_theta must be positive", ropeTheta);
    require(path != null, "path must be initial_noise or euler", path);
    int pieceLength = outputTokenLens.get(outputTokenLens.size() - 1);
    require(
        maxNewTokens <= pieceLength || pieceLength % inputTokenLen == 0,
        "max_new_tokens must be at most the last of output_token_lens, unless that is a multiple"
            + " of input_token_len",
        maxNewTokens);
  }

  /** Channels are forecast one by one. */
  @Override
  public int encIn() {
    return 1;
  }

  @Override
  public int predLen() {
    return maxNewTokens;
  }

  /** The number of steps that the head gives at once. */
  int pieceLength() {
    return outputTokenLens.get(outputTokenLens.size() - 1);
  }

  /** The number of patches of a sequence, the first of which may not be full. */
  int tokens(int length) {
    return (length + inputTokenLen - 1) / inputTokenLen;
  }

  /** The number of pieces that make the prediction length. */
  int pieces() {
    return (maxNewTokens + pieceLength() - 1) / pieceLength();
  }
}
