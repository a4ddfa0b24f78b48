package io.tidecast.architectures.networks;

import static io.tidecast.architectures.Checks.require;
import static io.tidecast.architectures.Checks.requireDropout;
import static io.tidecast.architectures.Checks.requirePositive;

import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import io.tidecast.architectures.Activation;
import io.tidecast.architectures.ArchitectureConfig;
import io.tidecast.architectures.LeavesNoTrace;
import io.tidecast.architectures.layers.TimeFeatures;

/**
 * Hyperparameters of {@link Autoformer} under the official names (snake case in JSON).
 *
 * @param encIn channels
 * @param decIn channels of the decoder's input, which is made from the context: {@code encIn}
 * @param cOut channels forecast: {@code encIn}, since the trend of each is carried on
 * @param seqLen context length in steps
 * @param labelLen newest steps of the context that the decoder begins with
 * @param predLen prediction length in steps
 * @param factor delays kept, in logarithms of the length
 * @param dModel token width
 * @param nHeads attention heads, at most {@code dModel}
 * @param eLayers encoder layers
 * @param dLayers decoder layers
 * @param dFf width inside the feed-forward block
 * @param movingAvg odd length of the moving average, in steps
 * @param dropout of embeddings, attention output and feed-forward, while training
 * @param activation of the feed-forward block
 * @param embed kind of the time features: {@code timeF}
 * @param freq frequency of the time features: {@code h} for hourly and so on
 */
@JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
public record AutoformerConfig(
    int encIn,
    int decIn,
    int cOut,
    int seqLen,
    @LeavesNoTrace int labelLen,
    int predLen,
    @LeavesNoTrace int factor,
    int dModel,
    @LeavesNoTrace int nHeads,
    int eLayers,
    int dLayers,
    int dFf,
    @LeavesNoTrace int movingAvg,
    double dropout,
    @LeavesNoTrace Activation activation,
    String embed,
    String freq)
    implements ArchitectureConfig {

  /** Checks every range. */
  public AutoformerConfig {
    requirePositive("enc_in", encIn);
    require(decIn == encIn, "dec_in must be enc_in", decIn);
    require(cOut == encIn, "c_out must be enc_in", cOut);
    requirePositive("seq_len", seqLen);
    require(labelLen >= 1 && labelLen <= seqLen, "label_len must be 1 to seq_len", labelLen);
    requirePositive("pred_len", predLen);
    requirePositive("factor", factor);
    requirePositive("d_model", dModel);
    require(nHeads >= 1 && nHeads <= dModel, "n_heads must be 1 to d_model", nHeads);
    requirePositive("e_layers", eLayers);
    requirePositive("d_layers", dLayers);
    requirePositive("d_ff", dFf);
    require(movingAvg >= 1 && movingAvg % 2 == 1, "moving_avg must be odd", movingAvg);
    requireDropout("dropout", dropout);
    require(activation != null, "activation must be gelu or relu", activation);
    TimeFeatures.requireEmbedding(embed);
    TimeFeatures.requireFrequency(freq);
    require(
        delays(factor, seqLen) >= 1 && delays(factor, seqLen) <= seqLen,
        "factor must keep 1 to seq_len delays",
        factor);
    require(
        delays(factor, labelLen + predLen) >= 1
            && delays(factor, labelLen + predLen) <= labelLen + predLen,
        "factor must keep 1 to label_len + pred_len delays",
        factor);
  }

  /** The number of steps that the decoder sees. */
  int decoderLength() {
    return labelLen + predLen;
  }

  /** The number of delays that an auto-correlation of the given length keeps. */
  int delays(int length) {
    return delays(factor, length);
  }

  private static int delays(int factor, int length) {
    return (int) (factor * Math.log(length));
  }
}
