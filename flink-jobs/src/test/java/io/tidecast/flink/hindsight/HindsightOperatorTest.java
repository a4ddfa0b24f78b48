package io.tidecast.flink.hindsight;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidecast.flink.record.ClosedCell;
import io.tidecast.flink.record.FromOrigin;
import io.tidecast.runtime.grid.GridStep;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.apache.flink.runtime.state.StateBackend;
import org.apache.flink.runtime.state.VoidNamespace;
import org.apache.flink.runtime.state.hashmap.HashMapStateBackend;
import org.apache.flink.state.rocksdb.EmbeddedRocksDBStateBackend;
import org.apache.flink.streaming.api.watermark.Watermark;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.apache.flink.streaming.util.KeyedTwoInputStreamOperatorTestHarness;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HindsightOperatorTest {

  private static final long STEP = 60_000;
  private static final GridStep GRID = GridStep.fixed(Duration.ofMillis(STEP));

  private record Said(String series, long originMillis, HindsightOperator.Way way)
      implements FromOrigin {}

  /** Notes what it hears of. */
  private static final class Noting extends HindsightSeries {

    private final List<String> heard = new ArrayList<>();

    private Noting() {
      super(1);
    }

    private Noting(ByteBuffer in) {
      super(1, in);
    }

    @Override
    public byte[] bytes() {
      ByteBuffer out = ByteBuffer.allocate(1 + waitingBytes()).put((byte) 1);
      writeWaiting(out);
      return out.array();
    }

    @Override
    protected boolean close(long cell, double[] values) {
      heard.add("cell " + cell);
      return true;
    }
  }

  private static final class Notes extends HindsightOperator<Noting, Said, String> {

    private static final long serialVersionUID = 1L;

    private int visits;
    private int tooMany;

    private Notes(@Nullable Duration timeToLive) {
      super(
          new HindsightSetup(GRID, timeToLive, new TargetChannels(List.of(), 1)),
          new Name("notes", "noting"),
          Noting.class);
    }

    @Override
    protected Noting begin() {
      visits++;
      return new Noting();
    }

    @Override
    protected Noting read(byte[] bytes) {
      visits++;
      return new Noting(ByteBuffer.wrap(bytes).position(1));
    }

    @Override
    protected void tooMany(int cells) {
      tooMany += cells;
    }

    @Override
    protected Way way(Said forecast) {
      return forecast.way();
    }

    @Override
    protected boolean forecast(Noting series, Said forecast) {
      series.heard.add("forecast " + step().cell(forecast.originMillis()));
      return true;
    }

    @Override
    protected void changed(Noting series, int lateCells) {
      for (String one : series.heard) {
        output.collect(new StreamRecord<>(getCurrentKey() + " " + one));
      }
      series.heard.clear();
    }
  }

  private @Nullable KeyedTwoInputStreamOperatorTestHarness<String, ClosedCell, Said, String>
      harness;

  private Notes notes = new Notes(null);

  /** State lies in bytes, so that each visit reads it. */
  private void start(@Nullable OperatorSubtaskState snapshot) throws Exception {
    start(null, new EmbeddedRocksDBStateBackend(), snapshot);
  }

  private void start(
      @Nullable Duration timeToLive, StateBackend backend, @Nullable OperatorSubtaskState snapshot)
      throws Exception {
    notes = new Notes(timeToLive);
    harness =
        new KeyedTwoInputStreamOperatorTestHarness<>(
            notes, ClosedCell::series, Said::series, Types.STRING);
    harness.setStateBackend(backend);
    harness.setup(
        Types.STRING.createSerializer(harness.getExecutionConfig().getSerializerConfig()));
    if (snapshot != null) {
      harness.initializeState(snapshot);
    }
    harness.open();
  }

  @AfterEach
  void close() throws Exception {
    if (harness != null) {
      harness.close();
    }
  }

  private void cell(String series, long cell) throws Exception {
    harness.processElement1(
        new StreamRecord<>(new ClosedCell(series, cell * STEP, new double[1], false), cell * STEP));
  }

  private void forecast(String series, long origin) throws Exception {
    forecast(series, origin, HindsightOperator.Way.IN_ORDER);
  }

  private void forecast(String series, long origin, HindsightOperator.Way way) throws Exception {
    harness.processElement2(
        new StreamRecord<>(new Said(series, origin * STEP, way), origin * STEP));
  }

  private void watermark(long cell) throws Exception {
    harness.processWatermark1(new Watermark(cell * STEP));
    harness.processWatermark2(new Watermark(cell * STEP));
  }

  /** Of the first series, with nothing left of it. */
  private void begin() throws Exception {
    cell("a", 0);
    forecast("a", 0);
    assertThat(told()).containsExactly("a cell 0", "a forecast 0");
    notes.visits = 0;
  }

  /** Since the last time. */
  private List<String> told() {
    List<String> told = new ArrayList<>(harness.extractOutputValues());
    harness.getOutput().clear();
    return told;
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void shouldVisitASeriesOnceForACellAndItsForecast(boolean cellFirst) throws Exception {
    start(null);
    begin();
    for (int cell = 1; cell <= 10; cell++) {
      if (cellFirst) {
        cell("a", cell);
        forecast("a", cell);
      } else {
        forecast("a", cell);
        assertThat(told()).isEmpty();
        cell("a", cell);
      }
      assertThat(told()).containsExactly("a cell " + cell, "a forecast " + cell);
      watermark(cell);
    }
    assertThat(notes.visits).isEqualTo(10);
  }

  @Test
  void shouldTakeWhatComesBeforeAnotherWithThat() throws Exception {
    start(null);
    begin();
    forecast("a", 1, HindsightOperator.Way.BEFORE_ANOTHER);
    cell("a", 1);
    assertThat(notes.visits).isZero();
    forecast("a", 1);
    assertThat(told()).containsExactly("a cell 1", "a forecast 1", "a forecast 1");
    assertThat(notes.visits).isEqualTo(1);
  }

  @Test
  void shouldTakeAtOnceWhatHasAWayOfItsOwn() throws Exception {
    start(null);
    begin();
    cell("a", 1);
    forecast("a", 0, HindsightOperator.Way.OF_ITS_OWN);
    assertThat(told()).as("the cell waits").containsExactly("a forecast 0");
    forecast("a", 1);
    assertThat(told()).containsExactly("a cell 1", "a forecast 1");
  }

  /** Its cell was taken long ago, and no other may come for long. */
  @Test
  void shouldNotHoldAForecastThatIsMadeAgain() throws Exception {
    start(null);
    begin();
    forecast("a", 0);
    assertThat(told()).containsExactly("a forecast 0");
  }

  @Test
  void shouldNotHoldAForecastOfASeriesThatItDoesNotKnow() throws Exception {
    start(null);
    forecast("a", 5);
    assertThat(told()).containsExactly("a forecast 5");
  }

  @Test
  void shouldLetALaterCellSayThatNoneWillCome() throws Exception {
    start(null);
    begin();
    forecast("a", 1);
    cell("a", 2);
    assertThat(told()).containsExactly("a forecast 1");
    watermark(2);
    assertThat(told()).containsExactly("a cell 2");
  }

  @Test
  void shouldGiveTheirTurnInTheOrderOfTimeToThoseThatNobodyMet() throws Exception {
    start(null);
    begin();
    cell("b", 0);
    forecast("b", 0);
    told();
    cell("a", 2);
    forecast("b", 1);
    cell("a", 3);
    cell("a", 4);
    cell("b", 0);
    forecast("a", 2, HindsightOperator.Way.BEFORE_ANOTHER);
    watermark(0);
    assertThat(told()).as("all of a series").containsExactly("b cell 0", "b forecast 1");
    watermark(3);
    assertThat(told()).containsExactly("a cell 2", "a forecast 2", "a cell 3");
    watermark(4);
    assertThat(told()).containsExactly("a cell 4");
    assertThat(harness.numEventTimeTimers()).isZero();
  }

  @Test
  void shouldTakeAtOnceACellThatIsReady() throws Exception {
    start(null);
    begin();
    cell("a", 2);
    watermark(1);
    cell("a", 1);
    assertThat(told()).as("in the order of their coming").isEmpty();
    watermark(2);
    assertThat(told()).containsExactly("a cell 2", "a cell 1");
    cell("a", 2);
    assertThat(told()).containsExactly("a cell 2");
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void shouldMeetAcrossACheckpoint(boolean restarts) throws Exception {
    start(null);
    begin();
    cell("b", 0);
    forecast("b", 0);
    told();
    cell("a", 1);
    forecast("b", 1);
    harness.prepareSnapshotPreBarrier(1);
    assertThat(told()).containsExactly("b forecast 1");
    OperatorSubtaskState snapshot = harness.snapshot(1, 1);
    if (restarts) {
      harness.close();
      start(snapshot);
    }
    forecast("a", 1);
    assertThat(told()).containsExactly("a cell 1", "a forecast 1");
    cell("b", 1);
    watermark(1);
    assertThat(told()).containsExactly("b cell 1");
    assertThat(harness.numEventTimeTimers()).isZero();
  }

  @Test
  void shouldTakeByTheWatermarkWhatWaitedWhenACheckpointWasRestored() throws Exception {
    start(null);
    begin();
    cell("a", 1);
    cell("a", 2);
    harness.prepareSnapshotPreBarrier(1);
    OperatorSubtaskState snapshot = harness.snapshot(1, 1);
    harness.close();
    start(snapshot);
    watermark(1);
    assertThat(told()).containsExactly("a cell 1");
    watermark(2);
    assertThat(told()).containsExactly("a cell 2");
    assertThat(harness.numEventTimeTimers()).isZero();
  }

  @Test
  void shouldLetOnlyAFewWaitOfASeries() throws Exception {
    start(null);
    begin();
    for (int cell = 1; cell <= 1_000; cell++) {
      cell("a", cell);
    }
    assertThat(notes.visits).isBetween(50, 100);
    // What had to go first is taken.
    List<String> told = told();
    assertThat(told).hasSizeGreaterThan(700).startsWith("a cell 1");
    assertThat(notes.tooMany).isEqualTo(told.size());
    forecast("a", 1_000);
    assertThat(told()).endsWith("a cell 1000", "a forecast 1000");
  }

  @Test
  void shouldVisitAtOnceWhereTooManyWait() throws Exception {
    start(null);
    int series = 10_000;
    for (int i = 0; i < series; i++) {
      cell("s" + i, 0);
      forecast("s" + i, 0);
    }
    told();
    notes.visits = 0;
    for (int i = 0; i < series; i++) {
      cell("s" + i, 1);
    }
    assertThat(notes.visits).isBetween(1, series / 2);
    for (int i = 0; i < series; i++) {
      forecast("s" + i, 1);
    }
    assertThat(told()).hasSize(2 * series);
    notes.visits = 0;
    for (int i = 0; i < series; i++) {
      cell("s" + i, 2);
      forecast("s" + i, 2);
    }
    assertThat(notes.visits).as("there is room again").isEqualTo(series);
  }

  @Test
  void shouldNotForgetASeriesThatACellHasComeOf() throws Exception {
    start(Duration.ofMinutes(2), new HashMapStateBackend(), null);
    begin();
    // The end of the series is at the end of its third cell.
    cell("a", 4);
    watermark(3);
    assertThat(told()).isEmpty();
    assertThat(harness.numKeyedStateEntries()).isEqualTo(1);
    watermark(4);
    assertThat(told()).containsExactly("a cell 4");
    watermark(7);
    assertThat(harness.numKeyedStateEntries()).isZero();
    assertThat(harness.numEventTimeTimers()).isZero();
    notes.visits = 0;
    watermark(20);
    assertThat(notes.visits).isZero();
  }

  @Test
  void shouldTakeWhatHasComeBeforeItForgetsASeries() throws Exception {
    start(Duration.ofMinutes(2), new HashMapStateBackend(), null);
    begin();
    harness.processElement2(
        new StreamRecord<>(new Said("a", 0, HindsightOperator.Way.BEFORE_ANOTHER), 5 * STEP));
    watermark(3);
    assertThat(told()).containsExactly("a forecast 0");
    assertThat(harness.numKeyedStateEntries()).isZero();
    watermark(9);
    assertThat(told()).isEmpty();
  }

  private static StateBackend backend(boolean onDisk) {
    return onDisk ? new EmbeddedRocksDBStateBackend() : new HashMapStateBackend();
  }

  /** Goes on from a savepoint with another time to live. */
  private void goOn(@Nullable Duration timeToLive, boolean onDisk) throws Exception {
    harness.prepareSnapshotPreBarrier(1);
    OperatorSubtaskState snapshot = harness.snapshot(1, 1);
    harness.close();
    start(timeToLive, backend(onDisk), snapshot);
  }

  private long kept() {
    return notes.getKeyedStateBackend().getKeys("notes", VoidNamespace.INSTANCE).count();
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void shouldKeepASilentSeriesForAsLongAsALongerTimeToLiveSays(boolean onDisk) throws Exception {
    start(Duration.ofMinutes(2), backend(onDisk), null);
    begin();
    goOn(Duration.ofMinutes(10), onDisk);
    watermark(10);
    assertThat(kept()).isEqualTo(1);
    watermark(11);
    assertThat(kept()).isZero();
    assertThat(harness.numEventTimeTimers()).isZero();
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void shouldForgetASilentSeriesWhenAShorterTimeToLiveSays(boolean onDisk) throws Exception {
    start(Duration.ofMinutes(10), backend(onDisk), null);
    begin();
    cell("b", 2);
    goOn(Duration.ofMinutes(2), onDisk);
    assertThat(harness.numEventTimeTimers()).as("two ends, and a cell that waits").isEqualTo(3);
    watermark(2);
    assertThat(kept()).isEqualTo(2);
    watermark(3);
    assertThat(kept()).isEqualTo(1);
    watermark(5);
    assertThat(kept()).isZero();
    assertThat(harness.numEventTimeTimers()).isZero();
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void shouldForgetASilentSeriesThatHadNoTimeToLive(boolean onDisk) throws Exception {
    start(null, backend(onDisk), null);
    begin();
    goOn(Duration.ofMinutes(2), onDisk);
    watermark(2);
    assertThat(kept()).isEqualTo(1);
    watermark(3);
    assertThat(kept()).isZero();
    assertThat(harness.numEventTimeTimers()).isZero();
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void shouldForgetNoSeriesOnceThereIsNoTimeToLive(boolean onDisk) throws Exception {
    start(Duration.ofMinutes(2), backend(onDisk), null);
    begin();
    cell("silent", 0);
    goOn(null, onDisk);
    for (int cell = 1; cell <= 5; cell++) {
      cell("a", cell);
      forecast("a", cell);
      watermark(cell);
    }
    watermark(20);
    assertThat(kept()).isEqualTo(2);
    assertThat(harness.numEventTimeTimers()).isZero();
    goOn(Duration.ofMinutes(30), onDisk);
    watermark(31);
    assertThat(kept()).isEqualTo(1);
    watermark(35);
    assertThat(kept()).isEqualTo(1);
    watermark(36);
    assertThat(kept()).as("from the newest cell on").isZero();
  }

  @Test
  void shouldLoseNothingAtTheEnd() throws Exception {
    start(null);
    begin();
    forecast("a", 1);
    harness.endInput1();
    harness.endInput2();
    notes.finish();
    assertThat(told()).containsExactly("a forecast 1");
  }

  @Test
  void shouldGiveAllTheirTurnWithTheLastWatermark() throws Exception {
    start(null);
    begin();
    harness.processElement1(
        new StreamRecord<>(new ClosedCell("a", STEP, new double[1], false), Long.MAX_VALUE));
    forecast("a", 2);
    assertThat(told()).isEmpty();
    harness.processWatermark1(Watermark.MAX_WATERMARK);
    harness.processWatermark2(Watermark.MAX_WATERMARK);
    assertThat(told()).containsExactly("a cell 1", "a forecast 2");
    forecast("a", 3);
    assertThat(told()).containsExactly("a forecast 3");
  }
}
