package io.tidecast.flink;

import io.tidecast.flink.CellRule.Aggregate;
import io.tidecast.flink.CellRule.Duplicates;
import io.tidecast.flink.JobConfig.Close;
import java.time.Duration;
import java.time.ZoneId;
import java.time.ZoneOffset;

/** What must hold between the keys of the grid. */
final class SeriesRules {

  private SeriesRules() {}

  static void check(ConfigValues values) {
    GridStep step = values.get(ConfigKeys.STEP);
    ZoneId zone = values.get(ConfigKeys.ZONE);
    if (step != null && zone != null && !step.isCalendar() && !isUtc(zone)) {
      values.problem(
          "must go with series.step=P1D, P1W or P1M, not %s: series.zone=%s"
              .formatted(step.length(), zone));
    }
    boolean reissue = Boolean.TRUE.equals(values.get(ConfigKeys.REISSUE));
    boolean arrival = values.get(ConfigKeys.CLOSE) == Close.ARRIVAL;
    if (reissue && !arrival && Duration.ZERO.equals(values.get(ConfigKeys.ALLOWED_LATENESS))) {
      values.problem(
          "must go with series.allowed-lateness above 0s, or no closed cell ever changes:"
              + " series.reissue=true");
    }
  }

  static Duplicates duplicates(ConfigValues values) {
    Duplicates duplicates = values.get(ConfigKeys.DUPLICATES);
    if (duplicates != null) {
      return duplicates;
    }
    Aggregate aggregate = values.get(ConfigKeys.AGGREGATE);
    return aggregate == Aggregate.LAST || aggregate == Aggregate.FIRST
        ? Duplicates.LAST
        : Duplicates.AGGREGATE;
  }

  private static boolean isUtc(ZoneId zone) {
    return ZoneOffset.UTC.equals(zone.normalized());
  }
}
