package io.tidecast.flink.config.value;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Keys that there were once, and what to do in their place. */
final class FormerKeys {

  private static final Map<String, String> REMEDIES =
      Map.of(
          "model.on-timeouts",
          "a model that gives no forecasts is given up for a while and then tried again; in place of keep,"
              + " model.give-up-after: never has it asked every time; in place of fail, model.on-failure: fail ends the job");

  private FormerKeys() {}

  /** Says what to do; null for a key that there never was. */
  static @Nullable String remedy(String path) {
    return REMEDIES.get(path);
  }
}
