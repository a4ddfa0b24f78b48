package io.tidecast.flink.scores;

import io.tidecast.flink.metrics.JobMetric;
import io.tidecast.flink.metrics.JobMetrics;
import io.tidecast.runtime.scores.Contestant;
import io.tidecast.runtime.scores.Tally;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.Map;
import org.apache.flink.metrics.Counter;

/** Counts how good each version of a model is, over all its series together. One thread. */
final class ModelCounts {

  /**
   * A label has few values. A job that is given more versions than this before it starts anew
   * counts the further ones together.
   */
  static final int MOST_VERSIONS = 64;

  private static final String OTHERS = "others";
  private static final int MOST_REMEMBERED = 256;

  /** Of numbers that are no whole ones. */
  private static final double THOUSAND = 1_000;

  private final JobMetrics metrics;
  private final Map<Version, Counters> known = new HashMap<>();

  /** The same by those whose tallies they are, which is found sooner. */
  private final IdentityHashMap<Contestant, Counters> ofContestants = new IdentityHashMap<>();

  ModelCounts(JobMetrics metrics) {
    this.metrics = metrics;
  }

  private record Version(String model, String version) {}

  /** The counters of one version, and what is not yet a whole thousandth. */
  private static final class Counters {

    private final Counter leads;
    private final Counter compared;
    private final Counter errors;
    private final Counter naiveErrors;
    private final Counter intervals;
    private final Counter covered;
    private final Counter expected;
    private double error;
    private double naiveError;
    private double expectedCover;

    Counters(JobMetrics metrics, Version of) {
      this.leads = metrics.counter(JobMetric.MODEL_LEADS, of.model(), of.version());
      this.compared = metrics.counter(JobMetric.MODEL_COMPARED_LEADS, of.model(), of.version());
      this.errors = metrics.counter(JobMetric.MODEL_ERROR_THOUSANDTHS, of.model(), of.version());
      this.naiveErrors =
          metrics.counter(JobMetric.MODEL_NAIVE_ERROR_THOUSANDTHS, of.model(), of.version());
      this.intervals = metrics.counter(JobMetric.MODEL_INTERVALS, of.model(), of.version());
      this.covered = metrics.counter(JobMetric.MODEL_COVERED_INTERVALS, of.model(), of.version());
      this.expected =
          metrics.counter(JobMetric.MODEL_EXPECTED_INTERVALS_THOUSANDTHS, of.model(), of.version());
    }

    void add(Tally tally) {
      leads.inc(tally.leads());
      compared.inc(tally.compared());
      error = count(errors, error + THOUSAND * tally.error());
      naiveError = count(naiveErrors, naiveError + THOUSAND * tally.naiveError());
      intervals.inc(tally.intervals());
      covered.inc(tally.covered());
      expectedCover = count(expected, expectedCover + THOUSAND * tally.expected());
    }

    /** Counts the whole ones, and returns the rest. */
    private static double count(Counter counter, double thousandths) {
      double whole = Math.floor(thousandths);
      counter.inc((long) whole);
      return thousandths - whole;
    }
  }

  /** Takes over what there is since the last time. */
  void update(Tally tally) {
    if (tally.leads() == 0) {
      return;
    }
    Counters counters = ofContestants.get(tally.by());
    if (counters == null) {
      counters = counters(tally.by());
      if (ofContestants.size() >= MOST_REMEMBERED) {
        ofContestants.clear();
      }
      ofContestants.put(tally.by(), counters);
    }
    counters.add(tally);
    tally.clear();
  }

  private Counters counters(Contestant by) {
    Version version = new Version(by.model(), by.version());
    if (!known.containsKey(version) && known.size() >= MOST_VERSIONS) {
      version = new Version(OTHERS, OTHERS);
    }
    return known.computeIfAbsent(version, of -> new Counters(metrics, of));
  }
}
