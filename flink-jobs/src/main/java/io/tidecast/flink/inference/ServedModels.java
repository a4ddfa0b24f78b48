package io.tidecast.flink.inference;

import io.tidecast.flink.metrics.Build;
import io.tidecast.flink.metrics.JobMetric;
import io.tidecast.flink.metrics.JobMetrics;
import io.tidecast.flink.model.ForecasterFactory;
import io.tidecast.flink.model.ModelSlots;
import io.tidecast.flink.model.VersionKey;
import io.tidecast.flink.record.ForecastTask;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The models of a job as one subtask sees them: its slots, and the versions that are open for them.
 * One thread; gauges are read by others.
 */
final class ServedModels implements AutoCloseable {

  private static final ServedVersion[] NONE = {};

  private final ServedVersion.Setup setup;
  private final List<ServedSlot> slots;
  private final SlotRouter router;

  /** Never changed once it is here. */
  private volatile ServedVersion[] open = NONE;

  private Consumer<ServedVersion> opened = version -> {};
  private Consumer<ServedVersion> dismissed = version -> {};

  /** Whether any of them is to be closed. */
  private boolean someLeave;

  ServedModels(ModelSlots models, ServedVersion.Setup setup, JobMetrics metrics) {
    this.setup = setup;
    this.slots = models.all().stream().map(ServedSlot::new).toList();
    this.router = new SlotRouter(models, slots);
    register(metrics);
  }

  private void register(JobMetrics metrics) {
    metrics.gauge(
        JobMetric.WAITING_WINDOWS, () -> versions().mapToInt(ServedVersion::waiting).sum());
    metrics.gauge(
        JobMetric.MODEL_GIVEN_UP, () -> versions().anyMatch(ServedVersion::isGivenUp) ? 1 : 0);
    metrics.gauge(
        JobMetric.MODEL_FELL_BACK,
        () -> versions().anyMatch(version -> version.placement().fellBack()) ? 1 : 0);
    metrics.gauge(
        JobMetric.NODES_ON_PROCESSOR,
        () -> versions().mapToInt(version -> version.placement().nodesOnProcessor()).sum());
    metrics.gauge(JobMetric.OPEN_VERSIONS, () -> open.length);
    String build = Build.ofTidecast().toString();
    metrics.text(JobMetric.BUILD_VERSION, () -> build);
    for (ServedSlot slot : slots) {
      metrics.text(JobMetric.ACTIVE_VERSION, slot.name(), slot::activeText);
    }
  }

  private Stream<ServedVersion> versions() {
    return Arrays.stream(open);
  }

  /**
   * Has somebody told of versions from now on.
   *
   * @param in is given each that is taken in
   * @param out is given each that is let go of, unless it was opened anew, as one that broke is
   */
  void watch(Consumer<ServedVersion> in, Consumer<ServedVersion> out) {
    opened = in;
    dismissed = out;
  }

  /** Has the model of the job file in each slot that nothing is in. */
  void beginWithOwn() {
    for (ServedSlot slot : slots) {
      if (!slot.isOpen()) {
        beginWithOwn(slot);
      }
    }
  }

  /** Has the model of the job file in a slot. */
  void beginWithOwn(ServedSlot slot) {
    slot.beginWith(add(openOwn(slot)));
  }

  /** Opens the model that the job file names for a slot; any thread. */
  ServedVersion openOwn(ServedSlot slot) {
    return open(slot, slot.slot().model(), slot.own());
  }

  /** Opens a version for a slot; any thread. */
  ServedVersion open(ServedSlot slot, ForecasterFactory model, VersionKey key) {
    return ServedVersion.open(setup, slot.name(), model, key);
  }

  /** Takes in a version that is open. */
  ServedVersion add(ServedVersion version) {
    ServedVersion[] more = Arrays.copyOf(open, open.length + 1);
    more[open.length] = version;
    open = more;
    opened.accept(version);
    return version;
  }

  /** In the order of the job file. */
  List<ServedSlot> slots() {
    return slots;
  }

  /** The slot of a name; null where there is none. */
  @Nullable ServedSlot named(String name) {
    return router.named(name);
  }

  /** The slots of the series of a task. */
  SlotRouter.Route route(ForecastTask task) {
    return router.of(task);
  }

  /** The versions that are open; not to be changed. */
  ServedVersion[] open() {
    return open;
  }

  /** A version that is open for a slot, and is to stay; null where there is none. */
  @Nullable ServedVersion find(ServedSlot slot, VersionKey key) {
    return find(slot.name(), key);
  }

  private @Nullable ServedVersion find(String slot, VersionKey key) {
    for (ServedVersion version : open) {
      if (version.slot().equals(slot)
          && version.key().equals(key)
          && !version.isLeaving()
          && !version.isBroken()) {
        return version;
      }
    }
    return null;
  }

  /** How many versions are open for a slot. */
  int used(ServedSlot slot) {
    return (int) versions().filter(version -> version.slot().equals(slot.name())).count();
  }

  /**
   * Has versions closed that no slot uses, once nothing waits for them.
   *
   * @param commandId after which this is so; null for none
   */
  void dismissUnused(@Nullable String commandId) {
    for (ServedVersion version : open) {
      if (!version.isLeaving() && slots.stream().noneMatch(slot -> slot.uses(version))) {
        version.dismiss(commandId);
        if (find(version.slot(), version.key()) == null) {
          dismissed.accept(version);
        }
        someLeave = true;
      }
    }
  }

  /**
   * Parts with versions that were dismissed and have nothing to do any more.
   *
   * @param parted is given each of them, to close it
   */
  void part(Consumer<ServedVersion> parted) {
    if (!someLeave) {
      return;
    }
    List<ServedVersion> stay = new ArrayList<>();
    List<ServedVersion> go = new ArrayList<>();
    someLeave = false;
    for (ServedVersion version : open) {
      boolean goes = version.isLeaving() && version.isIdle();
      (goes ? go : stay).add(version);
      someLeave |= version.isLeaving() && !goes;
    }
    open = stay.toArray(NONE);
    go.forEach(parted);
  }

  /** Takes the answers that have come. */
  void answers() {
    for (ServedVersion version : open) {
      version.answers();
    }
  }

  /** Leaves all versions; what has no answer then is given none. */
  @Override
  public void close() {
    RuntimeException failure = null;
    for (ServedVersion version : open) {
      try {
        version.close();
      } catch (RuntimeException e) {
        failure = e;
      }
    }
    open = NONE;
    if (failure != null) {
      throw failure;
    }
  }
}
