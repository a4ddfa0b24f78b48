package io.tidecast.flink.config;

import io.tidecast.flink.config.value.ConfigKey;
import io.tidecast.flink.config.value.ConfigType;
import io.tidecast.flink.config.value.ConfigValues;
import io.tidecast.runtime.grid.GridStep;
import java.time.Duration;
import java.time.ZoneId;
import java.util.OptionalLong;

/** Makes the grid of what its keys say together: step, zone and offset. */
final class GridRules {

  static final ConfigKey<Duration> OFFSET =
      ConfigKey.derived(
              "series.offset",
              ConfigType.duration("0s", "366d"),
              "cells begin at full hours, and days at midnight, of `series.zone`",
              "Cells begin later by this much, which must be less than a cell. With `series.step: P1D` and `6h`, a day begins at 06:00 on the clocks of `series.zone`, with `P1W` and `6d` a week on Sunday. Those of a fixed step begin so much after full hours of UTC, whatever `series.zone` is.")
          .example("6h");

  private GridRules() {}

  static void check(ConfigValues values) {
    GridStep step = values.get(ConfigKeys.STEP);
    ZoneId zone = values.get(ConfigKeys.ZONE);
    Duration offset = values.get(OFFSET);
    if (step == null || zone == null) {
      return;
    }
    Duration cell = step.shortest();
    if (offset != null && offset.compareTo(cell) >= 0) {
      values.problem("must be less than a cell, %s: %s=%s".formatted(cell, OFFSET.path(), offset));
    }
    boolean free = values.isGiven(OFFSET) || values.isGiven(ConfigKeys.FORECAST_AT);
    if (!free && !step.isCalendar() && step.offsetOf(zone).isEmpty()) {
      values.problem(
          "must go with series.offset, since clocks there change by a part of series.step=%s, or with a step of the calendar such as series.step=P1D: series.zone=%s"
              .formatted(step.length(), zone));
    }
  }

  /** Returns the grid of values without problems. */
  static GridStep step(ConfigValues values) {
    GridStep step = values.require(ConfigKeys.STEP).in(values.require(ConfigKeys.ZONE));
    Duration offset = values.get(OFFSET);
    if (offset != null) {
      return step.plus(offset);
    }
    OptionalLong ofZone = step.offsetOf(values.require(ConfigKeys.ZONE));
    return step.isCalendar() || ofZone.isEmpty()
        ? step
        : step.plus(Duration.ofMillis(ofZone.getAsLong()));
  }
}
