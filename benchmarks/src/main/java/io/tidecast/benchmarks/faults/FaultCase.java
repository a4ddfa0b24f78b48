package io.tidecast.benchmarks.faults;

import io.tidecast.benchmarks.process.Broker;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A row of the matrix.
 *
 * @param name by which it is asked for
 * @param fault in words
 */
record FaultCase(String name, String fault, Setup setup, Script script) {

  /** Starts a job, inflicts the fault and mends it. What comes then is the same for all. */
  @FunctionalInterface
  interface Script {
    void play(Stage stage) throws Exception;
  }

  /**
   * What a case begins with.
   *
   * @param keys of the job file, beyond those that every job file must have
   * @param mustSay texts of which each must be in something that the job says
   * @param quiet what is still missing after so long without a new answer is lost
   */
  record Setup(
      int series,
      int contextLength,
      Broker.Entrance entrance,
      Map<String, Object> keys,
      List<String> mustSay,
      Duration quiet) {

    /** A hundred small series, a commit every second, two subtasks. */
    static Setup usual() {
      return new Setup(
          100,
          Plan.HORIZON,
          Broker.Entrance.OPEN,
          Map.of("checkpoints.interval", "1s", "job.parallelism", 2),
          List.of(),
          Duration.ofMinutes(1));
    }

    /** Nothing in the job file but what must be there. */
    static Setup shortest() {
      Setup usual = usual();
      return new Setup(
          usual.series, usual.contextLength, usual.entrance, Map.of(), usual.mustSay, usual.quiet);
    }

    Setup series(int series, int contextLength) {
      return new Setup(series, contextLength, entrance, keys, mustSay, quiet);
    }

    Setup entrance(Broker.Entrance entrance) {
      return new Setup(series, contextLength, entrance, keys, mustSay, quiet);
    }

    Setup key(String key, Object value) {
      Map<String, Object> more = new LinkedHashMap<>(keys);
      more.put(key, value);
      return new Setup(series, contextLength, entrance, more, mustSay, quiet);
    }

    Setup mustSay(String... texts) {
      return new Setup(series, contextLength, entrance, keys, List.of(texts), quiet);
    }

    Setup quiet(Duration quiet) {
      return new Setup(series, contextLength, entrance, keys, mustSay, quiet);
    }
  }
}
