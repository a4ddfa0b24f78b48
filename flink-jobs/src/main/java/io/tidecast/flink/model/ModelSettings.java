package io.tidecast.flink.model;

import static java.util.Objects.requireNonNull;

import io.tidecast.runtime.onnx.device.DeviceOptions;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Which model forecasts, and how far.
 *
 * @param path the folder of the model: a path of this machine, or a URI
 * @param horizon steps ahead of every forecast; null for the model's prediction length
 * @param season of the baseline; null for the longest natural one that fits
 * @param intraOpThreads threads of one run
 * @param device on which it runs
 */
public record ModelSettings(
    String path,
    @Nullable Integer horizon,
    @Nullable Duration season,
    int intraOpThreads,
    DeviceOptions device) {

  public ModelSettings {
    requireNonNull(path, "path is null");
    requireNonNull(device, "device is null");
    if (intraOpThreads < 1) {
      throw new IllegalArgumentException("must be at least 1: intraOpThreads=" + intraOpThreads);
    }
  }
}
