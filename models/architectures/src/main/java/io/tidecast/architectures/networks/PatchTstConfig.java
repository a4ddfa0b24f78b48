package io.tidecast.architectures.networks;

import static io.tidecast.architectures.Checks.require;
import static io.tidecast.architectures.Checks.requireDropout;
import static io.tidecast.architectures.Checks.requirePositive;

import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import io.tidecast.architectures.Activation;
import io.tidecast.architectures.ArchitectureConfig;
import io.tidecast.architectures.LeavesNoTrace;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Hyperparameters of {@link PatchTst} under the official names (snake case in JSON).
 *
 * @param encIn channels
 * @param seqLen context length in steps
 * @param predLen prediction length in steps
 * @param eLayers encoder layers
 * @param nHeads attention heads; divides {@code dModel}
 * @param dModel token width
 * @param dFf width inside the feed-forward block
 * @param patchLen steps in a patch, at most {@code seqLen}
 * @param stride steps from one patch to the next
 * @param paddingPatch {@code end}: one more patch, the newest value repeated {@code stride} times;
 *     null or {@code none}: patches of the context alone
 * @param dropout of tokens, attention output and feed-forward, while training
 * @param headDropout of the forecast, while training
 * @param individual one head per channel
 * @param revin normalise each window
 * @param affine learned scale and shift in that normalisation
 * @param subtractLast centre on the newest value
 * @param decomposition forecast a moving average and the remainder apart
 * @param kernelSize odd length of that moving average, in steps
 * @param norm a name with {@code batch} in it for batch norm, any other for layer norm
 * @param act activation of the feed-forward block
 * @param resAttention add each layer's scores to the next one's
 * @param preNorm normalise before instead of after each block
 */
@JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
public record PatchTstConfig(
    int encIn,
    int seqLen,
    int predLen,
    int eLayers,
    @LeavesNoTrace int nHeads,
    int dModel,
    int dFf,
    int patchLen,
    @LeavesNoTrace int stride,
    @Nullable String paddingPatch,
    double dropout,
    double headDropout,
    boolean individual,
    @LeavesNoTrace boolean revin,
    boolean affine,
    @LeavesNoTrace boolean subtractLast,
    boolean decomposition,
    @LeavesNoTrace int kernelSize,
    String norm,
    @LeavesNoTrace(chosen = false) Activation act,
    @LeavesNoTrace(chosen = false) boolean resAttention,
    @LeavesNoTrace(chosen = false) boolean preNorm)
    implements ArchitectureConfig {

  /** Checks every range. */
  public PatchTstConfig {
    requirePositive("enc_in", encIn);
    requirePositive("seq_len", seqLen);
    requirePositive("pred_len", predLen);
    requirePositive("e_layers", eLayers);
    requirePositive("d_model", dModel);
    require(nHeads >= 1 && dModel % nHeads == 0, "n_heads must divide d_model", nHeads);
    requirePositive("d_ff", dFf);
    require(patchLen >= 1 && patchLen <= seqLen, "patch_len must be 1 to seq_len", patchLen);
    requirePositive("stride", stride);
    require(
        paddingPatch == null
            || paddingPatch.equals("end")
            || paddingPatch.toLowerCase(Locale.ROOT).equals("none"),
        "padding_patch must be end or none",
        paddingPatch);
    requireDropout("dropout", dropout);
    requireDropout("head_dropout", headDropout);
    require(
        !decomposition || (kernelSize >= 1 && kernelSize % 2 == 1),
        "kernel_size must be odd",
        kernelSize);
    require(norm != null, "norm must be given", norm);
    require(act != null, "act must be gelu or relu", act);
  }

  @Override
  public Optional<Patching> patching() {
    return Optional.of(new Patching(patchLen, stride, padsEnd()));
  }

  private boolean padsEnd() {
    return "end".equals(paddingPatch);
  }

  /** Whether the encoder normalises over the batch. */
  boolean batchNorm() {
    return norm.toLowerCase(Locale.ROOT).contains("batch");
  }

  /** The number of patches of one window. */
  int patchCount() {
    return (seqLen - patchLen) / stride + (padsEnd() ? 2 : 1);
  }

  /** Values of the context and its padding that the patches reach over. */
  int covered() {
    return (patchCount() - 1) * stride + patchLen;
  }
}
