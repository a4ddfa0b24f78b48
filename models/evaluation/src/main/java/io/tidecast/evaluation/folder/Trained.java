package io.tidecast.evaluation.folder;

import io.tidecast.architectures.Architecture;
import io.tidecast.architectures.ArchitectureConfig;
import io.tidecast.architectures.Tensor;
import io.tidecast.architectures.networks.Linear;
import io.tidecast.architectures.networks.LinearConfig;
import io.tidecast.evaluation.data.Scaler;
import io.tidecast.evaluation.data.SplitSet;
import io.tidecast.evaluation.linear.Ridge;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A trained network, not yet a model that can be served.
 *
 * @param weights by official names, those of the best epoch
 * @param scaler what it was trained in the units of; null for raw units
 * @param epochs run
 * @param bestEpoch the one kept, counted from 1
 * @param validationLoss of that epoch
 * @param parameters number of learned values
 * @param seconds of training
 */
public record Trained<C extends ArchitectureConfig>(
    Architecture<C> architecture,
    C config,
    Map<String, Tensor> weights,
    @Nullable Scaler scaler,
    int epochs,
    int bestEpoch,
    double validationLoss,
    long parameters,
    double seconds) {

  /** A linear forecaster whose weights were computed. */
  public static Trained<LinearConfig> of(Ridge ridge, SplitSet data) {
    Map<String, Tensor> tensors = ridge.tensors();
    boolean isPooled =
        !data.isSingle() || ridge.config().encIn() < data.any().series().channels().size();
    return new Trained<>(
        new Linear(),
        ridge.config(),
        tensors,
        // What is pooled has no unit in common; windows are normalised each by itself.
        isPooled ? null : data.servedScaler(),
        1,
        1,
        ridge.validationLoss(),
        tensors.values().stream().mapToLong(tensor -> Tensor.elements(tensor.shape())).sum(),
        ridge.seconds());
  }
}
