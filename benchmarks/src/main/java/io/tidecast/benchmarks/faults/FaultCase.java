package io.tidecast.benchmarks.faults;

import io.tidecast.benchmarks.ledger.Plan;
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
   * @param surroundings of the job
   * @param load what the feed sends
   */
  record Setup(
      Load load,
      Surroundings surroundings,
      Broker.Entrance entrance,
      Map<String, Object> keys,
      List<String> mustSay,
      Duration quiet) {

    /** A hundred small series, a commit every second, two subtasks. */
    static Setup usual() {
      return new Setup(
          new Load(100, Plan.HORIZON, 5),
          Surroundings.PROCESS,
          Broker.Entrance.OPEN,
          Map.of("checkpoints.interval", "1s", "job.parallelism", 2),
          List.of(),
          Duration.ofMinutes(1));
    }

    /** The same on a cluster, with four times as many observations in a second. */
    static Setup cluster(Surroundings surroundings) {
      return usual().surroundings(surroundings).load(new Load(200, Plan.HORIZON, 10));
    }

    /** Nothing in the job file but what must be there. */
    static Setup shortest() {
      Setup usual = usual();
      return new Setup(
          usual.load, usual.surroundings, usual.entrance, Map.of(), usual.mustSay, usual.quiet);
    }

    Setup series(int series, int contextLength) {
      return load(new Load(series, contextLength, load.roundsPerSecond));
    }

    Setup load(Load load) {
      return new Setup(load, surroundings, entrance, keys, mustSay, quiet);
    }

    Setup surroundings(Surroundings surroundings) {
      return new Setup(load, surroundings, entrance, keys, mustSay, quiet);
    }

    Setup entrance(Broker.Entrance entrance) {
      return new Setup(load, surroundings, entrance, keys, mustSay, quiet);
    }

    Setup key(String key, Object value) {
      Map<String, Object> more = new LinkedHashMap<>(keys);
      more.put(key, value);
      return new Setup(load, surroundings, entrance, more, mustSay, quiet);
    }

    Setup mustSay(String... texts) {
      return new Setup(load, surroundings, entrance, keys, List.of(texts), quiet);
    }

    Setup quiet(Duration quiet) {
      return new Setup(load, surroundings, entrance, keys, mustSay, quiet);
    }
  }

  /**
   * What the feed sends.
   *
   * @param contextLength cells that the model is given
   * @param roundsPerSecond cells of every series
   */
  record Load(int series, int contextLength, double roundsPerSecond) {}
}
