package io.tidecast.benchmarks.pipeline;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;

/**
 * What became of the forecasts of a job whose versions were swapped.
 *
 * @param expected how many there must be
 * @param found how many different ones there are
 * @param doubled how many came again
 * @param fallbacks how many no model made
 * @param strangers how many another version made than the events say
 * @param byVersion how many each version made
 * @param quiet how long those took that were accepted when nothing was swapped
 * @param swapping how long those took that were accepted from a command to the {@link Swap#endNanos
 *     end} of its swap
 */
record SwapAccount(
    long expected,
    long found,
    long doubled,
    long fallbacks,
    long strangers,
    Map<String, Long> byVersion,
    Latency quiet,
    Latency swapping) {

  /**
   * What was asked of the job.
   *
   * @param sent observations after those that were there
   * @param accepted when the broker accepted those that were sent, by place
   * @param first version, which answers until the first swap
   * @param quietFromNanos what was accepted before is not timed
   * @param swaps in their order
   */
  record Asked(
      Workload workload,
      int sent,
      Times accepted,
      String first,
      long quietFromNanos,
      List<Swap> swaps) {

    /** The place of the first observation that was sent. */
    private int from() {
      return Math.toIntExact(workload.observations());
    }

    private int to() {
      return from() + sent;
    }
  }

  /** Names a version of a model. */
  static String version(String modelId, String modelVersion) {
    return modelId + "/" + modelVersion;
  }

  /** Goes through all forecasts of a ledger, which has ended. */
  static SwapAccount of(Asked asked, SwapLedger ledger) {
    Workload workload = asked.workload;
    int end = asked.to();
    int begin = Math.toIntExact(workload.observations() - workload.forecasts());
    long strangers = 0;
    Map<String, Long> byVersion = new TreeMap<>();
    int swap = -1;
    for (int place = begin; place < end; place++) {
      long origin = WorkloadRecords.at(workload, place).toEpochMilli();
      while (swap + 1 < asked.swaps.size()
          && asked.swaps.get(swap + 1).fromOriginMillis() <= origin) {
        swap++;
      }
      if (ledger.readable().has(place)) {
        String version = ledger.versionOf(place);
        byVersion.merge(version, 1L, Long::sum);
        if (!version.equals(swap < 0 ? asked.first : asked.swaps.get(swap).version())) {
          strangers++;
        }
      }
    }
    return new SwapAccount(
        end - begin,
        ledger.found(),
        ledger.doubled(),
        ledger.fallbacks(),
        strangers,
        byVersion,
        latency(asked, ledger, false),
        latency(asked, ledger, true));
  }

  private static Latency latency(Asked asked, SwapLedger ledger, boolean whileSwapping) {
    Times accepted = asked.accepted;
    return Latency.of(
        IntStream.range(asked.from(), asked.to())
            .filter(place -> accepted.has(place) && ledger.readable().has(place))
            .filter(place -> accepted.get(place) - asked.quietFromNanos >= 0)
            .filter(place -> isSwapping(asked.swaps, accepted.get(place)) == whileSwapping)
            .mapToLong(place -> ledger.readable().get(place) - accepted.get(place)));
  }

  private static boolean isSwapping(List<Swap> swaps, long nanos) {
    int from = 0;
    int to = swaps.size();
    while (from < to) {
      int middle = (from + to) >>> 1;
      if (swaps.get(middle).sentNanos() - nanos <= 0) {
        from = middle + 1;
      } else {
        to = middle;
      }
    }
    return from > 0 && nanos - swaps.get(from - 1).endNanos() < 0;
  }

  /** How many times as long as without a swap all but a hundredth took at most. */
  double p99Ratio() {
    return swapping.p99Millis() / quiet.p99Millis();
  }

  /** What is wrong with the forecasts; a sentence each. */
  List<String> problems() {
    List<String> problems = new ArrayList<>();
    if (found != expected) {
      problems.add("no forecast may be lost: expected=%d found=%d".formatted(expected, found));
    }
    if (doubled > 0) {
      problems.add("no forecast may come twice: doubled=" + doubled);
    }
    if (fallbacks > 0) {
      problems.add("no forecast may be the baseline's: fallbacks=" + fallbacks);
    }
    if (strangers > 0) {
      problems.add(
          "each forecast must be of the version that the events say answers its origin: others="
              + strangers);
    }
    return problems;
  }
}
