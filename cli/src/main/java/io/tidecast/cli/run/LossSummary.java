package io.tidecast.cli.run;

import static java.util.stream.Collectors.joining;

import io.tidecast.cli.meter.JobFigures;
import io.tidecast.flink.metrics.JobMetric;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** Tells what a job has lost, from its metrics, so that no end claims more than was checked. */
final class LossSummary {

  private static final Map<JobMetric, String> OTHERS = new EnumMap<>(JobMetric.class);

  static {
    OTHERS.put(JobMetric.LOST_SHADOW_FORECASTS, "forecasts of shadows and members");
    OTHERS.put(JobMetric.LOST_SCORES, "scores");
    OTHERS.put(JobMetric.LOST_CELLS, "cells");
    OTHERS.put(JobMetric.LOST_ANOMALIES, "anomalies");
    OTHERS.put(JobMetric.LOST_MODEL_EVENTS, "model events");
    OTHERS.put(JobMetric.LOST_MODEL_COMMANDS, "model commands");
  }

  private String told = "";

  /** Tells what is lost or comes twice, as soon as that is more than was told before. */
  Optional<String> news(JobFigures figures) {
    String all =
        Stream.of(whole(figures), repeated(figures))
            .flatMap(Optional::stream)
            .collect(joining(" "));
    if (all.equals(told)) {
      return Optional.empty();
    }
    told = all;
    return Optional.of(all);
  }

  /** Tells everything that is lost in one sentence or two; empty where nothing is. */
  static Optional<String> whole(JobFigures figures) {
    StringBuilder loss = new StringBuilder();
    long transactions = figures.sumOfAllAttempts(JobMetric.LOST_TRANSACTIONS);
    if (transactions > 0) {
      loss.append(
          String.format(
              Locale.ROOT,
              transactions == 1
                  ? "Kafka has aborted %,d transaction before it was committed, and %s are lost with it."
                  : "Kafka has aborted %,d transactions before they were committed, and %s are lost with them.",
              transactions,
              records(figures)));
    }
    long unresolved = figures.sumOfAllAttempts(JobMetric.UNRESOLVED_TRANSACTIONS);
    if (unresolved > 0) {
      loss.append(loss.isEmpty() ? "" : " ")
          .append(
              String.format(
                  Locale.ROOT,
                  unresolved == 1
                      ? "Whether %,d transaction was committed could not be found out."
                      : "Whether %,d transactions were committed could not be found out.",
                  unresolved));
    }
    return loss.isEmpty() ? Optional.empty() : Optional.of(loss.toString());
  }

  /** Names all that was in them: forecasts and dead letters always, other records if there were. */
  private static String records(JobFigures figures) {
    List<String> all = new ArrayList<>();
    all.add(counted(figures, JobMetric.LOST_FORECASTS, "forecasts"));
    all.add(counted(figures, JobMetric.LOST_DEAD_LETTERS, "dead letters"));
    OTHERS.forEach(
        (metric, name) -> {
          if (figures.sumOfAllAttempts(metric) > 0) {
            all.add(counted(figures, metric, name));
          }
        });
    int last = all.size() - 1;
    return String.join(", ", all.subList(0, last)) + " and " + all.get(last);
  }

  private static String counted(JobFigures figures, JobMetric metric, String name) {
    return String.format(Locale.ROOT, "%,d %s", figures.sumOfAllAttempts(metric), name);
  }

  /** Tells what came twice; empty where nothing did. */
  static Optional<String> repeated(JobFigures figures) {
    long transactions = figures.sumOfAllAttempts(JobMetric.REPEATED_TRANSACTIONS);
    return transactions == 0
        ? Optional.empty()
        : Optional.of(
            String.format(
                Locale.ROOT,
                transactions == 1
                    ? "%,d transaction of an earlier run comes a second time, with the same values."
                    : "%,d transactions of an earlier run come a second time, with the same values.",
                transactions));
  }

  /**
   * Ends a sentence that claims that all is committed.
   *
   * @param claim without a full stop
   */
  static String end(String claim, JobFigures figures) {
    return whole(figures).map(loss -> claim + ", but for this: " + loss).orElse(claim + ".");
  }
}
