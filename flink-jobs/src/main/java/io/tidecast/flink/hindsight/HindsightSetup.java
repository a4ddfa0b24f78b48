package io.tidecast.flink.hindsight;

import static java.util.Objects.requireNonNull;

import io.tidecast.runtime.grid.GridStep;
import java.io.Serializable;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * What forecasts and cells of a series are brought together by.
 *
 * @param step of the series
 * @param timeToLive of a series that stays silent; null for ever
 * @param targets which channel of a series each target of a model is
 */
public record HindsightSetup(GridStep step, @Nullable Duration timeToLive, TargetChannels targets)
    implements Serializable {

  public HindsightSetup {
    requireNonNull(step, "step is null");
    requireNonNull(targets, "targets is null");
  }
}
