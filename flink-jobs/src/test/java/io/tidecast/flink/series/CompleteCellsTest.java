package io.tidecast.flink.series;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidecast.flink.config.JobConfig;
import io.tidecast.flink.record.ForecastTask;
import io.tidecast.flink.record.ParsedMeasurement;
import io.tidecast.flink.source.ParseMeasurements;
import io.tidecast.flink.testing.Samples;
import io.tidecast.runtime.manifest.ForecasterSpec;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A joint system of two members with two values each, context of four cells of a second. */
class CompleteCellsTest {

  private static final float NAN = Float.NaN;
  private static final ForecasterSpec SPEC = new ForecasterSpec("t", "1", 4, 1, 4, List.of());

  private static final String SOURCE =
      """
      source:
        max-out-of-orderness: %s
        format: json
        mapping:
          series: site
          time: t
          name: meter
          values: [kwh, volts]
          channel-names: [north, south]
      """;

  private WindowHarness harness;
  private ParseMeasurements parser;

  @AfterEach
  void close() throws Exception {
    harness.close();
  }

  @Test
  void shouldPutTheValuesOfTheMembersOneAfterTheOther() throws Exception {
    start("complete", "0s");
    for (int cell = 0; cell < 4; cell++) {
      record("plant", "south", cell * 1_000, 3 + cell * 10, 4 + cell * 10);
      record("plant", "north", cell * 1_000, 1 + cell * 10, 2 + cell * 10);
    }
    assertThat(contexts())
        .containsExactly("plant 3000 [1, 2, 3, 4, 11, 12, 13, 14, 21, 22, 23, 24, 31, 32, 33, 34]");
  }

  @Test
  void shouldCloseACellWithItsLastChannelAndNoSooner() throws Exception {
    start("complete", "0s");
    cells(0, 2);
    record("plant", "north", 3_100, 1, 2);
    assertThat(origins()).isEmpty();
    record("plant", "south", 3_900, 3, 4);
    assertThat(origins()).containsExactly(3_000L);
    cells(4, 4);
    assertThat(origins()).containsExactly(3_000L, 4_000L);
  }

  @Test
  void shouldCloseWithTheWatermarkWhatStaysIncomplete() throws Exception {
    start("complete", "0s");
    cells(0, 2);
    record("plant", "north", 3_000, 1, 2);
    harness.watermark(3_998);
    assertThat(origins()).isEmpty();
    harness.watermark(3_999);
    assertThat(contexts())
        .containsExactly("plant 3000 [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 2, 0, 0]");
  }

  @Test
  void shouldCloseWithALaterObservationWhatStaysIncomplete() throws Exception {
    start("complete", "1s");
    cells(0, 3);
    record("plant", "north", 4_000, 5, 6);
    cells(5, 5);
    assertThat(origins()).as("cell 4 may still become complete").containsExactly(3_000L);
    cells(6, 6);
    assertThat(origins()).containsExactly(3_000L, 4_000L, 5_000L, 6_000L);
  }

  @Test
  void shouldForecastInOrderWhenAnEarlierCellIsCompleteLater() throws Exception {
    start("complete", "2s");
    cells(0, 2);
    cells(4, 4);
    record("plant", "south", 3_000, 3, 4);
    assertThat(origins()).isEmpty();
    record("plant", "north", 3_000, 1, 2);
    assertThat(origins()).containsExactly(3_000L, 4_000L);
  }

  /** What arrives in time gives the same windows however it is mixed, and as the watermark's do. */
  @Test
  void shouldCutTheWindowsOfTheWatermarkInAnyOrderOfArrival() throws Exception {
    Random random = new Random(5);
    for (int trial = 0; trial < 30; trial++) {
      Map<Integer, Double> arrivals = new HashMap<>();
      for (int record = 0; record < 80; record++) {
        // Some never arrive.
        if (random.nextInt(15) > 0) {
          arrivals.put(record, record / 2 + random.nextDouble() * 4);
        }
      }
      List<Integer> order = new ArrayList<>(arrivals.keySet());
      order.sort((a, b) -> Double.compare(arrivals.get(a), arrivals.get(b)));
      List<String> complete = run("complete", order, random);
      Collections.sort(order);
      assertThat(complete).as("trial %d", trial).isEqualTo(run("watermark", order, random));
      assertThat(complete).hasSizeGreaterThan(15);
    }
  }

  private List<String> run(String close, List<Integer> records, Random random) throws Exception {
    start(close, "5s");
    List<String> contexts = new ArrayList<>();
    for (int record : records) {
      int cell = record / 2;
      record("plant", record % 2 == 0 ? "north" : "south", cell * 1_000, record, -record);
      if (random.nextInt(20) == 0) {
        contexts.addAll(contexts());
        OperatorSubtaskState snapshot = harness.snapshot();
        start(close, "5s", snapshot);
      }
    }
    harness.watermark(Long.MAX_VALUE);
    contexts.addAll(contexts());
    return contexts;
  }

  private void start(String close, String maxOutOfOrderness) throws Exception {
    start(close, maxOutOfOrderness, null);
  }

  private void start(String close, String maxOutOfOrderness, OperatorSubtaskState snapshot)
      throws Exception {
    if (harness != null) {
      harness.close();
    }
    JobConfig config =
        Samples.config(
            "series: {step: 1s, channels: 4, fill: constant, max-filled-cells: 7, close: %s}"
                .formatted(close),
            SOURCE.formatted(maxOutOfOrderness));
    parser = Samples.parser(config);
    harness = WindowHarness.start(config, SPEC, 1, snapshot);
  }

  private void cells(int first, int last) throws Exception {
    for (int cell = first; cell <= last; cell++) {
      record("plant", "north", cell * 1_000, 0, 0);
      record("plant", "south", cell * 1_000, 0, 0);
    }
  }

  private void record(String site, String meter, long timeMillis, float kwh, float volts)
      throws Exception {
    String json =
        "{\"site\": \"%s\", \"meter\": \"%s\", \"t\": %d, \"kwh\": %s, \"volts\": %s}"
            .formatted(site, meter, timeMillis, kwh, volts);
    ParsedMeasurement parsed =
        parser
            .parse(Samples.source(json.getBytes(StandardCharsets.UTF_8)), Samples.NO_HEADERS)
            .get(0);
    harness.observe(parsed.accepted());
  }

  private List<Long> origins() {
    return harness.requests().stream().map(ForecastTask::originMillis).toList();
  }

  private List<String> contexts() {
    return harness.requests().stream()
        .map(
            request -> {
              List<Integer> values = new ArrayList<>();
              for (float value : request.context()) {
                assertThat(value).isNotEqualTo(NAN);
                values.add((int) value);
              }
              return "%s %d %s".formatted(request.series(), request.originMillis(), values);
            })
        .toList();
  }
}
