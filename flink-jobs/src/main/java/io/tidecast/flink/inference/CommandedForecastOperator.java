package io.tidecast.flink.inference;

import static java.util.Objects.requireNonNull;

import io.tidecast.flink.model.KeptSlot;
import io.tidecast.flink.model.ModelCommand;
import io.tidecast.flink.model.ModelEvent;
import io.tidecast.flink.model.ModelEvents;
import io.tidecast.flink.model.OpenVersion;
import io.tidecast.flink.record.ForecastTask;
import io.tidecast.flink.record.IssuedForecast;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.RejectedExecutionException;
import org.apache.flink.api.common.state.ListState;
import org.apache.flink.api.common.typeutils.TypeSerializer;
import org.apache.flink.core.memory.DataInputDeserializer;
import org.apache.flink.core.memory.DataOutputSerializer;
import org.apache.flink.runtime.state.StateInitializationContext;
import org.apache.flink.runtime.state.StateSnapshotContext;
import org.apache.flink.streaming.api.operators.BoundedMultiInput;
import org.apache.flink.streaming.api.operators.StreamOperatorParameters;
import org.apache.flink.streaming.api.operators.TwoInputStreamOperator;
import org.apache.flink.streaming.api.watermark.Watermark;
import org.apache.flink.streaming.runtime.streamrecord.LatencyMarker;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.apache.flink.streaming.runtime.watermarkstatus.WatermarkStatus;
import org.apache.flink.util.function.ThrowingRunnable;
import org.jspecify.annotations.Nullable;

/**
 * Forecasts with models whose versions come and go by commands, its second input, which has no part
 * in the watermark. What has become of the models is in its state, of which each subtask is given
 * that of all.
 */
final class CommandedForecastOperator extends ForecastingOperator
    implements TwoInputStreamOperator<ForecastTask, ModelCommand, IssuedForecast>,
        BoundedMultiInput {

  private static final long serialVersionUID = 1L;
  private static final int TASKS = 1;

  private final transient ForecastSetup setup;
  private final transient CommandedModels given;
  private transient TypeSerializer<KeptSlot> serializer;
  private transient ListState<byte[]> state;
  private transient @Nullable ModelCommands commands;

  CommandedForecastOperator(
      StreamOperatorParameters<IssuedForecast> parameters,
      ForecastSetup setup,
      CommandedModels given) {
    super(parameters, setup);
    this.setup = setup;
    this.given = given;
  }

  @Override
  public void initializeState(StateInitializationContext context) throws Exception {
    super.initializeState(context);
    serializer = given.kept().createSerializer(getExecutionConfig().getSerializerConfig());
    state = context.getOperatorStateStore().getUnionListState(MODELS_STATE);
  }

  @Override
  void openModels() throws Exception {
    // Commands have no time: whether this operator is idle is up to the tasks.
    processWatermarkStatus2(WatermarkStatus.IDLE);
    models().watch(version -> tell(version, true), version -> tell(version, false));
    ModelNews news =
        new ModelNews(setup.clock(), getRuntimeContext().getTaskInfo(), metrics(), this::tell);
    ModelCommands made = new ModelCommands(models(), given, news, this::later);
    commands = made;
    List<KeptSlot> kept = new ArrayList<>();
    for (byte[] bytes : state.get()) {
      kept.add(serializer.deserialize(new DataInputDeserializer(bytes)));
    }
    made.restore(kept);
  }

  private ModelCommands commands() {
    return requireNonNull(commands, "the operator is not open");
  }

  private void tell(ServedVersion version, boolean stays) {
    output.collect(
        ModelEvents.OPENED,
        new StreamRecord<>(new OpenVersion(version.slot(), version.named(), stays)));
  }

  private void tell(ModelEvent event) {
    output.collect(ModelEvents.EVENTS, new StreamRecord<>(event));
  }

  /** Has the task thread do something; any thread. */
  private void later(ThrowingRunnable<Exception> what) {
    try {
      mailbox().execute(what, "look at models");
    } catch (RejectedExecutionException closed) {
      // The task has ended. What was to be done is in its last checkpoint.
    }
  }

  @Override
  public void processElement1(StreamRecord<ForecastTask> record) throws Exception {
    forecast(record);
  }

  @Override
  public void processElement2(StreamRecord<ModelCommand> record) throws Exception {
    commands().accept(record.getValue());
  }

  @Override
  public void processWatermark1(Watermark mark) throws Exception {
    processWatermark(mark);
  }

  @Override
  public void processWatermark2(Watermark mark) {}

  @Override
  public void processLatencyMarker1(LatencyMarker marker) throws Exception {
    processLatencyMarker(marker);
  }

  @Override
  public void processLatencyMarker2(LatencyMarker marker) {}

  @Override
  void passed(long watermark) {
    commands().passed(watermark);
  }

  @Override
  void tidy() {
    commands().tidy();
  }

  @Override
  public void snapshotState(StateSnapshotContext context) throws Exception {
    super.snapshotState(context);
    List<byte[]> kept = new ArrayList<>();
    for (KeptSlot slot : commands().keep()) {
      DataOutputSerializer out = new DataOutputSerializer(256);
      serializer.serialize(slot, out);
      kept.add(out.getCopyOfBuffer());
    }
    state.update(kept);
  }

  @Override
  public void endInput(int input) throws Exception {
    if (input == TASKS) {
      drain();
    }
  }

  @Override
  public void close() throws Exception {
    if (commands != null) {
      commands.abandon();
    }
    super.close();
  }
}
