package io.tidecast.cli.savepoint;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidecast.cli.savepoint.KeptSavepoints.Kept;
import io.tidecast.flink.state.OperatorUids;
import java.io.ByteArrayInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.flink.runtime.checkpoint.Checkpoints;
import org.apache.flink.runtime.checkpoint.OperatorState;
import org.apache.flink.runtime.jobgraph.OperatorID;
import org.apache.flink.shaded.guava33.com.google.common.hash.Hashing;
import org.junit.jupiter.api.Test;

/** The names in savepoints, which can never again be others. */
class SavepointNamesTest {
  /**
   * The classes of this project that a savepoint may name. As text, so that a class that is moved
   * or renamed is found here.
   */
  private static final Set<String> CLASSES =
      Set.of(
          "io.tidecast.flink.state.ForecastTaskSerializerSnapshot",
          "io.tidecast.flink.state.LiveBytesSerializerSnapshot",
          "io.tidecast.flink.state.WaitingTaskSerializerSnapshot");

  private static final Pattern NAME = Pattern.compile("io[./]tidecast[./][\\w./$]+");

  /** A sink has one operator more, of which Flink makes the uid. */
  private static final Set<String> COMMITTERS =
      Stream.of(
              OperatorUids.FORECASTS,
              OperatorUids.DEAD_LETTERS,
              OperatorUids.SHADOW_FORECASTS,
              OperatorUids.FORECAST_SCORES,
              OperatorUids.TOLD_ANOMALIES,
              OperatorUids.CLOSED_CELLS,
              OperatorUids.MODEL_EVENTS)
          .map(uid -> "Sink Committer: " + uid)
          .collect(Collectors.toSet());

  /**
   * The first three take values apart, and remember nothing. The others are of jobs whose models
   * contend, which mix nothing, and of which none is kept.
   */
  private static final Set<String> IN_NO_SAVEPOINT =
      Set.of(
          OperatorUids.CHANNELS,
          OperatorUids.SCORED_FORECASTS,
          OperatorUids.SCORED_SHADOWS,
          OperatorUids.PROMOTION,
          OperatorUids.PROMOTION_COMMANDS);

  @Test
  void shouldNameNoOtherClasses() throws Exception {
    Set<String> names = new TreeSet<>();
    for (Kept kept : KeptSavepoints.all().toList()) {
      names.addAll(names(kept));
    }
    assertThat(names).isEqualTo(CLASSES);
    for (String name : names) {
      assertThat(Class.forName(name).getDeclaredConstructor().newInstance()).isNotNull();
    }
  }

  @Test
  void shouldNameTheOperatorsAsTheCodeDoes() throws Exception {
    Set<String> expected = new TreeSet<>(OperatorUids.ALL);
    expected.addAll(OperatorUids.FORMER);
    expected.addAll(COMMITTERS);
    expected.removeAll(IN_NO_SAVEPOINT);
    Set<String> found = new TreeSet<>();
    for (Kept kept : KeptSavepoints.all().toList()) {
      Map<String, OperatorID> operators = operators(kept);
      operators.forEach((uid, id) -> assertThat(id).as(uid).isEqualTo(id(uid)));
      found.addAll(operators.keySet());
    }
    assertThat(found).isEqualTo(expected);
  }

  @Test
  void shouldListEachUidOnce() {
    assertThat(new HashSet<>(OperatorUids.ALL))
        .hasSameSizeAs(OperatorUids.ALL)
        .doesNotContainAnyElementsOf(OperatorUids.FORMER);
  }

  /** As Flink makes it of a uid. */
  private static OperatorID id(String uid) {
    return new OperatorID(Hashing.murmur3_128(0).hashString(uid, StandardCharsets.UTF_8).asBytes());
  }

  private static Set<String> names(Kept kept) throws IOException {
    String text = new String(Files.readAllBytes(kept.metadata()), StandardCharsets.ISO_8859_1);
    return NAME.matcher(text).results().map(MatchResult::group).collect(Collectors.toSet());
  }

  /** The operators that a savepoint has, by uid. */
  static Map<String, OperatorID> operators(Kept kept) throws IOException {
    byte[] metadata = Files.readAllBytes(kept.metadata());
    Map<String, OperatorID> operators = new TreeMap<>();
    try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(metadata))) {
      for (OperatorState operator :
          Checkpoints.loadCheckpointMetadata(
                  in, SavepointNamesTest.class.getClassLoader(), kept.folder().toString())
              .getOperatorStates()) {
        operators.put(operator.getOperatorUid().orElseThrow(), operator.getOperatorID());
      }
    }
    return operators;
  }
}
