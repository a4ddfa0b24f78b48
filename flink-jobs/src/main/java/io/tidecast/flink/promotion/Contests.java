package io.tidecast.flink.promotion;

import io.tidecast.flink.model.ModelEvent;
import io.tidecast.flink.model.OpenVersion;
import io.tidecast.runtime.promotion.Contest;
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

/**
 * What is kept of the contests of a job: one for each slot that answers, and where the models are.
 * One thread.
 *
 * <p>Version 1 of the bytes, big-endian: version (byte), how many contests (int), for each its slot
 * (modified UTF-8), how many bytes it has (int) and they; how many versions (int), for each its
 * slot, place, id and version (modified UTF-8), whether it has a checksum (boolean) and that.
 */
final class Contests {

  private static final int VERSION = 1;

  private final PromotionRule rule;
  private final Map<String, Contest> bySlot = new TreeMap<>();
  private final Roster roster = new Roster();

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
    String sha256 = version.sha256();
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
      if (version != VERSION) {
        throw new IllegalStateException(
            "contests of models must be of version %d; go on with the version of Tidecast that kept them, or a later one: version=%d"
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
    String sha256 = in.readBoolean() ? in.readUTF() : null;
    return new OpenVersion(slot, new ModelEvent.Version(place, id, version, sha256));
  }
}
