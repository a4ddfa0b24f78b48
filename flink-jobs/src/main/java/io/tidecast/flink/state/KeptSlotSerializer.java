package io.tidecast.flink.state;

import io.tidecast.flink.model.KeptSlot;
import io.tidecast.flink.model.ModelCommand;
import io.tidecast.flink.model.VersionKey;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.apache.flink.api.common.typeutils.TypeSerializerSnapshot;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;
import org.jspecify.annotations.Nullable;

/**
 * Version 1: slot (short text), own version (version), greatest origin (long), number of the last
 * command that was finished (small number); how many turns, and of each its number (small number),
 * id of the command (optional text), version and first origin (long); whether there is a previous
 * version (byte), and that if so; how many commands, and of each its number (small number), id
 * (short text), action (byte), slot (short text), place and checksum (optional texts), whether it
 * has a first origin (byte) and that if so (long).
 *
 * <p>A version is its place (short text) and its checksum (optional text). An optional text is a
 * byte, 1 if there is one, and then that, a short text. {@link StateBytes} says how these are
 * written.
 */
final class KeptSlotSerializer extends VersionedSerializer<KeptSlot> {

  static final KeptSlotSerializer INSTANCE = new KeptSlotSerializer();

  private static final long serialVersionUID = 1L;
  private static final int VERSION = 1;

  private KeptSlotSerializer() {
    super("a slot of models", VERSION);
  }

  @Override
  int[] versions() {
    return new int[] {VERSION};
  }

  @Override
  void write(KeptSlot kept, DataOutputView out) throws IOException {
    StateBytes.writeShortText(kept.slot(), out);
    writeVersion(kept.own(), out);
    out.writeLong(kept.greatestOriginMillis());
    StateBytes.writeSmall(kept.finished(), out);
    StateBytes.writeSmall(kept.turns().size(), out);
    for (KeptSlot.Turn turn : kept.turns()) {
      StateBytes.writeSmall(turn.number(), out);
      writeOptional(turn.commandId(), out);
      writeVersion(turn.version(), out);
      out.writeLong(turn.fromOriginMillis());
    }
    VersionKey previous = kept.previous();
    out.writeBoolean(previous != null);
    if (previous != null) {
      writeVersion(previous, out);
    }
    StateBytes.writeSmall(kept.commands().size(), out);
    for (KeptSlot.Numbered numbered : kept.commands()) {
      StateBytes.writeSmall(numbered.number(), out);
      writeCommand(numbered.command(), out);
    }
  }

  private static void writeCommand(ModelCommand command, DataOutputView out) throws IOException {
    StateBytes.writeShortText(command.id(), out);
    out.writeByte(code(command.action()));
    StateBytes.writeShortText(command.slot(), out);
    writeOptional(command.place(), out);
    writeOptional(command.sha256(), out);
    Long from = command.fromOriginMillis();
    out.writeBoolean(from != null);
    if (from != null) {
      out.writeLong(from);
    }
  }

  private static void writeVersion(VersionKey version, DataOutputView out) throws IOException {
    StateBytes.writeShortText(version.place(), out);
    writeOptional(version.sha256(), out);
  }

  private static void writeOptional(@Nullable String text, DataOutputView out) throws IOException {
    out.writeBoolean(text != null);
    if (text != null) {
      StateBytes.writeShortText(text, out);
    }
  }

  @Override
  KeptSlot read(int writtenAs, DataInputView in) throws IOException {
    String slot = StateBytes.readShortText("slot", in);
    VersionKey own = readVersion(in);
    long greatest = in.readLong();
    long finished = StateBytes.readSmall("number", in);
    int turnCount = StateBytes.readSmallCount("turns", in);
    List<KeptSlot.Turn> turns = new ArrayList<>();
    for (int i = 0; i < turnCount; i++) {
      turns.add(
          new KeptSlot.Turn(
              StateBytes.readSmall("number", in),
              readOptional("id", in),
              readVersion(in),
              in.readLong()));
    }
    VersionKey previous = in.readBoolean() ? readVersion(in) : null;
    int commandCount = StateBytes.readSmallCount("commands", in);
    List<KeptSlot.Numbered> commands = new ArrayList<>();
    for (int i = 0; i < commandCount; i++) {
      long number = StateBytes.readSmall("number", in);
      commands.add(new KeptSlot.Numbered(number, readCommand(in)));
    }
    return new KeptSlot(slot, own, greatest, finished, turns, previous, commands);
  }

  private static ModelCommand readCommand(DataInputView in) throws IOException {
    return new ModelCommand(
        StateBytes.readShortText("id", in),
        action(in.readByte()),
        StateBytes.readShortText("slot", in),
        readOptional("place", in),
        readOptional("checksum", in),
        in.readBoolean() ? in.readLong() : null);
  }

  private static VersionKey readVersion(DataInputView in) throws IOException {
    return new VersionKey(StateBytes.readShortText("place", in), readOptional("checksum", in));
  }

  private static @Nullable String readOptional(String what, DataInputView in) throws IOException {
    return in.readBoolean() ? StateBytes.readShortText(what, in) : null;
  }

  private static int code(ModelCommand.Action action) {
    return switch (action) {
      case LOAD -> 1;
      case ACTIVATE -> 2;
      case SHADOW -> 3;
      case ROLL_BACK -> 4;
      case RETIRE -> 5;
    };
  }

  private static ModelCommand.Action action(int code) throws IOException {
    for (ModelCommand.Action action : ModelCommand.Action.values()) {
      if (code(action) == code) {
        return action;
      }
    }
    throw new IOException("a command must be one that there is: code=" + code);
  }

  @Override
  public KeptSlot createInstance() {
    VersionKey none = new VersionKey("", null);
    return new KeptSlot(
        "",
        none,
        KeptSlot.NEVER,
        0,
        List.of(new KeptSlot.Turn(0, null, none, KeptSlot.NEVER)),
        null,
        List.of());
  }

  @Override
  public TypeSerializerSnapshot<KeptSlot> snapshotConfiguration() {
    return new KeptSlotSerializerSnapshot();
  }
}
