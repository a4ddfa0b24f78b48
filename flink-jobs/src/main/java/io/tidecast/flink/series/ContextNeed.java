package io.tidecast.flink.series;

import java.io.Serializable;

/**
 * What the model needs that answers a series.
 *
 * @param contextLength cells that it takes, the newest of a window
 * @param minContext cells since the first observation from which on it is asked
 * @param seasonCells for gaps that the configuration names no season for
 */
public record ContextNeed(int contextLength, int minContext, int seasonCells)
    implements Serializable {

  public ContextNeed {
    if (minContext < 1 || minContext > contextLength) {
      throw new IllegalArgumentException(
          "must be within 1..%d: minContext=%d".formatted(contextLength, minContext));
    }
  }
}
