package io.tidecast.flink.source;

import org.jspecify.annotations.Nullable;

/**
 * Where somebody asks for forecasts.
 *
 * @param topic null for nowhere
 */
public record RequestSettings(@Nullable String topic) {

  public boolean isOn() {
    return topic != null;
  }
}
