package io.tidecast.flink.sink.record;

import io.tidecast.flink.model.ForecastRole;

/** How records say what a forecast is for. */
final class Roles {

  private Roles() {}

  /** The text of a role, the same in every format. */
  static String text(ForecastRole role) {
    return switch (role) {
      case PRIMARY -> "primary";
      case SHADOW -> "shadow";
    };
  }
}
