package io.tidecast.flink.series;

import io.tidecast.flink.config.JobConfig;
import io.tidecast.flink.record.ClosedCell;
import io.tidecast.flink.record.ForecastRequest;
import io.tidecast.flink.record.ForecastTask;
import io.tidecast.flink.record.Measurement;
import io.tidecast.flink.record.Rejection;
import io.tidecast.flink.record.SplitRejected;
import io.tidecast.flink.state.StateTypes;
import io.tidecast.flink.testing.Samples;
import io.tidecast.runtime.manifest.ForecasterSpec;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.flink.api.common.state.ValueStateDescriptor;
import org.apache.flink.api.common.typeinfo.PrimitiveArrayTypeInfo;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.configuration.TaskManagerOptions;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.apache.flink.runtime.state.KeyGroupRangeAssignment;
import org.apache.flink.runtime.state.StateBackend;
import org.apache.flink.runtime.state.VoidNamespace;
import org.apache.flink.runtime.state.VoidNamespaceSerializer;
import org.apache.flink.runtime.state.hashmap.HashMapStateBackend;
import org.apache.flink.streaming.api.watermark.Watermark;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.apache.flink.streaming.runtime.watermarkstatus.WatermarkStatus;
import org.apache.flink.streaming.util.KeyedTwoInputStreamOperatorTestHarness;
import org.apache.flink.util.OutputTag;

/** The window operator of one job, with both of its inputs, in a test. */
final class WindowHarness {

  private static final OutputTag<ClosedCell> CLOSED =
      new OutputTag<>("closed-cells", StateTypes.CLOSED_CELL);

  private final KeyedTwoInputStreamOperatorTestHarness<
          String, Measurement, ForecastRequest, ForecastTask>
      harness;

  private final SeriesOperator operator;

  private WindowHarness(
      KeyedTwoInputStreamOperatorTestHarness<String, Measurement, ForecastRequest, ForecastTask>
          harness,
      SeriesOperator operator) {
    this.harness = harness;
    this.operator = operator;
  }

  /** How the operator is set up: with a backend, key groups, and as one subtask of so many. */
  record Setup(StateBackend backend, int keyGroups, int subtask, int subtasks) {

    static final int KEY_GROUPS = 128;

    Setup(StateBackend backend) {
      this(backend, KEY_GROUPS, 0, 1);
    }
  }

  /**
   * @param snapshot null to begin anew
   */
  static WindowHarness start(
      JobConfig config, ForecasterSpec spec, int seasonCells, OperatorSubtaskState snapshot)
      throws Exception {
    return start(config, spec, seasonCells, snapshot, new Setup(new HashMapStateBackend()));
  }

  /** Whether somebody watches cells close. */
  enum Watch {
    NOBODY,
    SOMEBODY,
    SOMEBODY_AT_ONCE
  }

  /** The same of a job in which somebody watches cells close. */
  static WindowHarness watched(JobConfig config, ForecasterSpec spec, Watch watch)
      throws Exception {
    ContextNeeds needs = ContextNeeds.of(config.series().coldStart(), spec.contextLength(), 1);
    return start(config, needs, null, new Setup(new HashMapStateBackend()), watch);
  }

  static WindowHarness start(
      JobConfig config,
      ForecasterSpec spec,
      int seasonCells,
      OperatorSubtaskState snapshot,
      Setup setup)
      throws Exception {
    ContextNeeds needs =
        ContextNeeds.of(config.series().coldStart(), spec.contextLength(), seasonCells);
    return start(config, needs, snapshot, setup);
  }

  static WindowHarness start(
      JobConfig config, ContextNeeds needs, OperatorSubtaskState snapshot, Setup setup)
      throws Exception {
    return start(config, needs, snapshot, setup, Watch.NOBODY);
  }

  private static WindowHarness start(
      JobConfig config, ContextNeeds needs, OperatorSubtaskState snapshot, Setup setup, Watch watch)
      throws Exception {
    CellCloser window = new CellCloser(config.series(), needs, () -> Samples.NOW);
    RequestedWindowOperator operator =
        new RequestedWindowOperator(config.series(), window, () -> Samples.NOW);
    if (watch == Watch.SOMEBODY_AT_ONCE) {
      window.tellAtOnce();
    }
    if (watch != Watch.NOBODY) {
      operator.watchCells(CLOSED, 1_000);
    }
    var harness =
        new KeyedTwoInputStreamOperatorTestHarness<>(
            operator,
            Measurement::series,
            ForecastRequest::series,
            Types.STRING,
            setup.keyGroups,
            setup.subtasks,
            setup.subtask);
    harness
        .getEnvironment()
        .getTaskManagerInfo()
        .getConfiguration()
        .set(TaskManagerOptions.NUM_TASK_SLOTS, setup.subtasks);
    harness.setStateBackend(setup.backend);
    harness.setup();
    if (snapshot != null) {
      harness.initializeState(snapshot);
    }
    harness.open();
    return new WindowHarness(harness, operator);
  }

  static boolean belongsTo(String series, int subtask, int subtasks) {
    return KeyGroupRangeAssignment.assignKeyToParallelOperator(series, Setup.KEY_GROUPS, subtasks)
        == subtask;
  }

  void observe(Measurement measurement) throws Exception {
    harness.processElement1(new StreamRecord<>(measurement, measurement.timeMillis()));
  }

  void query(ForecastRequest query) throws Exception {
    harness.processElement2(new StreamRecord<>(query));
  }

  /** Of the observations. */
  void watermark(long millis) throws Exception {
    harness.processWatermark1(new Watermark(millis));
  }

  /** Of the requests. */
  void queryWatermark(long millis) throws Exception {
    harness.processWatermark2(new Watermark(millis));
  }

  /** Of the observations. */
  void status(WatermarkStatus status) throws Exception {
    harness.processWatermarkStatus1(status);
  }

  /** Of the requests. */
  void queryStatus(WatermarkStatus status) throws Exception {
    harness.processWatermarkStatus2(status);
  }

  OperatorSubtaskState snapshot() throws Exception {
    return harness.snapshot(1, 1);
  }

  List<ForecastTask> requests() {
    return harness.extractOutputValues();
  }

  /** What watchers were told of closed cells, with the time of what closed them. */
  List<String> closed() {
    List<String> closed = new ArrayList<>();
    var output = harness.getSideOutput(CLOSED);
    if (output != null) {
      for (StreamRecord<ClosedCell> record : output) {
        ClosedCell cell = record.getValue();
        closed.add(
            "%s %d %s%s @%d"
                .formatted(
                    cell.series(),
                    cell.timeMillis(),
                    Arrays.toString(cell.values()),
                    cell.correction() ? " again" : "",
                    record.getTimestamp()));
      }
    }
    return closed;
  }

  /** Watermarks and changes of status that came out. */
  List<Object> signals() {
    return harness.getOutput().stream().filter(o -> !(o instanceof StreamRecord)).toList();
  }

  List<Rejection> rejections() {
    List<Rejection> rejections = new ArrayList<>();
    var output = harness.getSideOutput(SplitRejected.REJECTED);
    if (output != null) {
      output.stream().map(StreamRecord::getValue).forEach(rejections::add);
    }
    return rejections;
  }

  int maxSeries() {
    return operator.maxSeries();
  }

  int timers() {
    return harness.numEventTimeTimers();
  }

  int keptSeries() {
    return (int)
        operator.getKeyedStateBackend().getKeys("series-ring", VoidNamespace.INSTANCE).count();
  }

  /** Series of which headers are kept. */
  int keptHeaders() {
    return (int)
        operator.getKeyedStateBackend().getKeys("series-headers", VoidNamespace.INSTANCE).count();
  }

  /** Observations that wait in journals. */
  int deferred() throws Exception {
    int[] deferred = new int[1];
    operator
        .getKeyedStateBackend()
        .applyToAllKeys(
            VoidNamespace.INSTANCE,
            VoidNamespaceSerializer.INSTANCE,
            new ValueStateDescriptor<>(
                "series-journal", PrimitiveArrayTypeInfo.BYTE_PRIMITIVE_ARRAY_TYPE_INFO),
            (key, journal) -> deferred[0] += SeriesJournal.of(1, journal.value()).size());
    return deferred[0];
  }

  void close() throws Exception {
    harness.close();
  }
}
