package io.tidecast.cli.run;

import static io.tidecast.flink.metrics.JobMetric.ACCEPTED_RECORDS;
import static io.tidecast.flink.metrics.JobMetric.CELLS_NOT_DUE;
import static io.tidecast.flink.metrics.JobMetric.CLOSED_CELLS;
import static io.tidecast.flink.metrics.JobMetric.COUNTER_RESETS;
import static io.tidecast.flink.metrics.JobMetric.DEAD_LETTERS;
import static io.tidecast.flink.metrics.JobMetric.EMPTY_CELLS;
import static io.tidecast.flink.metrics.JobMetric.FALLBACK_FORECASTS;
import static io.tidecast.flink.metrics.JobMetric.FORECASTS;
import static io.tidecast.flink.metrics.JobMetric.FORECAST_REQUESTS;
import static io.tidecast.flink.metrics.JobMetric.LATEST_MILLIS;
import static io.tidecast.flink.metrics.JobMetric.NEEDED_CELLS;
import static io.tidecast.flink.metrics.JobMetric.OPENED_CELLS;
import static io.tidecast.flink.metrics.JobMetric.REFUSED_RECORDS;
import static io.tidecast.flink.metrics.JobMetric.SKIPPED_WINDOWS;
import static io.tidecast.flink.metrics.JobMetric.VALUELESS_RECORDS;
import static io.tidecast.flink.metrics.JobMetric.WAITED_WINDOWS;

import io.tidecast.cli.meter.JobFigures;
import io.tidecast.flink.config.JobConfig;
import io.tidecast.flink.grid.Cadence;
import io.tidecast.flink.series.Close;
import io.tidecast.schemas.ErrorCode;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * Tells from what a job has counted what stands in the way of its forecasts. It follows the way of
 * the data from the source on, and blames the first place at which everything stays.
 */
final class Diagnosis {

  /** So many observations of a cell, or windows without a forecast for one with, are many. */
  private static final int MANY = 3;

  /** What stands in the way is said together with the unit that times probably have. */
  private static final Set<String> SAYS_UNIT = Set.of("one-cell", "cold-start");

  private final JobConfig config;
  private final JobFigures figures;
  private final Explanations say;
  private final long nowMillis;

  private Diagnosis(JobConfig config, JobFigures figures, long nowMillis) {
    this.config = config;
    this.figures = figures;
    this.say = new Explanations(config, figures);
    this.nowMillis = nowMillis;
  }

  /**
   * Finds what there is to say, the most important first.
   *
   * @param nowMillis of the wall clock, epoch milliseconds
   */
  static List<Finding> of(JobConfig config, JobFigures figures, long nowMillis) {
    Diagnosis diagnosis = new Diagnosis(config, figures, nowMillis);
    List<Finding> findings = new ArrayList<>();
    if (figures.hasCounted(FORECASTS) || figures.hasCounted(FALLBACK_FORECASTS)) {
      diagnosis.addDoubts(findings);
    } else {
      Finding blocking = diagnosis.blocking();
      findings.add(blocking);
      if (!SAYS_UNIT.contains(blocking.topic()) || !diagnosis.say.isUnitOfAllDoubtful()) {
        diagnosis.addUnit(findings);
      }
    }
    diagnosis.addUnread(findings);
    diagnosis.addDeadLetters(findings);
    return findings;
  }

  /** Why there is no forecast at all. */
  private Finding blocking() {
    long accepted = figures.sum(ACCEPTED_RECORDS);
    long refused = figures.sum(REFUSED_RECORDS);
    PassedOverFigures passed = PassedOverFigures.of(figures);
    if (accepted + refused + passed.sum() == 0) {
      return none("nothing-read", 1, say.nothingRead());
    }
    if (accepted == 0 && passed.sum() > refused) {
      return none("passed-over", passed.sum(), say.passedOver(passed));
    }
    if (accepted == 0) {
      return none("refused", refused, say.refused());
    }
    if (figures.sum(FORECAST_REQUESTS) > 0) {
      boolean covariates = figures.sum(WAITED_WINDOWS) > 0 || skipped("missing-covariates") > 0;
      return none(
          covariates ? "covariates" : "model",
          figures.sum(FORECAST_REQUESTS),
          covariates ? say.covariates() : say.model());
    }
    if (isOnRequestAlone()) {
      return none("requests", 1, say.requests());
    }
    return beforeTheWindow(accepted);
  }

  /** Why no window was cut. */
  private Finding beforeTheWindow(long accepted) {
    long opened = figures.sum(OPENED_CELLS);
    long closed = figures.sum(CLOSED_CELLS);
    long empty = figures.sum(EMPTY_CELLS);
    if (isMostlyLate()) {
      return none("late", accepted, say.late());
    }
    if (opened == 0 && figures.sum(VALUELESS_RECORDS) >= accepted) {
      return none("valueless", accepted, say.valueless());
    }
    if (opened == 0) {
      return none("under-way", accepted, say.underWay());
    }
    if (opened > 0 && accepted >= MANY * opened && opened <= say.series() && isPast()) {
      return none("one-cell", accepted, say.oneCell());
    }
    if (gapSkips() > 0) {
      return none("gaps", gapSkips(), say.gaps());
    }
    if (closed == 0 && empty > 0) {
      return none("empty", empty, say.empty());
    }
    if (2 * closed < opened && isHeldBack()) {
      return none("watermark", opened, say.watermark());
    }
    if (isCold(opened)) {
      return none("cold-start", opened, say.coldStart());
    }
    if (closed > 0 && figures.sum(CELLS_NOT_DUE) == closed) {
      return new Finding("not-due", closed, false, "No forecast: " + say.notDue());
    }
    // Nothing has to come of the first records of a job that forecast before.
    return figures.goesOn()
        ? new Finding("under-way", accepted, false, "No forecast: " + say.underWay())
        : none("under-way", accepted, say.underWay());
  }

  /** Whether series are too young. Of those that were kept, only the job knows how old they are. */
  private boolean isCold(long opened) {
    return skipped("cold-start") > 0
        || (!figures.goesOn() && opened < say.series() * figures.greatest(NEEDED_CELLS));
  }

  /** What is doubtful about a job that does forecast. */
  private void addDoubts(List<Finding> findings) {
    long fallbacks = figures.sum(FALLBACK_FORECASTS);
    long forecasts = figures.sum(FORECASTS) + fallbacks;
    addUnit(findings);
    if (2 * fallbacks > forecasts) {
      findings.add(new Finding("fallbacks", fallbacks, false, say.fallbacks()));
    }
    if (figures.hasCounted(COUNTER_RESETS)) {
      findings.add(new Finding("resets", figures.sum(COUNTER_RESETS), false, say.counterResets()));
    }
    if (gapSkips() > forecasts / MANY) {
      findings.add(new Finding("gaps", gapSkips(), false, say.some(say.gaps())));
    }
  }

  private void addUnit(List<Finding> findings) {
    say.unit().ifPresent(unit -> findings.add(new Finding("unit", 1, false, unit)));
  }

  /** What of the records is not read, and was perhaps meant to be. */
  private void addUnread(List<Finding> findings) {
    PassedOverFigures passed = PassedOverFigures.of(figures);
    if (passed.unread() > 0) {
      findings.add(new Finding("unread", passed.unread(), false, say.unread(passed.unread())));
    }
    long none = passed.of(PassedOverFigures.NO_ELEMENTS);
    if (none > 0 && figures.hasCounted(ACCEPTED_RECORDS)) {
      findings.add(new Finding("no-elements", none, false, say.some(say.noElements(none))));
    }
  }

  private void addDeadLetters(List<Finding> findings) {
    figures
        .byReason(DEAD_LETTERS)
        .forEach(
            (reason, count) ->
                findings.add(
                    new Finding(
                        "dead-letters." + reason, count, false, say.deadLetters(reason, count))));
    if (isMostlyLate() && findings.stream().noneMatch(one -> one.topic().equals("late"))) {
      findings.add(new Finding("late", 1, false, say.some(say.late())));
    }
  }

  private static Finding none(String topic, long weight, String reason) {
    return new Finding(topic, weight, true, "No forecast: " + reason);
  }

  private boolean isMostlyLate() {
    long late = figures.of(DEAD_LETTERS, ErrorCode.LATE.code());
    return late > 0 && 2 * late >= figures.sum(ACCEPTED_RECORDS);
  }

  /** Whether the cell of the latest observation is over by the wall clock. */
  private boolean isPast() {
    return figures.greatest(LATEST_MILLIS) < nowMillis - config.series().step().millis();
  }

  /** Whether cells close by the watermark, and some partition keeps it more than a cell behind. */
  private boolean isHeldBack() {
    long cellBefore = figures.greatest(LATEST_MILLIS) - config.series().step().millis();
    return config.series().close() != Close.ARRIVAL
        && (figures.watermarks().isEmpty()
            || figures.watermarks().values().stream().anyMatch(millis -> millis < cellBefore));
  }

  private boolean isOnRequestAlone() {
    Cadence cadence = config.series().cadence();
    return cadence.at().isEmpty() && cadence.every() == Cadence.NEVER;
  }

  private long gapSkips() {
    return skipped("too-many-missing") + skipped("gap-too-long");
  }

  private long skipped(String reason) {
    return figures.of(SKIPPED_WINDOWS, reason);
  }
}
