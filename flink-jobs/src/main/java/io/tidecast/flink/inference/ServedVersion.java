package io.tidecast.flink.inference;

import io.tidecast.flink.grid.MillisClock;
import io.tidecast.flink.model.ForecasterFactory;
import io.tidecast.flink.model.ModelEvent;
import io.tidecast.flink.model.VersionKey;
import io.tidecast.flink.record.ForecastTask;
import io.tidecast.runtime.baselines.SeasonalNaive;
import io.tidecast.runtime.manifest.ForecasterSpec;
import io.tidecast.runtime.manifest.ModelManifest;
import io.tidecast.runtime.onnx.device.Placement;
import io.tidecast.runtime.serving.Answer;
import io.tidecast.runtime.serving.ModelBrokenException;
import io.tidecast.runtime.serving.ModelUser;
import io.tidecast.runtime.windows.Forecaster;
import io.tidecast.runtime.windows.Window;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A version of a model as one subtask sees it, which shares it with others: asked by the task
 * thread, it has that woken when it has answers, and is asked for them then. What becomes of tasks
 * for which it has no forecast is up to {@link Outcomes}. One thread, and another one before and
 * after.
 */
final class ServedVersion implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(ServedVersion.class);

  private final String slot;
  private final VersionKey key;

  /** Null for a model of no file. */
  private final @Nullable ModelManifest manifest;

  private final ModelUser<Asked> model;
  private final Forecaster baseline;
  private final Outcomes outcomes;
  private final ShadowLine shadows;

  /** Null for a model that can be given distances. */
  private final @Nullable CoarseSeries coarse;

  /** Tasks that it was chosen for and that have not gone on. */
  private int underWay;

  /** Whether it has a turn in a slot that answers, so that an error of its is one of the job. */
  private boolean primary;

  private boolean broken;
  private boolean leaving;
  private @Nullable String dismissedBy;

  /** Somebody who waits for an answer. */
  interface Asked {
    void answered(Answer answer);
  }

  /**
   * What all versions of a subtask share.
   *
   * @param clock by which forecasts are issued
   * @param runs hears of runs
   * @param coarse is shown the windows of models that can't be given distances
   * @param wakeUp is called by any thread when {@link #answers} has something, or {@link #ask} room
   *     again; it must return soon
   */
  record Setup(
      InferenceOptions options,
      MillisClock clock,
      RunMetrics runs,
      CoarseSeries coarse,
      Runnable wakeUp) {}

  private record Name(String slot, VersionKey key) {}

  private ServedVersion(Setup setup, Name name, ForecasterFactory factory, ModelUser<Asked> model) {
    InferenceOptions options = setup.options();
    this.slot = name.slot();
    this.key = name.key();
    this.manifest = factory.manifest();
    this.model = model;
    this.baseline =
        new SeasonalNaive(model.spec(), options.season().steps(model.spec().contextLength()));
    this.coarse = model.isShiftEquivariant() ? null : setup.coarse();
    this.outcomes =
        new Outcomes(
            options,
            Outcomes.Signatures.of(model.spec(), baseline.spec(), factory.channels().names(), slot),
            baseline,
            setup.clock());
    this.shadows = new ShadowLine(options.capacity());
  }

  /**
   * Opens a version, unless others have. Any thread; it may take long.
   *
   * @param slot name of the one that it is for
   */
  static ServedVersion open(Setup setup, String slot, ForecasterFactory factory, VersionKey key) {
    RunMetrics runs = setup.runs().of(factory.spec().id() + "/" + factory.spec().version());
    ModelUser<Asked> model = factory.join(setup.options().serving(), runs, setup.wakeUp());
    try {
      return new ServedVersion(setup, new Name(slot, key), factory, model);
    } catch (RuntimeException | Error e) {
      model.close();
      throw e;
    }
  }

  /** The name of the slot that it is open for. */
  String slot() {
    return slot;
  }

  VersionKey key() {
    return key;
  }

  /** Tells whether the manifest beside the graph is another one than that of another version. */
  boolean differsInManifest(ServedVersion other) {
    return manifest != null && other.manifest != null && !manifest.equals(other.manifest);
  }

  /** What events say of it. */
  ModelEvent.Version named() {
    ForecasterSpec spec = model.spec();
    return new ModelEvent.Version(key.place(), spec.id(), spec.version(), key.sha256());
  }

  /** What becomes of tasks. */
  Outcomes outcomes() {
    return outcomes;
  }

  /** Tasks for which it forecasts beside another. */
  ShadowLine shadows() {
    return shadows;
  }

  /**
   * Asks for a forecast.
   *
   * @param task that fits, and is of age
   * @param asker who is given the answer
   * @return whether there was room; if not, the caller is woken when there is
   * @throws ModelBrokenException if it answers nothing any more
   */
  boolean ask(ForecastTask task, Asked asker) {
    Window window = outcomes.windows().of(task);
    if (!model.offer(window, asker)) {
      return false;
    }
    if (coarse != null) {
      coarse.look(window);
    }
    return true;
  }

  /** Says that tasks wait for it, from now on. */
  void serve() {
    primary = true;
  }

  /** Says that no more tasks come to wait for it. */
  void rest() {
    primary = false;
  }

  /** Counts a task in that it was chosen for. */
  void chosen() {
    underWay++;
  }

  /** Counts a task out that has gone on. */
  void passedOn() {
    underWay--;
  }

  /**
   * Gives out the answers that have come.
   *
   * @throws ModelBrokenException if no more will come, and tasks wait for them
   */
  void answers() {
    if (broken) {
      return;
    }
    try {
      model.drain(Asked::answered);
    } catch (ModelBrokenException e) {
      breakDown(e);
    }
  }

  /** A version that only forecasts beside another takes nothing with it. */
  private void breakDown(ModelBrokenException failure) {
    if (primary || underWay > 0) {
      throw failure;
    }
    broken = true;
    shadows.failAll();
    LOG.error(
        "A shadow has ended with an error and gives no more forecasts; what it stands beside goes on. Retire it: {}",
        key,
        failure);
  }

  /**
   * Asks for a forecast beside that of another.
   *
   * @return whether there was room; there is no more for a model that an error has ended
   */
  boolean askBeside(ShadowLine.Waiting task) {
    if (broken || shadows.isFull()) {
      return false;
    }
    try {
      return ask(task.task(), task) && shadows.add(task);
    } catch (ModelBrokenException e) {
      breakDown(e);
      return false;
    }
  }

  /** Whether an error has ended it. */
  boolean isBroken() {
    return broken;
  }

  /** Says that it is given no more tasks, and is to be closed. */
  void dismiss(@Nullable String commandId) {
    leaving = true;
    dismissedBy = commandId;
  }

  boolean isLeaving() {
    return leaving;
  }

  /** The command after which it was dismissed; null for none. */
  @Nullable String dismissedBy() {
    return dismissedBy;
  }

  /** Whether nothing waits for it. */
  boolean isIdle() {
    return underWay == 0 && shadows.isEmpty();
  }

  /** Returns the number of its windows that wait for a run; any thread. */
  int waiting() {
    return model.waiting();
  }

  /** Tells whether it is given up at the moment; any thread. */
  boolean isGivenUp() {
    return model.isGivenUp();
  }

  /** Says where it runs; any thread. */
  Placement placement() {
    return model.placement();
  }

  /** Leaves the model to the others; what has no answer then is given none. */
  @Override
  public void close() {
    model.close();
    baseline.close();
  }
}
