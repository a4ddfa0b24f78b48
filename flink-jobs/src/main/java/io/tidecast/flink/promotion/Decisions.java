package io.tidecast.flink.promotion;

import static java.util.Objects.requireNonNull;

import io.tidecast.flink.grid.Spelling;
import io.tidecast.flink.model.BaselineVersions;
import io.tidecast.flink.model.ModelCommand;
import io.tidecast.flink.model.ModelCommand.Action;
import io.tidecast.flink.model.ModelEvent;
import io.tidecast.flink.model.ModelEvent.Kind;
import io.tidecast.flink.model.OpenVersion;
import io.tidecast.flink.promotion.PromotionSetup.Time;
import io.tidecast.runtime.promotion.ModelName;
import io.tidecast.runtime.promotion.Verdict;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Turns verdicts into events and, where the job is told to act, into commands. The same verdict has
 * the same commands, by their ids too. One thread.
 */
final class Decisions {

  private static final String NAIVE = "seasonal-naive";

  private final PromotionSetup setup;
  private final Time time;

  Decisions(PromotionSetup setup, Time time) {
    this.setup = setup;
    this.time = time;
  }

  /**
   * What comes of a verdict.
   *
   * @param commands to be given at once
   * @param back to be given once the winner answers; null for nothing
   */
  record Decision(ModelEvent event, List<ModelCommand> commands, Contests.@Nullable Back back) {

    private static Decision told(ModelEvent event) {
      return new Decision(event, List.of(), null);
    }
  }

  /** Where a version is, and the slot of shadows that it has; null where it has none. */
  private record Rival(ModelEvent.Version version, @Nullable String shadowSlot) {}

  /** Whether a slot could be given to a model. */
  boolean canAnswer(String slot, ModelName name, Roster roster) {
    return rival(slot, name, roster) != null;
  }

  /** A version that has been elsewhere before is where it was opened last. */
  private @Nullable Rival rival(String slot, ModelName name, Roster roster) {
    List<String> slots = new ArrayList<>(setup.shadowSlots());
    slots.add(slot);
    OpenVersion found = roster.last(slots, name);
    return found == null
        ? null
        : new Rival(found.version(), found.slot().equals(slot) ? null : found.slot());
  }

  /** Says what is to be told and done. */
  Decision of(String slot, Verdict verdict, Roster roster) {
    ModelEvent.Version primary = primary(slot, verdict.primary(), roster);
    return switch (verdict.kind()) {
      case KEEPS -> Decision.told(event(Kind.KEPT, slot, null, primary, verdict));
      case OUTDONE -> Decision.told(event(Kind.OUTDONE, slot, null, primary, verdict));
      case LOSES -> lost(slot, verdict, primary, roster);
    };
  }

  private Decision lost(String slot, Verdict verdict, ModelEvent.Version primary, Roster roster) {
    ModelName name = verdict.rival();
    Rival rival =
        name == null
            ? new Rival(
                new ModelEvent.Version(BaselineVersions.SEASONAL_NAIVE, NAIVE, null, null), null)
            : requireNonNull(rival(slot, name, roster), "only who can answer wins");
    if (setup.settings().action() != PromotionSettings.Action.PERFORM) {
      return Decision.told(event(Kind.PROPOSED, slot, null, rival.version(), verdict));
    }
    String id =
        "promotion-%s-%s"
            .formatted(slot, Instant.ofEpochMilli(time.step().startMillis(verdict.lastCell())));
    ModelEvent event = event(Kind.PROMOTED, slot, id, rival.version(), verdict);
    ModelCommand there = command(id, Action.ACTIVATE, slot, rival.version());
    // The seasonal naive is in every contest anyway.
    if (primary.place().isEmpty() || primary.place().equals(BaselineVersions.SEASONAL_NAIVE)) {
      return new Decision(event, List.of(there), null);
    }
    String shadowSlot = rival.shadowSlot();
    String back = id + "-back";
    if (name == null || shadowSlot == null || setup.primaries() > 1) {
      // Refused as long as the loser answers, for one slot has its commands in their order.
      return new Decision(event, List.of(there, command(back, Action.SHADOW, slot, primary)), null);
    }
    return new Decision(
        event,
        List.of(there),
        new Contests.Back(name, command(back, Action.ACTIVATE, shadowSlot, primary)));
  }

  private static ModelCommand command(
      String id, Action action, String slot, ModelEvent.Version version) {
    return new ModelCommand(id, action, slot, version.place(), version.sha256(), null);
  }

  private static ModelEvent.Version primary(String slot, ModelName name, Roster roster) {
    ModelEvent.Version found = roster.find(slot, name);
    return found == null ? new ModelEvent.Version("", name.id(), name.version(), null) : found;
  }

  private ModelEvent event(
      Kind kind,
      String slot,
      @Nullable String commandId,
      ModelEvent.Version version,
      Verdict verdict) {
    boolean isOfRival = kind == Kind.PROMOTED || kind == Kind.PROPOSED;
    ModelName rival = verdict.rival();
    ModelName other = isOfRival ? verdict.primary() : rival;
    return ModelEvent.of(
        new ModelEvent.Contest(
            Spelling.of(setup.settings().metric()),
            verdict.origins(),
            isOfRival ? verdict.won() : verdict.lost(),
            isOfRival ? verdict.lost() : verdict.won(),
            verdict.pValue(),
            isOfRival ? verdict.rivalLoss() : verdict.primaryLoss(),
            other == null ? NAIVE : other.id(),
            other == null ? null : other.version(),
            isOfRival ? verdict.primaryLoss() : verdict.rivalLoss()),
        time.clock().millis(),
        kind,
        slot,
        commandId,
        version);
  }
}
