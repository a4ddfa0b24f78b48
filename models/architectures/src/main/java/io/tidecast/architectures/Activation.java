package io.tidecast.architectures;

import com.fasterxml.jackson.annotation.JsonProperty;

/** Activation of a feed-forward block. */
public enum Activation {
  /** Exact (erf) GELU. */
  @JsonProperty("gelu")
  GELU,

  /** Rectifier. */
  @JsonProperty("relu")
  RELU;

  public <T> T of(Ops<T> ops, T x) {
    return switch (this) {
      case GELU -> ops.gelu(x);
      case RELU -> ops.relu(x);
    };
  }
}
