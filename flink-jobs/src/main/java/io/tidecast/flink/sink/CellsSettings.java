package io.tidecast.flink.sink;

import java.io.Serializable;
import org.jspecify.annotations.Nullable;

/**
 * Where closed cells go.
 *
 * @param topic null where they are not written
 */
public record CellsSettings(@Nullable String topic) implements Serializable {

  /** Cells are not written. */
  public static final CellsSettings OFF = new CellsSettings(null);

  /** Whether cells are written. */
  public boolean isOn() {
    return topic != null;
  }
}
