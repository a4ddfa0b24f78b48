package io.tidecast.flink.model;

import static java.util.Objects.requireNonNull;

import io.tidecast.runtime.onnx.device.DeviceOptions;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Which models forecast, and how far.
 *
 * @param path the folder of the default model: a path of this machine, or a URI
 * @param horizon steps ahead of its forecasts; null for the model's prediction length
 * @param season of the baseline; null for the longest natural one that fits
 * @param intraOpThreads threads of one run
 * @param device on which they run
 * @param others beside the default, in order
 */
public record ModelSettings(
    String path,
    @Nullable Integer horizon,
    @Nullable Duration season,
    int intraOpThreads,
    DeviceOptions device,
    List<SlotSettings> others) {

  public ModelSettings {
    requireNonNull(path, "path is null");
    requireNonNull(device, "device is null");
    others = List.copyOf(others);
    if (intraOpThreads < 1) {
      throw new IllegalArgumentException("must be at least 1: intraOpThreads=" + intraOpThreads);
    }
  }

  /** One model alone. */
  public ModelSettings(
      String path,
      @Nullable Integer horizon,
      @Nullable Duration season,
      int intraOpThreads,
      DeviceOptions device) {
    this(path, horizon, season, intraOpThreads, device, List.of());
  }
}
