package io.tidecast.flink.inference;

import static java.util.Objects.requireNonNull;

import io.tidecast.flink.model.ForecastRole;
import io.tidecast.flink.model.KeptSlot;
import io.tidecast.flink.model.ModelEvent;
import io.tidecast.flink.model.ModelSlot;
import io.tidecast.flink.model.VersionKey;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A slot as one subtask sees it: which version answers from which origin on, and which are held
 * ready or forecast besides. One thread.
 */
final class ServedSlot {

  private static final ServedVersion[] NONE = {};

  private final ModelSlot slot;
  private final VersionKey own;

  /** Ascending by origin; what is before the first is the first one's, too. */
  private final List<Turn> turns = new ArrayList<>();

  private final List<Standby> ready = new ArrayList<>();
  private final List<Standby> shadows = new ArrayList<>();

  /** Those of {@code shadows}. */
  private ServedVersion[] beside = NONE;

  private @Nullable Turn newest;

  /** Of the newest, for people; it is read by threads of metrics. */
  private volatile String activeText = "";

  /** {@link KeptSlot#NEVER} where the newest answers whatever comes. */
  private long newestFrom = KeptSlot.NEVER;

  private long greatestOrigin = KeptSlot.NEVER;
  private @Nullable VersionKey previous;

  /** A version that answers from an origin on, and the tasks that wait for it to. */
  static final class Turn {

    private final KeptSlot.Turn kept;
    private final ServedVersion version;
    private int underWay;

    private Turn(KeptSlot.Turn kept, ServedVersion version) {
      this.kept = kept;
      this.version = version;
    }

    ServedVersion version() {
      return version;
    }

    /** Counts a task in that it was chosen for. */
    void chosen() {
      underWay++;
      version.chosen();
    }

    /** Counts a task out that has gone on. */
    void passedOn() {
      underWay--;
      version.passedOn();
    }
  }

  /** A version without a turn, and what makes it one again after a restore. */
  private record Standby(ServedVersion version, KeptSlot.Numbered again) {}

  ServedSlot(ModelSlot slot) {
    this.slot = slot;
    this.own = VersionKey.ofOwn(slot);
  }

  String name() {
    return slot.name();
  }

  ModelSlot slot() {
    return slot;
  }

  VersionKey own() {
    return own;
  }

  /** Gives it to the version of the job file, for whatever comes. */
  void beginWith(ServedVersion version) {
    give(new KeptSlot.Turn(0, null, version.key(), KeptSlot.NEVER), version);
  }

  /** Gives it to a version from an origin on; what was to begin there or later never does. */
  void give(KeptSlot.Turn turn, ServedVersion version) {
    while (!turns.isEmpty() && lastTurn().fromOriginMillis() >= turn.fromOriginMillis()) {
      removeTurn(turns.size() - 1);
    }
    turns.add(new Turn(turn, version));
    if (slot.role() != ForecastRole.SHADOW) {
      version.serve();
    }
    lookAtTurns();
  }

  /** A version without a turn may still be a shadow, and then takes nothing with it. */
  private void removeTurn(int place) {
    ServedVersion version = turns.remove(place).version;
    if (turns.stream().noneMatch(turn -> turn.version == version)) {
      version.rest();
    }
  }

  private KeptSlot.Turn lastTurn() {
    return turns.get(turns.size() - 1).kept;
  }

  private void lookAtTurns() {
    newest = turns.get(turns.size() - 1);
    ModelEvent.Version named = newest.version.named();
    activeText = named.modelId() + "/" + named.modelVersion();
    newestFrom = turns.size() == 1 ? KeptSlot.NEVER : lastTurn().fromOriginMillis();
  }

  /** The turn of an origin, which it remembers. */
  Turn at(long originMillis) {
    if (originMillis > greatestOrigin) {
      greatestOrigin = originMillis;
    }
    return originMillis >= newestFrom
        ? requireNonNull(newest, "the slot is not open")
        : older(originMillis);
  }

  private Turn older(long originMillis) {
    for (int i = turns.size() - 1; i > 0; i--) {
      if (originMillis >= turns.get(i).kept.fromOriginMillis()) {
        return turns.get(i);
      }
    }
    return turns.get(0);
  }

  /** Tells whether a version is in it. */
  boolean isOpen() {
    return newest != null;
  }

  /** The version that answers from some origin on. */
  ServedVersion active() {
    return requireNonNull(newest, "the slot is not open").version;
  }

  /** The active version, for people; any thread. */
  String activeText() {
    return activeText;
  }

  /** Where it was to begin; {@link KeptSlot#NEVER} for whatever comes. */
  long activeFrom() {
    return lastTurn().fromOriginMillis();
  }

  /** Where the next version can begin: after all that has come. */
  long nextOrigin(@Nullable Long wanted) {
    long least =
        greatestOrigin == KeptSlot.NEVER || greatestOrigin == Long.MAX_VALUE
            ? greatestOrigin
            : greatestOrigin + 1;
    return wanted == null ? least : Math.max(wanted, least);
  }

  long greatestOrigin() {
    return greatestOrigin;
  }

  void sawUpTo(long originMillis) {
    greatestOrigin = Math.max(greatestOrigin, originMillis);
  }

  /**
   * Forgets turns whose last origin has come and that no task waits for: those under way are given
   * to the same version after a restore.
   *
   * @return whether there were any
   */
  boolean forgetBefore(long watermark) {
    boolean any = false;
    while (turns.size() > 1
        && turns.get(0).underWay == 0
        && turns.get(1).kept.fromOriginMillis() <= watermark) {
      removeTurn(0);
      any = true;
    }
    if (any) {
      lookAtTurns();
    }
    return any;
  }

  /** The command by which the oldest version that is open answers; null for the job file. */
  @Nullable String oldestTurnBy() {
    return turns.get(0).kept.commandId();
  }

  /** Whether an older version answers origins that may still come. */
  boolean isChanging() {
    return turns.size() > 1;
  }

  /** The versions that forecast besides; not to be changed. */
  ServedVersion[] beside() {
    return beside;
  }

  /** The version to which it can be given back; null where there is none. */
  @Nullable VersionKey previous() {
    return previous;
  }

  void setPrevious(@Nullable VersionKey version) {
    previous = version;
  }

  /** Holds a version ready. */
  void hold(ServedVersion version, KeptSlot.Numbered again) {
    release(version);
    ready.add(new Standby(version, again));
  }

  /** Has a version forecast besides. */
  void shadow(ServedVersion version, KeptSlot.Numbered again) {
    release(version);
    shadows.add(new Standby(version, again));
    lookAtShadows();
  }

  /** A version is no longer held ready, nor a shadow. */
  void release(ServedVersion version) {
    ready.removeIf(each -> each.version() == version);
    shadows.removeIf(each -> each.version() == version);
    lookAtShadows();
  }

  private void lookAtShadows() {
    beside = shadows.stream().map(Standby::version).toArray(ServedVersion[]::new);
  }

  boolean isReady(ServedVersion version) {
    return ready.stream().anyMatch(each -> each.version() == version);
  }

  boolean isShadow(ServedVersion version) {
    return shadows.stream().anyMatch(each -> each.version() == version);
  }

  /** Whether a version has something to do here, now or later. */
  boolean uses(ServedVersion version) {
    return isReady(version)
        || isShadow(version)
        || turns.stream().anyMatch(turn -> turn.version == version);
  }

  /**
   * Lets go of the versions of a place that are held ready or are shadows.
   *
   * @return whether there were any
   */
  boolean retire(String place, @Nullable String sha256) {
    boolean any = removeAll(ready, place, sha256);
    any |= removeAll(shadows, place, sha256);
    lookAtShadows();
    return any;
  }

  private static boolean removeAll(List<Standby> from, String place, @Nullable String sha256) {
    boolean any = false;
    for (Iterator<Standby> each = from.iterator(); each.hasNext(); ) {
      if (each.next().version().key().isMeant(place, sha256)) {
        each.remove();
        any = true;
      }
    }
    return any;
  }

  /**
   * What is to be remembered of it.
   *
   * @param unfinished commands that are to follow those that make it what it is now
   */
  KeptSlot keep(long finished, Iterable<KeptSlot.Numbered> unfinished) {
    List<KeptSlot.Numbered> commands = new ArrayList<>();
    ready.forEach(each -> commands.add(each.again()));
    shadows.forEach(each -> commands.add(each.again()));
    unfinished.forEach(commands::add);
    return new KeptSlot(
        slot.name(),
        own,
        greatestOrigin,
        finished,
        turns.stream().map(turn -> turn.kept).toList(),
        previous,
        commands);
  }
}
