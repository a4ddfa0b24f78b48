package io.tidecast.flink.inference;

import static java.util.Objects.requireNonNull;

import io.tidecast.flink.model.KeptSlot;
import io.tidecast.flink.model.LoadStage;
import io.tidecast.flink.model.ModelCommand;
import io.tidecast.flink.model.ModelCommand.Action;
import io.tidecast.flink.model.ModelEvent;
import io.tidecast.flink.model.ModelEvent.Kind;
import io.tidecast.flink.model.VersionKey;
import io.tidecast.flink.model.VersionReader;
import io.tidecast.flink.model.VersionRefusedException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.apache.flink.runtime.execution.SuppressRestartsException;
import org.apache.flink.util.function.ThrowingRunnable;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Follows the commands for the models of one subtask, those of a slot one after the other: one that
 * comes while another loads a version waits for it. Versions are loaded by {@link VersionLoader};
 * until one is ready, and where it can't be had, what answered before goes on.
 *
 * <p>A version that is given a slot answers from an origin on, which is after all that has come
 * yet. The one before is closed when the watermark has passed that origin and nothing waits for it;
 * an older origin that comes after that is answered by the oldest version that is still open.
 *
 * <p>One thread, the task's.
 */
final class ModelCommands {

  private static final Logger LOG = LoggerFactory.getLogger(ModelCommands.class);

  /** A slot has no more versions open at once, nor more commands that wait. */
  private static final int MOST_VERSIONS = 16;

  private static final int MOST_WAITING = 100;

  private final ServedModels models;
  private final CommandedModels given;
  private final ModelNews news;
  private final Consumer<ThrowingRunnable<Exception>> later;
  private final Map<ServedSlot, Queue> queues = new LinkedHashMap<>();

  /** The number of the last command. */
  private long accepted;

  private long watermark = Long.MIN_VALUE;

  /** The commands of a slot that are not finished, the one that is being followed first. */
  private static final class Queue {
    private final Deque<KeptSlot.Numbered> commands = new ArrayDeque<>();
    private VersionLoader.@Nullable Loading loading;
    private long finished;
  }

  /**
   * @param later has the task thread do something; any thread
   */
  ModelCommands(
      ServedModels models,
      CommandedModels given,
      ModelNews news,
      Consumer<ThrowingRunnable<Exception>> later) {
    this.models = models;
    this.given = given;
    this.news = news;
    this.later = later;
    models.slots().forEach(slot -> queues.put(slot, new Queue()));
  }

  private Queue queue(ServedSlot slot) {
    return requireNonNull(queues.get(slot));
  }

  /** Takes a command in, and follows it unless others of its slot come first. */
  void accept(ModelCommand command) {
    accepted++;
    ServedSlot slot = models.named(command.slot());
    if (slot == null) {
      String known = models.slots().stream().map(ServedSlot::name).toList().toString();
      refuse(
          null,
          command,
          "must name a slot of the job, %s: slot=%s".formatted(known, command.slot()));
      return;
    }
    Queue queue = queue(slot);
    if (queue.commands.size() >= MOST_WAITING) {
      refuse(
          slot,
          command,
          "must not come while %d others wait for a version to be loaded, send it again later: slot=%s"
              .formatted(MOST_WAITING, slot.name()));
      return;
    }
    queue.commands.add(new KeptSlot.Numbered(accepted, command));
    follow(slot, queue);
  }

  /** Follows commands until one has to wait. */
  private void follow(ServedSlot slot, Queue queue) {
    while (queue.loading == null && !queue.commands.isEmpty()) {
      if (begin(slot, queue, queue.commands.element())) {
        finish(queue);
      }
    }
    tidy();
  }

  private static void finish(Queue queue) {
    // What is done again after a restore has the number that it had.
    queue.finished = Math.max(queue.finished, queue.commands.remove().number());
  }

  /** Tells whether a command is finished at once. */
  private boolean begin(ServedSlot slot, Queue queue, KeptSlot.Numbered numbered) {
    ModelCommand command = numbered.command();
    if (command.action() == Action.RETIRE) {
      retire(slot, command, requireNonNull(command.place()));
      return true;
    }
    if (command.action() == Action.SHADOW && !given.takeShadows()) {
      refuse(
          slot,
          command,
          "must go with sink.shadow-topic in the job file, for forecasts of shadows would go nowhere, start the job again with one: slot=%s"
              .formatted(slot.name()));
      return true;
    }
    VersionKey wanted = wanted(slot, command);
    if (wanted == null) {
      refuse(
          slot,
          command,
          "must have had another version before the one that is active, name one to activate: slot=%s"
              .formatted(slot.name()));
      return true;
    }
    ServedVersion version =
        wanted.sha256() == null && command.action() != Action.ROLL_BACK
            ? null
            : models.find(slot, wanted);
    if (version != null) {
      use(slot, numbered, version, false);
      return true;
    }
    if (models.used(slot) >= MOST_VERSIONS) {
      refuse(
          slot,
          command,
          "must not have more than %d versions open, retire some or wait until the watermark has passed the last switches: slot=%s"
              .formatted(MOST_VERSIONS, slot.name()));
      return true;
    }
    boolean own = command.action() == Action.ROLL_BACK && wanted.equals(slot.own());
    queue.loading =
        VersionLoader.load(
            () -> own ? models.openOwn(slot) : read(slot, wanted),
            () -> later.accept(() -> loaded(slot, queue, numbered)));
    return false;
  }

  /** The version that a command is about, as far as it says; null where there is none. */
  private static @Nullable VersionKey wanted(ServedSlot slot, ModelCommand command) {
    String place = command.place();
    return place == null ? slot.previous() : new VersionKey(place, command.sha256());
  }

  /** Reads and opens a version; any thread. */
  private ServedVersion read(ServedSlot slot, VersionKey wanted) {
    VersionReader reader = requireNonNull(given.readers().get(slot.name()));
    VersionReader.Read read = reader.read(wanted.place(), wanted.sha256());
    return models.open(slot, read.model(), new VersionKey(wanted.place(), read.sha256()));
  }

  private void loaded(ServedSlot slot, Queue queue, KeptSlot.Numbered numbered) {
    VersionLoader.Loading loading = requireNonNull(queue.loading);
    queue.loading = null;
    ServedVersion version = loading.take();
    if (version == null) {
      fail(slot, numbered.command(), requireNonNull(loading.failure()));
    } else {
      useLoaded(slot, numbered, version);
    }
    finish(queue);
    follow(slot, queue);
  }

  private void useLoaded(ServedSlot slot, KeptSlot.Numbered numbered, ServedVersion version) {
    ServedVersion same = models.find(slot, version.key());
    if (same == null) {
      models.add(version);
      news.happened(Kind.READY, slot.name(), numbered.command().id(), version);
      use(slot, numbered, version, true);
      return;
    }
    VersionLoader.close(version, () -> {});
    if (same.differsInManifest(version)) {
      refuse(
          slot,
          numbered.command(),
          "must not have another manifest.json than the version that is open with the same model.onnx from the same place, put the two into a folder of their own and name that: version=%s"
              .formatted(same.key()));
    } else {
      use(slot, numbered, same, false);
    }
  }

  private void fail(ServedSlot slot, ModelCommand command, Throwable why) {
    Throwable cause =
        why instanceof SuppressRestartsException && why.getCause() != null ? why.getCause() : why;
    LoadStage stage =
        cause instanceof VersionRefusedException refusal ? refusal.stage() : LoadStage.OPEN;
    String message = cause.getMessage();
    String reason = message == null ? cause.toString() : message;
    VersionKey wanted = requireNonNull(wanted(slot, command));
    LOG.warn(
        "A version of a model could not be loaded, so what answered before goes on: slot={}, place={}, stage={}",
        slot.name(),
        wanted.place(),
        stage,
        why);
    news.failed(
        command,
        new ModelEvent.Version(wanted.place(), null, null, wanted.sha256()),
        stage,
        reason);
  }

  /**
   * Does with a version that is open what a command says. One that is so already is told of again,
   * so that a command can be sent a second time where some subtasks have not been able to follow
   * it.
   *
   * @param isNew whether it has been opened for it
   */
  private void use(
      ServedSlot slot, KeptSlot.Numbered numbered, ServedVersion version, boolean isNew) {
    ModelCommand command = numbered.command();
    boolean active = version == slot.active();
    switch (command.action()) {
      case LOAD -> {
        boolean stays = active || slot.isReady(version) || slot.isShadow(version);
        if (!stays) {
          slot.hold(version, again(numbered, version));
        }
        if (!isNew) {
          // It is ready, and stays so even if it only had its last windows to answer.
          news.happened(Kind.READY, slot.name(), command.id(), version);
        }
      }
      case SHADOW -> {
        if (active) {
          refuse(
              slot,
              command,
              "must not be the active version, which forecasts anyway: version=%s"
                  .formatted(version.key()));
        } else {
          if (!slot.isShadow(version)) {
            slot.shadow(version, again(numbered, version));
          }
          news.happened(Kind.SHADOWED, slot.name(), command.id(), version);
        }
      }
      case ACTIVATE, ROLL_BACK -> {
        long from = slot.nextOrigin(command.fromOriginMillis());
        if (active && (!slot.isChanging() || from >= slot.activeFrom())) {
          news.answers(slot.name(), command.id(), version, slot.activeFrom());
        } else {
          give(slot, numbered, version, from);
        }
      }
      case RETIRE -> throw new IllegalStateException("is followed without a version");
    }
  }

  /** The command that makes a version what it is now again, after a restore. */
  private static KeptSlot.Numbered again(KeptSlot.Numbered numbered, ServedVersion version) {
    ModelCommand command = numbered.command();
    return new KeptSlot.Numbered(
        numbered.number(),
        new ModelCommand(
            command.id(),
            command.action(),
            command.slot(),
            version.key().place(),
            version.key().sha256(),
            null));
  }

  private void give(ServedSlot slot, KeptSlot.Numbered numbered, ServedVersion version, long from) {
    ModelCommand command = numbered.command();
    VersionKey before = slot.active().key();
    slot.give(new KeptSlot.Turn(numbered.number(), command.id(), version.key(), from), version);
    if (!version.key().equals(before)) {
      slot.setPrevious(command.action() == Action.ROLL_BACK ? null : before);
    }
    slot.release(version);
    news.given(slot.name(), command.id(), version, from);
    models.dismissUnused(command.id());
  }

  private void retire(ServedSlot slot, ModelCommand command, String place) {
    if (slot.retire(place, command.sha256())) {
      models.dismissUnused(command.id());
    } else if (slot.active().key().isMeant(place, command.sha256())) {
      refuse(
          slot,
          command,
          "must not be the active version, activate another one first and this one is retired: version=%s"
              .formatted(slot.active().key()));
    } else {
      refuse(
          slot,
          command,
          "must be a version that is loaded or a shadow: slot=%s, place=%s"
              .formatted(slot.name(), place));
    }
  }

  private void refuse(@Nullable ServedSlot slot, ModelCommand command, String reason) {
    news.refused(slot == null ? null : slot.name(), command, reason);
  }

  /** Hears that no origin up to a time comes any more, but late ones. */
  void passed(long time) {
    watermark = time;
  }

  /** Lets go of versions that have answered their last task. */
  void tidy() {
    for (ServedSlot slot : models.slots()) {
      if (slot.isChanging() && slot.forgetBefore(watermark)) {
        models.dismissUnused(slot.oldestTurnBy());
      }
    }
    models.part(this::close);
  }

  /** Closes a version that has nothing to do any more, and tells of it. */
  private void close(ServedVersion version) {
    String slot = version.slot();
    VersionLoader.close(
        version,
        () ->
            later.accept(() -> news.happened(Kind.RETIRED, slot, version.dismissedBy(), version)));
  }

  /** What is to be remembered of each slot. */
  List<KeptSlot> keep() {
    List<KeptSlot> kept = new ArrayList<>();
    queues.forEach((slot, queue) -> kept.add(slot.keep(queue.finished, queue.commands)));
    return kept;
  }

  /**
   * Goes on from what subtasks have remembered; begins with the models of the job file where there
   * is nothing, or where it names another model than it did then.
   *
   * @throws IllegalStateException if a version that answers can't be opened
   */
  void restore(List<KeptSlot> all) {
    Map<String, List<KeptSlot>> bySlot = new LinkedHashMap<>();
    for (KeptSlot kept : all) {
      bySlot.computeIfAbsent(kept.slot(), name -> new ArrayList<>()).add(kept);
      accepted = Math.max(accepted, kept.finished());
      kept.commands().forEach(each -> accepted = Math.max(accepted, each.number()));
    }
    for (ServedSlot slot : models.slots()) {
      List<KeptSlot> kept = bySlot.remove(slot.name());
      if (kept != null) {
        restore(slot, KeptSlot.merge(kept));
      }
    }
    models.beginWithOwn();
    bySlot.values().forEach(kept -> drop(null, KeptSlot.merge(kept)));
    queues.forEach(this::follow);
  }

  private void restore(ServedSlot slot, KeptSlot then) {
    slot.sawUpTo(then.greatestOriginMillis());
    if (!then.own().isSameModel(slot.own())) {
      models.beginWithOwn(slot);
      drop(slot, then);
      return;
    }
    KeptSlot kept = then.moved(slot.own());
    for (KeptSlot.Turn turn : kept.turns()) {
      VersionKey key = turn.version();
      ServedVersion version = models.find(slot, key);
      slot.give(turn, version == null ? models.add(reopened(slot, key)) : version);
    }
    slot.setPrevious(kept.previous());
    Queue queue = queue(slot);
    queue.finished = kept.finished();
    queue.commands.addAll(kept.commands());
    if (!slot.active().key().equals(slot.own())) {
      news.answers(slot.name(), null, slot.active(), kept.active().fromOriginMillis());
    }
  }

  private ServedVersion reopened(ServedSlot slot, VersionKey key) {
    if (key.equals(slot.own())) {
      return models.openOwn(slot);
    }
    try {
      return read(slot, key);
    } catch (RuntimeException e) {
      throw new IllegalStateException(
          "a version that a command has activated must be readable again where the job goes on, put it back to its place or name another model for the slot in the job file, which then answers: slot=%s, place=%s, sha256=%s: %s"
              .formatted(slot.name(), key.place(), key.sha256(), e.getMessage()),
          e);
    }
  }

  /**
   * Tells that what commands have done is forgotten.
   *
   * @param slot null where the job has it no more
   */
  private void drop(@Nullable ServedSlot slot, KeptSlot kept) {
    if (kept.isOwnAlone()) {
      return;
    }
    LOG.warn(
        "The job file {}, so what commands have done for the slot is forgotten: slot={}, version={}",
        slot == null ? "has a slot no more" : "names another model for a slot than before",
        kept.slot(),
        kept.active().version());
    if (slot != null) {
      news.answers(slot.name(), null, slot.active(), KeptSlot.NEVER);
    }
    for (KeptSlot.Numbered numbered : kept.commands()) {
      refuse(
          slot,
          numbered.command(),
          "must be sent again, for the job file was changed before it was finished: slot=%s"
              .formatted(kept.slot()));
    }
  }

  /** Lets go of versions that are being loaded. */
  void abandon() {
    for (Queue queue : queues.values()) {
      if (queue.loading != null) {
        queue.loading.abandon();
      }
    }
  }
}
