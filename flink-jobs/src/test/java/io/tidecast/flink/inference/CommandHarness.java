package io.tidecast.flink.inference;

import io.tidecast.flink.model.ModelCommand;
import io.tidecast.flink.model.ModelEvent;
import io.tidecast.flink.model.ModelEvents;
import io.tidecast.flink.model.ModelSlot;
import io.tidecast.flink.model.ModelSlots;
import io.tidecast.flink.model.OpenVersion;
import io.tidecast.flink.model.VersionReader;
import io.tidecast.flink.record.ForecastTask;
import io.tidecast.flink.record.IssuedForecast;
import io.tidecast.flink.record.Rejection;
import io.tidecast.flink.record.SplitRejected;
import io.tidecast.flink.state.StateTypes;
import io.tidecast.flink.testing.Samples;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.apache.flink.api.common.JobID;
import org.apache.flink.api.common.serialization.SerializerConfigImpl;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.metrics.Counter;
import org.apache.flink.metrics.Gauge;
import org.apache.flink.metrics.Metric;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.apache.flink.runtime.clusterframework.types.ResourceID;
import org.apache.flink.runtime.executiongraph.ExecutionGraphTestUtils;
import org.apache.flink.runtime.metrics.MetricRegistry;
import org.apache.flink.runtime.metrics.groups.TaskManagerMetricGroup;
import org.apache.flink.runtime.metrics.groups.TaskMetricGroup;
import org.apache.flink.runtime.metrics.util.TestingMetricRegistry;
import org.apache.flink.runtime.operators.testutils.MockEnvironmentBuilder;
import org.apache.flink.streaming.api.operators.BoundedMultiInput;
import org.apache.flink.streaming.api.operators.TwoInputStreamOperator;
import org.apache.flink.streaming.api.watermark.Watermark;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.apache.flink.streaming.runtime.tasks.mailbox.Mail;
import org.apache.flink.streaming.runtime.watermarkstatus.WatermarkStatus;
import org.apache.flink.streaming.util.AbstractStreamOperatorTestHarness;
import org.apache.flink.util.OutputTag;
import org.jspecify.annotations.Nullable;

/**
 * A subtask of the operator that takes commands, in a harness of Flink's. Its models are made by
 * {@link TestingVersions}.
 */
final class CommandHarness implements AutoCloseable {

  static final int BATCH = 4;

  private final Harness harness;
  private final Map<String, Metric> metrics;

  /** Where a subtask is among others. */
  record Subtask(int index, int parallelism) {
    static final Subtask ONLY = new Subtask(0, 1);
  }

  @SuppressWarnings("try") // As the harness declares close.
  private static final class Harness extends AbstractStreamOperatorTestHarness<IssuedForecast> {

    Harness(CommandedForecastOperatorFactory factory, Subtask subtask, Map<String, Metric> metrics)
        throws Exception {
      super(
          factory,
          new MockEnvironmentBuilder()
              .setMaxParallelism(8)
              .setParallelism(subtask.parallelism())
              .setSubtaskIndex(subtask.index())
              .setMetricGroup(into(metrics))
              .build());
      config.setupNetworkInputs(
          StateTypes.FORECAST_TASK.createSerializer(new SerializerConfigImpl()),
          TypeInformation.of(ModelCommand.class).createSerializer(new SerializerConfigImpl()));
      config.serializeAllConfigs();
      setup(TypeInformation.of(IssuedForecast.class).createSerializer(new SerializerConfigImpl()));
    }

    /** A group whose metrics are put into a map, such as {@code failedLoads}. */
    private static TaskMetricGroup into(Map<String, Metric> metrics) {
      MetricRegistry registry =
          TestingMetricRegistry.builder()
              .setRegisterConsumer(
                  (metric, name, group) -> {
                    String reason = group.getAllVariables().get("<reason>");
                    metrics.put(reason == null ? name : name + " " + reason, metric);
                  })
              .build();
      return TaskManagerMetricGroup.createTaskManagerMetricGroup(
              registry, "localhost", new ResourceID("tm"))
          .addJob(new JobID(), "job")
          .addTask(ExecutionGraphTestUtils.createExecutionAttemptId(), "task");
    }

    @SuppressWarnings("unchecked") // The factory makes no other.
    TwoInputStreamOperator<ForecastTask, ModelCommand, IssuedForecast> twoInputs() {
      return (TwoInputStreamOperator<ForecastTask, ModelCommand, IssuedForecast>) operator;
    }
  }

  private CommandHarness(Harness harness, Map<String, Metric> metrics) {
    this.harness = harness;
    this.metrics = metrics;
  }

  /** What a counter of the job's has counted. */
  long count(String metric) {
    return ((Counter) metrics.get(metric)).getCount();
  }

  /** What a gauge of the job's says. */
  Object gauge(String metric) {
    return ((Gauge<?>) metrics.get(metric)).getValue();
  }

  static InferenceOptions options(OnFailure onFailure) {
    return new InferenceOptions(
        new InferenceSettings(BATCH, onFailure, 0, Duration.ofSeconds(30)), Samples.GRID_STEP, 2);
  }

  /** One subtask of one slot, with the version "own" in it. */
  static CommandHarness start(@Nullable OperatorSubtaskState snapshot) throws Exception {
    return start(TestingVersions.slots(), Subtask.ONLY, snapshot);
  }

  static CommandHarness start(
      ModelSlots slots, Subtask subtask, @Nullable OperatorSubtaskState snapshot) throws Exception {
    return start(slots, subtask, options(OnFailure.DEAD_LETTER), snapshot);
  }

  static CommandHarness start(
      ModelSlots slots,
      Subtask subtask,
      InferenceOptions options,
      @Nullable OperatorSubtaskState snapshot)
      throws Exception {
    return start(
        new CommandedModels(slots, readers(slots), true, StateTypes.KEPT_SLOT),
        subtask,
        options,
        snapshot);
  }

  static CommandHarness start(
      CommandedModels models,
      Subtask subtask,
      InferenceOptions options,
      @Nullable OperatorSubtaskState snapshot)
      throws Exception {
    Map<String, Metric> metrics = new ConcurrentHashMap<>();
    Harness harness =
        new Harness(
            new CommandedForecastOperatorFactory(models, options, () -> Samples.NOW),
            subtask,
            metrics);
    if (snapshot != null) {
      harness.initializeState(snapshot);
    }
    harness.open();
    return new CommandHarness(harness, metrics);
  }

  private static Map<String, VersionReader> readers(ModelSlots slots) {
    return slots.all().stream()
        .collect(Collectors.toMap(ModelSlot::name, slot -> new TestingVersions()));
  }

  /** Gives it tasks of a series, of origins that are their last values. */
  void process(String series, long... origins) throws Exception {
    for (long origin : origins) {
      process(TestingVersions.task(series, origin));
    }
  }

  void process(ForecastTask task) throws Exception {
    harness.twoInputs().processElement1(new StreamRecord<>(task, task.originMillis()));
  }

  void command(ModelCommand command) throws Exception {
    harness.twoInputs().processElement2(new StreamRecord<>(command));
  }

  void watermark(long millis) throws Exception {
    harness.twoInputs().processWatermark1(new Watermark(millis));
  }

  /** What the source of commands says of its time. */
  void commandsAre(WatermarkStatus status) throws Exception {
    harness.twoInputs().processWatermarkStatus2(status);
  }

  void commandsPassed(long millis) throws Exception {
    harness.twoInputs().processWatermark2(new Watermark(millis));
  }

  void tasksAre(WatermarkStatus status) throws Exception {
    harness.twoInputs().processWatermarkStatus1(status);
  }

  /** Lets the subtask do what others ask of it until something holds. */
  void until(BooleanSupplier holds) throws Exception {
    while (!holds.getAsBoolean()) {
      harness.getTaskMailbox().take(0).run();
    }
  }

  /** Lets the subtask do what others have asked of it by now. */
  void catchUp() throws Exception {
    Optional<Mail> mail = harness.getTaskMailbox().tryTake(0);
    while (mail.isPresent()) {
      mail.get().run();
      mail = harness.getTaskMailbox().tryTake(0);
    }
  }

  /** Lets the subtask work until there is an event of a kind about a command. */
  void until(ModelEvent.Kind kind, @Nullable String commandId) throws Exception {
    until(() -> any(event -> event.kind() == kind && isOf(commandId, event)));
  }

  private static boolean isOf(@Nullable String commandId, ModelEvent event) {
    return commandId == null || commandId.equals(event.commandId());
  }

  private boolean any(Predicate<ModelEvent> wanted) {
    return events().stream().anyMatch(wanted);
  }

  /** Lets it answer all that is under way, shadows included. */
  void drain() throws Exception {
    ((BoundedMultiInput) harness.twoInputs()).endInput(1);
  }

  OperatorSubtaskState snapshot() throws Exception {
    harness.prepareSnapshotPreBarrier(1);
    return harness.snapshot(1, 1);
  }

  /** What it has forecast, such as {@code a 3 v2}: series, origin, version. */
  List<String> forecasts() {
    return harness.extractOutputValues().stream().map(CommandHarness::text).toList();
  }

  List<IssuedForecast> issued() {
    return harness.extractOutputValues();
  }

  /** What shadows have forecast, likewise. */
  List<String> shadows() {
    return values(ForecastOperatorFactory.SHADOWS).stream().map(CommandHarness::text).toList();
  }

  List<IssuedForecast> issuedBeside() {
    return values(ForecastOperatorFactory.SHADOWS);
  }

  List<Rejection> rejections() {
    return values(SplitRejected.REJECTED);
  }

  List<ModelEvent> events() {
    return values(ModelEvents.EVENTS);
  }

  List<OpenVersion> opened() {
    return values(ModelEvents.OPENED);
  }

  /** The events in short, such as {@code SWITCHED c1 v2 from 4}. */
  List<String> news() {
    return events().stream()
        .map(
            event -> {
              ModelEvent.Version version = event.version();
              StringBuilder text = new StringBuilder(event.kind() + " " + event.commandId());
              text.append(version == null ? "" : " " + version.place());
              text.append(
                  event.fromOriginMillis() == null ? "" : " from " + event.fromOriginMillis());
              text.append(event.stage() == null ? "" : " at " + event.stage());
              return text.toString();
            })
        .toList();
  }

  /** All that has left it, in order: forecasts, watermarks, statuses. */
  List<Object> line() {
    List<Object> line = new ArrayList<>();
    for (Object element : harness.getOutput()) {
      line.add(
          element instanceof StreamRecord<?> record
              ? text((IssuedForecast) record.getValue())
              : element);
    }
    return line;
  }

  private static String text(IssuedForecast forecast) {
    return "%s %d %s"
        .formatted(forecast.series(), forecast.originMillis(), forecast.issuer().modelVersion());
  }

  private <T> List<T> values(OutputTag<T> tag) {
    var records = harness.getSideOutput(tag);
    return records == null ? List.of() : records.stream().map(StreamRecord::getValue).toList();
  }

  AbstractStreamOperatorTestHarness<IssuedForecast> flink() {
    return harness;
  }

  static OperatorSubtaskState together(OperatorSubtaskState... states) throws Exception {
    return AbstractStreamOperatorTestHarness.repackageState(states);
  }

  /** What a subtask of a new parallelism is given of the states of all of before. */
  static OperatorSubtaskState share(OperatorSubtaskState all, int before, Subtask subtask)
      throws Exception {
    return AbstractStreamOperatorTestHarness.repartitionOperatorState(
        all, 8, before, subtask.parallelism(), subtask.index());
  }

  /** Forecasts as {@link #forecasts} has them. */
  static List<String> of(String series, String version, long... origins) {
    return Arrays.stream(origins).mapToObj(at -> series + " " + at + " " + version).toList();
  }

  @Override
  public void close() throws IOException {
    try {
      harness.close();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (Exception e) {
      throw new IOException(e);
    }
  }
}
