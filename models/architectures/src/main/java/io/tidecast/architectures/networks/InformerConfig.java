package io.tidecast.architectures.networks;

import static io.tidecast.architectures.Checks.require;
import static io.tidecast.architectures.Checks.requireDropout;
import static io.tidecast.architectures.Checks.requirePositive;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import io.tidecast.architectures.Activation;
import io.tidecast.architectures.ArchitectureConfig;
import io.tidecast.architectures.LeavesNoTrace;
import io.tidecast.architectures.layers.TimeFeatures;

/**
 * Hyperparameters of {@link Informer} under the official names (snake case in JSON).
 *
 * @param encIn channels
 * @param decIn channels of the decoder's input, which is made from the context: {@code encIn}
 * @param cOut channels forecast
 * @param seqLen context length in steps
 * @param labelLen newest steps of the context that the decoder begins with
 * @param predLen prediction length in steps
 * @param padding what the decoder is given for the steps ahead: 0 or 1
 * @param factor keys sampled and queries chosen, in logarithms of the length
 * @param dModel token width
 * @param nHeads attention heads, at most {@code dModel}
 * @param eLayers encoder layers
 * @param dLayers decoder layers
 * @param dFf width inside the feed-forward block
 * @param dropout of embeddings, attention output and feed-forward, while training
 * @param attn self-attention
 * @param distil halve the sequence between encoder layers
 * @param mix lay the decoder's self-attention out by head, as official checkpoints learned it
 * @param activation of the feed-forward block
 * @param embed kind of the time features: {@code timeF}
 * @param freq frequency of the time features: {@code h} for hourly and so on
 */
@JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
public record InformerConfig(
    int encIn,
    int decIn,
    int cOut,
    int seqLen,
    @LeavesNoTrace int labelLen,
    int predLen,
    @LeavesNoTrace int padding,
    @LeavesNoTrace int factor,
    int dModel,
    @LeavesNoTrace int nHeads,
    int eLayers,
    int dLayers,
    int dFf,
    double dropout,
    @LeavesNoTrace SelfAttention attn,
    boolean distil,
    @LeavesNoTrace boolean mix,
    @LeavesNoTrace Activation activation,
    String embed,
    String freq)
    implements ArchitectureConfig {

  /** How the steps of one sequence attend to one another. */
  public enum SelfAttention {
    /** ProbSparse: only the queries that stand out attend to the keys. */
    @JsonProperty("prob")
    PROB,
    /** Every query attends to every key. */
    @JsonProperty("full")
    FULL
  }

  /** Checks every range. */
  public InformerConfig {
    requirePositive("enc_in", encIn);
    require(decIn == encIn, "dec_in must be enc_in", decIn);
    requirePositive("c_out", cOut);
    requirePositive("seq_len", seqLen);
    require(labelLen >= 1 && labelLen <= seqLen, "label_len must be 1 to seq_len", labelLen);
    requirePositive("pred_len", predLen);
    require(padding == 0 || padding == 1, "padding must be 0 or 1", padding);
    requirePositive("factor", factor);
    requirePositive("d_model", dModel);
    require(nHeads >= 1 && nHeads <= dModel, "n_heads must be 1 to d_model", nHeads);
    requirePositive("e_layers", eLayers);
    requirePositive("d_layers", dLayers);
    requirePositive("d_ff", dFf);
    requireDropout("dropout", dropout);
    require(attn != null, "attn must be prob or full", attn);
    require(activation != null, "activation must be gelu or relu", activation);
    TimeFeatures.requireEmbedding(embed);
    TimeFeatures.requireFrequency(freq);
    require(
        attn == SelfAttention.FULL || encoderLength(seqLen, distil, eLayers - 1) > 1,
        "e_layers must leave more than one step to attend to",
        eLayers);
  }

  /** The number of steps that an encoder layer sees. */
  int encoderLength(int layer) {
    return encoderLength(seqLen, distil, layer);
  }

  private static int encoderLength(int seqLen, boolean distil, int layer) {
    int length = seqLen;
    for (int i = 0; distil && i < layer; i++) {
      length = (length + 1) / 2;
    }
    return length;
  }

  /** The number of steps that the decoder sees. */
  int decoderLength() {
    return labelLen + predLen;
  }
}
