package io.tidecast.runtime.manifest;

import com.fasterxml.jackson.annotation.JsonProperty;
import org.jspecify.annotations.Nullable;

/** In what a graph computes the products that take most of its time. */
public enum Precision {
  /** Floats of 32 bits throughout. */
  @JsonProperty("fp32")
  FP32("fp32"),

  /**
   * Floats of 16 bits in products with weights, in attention and between them; of 32 bits
   * elsewhere. It is for GPUs.
   */
  @JsonProperty("fp16")
  FP16("fp16");

  private final String key;

  Precision(String key) {
    this.key = key;
  }

  /** Returns the name as manifests and commands have it. */
  public String key() {
    return key;
  }

  /** Keeps the usual precision out of files, so that earlier releases read them. */
  static final class Usual {
    @Override
    public boolean equals(@Nullable Object other) {
      return other == FP32;
    }

    @Override
    public int hashCode() {
      return FP32.hashCode();
    }
  }
}
