package io.tidecast.architectures;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;

/**
 * A forecaster written once for every backend. Implementations hold no state.
 *
 * @param <C> its hyperparameters, a record that binds to JSON under the official names
 */
public interface Architecture<C extends ArchitectureConfig> {

  /** The name by which users ask for it, in lower case. */
  String name();

  /** The record that the hyperparameters are read into. */
  Class<C> configType();

  /** The values, as a JSON object, of the hyperparameters that need not be given. */
  String defaults();

  /**
   * What the official implementation trains this network with, on ETTh1 where it depends on the
   * data. Every one of these settings is a default that whoever trains may replace.
   */
  TrainingSettings officialTraining();

  /** The tensors that the network is given. */
  default List<Port> inputs(C config) {
    return List.of(Port.of(Role.CONTEXT, -1, config.seqLen(), config.encIn()));
  }

  /**
   * The same, {@link Role#PATCHES} in the place of {@link Role#CONTEXT}, cut as {@link
   * ArchitectureConfig#patching} says.
   *
   * @throws IllegalArgumentException if the network needs the context whole, with the reason
   */
  default List<Port> patchedInputs(C config) {
    throw new IllegalArgumentException(name() + " takes whole contexts, no patches");
  }

  /** The tensor that the network gives. */
  default Port output(C config) {
    return Port.of(Role.POINT, -1, config.predLen(), config.encIn());
  }

  /**
   * Calendar features of {@link Role#CONTEXT_TIME_FEATURES} and {@link Role#FUTURE_TIME_FEATURES},
   * in their order, as manifests spell them.
   */
  default List<String> timeFeatures(C config) {
    return List.of();
  }

  /** How many channels, the first ones, {@link Role#FUTURE_COVARIATES} holds. */
  default int futureCovariates(C config) {
    return 0;
  }

  /** How many channels, the last ones, are forecast. */
  default int targets(C config) {
    return config.encIn();
  }

  /** Whether the forecast of a channel depends on the other channels. */
  default boolean mixesChannels() {
    return true;
  }

  /** Whether its best weights are computed at once, and no optimiser goes looking for them. */
  default boolean inClosedForm() {
    return false;
  }

  /**
   * Whether NaN in the oldest cells of a context says that the series is not that long: the
   * forecast is then that of the shorter context.
   */
  default boolean padsLeft() {
    return false;
  }

  /** Computes the network, from {@link #inputs} or {@link #patchedInputs} to {@link #output}. */
  <T> T forward(Ops<T> ops, C config, Inputs<T> in);

  /**
   * Steps after the context that training needs; the prediction length unless it learns by more.
   */
  default int trainingHorizon(C config) {
    return config.predLen();
  }

  /** Draws, anew for each batch, what training is given beside the data; by role. */
  default Map<Role, Tensor> draws(C config, int batch, RandomGenerator random) {
    return Map.of();
  }

  /**
   * What training brings together.
   *
   * @param in {@link #inputs} but noise, and {@link #draws}
   * @param future what happened, {@code [batch, trainingHorizon, target]}
   */
  default <T> Comparison<T> compare(Ops<T> ops, C config, Inputs<T> in, T future) {
    return new Comparison<>(forward(ops, config, in), future);
  }

  /** Holds what a network said and what it should have said, both of one shape. */
  record Comparison<T>(T said, T wanted) {}

  /**
   * The hyperparameters of {@link Hyperparameters#read}, for whom it is all the same which of them
   * were given.
   *
   * @throws IllegalArgumentException if a name is unknown, or a value missing or out of range
   */
  default C readConfig(ObjectNode json) {
    return Hyperparameters.read(this, json).config();
  }
}
