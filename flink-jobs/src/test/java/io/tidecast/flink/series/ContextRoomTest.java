package io.tidecast.flink.series;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidecast.flink.config.JobConfig;
import io.tidecast.flink.model.SeriesRoute;
import io.tidecast.flink.record.ForecastTask;
import io.tidecast.flink.record.Measurement;
import io.tidecast.flink.series.ContextNeeds.Routed;
import io.tidecast.flink.testing.Samples;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.apache.flink.runtime.state.hashmap.HashMapStateBackend;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Windows with more cells than the model of a series takes. */
class ContextRoomTest {

  private static final int OWN = 4;
  private static final int ROOM = 11;

  /** As it was before there was any room. */
  private static final int SCHEDULE_ID = -1026293871;

  private static final float NAN = Float.NaN;

  /** Whatever a longer model would take, the one that there is says the same as before. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "max-filled-cells: 2",
        "max-filled-cells: 2, cold-start: baseline",
        "max-filled-cells: 1, min-context: 2",
        "max-filled-cells: 3, fill: linear, min-context: 2, cold-start: baseline",
        "max-filled-cells: 2, close: watermark, allowed-lateness: 2s, reissue: true,"
            + " reissue-origins: 2",
        "max-filled-cells: 2, close: watermark, silence: fill, max-silence: 6s",
        "max-filled-cells: 2, close: watermark, silence: fill, fill: constant, aggregate: sum",
        "max-filled-cells: 2, forecast-every: 3",
      })
  void shouldChangeNothingOfWhatTheModelTakes(String keys) throws Exception {
    for (int seed = 0; seed < 12; seed++) {
      JobConfig config = Samples.config("series: {step: 1s, " + keys + "}");
      List<Measurement> observations = observations(new Random(seed));
      List<ForecastTask> alone = tasks(config, needs(config, OWN), observations);
      List<ForecastTask> roomy = tasks(config, needs(config, ROOM), observations);

      assertThat(alone).as("seed %d", seed).isNotEmpty();
      assertThat(roomy).as("seed %d", seed).hasSameSizeAs(alone);
      for (int i = 0; i < alone.size(); i++) {
        ForecastTask one = alone.get(i);
        ForecastTask other = roomy.get(i);
        assertThat(other.context()).hasSize(ROOM);
        assertThat(newest(other)).as("seed %d, %s", seed, one).isEqualTo(one.context());
        assertThat(other.originMillis()).isEqualTo(one.originMillis());
        assertThat(other.filledCells()).isEqualTo(one.filledCells());
        assertThat(other.baseline()).isEqualTo(one.baseline());
        assertThat(other.revision()).isEqualTo(one.revision());
        assertThat(other.bases()).isEqualTo(one.bases());
        assertThat(gapsAfterTheFirstValue(other.context())).isZero();
      }
    }
  }

  @Test
  void shouldAskTheModelBeforeTheRoomIsFull() throws Exception {
    JobConfig config = Samples.config("series: {step: 1s, max-filled-cells: 2}");
    List<ForecastTask> tasks = tasks(config, needs(config, 6), cells(1, 2, 3, 4, 5, 6, 7));

    assertThat(tasks).extracting(ForecastTask::originMillis).startsWith(4_000L, 5_000L);
    assertThat(tasks.get(0).context()).containsExactly(NAN, NAN, 1, 2, 3, 4);
    assertThat(tasks.get(0).baseline()).isFalse();
    assertThat(tasks.get(3).context()).containsExactly(2, 3, 4, 5, 6, 7);
  }

  @Test
  void shouldFillOlderGapsAndCountThoseOfTheModelAlone() throws Exception {
    JobConfig config = Samples.config("series: {step: 1s, max-filled-cells: 2}");
    List<ForecastTask> tasks = tasks(config, needs(config, 7), cells(1, 3, 4, 6, 7));

    ForecastTask last = tasks.get(tasks.size() - 1);
    assertThat(last.context()).containsExactly(1, 1, 3, 4, 4, 6, 7);
    assertThat(last.filledCells()).isEqualTo(1);
  }

  @Test
  void shouldLeaveOutOlderCellsWithTooManyGaps() throws Exception {
    JobConfig config = Samples.config("series: {step: 1s, max-filled-cells: 1}");
    List<ForecastTask> tasks = tasks(config, needs(config, 8), cells(1, 2, 6, 7, 8, 9));

    ForecastTask last = tasks.get(tasks.size() - 1);
    assertThat(last.originMillis()).isEqualTo(9_000);
    assertThat(last.context()).containsExactly(NAN, NAN, NAN, NAN, 6, 7, 8, 9);
    assertThat(last.filledCells()).isZero();
  }

  @Test
  void shouldAskEachSeriesWhenItsOwnModelCanAnswer() throws Exception {
    JobConfig config = Samples.config("series: {step: 1s, max-filled-cells: 2}");
    ContextNeeds needs =
        new ContextNeeds(
            6,
            new ContextNeed(4, 4, 0),
            List.of(
                new Routed(new SeriesRoute("short*", null), new ContextNeed(2, 2, 0)),
                new Routed(new SeriesRoute("*long", null), new ContextNeed(6, 6, 0)),
                new Routed(new SeriesRoute("pads", null), new ContextNeed(6, 3, 0))));
    List<Measurement> observations = new ArrayList<>();
    for (int cell = 1; cell <= 7; cell++) {
      for (String series : List.of("any", "short-1", "very-long", "pads")) {
        observations.add(Samples.measurement(series, cell * 1_000L, cell));
      }
    }

    List<ForecastTask> tasks = tasks(config, needs, observations);

    assertThat(firstOrigin(tasks, "any")).isEqualTo(4_000);
    assertThat(firstOrigin(tasks, "short-1")).isEqualTo(2_000);
    assertThat(firstOrigin(tasks, "very-long")).isEqualTo(6_000);
    assertThat(firstOrigin(tasks, "pads")).isEqualTo(3_000);
    assertThat(tasks).allSatisfy(task -> assertThat(task.context()).hasSize(6));
  }

  @Test
  void shouldGoByTheGroupThatRecordsName() throws Exception {
    JobConfig config =
        Samples.config(
            "series: {step: 1s, max-filled-cells: 2}",
            "source: {format: json, mapping: {series: s, time: t, values: v, group: g}}",
            "models: [{name: n, path: x, group: \"north*\"}]");
    ContextNeeds needs =
        new ContextNeeds(
            4,
            new ContextNeed(4, 4, 0),
            List.of(new Routed(new SeriesRoute(null, "north*"), new ContextNeed(2, 2, 0))));
    List<Measurement> observations = new ArrayList<>();
    for (int cell = 1; cell <= 4; cell++) {
      observations.add(grouped("a", cell, "north-1"));
      observations.add(grouped("b", cell, "south-1"));
    }

    List<ForecastTask> tasks = tasks(config, needs, observations);

    assertThat(firstOrigin(tasks, "a")).isEqualTo(2_000);
    assertThat(firstOrigin(tasks, "b")).isEqualTo(4_000);
    assertThat(tasks.get(0).group()).isEqualTo("north-1");
  }

  /** A savepoint of before the room was made. */
  @Test
  void shouldFillTheRoomOfSeriesThatWereKeptWithLess() throws Exception {
    JobConfig config = Samples.config("series: {step: 1s, max-filled-cells: 2}");
    WindowHarness before = start(config, needs(config, OWN), null);
    for (Measurement one : cells(1, 2, 3, 4, 5)) {
      before.observe(one);
    }
    OperatorSubtaskState savepoint = before.snapshot();
    before.close();

    WindowHarness after = start(config, needs(config, 6), savepoint);
    for (Measurement one : cells(6, 7, 8)) {
      after.observe(one);
    }
    List<ForecastTask> tasks = after.requests();
    OperatorSubtaskState later = after.snapshot();
    after.close();

    assertThat(tasks).hasSize(3);
    assertThat(tasks.get(0).context()).containsExactly(NAN, 2, 3, 4, 5, 6);
    assertThat(tasks.get(1).context()).containsExactly(2, 3, 4, 5, 6, 7);

    WindowHarness again = start(config, needs(config, OWN), later);
    again.observe(cells(9).get(0));
    assertThat(again.requests().get(0).context()).containsExactly(6, 7, 8, 9);
    again.close();
  }

  /** What savepoints of one model hold, or observations in their journals would be read anew. */
  @Test
  void shouldTellNoConfigurationApartThatWasOneBefore() {
    SeriesSettings series = Samples.config("series: {step: 1s}").series();

    assertThat(series.scheduleId(needs(series, OWN))).isEqualTo(SCHEDULE_ID);
    assertThat(series.scheduleId(needs(series, ROOM))).isNotEqualTo(SCHEDULE_ID);
    ContextNeed need = new ContextNeed(OWN, OWN, 0);
    ContextNeeds routed =
        new ContextNeeds(OWN, need, List.of(new Routed(new SeriesRoute("a", null), need)));
    assertThat(series.scheduleId(routed)).isNotEqualTo(SCHEDULE_ID);
  }

  private static List<Measurement> observations(Random random) {
    List<Measurement> observations = new ArrayList<>();
    long cell = 0;
    for (int i = 0; i < 60; i++) {
      cell += random.nextInt(7) == 0 ? 1 + random.nextInt(8) : 1;
      observations.add(Samples.measurement("a", cell * 1_000, random.nextInt(90)));
      if (i > 12 && random.nextInt(5) == 0) {
        // In time, or late by a cell.
        observations.add(Samples.measurement("a", cell * 1_000 - 1_000, random.nextInt(90)));
      }
    }
    return observations;
  }

  /** Of a value each, which is the number of the cell. */
  private static List<Measurement> cells(int... cells) {
    List<Measurement> observations = new ArrayList<>();
    for (int cell : cells) {
      observations.add(Samples.measurement("a", cell * 1_000L, cell));
    }
    return observations;
  }

  private static Measurement grouped(String series, int cell, String group) {
    Measurement plain = Samples.measurement(series, cell * 1_000L, cell);
    return new Measurement(plain.source(), series, group, plain.timeMillis(), plain.values());
  }

  private static ContextNeeds needs(JobConfig config, int room) {
    return needs(config.series(), room);
  }

  private static ContextNeeds needs(SeriesSettings series, int room) {
    return new ContextNeeds(
        room, new ContextNeed(OWN, series.coldStart().minContext(OWN), 0), List.of());
  }

  private static WindowHarness start(
      JobConfig config, ContextNeeds needs, OperatorSubtaskState savepoint) throws Exception {
    return WindowHarness.start(
        config, needs, savepoint, new WindowHarness.Setup(new HashMapStateBackend()));
  }

  private static List<ForecastTask> tasks(
      JobConfig config, ContextNeeds needs, List<Measurement> observations) throws Exception {
    WindowHarness harness = start(config, needs, null);
    try {
      for (Measurement one : observations) {
        harness.observe(one);
        harness.watermark(one.timeMillis() - 1);
      }
      return List.copyOf(harness.requests());
    } finally {
      harness.close();
    }
  }

  private static long firstOrigin(List<ForecastTask> tasks, String series) {
    return tasks.stream()
        .filter(task -> task.series().equals(series))
        .findFirst()
        .orElseThrow()
        .originMillis();
  }

  private static float[] newest(ForecastTask task) {
    float[] newest = new float[OWN];
    System.arraycopy(task.context(), task.context().length - OWN, newest, 0, OWN);
    return newest;
  }

  private static int gapsAfterTheFirstValue(float[] context) {
    int gaps = 0;
    boolean hasValue = false;
    for (float value : context) {
      hasValue |= !Float.isNaN(value);
      gaps += hasValue && Float.isNaN(value) ? 1 : 0;
    }
    return gaps;
  }
}
