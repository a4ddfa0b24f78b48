package io.tidecast.flink.inference;

import static java.util.Objects.requireNonNull;

import io.tidecast.flink.metrics.JobMetric;
import io.tidecast.flink.metrics.JobMetrics;
import io.tidecast.flink.model.ForecastRole;
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
import org.apache.flink.api.common.typeutils.base.array.BytePrimitiveArraySerializer;
import org.apache.flink.metrics.Counter;
import org.apache.flink.runtime.state.StateInitializationContext;
import org.apache.flink.runtime.state.StateSnapshotContext;
import org.apache.flink.streaming.api.operators.AbstractStreamOperator;
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
 * Hands tasks to the models of their series and passes on what becomes of each, exactly one
 * forecast or rejection, in the order of the tasks. Those of members go before a forecast that is
 * to be mixed with them; one that fails says nothing. The task thread goes on filling the next
 * batch while a model runs.
 *
 * <p>All of it is done by the task thread, which each model has woken once for all the answers that
 * have come by then.
 *
 * <p>Forecasts of shadows go on as soon as they are there, in an output of their own. Nothing waits
 * for them: where a shadow has no room, has failed or is given too few cells, there is none, and
 * that is counted. Those under way are in no checkpoint, so a failure of the job may cost some.
 *
 * <p>Tasks under way are in the checkpoint, under the name and in the bytes of Flink's own
 * asynchronous operator, which this job once had in its place. Watermarks among them are not: the
 * sources give new ones, and after a change of the parallelism an old one would come too early.
 */
abstract class ForecastingOperator extends AbstractStreamOperator<IssuedForecast> {

  static final String STATE = "_async_wait_operator_state_";

  /** Of what commands have made of the models; see {@link ModelCommands}. */
  static final ListStateDescriptor<byte[]> MODELS_STATE =
      new ListStateDescriptor<>("models", BytePrimitiveArraySerializer.INSTANCE);

  private static final long serialVersionUID = 1L;
  private static final long NO_TIMESTAMP = Long.MIN_VALUE;
  private static final MemberAnswer[] NO_MEMBERS = {};

  /** What a member says that is not asked. */
  private static final Answer.Failed TOO_YOUNG = new Answer.Failed("the series is too young");

  private final transient MailboxExecutor mailbox;
  private final transient ForecastSetup setup;
  private final transient PassingClock issued;

  /** What has arrived and not gone on, oldest first. */
  private final transient Deque<InOrder> underWay = new ArrayDeque<>();

  /** Those of {@code underWay} that are tasks. */
  private transient int tasks;

  private transient JobMetrics jobMetrics;
  private transient ServedModels models;
  private transient Counter timedOut;
  private transient Counter membersFailed;
  private transient Counter shadowsFailed;
  private transient Counter shadowsWithoutRoom;
  private transient Counter shadowsTooYoung;
  private transient ListState<StreamElement> state;
  private final transient StreamRecord<IssuedForecast> forecast = new StreamRecord<>(null);

  /** For the oldest task that had no answer when it was set; null where none is set. */
  private transient @Nullable ScheduledFuture<?> timer;

  ForecastingOperator(StreamOperatorParameters<IssuedForecast> parameters, ForecastSetup setup) {
    super(parameters);
    this.mailbox = parameters.getMailboxExecutor();
    this.setup = setup;
    this.issued = new PassingClock(setup.clock());
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
    NativeMemory.lacking(
            setup.models(),
            setup.options().settings().batches(),
            getContainingTask().getEnvironment().getTaskManagerInfo().getConfiguration())
        .ifPresent(LOG::warn);
    JobMetrics metrics = new JobMetrics(getMetricGroup());
    jobMetrics = metrics;
    timedOut = metrics.counter(JobMetric.TIMED_OUT_WINDOWS);
    membersFailed = metrics.counter(JobMetric.FAILED_MEMBERS);
    shadowsFailed = metrics.counter(JobMetric.FAILED_SHADOWS);
    shadowsWithoutRoom = metrics.counter(JobMetric.SKIPPED_SHADOWS, "no-room");
    shadowsTooYoung = metrics.counter(JobMetric.SKIPPED_SHADOWS, "too-few-cells");
    models =
        new ServedModels(
            setup.models(),
            new ServedVersion.Setup(
                setup.options(),
                issued,
                new RunMetrics(metrics),
                new CoarseSeries(metrics),
                this::wake),
            metrics);
    openModels();
    for (StreamElement element : state.get()) {
      if (element.isRecord()) {
        forecast(element.asRecord());
      }
    }
    state.clear();
  }

  /** Opens what answers, before any task is there. */
  void openModels() throws Exception {
    models.beginWithOwn();
  }

  /** The models, once the operator is open. */
  final ServedModels models() {
    return models;
  }

  final JobMetrics metrics() {
    return jobMetrics;
  }

  final MailboxExecutor mailbox() {
    return mailbox;
  }

  /** Has a task forecast; waits for room. */
  final void forecast(StreamRecord<ForecastTask> record) throws Exception {
    while (tasks >= setup.options().capacity()) {
      mailbox.yield();
    }
    ForecastTask task = record.getValue();
    SlotRouter.Route route = models.route(task);
    Place place = new Place(record, route.primary().at(task.originMillis()), route.members());
    underWay.add(place);
    tasks++;
    Answer known = place.version().outcomes().known(task);
    if (known == null) {
      setTimer(place.deadlineMillis);
      while (!place.isAnswered() && !place.version().ask(task, place)) {
        mailbox.yield();
      }
    } else {
      place.instead = known;
    }
    for (MemberAnswer member : place.members) {
      askMember(place, member);
    }
    if (route.hasBeside()) {
      forecastBeside(route, place);
    }
    if (known != null) {
      passOn();
    }
  }

  /** One that is too young for a series says nothing. */
  private void askMember(Place place, MemberAnswer member) throws Exception {
    ForecastTask task = place.task;
    ServedVersion version = member.turn.version();
    if (task.baseline() || !version.outcomes().isAsked(task)) {
      member.answer = TOO_YOUNG;
      return;
    }
    setTimer(place.deadlineMillis);
    while (member.answer == null && !version.ask(task, member)) {
      mailbox.yield();
    }
  }

  private void forecastBeside(SlotRouter.Route route, Place place) {
    forecastBeside(route.primary().beside(), place);
    for (ServedSlot slot : route.shadows()) {
      ask(slot.at(place.task.originMillis()).version(), place);
      forecastBeside(slot.beside(), place);
    }
    for (ServedSlot member : route.members()) {
      forecastBeside(member.beside(), place);
    }
  }

  private void forecastBeside(ServedVersion[] versions, Place place) {
    for (ServedVersion version : versions) {
      ask(version, place);
    }
  }

  private void ask(ServedVersion shadow, Place place) {
    ForecastTask task = place.task;
    if (task.baseline() || !shadow.outcomes().isAsked(task)) {
      shadowsTooYoung.inc();
      return;
    }
    Long timestamp = place.timestamp == NO_TIMESTAMP ? null : place.timestamp;
    if (shadow.askBeside(new ShadowLine.Waiting(task, timestamp, place.deadlineMillis))) {
      setTimer(place.deadlineMillis);
    } else {
      (shadow.isBroken() ? shadowsFailed : shadowsWithoutRoom).inc();
    }
  }

  @Override
  public void processWatermark(Watermark mark) throws Exception {
    passed(mark.getTimestamp());
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

  /** Hears that no origin up to a time comes any more, but late ones. */
  void passed(long watermark) {}

  private void follow(InOrder what) throws Exception {
    underWay.add(what);
    passOn();
  }

  /** Takes the answers that have come, and passes on what has one, up to the first without. */
  private void passOn() throws Exception {
    issued.begin();
    models.answers();
    InOrder next = underWay.peek();
    while (next != null && next.isReady()) {
      underWay.remove();
      next.passOn();
      next = underWay.peek();
    }
    for (ServedVersion version : models.open()) {
      if (!version.shadows().isEmpty()) {
        version.shadows().passOn(waiting -> passOn(version, waiting));
      }
    }
    tidy();
  }

  /** Lets go of what is not needed any more, now that something has gone on. */
  void tidy() {}

  private void passOn(ServedVersion shadow, ShadowLine.Waiting waiting) {
    if (waiting.answer() instanceof Answer.Made made) {
      IssuedForecast beside = shadow.outcomes().forecast(waiting.task(), made, ForecastRole.SHADOW);
      Long timestamp = waiting.timestamp();
      output.collect(
          ForecastOperatorFactory.SHADOWS,
          timestamp == null ? new StreamRecord<>(beside) : new StreamRecord<>(beside, timestamp));
    } else {
      shadowsFailed.inc();
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
    long nextMillis = Long.MAX_VALUE;
    for (InOrder each : underWay) {
      if (each instanceof Place place && !place.isReady()) {
        if (place.deadlineMillis > nowMillis) {
          nextMillis = place.deadlineMillis;
          break;
        }
        place.late();
      }
    }
    for (ServedVersion version : models.open()) {
      Answer.Failed late = version.outcomes().late();
      nextMillis = Math.min(nextMillis, version.shadows().sweep(nowMillis, late));
    }
    if (nextMillis < Long.MAX_VALUE) {
      setTimer(nextMillis);
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

  /** Waits for all that is under way, shadows included. */
  final void drain() throws Exception {
    while (!underWay.isEmpty() || anyShadows()) {
      mailbox.yield();
    }
  }

  private boolean anyShadows() {
    for (ServedVersion version : models.open()) {
      if (!version.shadows().isEmpty()) {
        return true;
      }
    }
    return false;
  }

  @Override
  public void close() throws Exception {
    if (timer != null) {
      timer.cancel(false);
    }
    if (models != null) {
      // Whatever still waits is in the last checkpoint and comes back with it.
      models.close();
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
      ForecastingOperator.super.processWatermark(mark);
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
  private final class Place implements InOrder, ServedVersion.Asked {

    private final ForecastTask task;
    private final ServedSlot.Turn turn;
    private final MemberAnswer[] members;

    /** Of its record; {@link #NO_TIMESTAMP} for none, as Flink has it. */
    private final long timestamp;

    private final long deadlineMillis;

    private @Nullable Answer answer;

    /** Once it is there, what the model says does not matter. */
    private @Nullable Answer instead;

    Place(StreamRecord<ForecastTask> record, ServedSlot.Turn turn, ServedSlot[] slots) {
      // Flink uses the record again, for the next task.
      this.task = record.getValue();
      this.turn = turn;
      turn.chosen();
      this.members = slots.length == 0 ? NO_MEMBERS : new MemberAnswer[slots.length];
      for (int i = 0; i < slots.length; i++) {
        members[i] = new MemberAnswer(slots[i].at(task.originMillis()));
      }
      this.timestamp = record.hasTimestamp() ? record.getTimestamp() : NO_TIMESTAMP;
      this.deadlineMillis =
          getProcessingTimeService().getCurrentProcessingTime()
              + setup.options().settings().timeout().toMillis();
    }

    ServedVersion version() {
      return turn.version();
    }

    StreamRecord<ForecastTask> record() {
      return stamped(new StreamRecord<>(task));
    }

    private <T> StreamRecord<T> stamped(StreamRecord<T> record) {
      if (timestamp != NO_TIMESTAMP) {
        record.setTimestamp(timestamp);
      } else {
        record.eraseTimestamp();
      }
      return record;
    }

    @Override
    public void answered(Answer its) {
      answer = its;
    }

    /** Whether the primary is. */
    boolean isAnswered() {
      return instead != null || answer != null;
    }

    @Override
    public boolean isReady() {
      if (!isAnswered()) {
        return false;
      }
      for (MemberAnswer member : members) {
        if (member.answer == null) {
          return false;
        }
      }
      return true;
    }

    /** Its time is over. */
    void late() {
      if (!isAnswered()) {
        instead = version().outcomes().late();
      }
      for (MemberAnswer member : members) {
        if (member.answer == null) {
          member.answer = member.turn.version().outcomes().late();
        }
      }
    }

    @Override
    public void passOn() {
      tasks--;
      turn.passedOn();
      Answer given = instead == null ? requireNonNull(answer) : instead;
      Outcomes outcomes = version().outcomes();
      if (given instanceof Answer.Failed failed && failed.cause() == Answer.Cause.LATE) {
        timedOut.inc();
        given = outcomes.late();
      }
      Answer settled = outcomes.settle(task, given);
      for (MemberAnswer member : members) {
        passOn(member, settled instanceof Answer.Made);
      }
      if (settled instanceof Answer.Made made) {
        output.collect(
            stamped(forecast.replace(outcomes.forecast(task, made, ForecastRole.PRIMARY))));
      } else if (settled instanceof Answer.Failed failed) {
        Rejection rejection = outcomes.rejection(task, failed);
        output.collect(SplitRejected.REJECTED, stamped(new StreamRecord<>(rejection)));
      }
    }

    /** A task without a forecast has no members. */
    private void passOn(MemberAnswer member, boolean isForecast) {
      member.turn.passedOn();
      Outcomes outcomes = member.turn.version().outcomes();
      if (member.answer instanceof Answer.Made made && isForecast) {
        output.collect(
            stamped(forecast.replace(outcomes.forecast(task, made, ForecastRole.MEMBER))));
      } else if (member.answer != TOO_YOUNG && isForecast) {
        membersFailed.inc();
      }
    }
  }

  /** What a member says of a task. */
  private static final class MemberAnswer implements ServedVersion.Asked {

    private final ServedSlot.Turn turn;
    private @Nullable Answer answer;

    MemberAnswer(ServedSlot.Turn turn) {
      this.turn = turn;
      turn.chosen();
    }

    @Override
    public void answered(Answer its) {
      if (answer == null) {
        answer = its;
      }
    }
  }
}
