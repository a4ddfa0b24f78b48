package io.tidecast.flink.inference;

import static java.util.Objects.requireNonNull;

import io.tidecast.flink.metrics.JobMetric;
import io.tidecast.flink.metrics.JobMetrics;
import io.tidecast.flink.record.ForecastTask;
import io.tidecast.flink.record.IssuedForecast;
import io.tidecast.flink.record.Rejection;
import io.tidecast.flink.record.SplitRejected;
import io.tidecast.runtime.serving.Answer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledFuture;
import org.apache.flink.api.common.operators.MailboxExecutor;
import org.apache.flink.api.common.state.ListState;
import org.apache.flink.api.common.state.ListStateDescriptor;
import org.apache.flink.metrics.Counter;
import org.apache.flink.runtime.state.StateInitializationContext;
import org.apache.flink.runtime.state.StateSnapshotContext;
import org.apache.flink.streaming.api.operators.AbstractStreamOperator;
import org.apache.flink.streaming.api.operators.BoundedOneInput;
import org.apache.flink.streaming.api.operators.OneInputStreamOperator;
import org.apache.flink.streaming.api.operators.StreamOperatorParameters;
import org.apache.flink.streaming.api.watermark.Watermark;
import org.apache.flink.streaming.runtime.streamrecord.LatencyMarker;
import org.apache.flink.streaming.runtime.streamrecord.StreamElement;
import org.apache.flink.streaming.runtime.streamrecord.StreamElementSerializer;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.apache.flink.streaming.runtime.watermarkstatus.WatermarkStatus;
import org.apache.flink.util.function.ThrowingRunnable;
import org.jspecify.annotations.Nullable;

/**
 * Hands tasks to a model and passes on what becomes of each, exactly one forecast or rejection, in
 * the order of the tasks. The task thread goes on filling the next batch while the model runs.
 *
 * <p>All of it is done by the task thread, which the model has woken once for all the answers that
 * have come by then.
 *
 * <p>Tasks under way are in the checkpoint, under the name and in the bytes of Flink's own
 * asynchronous operator, which this job once had in its place. Watermarks among them are not: the
 * sources give new ones, and after a change of the parallelism an old one would come too early.
 */
final class ForecastOperator extends AbstractStreamOperator<IssuedForecast>
    implements OneInputStreamOperator<ForecastTask, IssuedForecast>, BoundedOneInput {

  static final String STATE = "_async_wait_operator_state_";

  private static final long serialVersionUID = 1L;

  private final transient MailboxExecutor mailbox;
  private final transient ServedModel.Setup setup;

  /** What has arrived and not gone on, oldest first. */
  private final transient Deque<InOrder> underWay = new ArrayDeque<>();

  /** Those of {@code underWay} that are tasks. */
  private transient int tasks;

  private transient ServedModel<Place> model;
  private transient Counter timedOut;
  private transient ListState<StreamElement> state;
  private final transient StreamRecord<IssuedForecast> forecast = new StreamRecord<>(null);

  /** For the oldest task that had no answer when it was set; null where none is set. */
  private transient @Nullable ScheduledFuture<?> timer;

  ForecastOperator(StreamOperatorParameters<IssuedForecast> parameters, ServedModel.Setup setup) {
    super(parameters);
    this.mailbox = parameters.getMailboxExecutor();
    this.setup = setup;
  }

  @Override
  public void initializeState(StateInitializationContext context) throws Exception {
    super.initializeState(context);
    StreamElementSerializer<ForecastTask> serializer =
        new StreamElementSerializer<>(
            getOperatorConfig().getTypeSerializerIn(0, getUserCodeClassloader()));
    state =
        context.getOperatorStateStore().getListState(new ListStateDescriptor<>(STATE, serializer));
  }

  @Override
  public void open() throws Exception {
    super.open();
    JobMetrics metrics = new JobMetrics(getMetricGroup());
    timedOut = metrics.counter(JobMetric.TIMED_OUT_WINDOWS);
    model = new ServedModel<>(setup, metrics, this::wake);
    for (StreamElement element : state.get()) {
      if (element.isRecord()) {
        processElement(element.asRecord());
      }
    }
    state.clear();
  }

  @Override
  public void processElement(StreamRecord<ForecastTask> record) throws Exception {
    while (tasks >= setup.options().capacity()) {
      mailbox.yield();
    }
    Place place = new Place(record);
    underWay.add(place);
    tasks++;
    Answer known = model.outcomes().known(place.task);
    if (known == null) {
      setTimer(place.deadlineMillis);
      while (!place.isReady() && !model.ask(place.task, place)) {
        mailbox.yield();
      }
    } else {
      place.instead = known;
      passOn();
    }
  }

  @Override
  public void processWatermark(Watermark mark) throws Exception {
    if (underWay.peekLast() instanceof Mark) {
      // The later one says as much as both.
      underWay.removeLast();
    }
    follow(new Mark(mark));
  }

  @Override
  public void processWatermarkStatus(WatermarkStatus status) throws Exception {
    follow(new Follower(() -> super.processWatermarkStatus(status)));
  }

  @Override
  public void processLatencyMarker(LatencyMarker marker) throws Exception {
    follow(new Follower(() -> super.processLatencyMarker(marker)));
  }

  private void follow(InOrder what) throws Exception {
    underWay.add(what);
    passOn();
  }

  /** Takes the answers that have come, and passes on what has one, up to the first without. */
  private void passOn() throws Exception {
    model.answers(Place::answered);
    InOrder next = underWay.peek();
    while (next != null && next.isReady()) {
      underWay.remove();
      next.passOn();
      next = underWay.peek();
    }
  }

  /** Has the task thread look for answers; any thread, once until it has looked. */
  private void wake() {
    try {
      mailbox.execute(this::passOn, "pass on forecasts");
    } catch (RejectedExecutionException closed) {
      // The task has ended. What had no answer is in its last checkpoint.
    }
  }

  private void setTimer(long atMillis) {
    if (timer == null) {
      timer = getProcessingTimeService().registerTimer(atMillis, this::sweep);
    }
  }

  /** Answers for tasks whose time is over. They are in the order of their deadlines. */
  private void sweep(long nowMillis) throws Exception {
    timer = null;
    for (InOrder each : underWay) {
      if (each instanceof Place place && !place.isReady()) {
        if (place.deadlineMillis > nowMillis) {
          setTimer(place.deadlineMillis);
          break;
        }
        place.instead = model.outcomes().late();
      }
    }
    passOn();
  }

  @Override
  public void prepareSnapshotPreBarrier(long checkpointId) throws Exception {
    super.prepareSnapshotPreBarrier(checkpointId);
    passOn();
  }

  @Override
  public void snapshotState(StateSnapshotContext context) throws Exception {
    super.snapshotState(context);
    List<StreamElement> kept = new ArrayList<>(tasks);
    for (InOrder each : underWay) {
      if (each instanceof Place place) {
        kept.add(place.record());
      }
    }
    state.update(kept);
  }

  @Override
  public void endInput() throws Exception {
    while (!underWay.isEmpty()) {
      mailbox.yield();
    }
  }

  @Override
  public void close() throws Exception {
    if (timer != null) {
      timer.cancel(false);
    }
    if (model != null) {
      // Whatever still waits is in the last checkpoint and comes back with it.
      model.close();
    }
    super.close();
  }

  /** What keeps its place among what has arrived. */
  private sealed interface InOrder {

    boolean isReady();

    void passOn() throws Exception;
  }

  /** A watermark, which waits for all that came before it. */
  private final class Mark implements InOrder {

    private final Watermark mark;

    Mark(Watermark mark) {
      this.mark = mark;
    }

    @Override
    public boolean isReady() {
      return true;
    }

    @Override
    public void passOn() throws Exception {
      ForecastOperator.super.processWatermark(mark);
    }
  }

  /** Something else that waits for all that came before it. */
  private record Follower(ThrowingRunnable<Exception> then) implements InOrder {

    @Override
    public boolean isReady() {
      return true;
    }

    @Override
    public void passOn() throws Exception {
      then.run();
    }
  }

  /** A task. */
  private final class Place implements InOrder {

    private final ForecastTask task;
    private final boolean hasTimestamp;
    private final long timestamp;
    private final long deadlineMillis;

    private @Nullable Answer answer;

    /** Once it is there, what the model says does not matter. */
    private @Nullable Answer instead;

    Place(StreamRecord<ForecastTask> record) {
      // Flink uses the record again, for the next task.
      this.task = record.getValue();
      this.hasTimestamp = record.hasTimestamp();
      this.timestamp = hasTimestamp ? record.getTimestamp() : 0;
      this.deadlineMillis =
          getProcessingTimeService().getCurrentProcessingTime()
              + setup.options().settings().timeout().toMillis();
    }

    StreamRecord<ForecastTask> record() {
      return stamped(new StreamRecord<>(task));
    }

    private <T> StreamRecord<T> stamped(StreamRecord<T> record) {
      if (hasTimestamp) {
        record.setTimestamp(timestamp);
      } else {
        record.eraseTimestamp();
      }
      return record;
    }

    void answered(Answer its) {
      answer = its;
    }

    @Override
    public boolean isReady() {
      return instead != null || answer != null;
    }

    @Override
    public void passOn() {
      tasks--;
      Answer given = instead == null ? requireNonNull(answer) : instead;
      Outcomes outcomes = model.outcomes();
      if (given instanceof Answer.Failed failed && failed.cause() == Answer.Cause.LATE) {
        timedOut.inc();
        given = outcomes.late();
      }
      Answer settled = outcomes.settle(task, given);
      if (settled instanceof Answer.Made made) {
        output.collect(stamped(forecast.replace(outcomes.forecast(task, made))));
      } else if (settled instanceof Answer.Failed failed) {
        Rejection rejection = outcomes.rejection(task, failed);
        output.collect(SplitRejected.REJECTED, stamped(new StreamRecord<>(rejection)));
      }
    }
  }
}
