package io.tidecast.flink.promotion;

import static java.util.Objects.requireNonNull;

import io.tidecast.flink.model.ModelCommand;
import io.tidecast.flink.model.ModelCommand.Action;
import io.tidecast.flink.model.ModelEvent;
import io.tidecast.flink.model.OpenVersion;
import io.tidecast.runtime.promotion.Contest;
import io.tidecast.runtime.promotion.ModelName;
import io.tidecast.runtime.promotion.PromotionRule;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What is kept of the contests of a job: one for each slot that answers, where the models are, and
 * which promotions are under way. One thread.
 *
 * <p>Version 3 of the bytes, big-endian: version (byte), how many contests (int), for each its slot
 * (modified UTF-8), how many bytes it has (int) and they; how many versions (int), for each its
 * slot, place, id and version (modified UTF-8), whether it has a checksum (boolean) and that; how
 * many promotions are under way (int), for each its slot, id and version of who has lost the place
 * (modified UTF-8), how often more (int) and whether a command waits for it (boolean), and of that
 * id and version of who has won, id, slot and place (modified UTF-8), whether it has a checksum
 * (boolean) and that. Version 2 had no commands that wait, and version 1 no promotions under way.
 */
final class Contests {

  private static final int VERSION = 3;

  /** A promotion that has not come about after so many more contests is told once more. */
  private static final int MOST_REPEATS = 3;

  /**
   * A promotion that is under way: a command has to be written, read and followed.
   *
   * @param loser who still answers until it is there
   * @param repeats how many more contests it has lost since
   * @param back what is to be done once it is there; null for nothing
   */
  private record UnderWay(ModelName loser, int repeats, @Nullable Back back) {}

  /**
   * What becomes of the loser once the winner answers. One that can't be loaded keeps its place.
   *
   * @param command that activates a version
   */
  record Back(ModelName winner, ModelCommand command) {}

  private final PromotionRule rule;
  private final Map<String, Contest> bySlot = new TreeMap<>();
  private final Roster roster = new Roster();
  private final Map<String, UnderWay> underWay = new TreeMap<>();

  Contests(PromotionRule rule) {
    this.rule = rule;
  }

  /** The contest of a slot, which begins if there is none yet. */
  Contest of(String slot) {
    return bySlot.computeIfAbsent(slot, any -> new Contest(rule));
  }

  /** All of them, in the order of their slots. */
  Map<String, Contest> all() {
    return bySlot;
  }

  /**
   * Takes note that a place is given to another model.
   *
   * @param loser who has it still
   * @param back what is to be done once it has it no more; null for nothing
   * @return false if that is under way already, and not for too long
   */
  boolean promote(String slot, ModelName loser, @Nullable Back back) {
    UnderWay before = underWay.get(slot);
    if (before != null && before.loser.equals(loser) && before.repeats < MOST_REPEATS) {
      underWay.put(slot, new UnderWay(loser, before.repeats + 1, before.back));
      return false;
    }
    underWay.put(slot, new UnderWay(loser, 0, back));
    return true;
  }

  /**
   * Takes note of who answers: a promotion is over once it is another one.
   *
   * @return what is to be done now; null for nothing
   */
  @Nullable ModelCommand answers(String slot, ModelName primary) {
    UnderWay before = underWay.get(slot);
    if (before == null || before.loser.equals(primary)) {
      return null;
    }
    underWay.remove(slot);
    Back back = before.back;
    return back != null && back.winner.equals(primary) ? back.command : null;
  }

  Roster roster() {
    return roster;
  }

  byte[] bytes() {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(256);
    try (DataOutputStream out = new DataOutputStream(bytes)) {
      out.writeByte(VERSION);
      out.writeInt(bySlot.size());
      for (Map.Entry<String, Contest> each : bySlot.entrySet()) {
        byte[] contest = each.getValue().bytes();
        out.writeUTF(each.getKey());
        out.writeInt(contest.length);
        out.write(contest);
      }
      out.writeInt(roster.all().size());
      for (OpenVersion open : roster.all()) {
        write(open, out);
      }
      out.writeInt(underWay.size());
      for (Map.Entry<String, UnderWay> each : underWay.entrySet()) {
        out.writeUTF(each.getKey());
        out.writeUTF(each.getValue().loser.id());
        out.writeUTF(each.getValue().loser.version());
        out.writeInt(each.getValue().repeats);
        write(each.getValue().back, out);
      }
    } catch (IOException impossible) {
      throw new UncheckedIOException(impossible);
    }
    return bytes.toByteArray();
  }

  private static void write(OpenVersion open, DataOutputStream out) throws IOException {
    ModelEvent.Version version = open.version();
    out.writeUTF(open.slot());
    out.writeUTF(version.place());
    out.writeUTF(String.valueOf(version.modelId()));
    out.writeUTF(String.valueOf(version.modelVersion()));
    writeChecksum(version.sha256(), out);
  }

  private static void write(@Nullable Back back, DataOutputStream out) throws IOException {
    out.writeBoolean(back != null);
    if (back != null) {
      out.writeUTF(back.winner.id());
      out.writeUTF(back.winner.version());
      out.writeUTF(back.command.id());
      out.writeUTF(back.command.slot());
      out.writeUTF(requireNonNull(back.command.place()));
      writeChecksum(back.command.sha256(), out);
    }
  }

  private static void writeChecksum(@Nullable String sha256, DataOutputStream out)
      throws IOException {
    out.writeBoolean(sha256 != null);
    if (sha256 != null) {
      out.writeUTF(sha256);
    }
  }

  /**
   * What was kept.
   *
   * @throws IllegalStateException if the bytes are none of contests, or of a later version
   */
  static Contests read(PromotionRule rule, byte[] bytes) {
    try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(bytes))) {
      int version = in.readByte();
      if (version < 1 || version > VERSION) {
        throw new IllegalStateException(
            "contests of models must be of a version up to %d; go on with the version of Tidecast that kept them, or a later one: version=%d"
                .formatted(VERSION, version));
      }
      Contests contests = new Contests(rule);
      int slots = in.readInt();
      for (int i = 0; i < slots; i++) {
        String slot = in.readUTF();
        contests.bySlot.put(slot, Contest.read(rule, in.readNBytes(in.readInt())));
      }
      int versions = in.readInt();
      for (int i = 0; i < versions; i++) {
        contests.roster.add(readOpen(in));
      }
      int promotions = version == 1 ? 0 : in.readInt();
      for (int i = 0; i < promotions; i++) {
        String slot = in.readUTF();
        ModelName loser = new ModelName(in.readUTF(), in.readUTF());
        int repeats = in.readInt();
        Back back = version > 2 && in.readBoolean() ? readBack(in) : null;
        contests.underWay.put(slot, new UnderWay(loser, repeats, back));
      }
      return contests;
    } catch (EOFException e) {
      throw new IllegalStateException("contests of models must be whole, their bytes end early", e);
    } catch (IOException impossible) {
      throw new UncheckedIOException(impossible);
    }
  }

  private static OpenVersion readOpen(DataInputStream in) throws IOException {
    String slot = in.readUTF();
    String place = in.readUTF();
    String id = in.readUTF();
    String version = in.readUTF();
    return new OpenVersion(slot, new ModelEvent.Version(place, id, version, readChecksum(in)));
  }

  private static Back readBack(DataInputStream in) throws IOException {
    ModelName winner = new ModelName(in.readUTF(), in.readUTF());
    String id = in.readUTF();
    String slot = in.readUTF();
    String place = in.readUTF();
    return new Back(
        winner, new ModelCommand(id, Action.ACTIVATE, slot, place, readChecksum(in), null));
  }

  private static @Nullable String readChecksum(DataInputStream in) throws IOException {
    return in.readBoolean() ? in.readUTF() : null;
  }
}
