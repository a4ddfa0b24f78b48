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
import java.util.Optional;

/**
 * Hyperparameters of {@link TimeXer} under the official names (snake case in JSON).
 *
 * @param encIn channels; without {@code M} the last one is forecast
 * @param seqLen context length in steps
 * @param predLen prediction length in steps
 * @param features whether every channel is forecast or the others only help
 * @param useNorm normalise each window
 * @param patchLen steps in a patch, at most {@code seqLen}
 * @param dModel token width
 * @param nHeads attention heads, at most {@code dModel}
 * @param eLayers encoder layers
 * @param dFf width inside the feed-forward block
 * @param dropout of tokens, attention output, feed-forward and forecast, while training
 * @param activation of the feed-forward block
 * @param freq frequency of the time features: {@code h} for hourly and so on
 * @param futureCovariates how many channels, the first ones, are known over the horizon; not
 *     official
 */
@JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
public record TimeXerConfig(
    int encIn,
    int seqLen,
    int predLen,
    @LeavesNoTrace Features features,
    @LeavesNoTrace boolean useNorm,
    int patchLen,
    int dModel,
    @LeavesNoTrace int nHeads,
    int eLayers,
    int dFf,
    double dropout,
    @LeavesNoTrace Activation activation,
    @LeavesNoTrace String freq,
    int futureCovariates)
    implements ArchitectureConfig {

  /** Says what is forecast from what. */
  public enum Features {
    /** Every channel is forecast from every channel. */
    M,
    /** The last channel is forecast from all. */
    MS,
    /** The only channel is forecast from itself. */
    S
  }

  /** Checks every range. */
  public TimeXerConfig {
    requirePositive("enc_in", encIn);
    requirePositive("seq_len", seqLen);
    requirePositive("pred_len", predLen);
    require(features != null, "features must be M, MS or S", features);
    require(features != Features.S || encIn == 1, "enc_in must be 1 with features S", encIn);
    require(patchLen >= 1 && patchLen <= seqLen, "patch_len must be 1 to seq_len", patchLen);
    requirePositive("d_model", dModel);
    require(nHeads >= 1 && nHeads <= dModel, "n_heads must be 1 to d_model", nHeads);
    requirePositive("e_layers", eLayers);
    requirePositive("d_ff", dFf);
    requireDropout("dropout", dropout);
    require(activation != null, "activation must be gelu or relu", activation);
    TimeFeatures.requireFrequency(freq);
    require(
        futureCovariates >= 0
            && (futureCovariates == 0 || features == Features.MS && futureCovariates < encIn),
        "future_covariates must be 0, or with features MS less than enc_in",
        futureCovariates);
  }

  @Override
  public Optional<Patching> patching() {
    return Optional.of(new Patching(patchLen, patchLen, false));
  }

  /** The number of series that are forecast. */
  int targets() {
    return features == Features.M ? encIn : 1;
  }

  /** The number of series and time features that inform them. */
  int variates() {
    int series = features == Features.M ? encIn : encIn - 1;
    return series + TimeFeatures.count(freq);
  }

  /** The number of whole patches, counted from the oldest step. */
  int patchCount() {
    return seqLen / patchLen;
  }

  /** Whether channels are known over the horizon. */
  boolean seesAhead() {
    return futureCovariates > 0;
  }

  /** The number of patches of the horizon; the last one may repeat its end. */
  int futurePatchCount() {
    return seesAhead() ? (predLen + patchLen - 1) / patchLen : 0;
  }

  /** The number of tokens of a series: its patches and the global one. */
  int tokens() {
    return patchCount() + futurePatchCount() + 1;
  }
}
