package io.tidecast.runtime;

import com.fasterxml.jackson.annotation.JsonValue;

/** What a tensor of a model stands for. */
public enum TensorRole {
  /** {@code [batch, time, channel]}, units of the series. */
  CONTEXT("context", true),
  /** {@code [batch·channel, patch, patchLength]}, units of the series. */
  PATCHES("patches", true),
  CONTEXT_TIME_FEATURES("context_time_features", true),
  FUTURE_TIME_FEATURES("future_time_features", true),
  PAST_COVARIATES("past_covariates", true),
  FUTURE_COVARIATES("future_covariates", true),
  DECODER_INPUT("decoder_input", true),
  NOISE("noise", true),
  /** {@code [batch, horizon, channel]}, units of the series. */
  POINT("point", false),
  /** {@code [batch, horizon, level]}, units of the series. */
  QUANTILES("quantiles", false),
  /** {@code [batch, sample, horizon]}, units of the series. */
  SAMPLES("samples", false);

  private final String key;
  private final boolean input;

  TensorRole(String key, boolean input) {
    this.key = key;
    this.input = input;
  }

  /** The stable name in a manifest. */
  @JsonValue
  public String key() {
    return key;
  }

  public boolean isInput() {
    return input;
  }
}
