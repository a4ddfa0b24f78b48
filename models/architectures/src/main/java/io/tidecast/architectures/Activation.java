package io.tidecast.architectures;

import com.fasterxml.jackson.annotation.JsonProperty;

/** The function between the two layers of a feed-forward block. */
public enum Activation {
  /** The GELU in its exact form, by the error function. */
  @JsonProperty("gelu")
  GELU,

  /** The rectifier: what is negative becomes 0. */
  @JsonProperty("relu")
  RELU;

  public <T> T of(Ops<T> ops, T x) {
    return switch (this) {
      case GELU -> ops.gelu(x);
      case RELU -> ops.relu(x);
    };
  }
}
