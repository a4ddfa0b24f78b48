package io.tidecast.flink.source;

/**
 * Where somebody asks for forecasts.
 *
 * @param topic null for nowhere
 */
public record RequestSettings(String topic) {

  public boolean isOn() {
    return topic != null;
  }
}
