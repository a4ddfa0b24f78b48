package io.tidecast.architectures;

import java.util.Locale;

/** What a tensor at the edge of a network is for. */
public enum Role {
  /** The past, {@code [batch, time, channel]}, oldest first. */
  CONTEXT,

  /** Calendar features of the context's steps, {@code [batch, time, feature]}. */
  CONTEXT_TIME_FEATURES,

  /** Calendar features of the steps ahead, {@code [batch, horizon, feature]}. */
  FUTURE_TIME_FEATURES,

  /** Standard normal draws of a generative forecaster; the architecture says the shape. */
  NOISE,

  /** Point forecasts, {@code [batch, horizon, channel]}. */
  POINT,

  /** Drawn paths, {@code [batch, sample, horizon]}. */
  SAMPLES;

  /** As manifests and graphs spell it. */
  public String wireName() {
    return name().toLowerCase(Locale.ROOT);
  }
}
