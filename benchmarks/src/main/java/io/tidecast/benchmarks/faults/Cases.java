package io.tidecast.benchmarks.faults;

import java.util.List;
import java.util.stream.Stream;

/** Every row of the matrix. */
final class Cases {

  private Cases() {}

  static List<FaultCase> all() {
    return Stream.of(
            KillCases.all(),
            BrokerCases.all(),
            TopicCases.all(),
            CheckpointCases.all(),
            LoadCases.all(),
            ClusterFaults.cases(),
            StartCases.all())
        .flatMap(List::stream)
        .toList();
  }

  /**
   * Finds a row.
   *
   * @throws IllegalArgumentException if there is none of this name
   */
  static FaultCase named(String name) {
    return all().stream()
        .filter(row -> row.name().equals(name))
        .findAny()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "CASE must be one of %s: %s"
                        .formatted(all().stream().map(FaultCase::name).toList(), name)));
  }
}
