package io.tidecast.runtime.promotion;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.BitSet;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Keeps contests.
 *
 * <p>Version 1 of the bytes, big-endian: version (byte), cells of a block (int), last closed block
 * (long), origins to cool down (int), newest cell (long), primary (a name, as are all below), how
 * many blocks are open (int); for each its number (long), how many pairs (int), for each pair its
 * names, both losses and the count (longs), its last cell (int), the bytes of its origins (int) and
 * they; how many contests go on (int), for each its names, origins, blocks, won and lost (ints),
 * both losses and the count (doubles), last block and last cell (longs). A name is whether there is
 * one (boolean), id and version (modified UTF-8).
 */
final class ContestBytes {

  private static final int VERSION = 1;

  private ContestBytes() {}

  static byte[] write(Contest contest) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(256);
    try (DataOutputStream out = new DataOutputStream(bytes)) {
      out.writeByte(VERSION);
      out.writeInt(contest.rule().blockCells());
      out.writeLong(contest.closed);
      out.writeInt(contest.cooling);
      out.writeLong(contest.newestCell);
      name(contest.primary, out);
      out.writeInt(contest.open.size());
      for (Map.Entry<Long, SortedMap<Pair, Block>> block : contest.open.entrySet()) {
        out.writeLong(block.getKey());
        out.writeInt(block.getValue().size());
        for (Map.Entry<Pair, Block> each : block.getValue().entrySet()) {
          pair(each.getKey(), out);
          block(each.getValue(), out);
        }
      }
      out.writeInt(contest.windows.size());
      for (Map.Entry<Pair, Window> each : contest.windows.entrySet()) {
        pair(each.getKey(), out);
        window(each.getValue(), out);
      }
    } catch (IOException impossible) {
      throw new UncheckedIOException(impossible);
    }
    return bytes.toByteArray();
  }

  private static void name(@Nullable ModelName name, DataOutputStream out) throws IOException {
    out.writeBoolean(name != null);
    if (name != null) {
      out.writeUTF(name.id());
      out.writeUTF(name.version());
    }
  }

  private static void pair(Pair pair, DataOutputStream out) throws IOException {
    name(pair.primary(), out);
    name(pair.rival(), out);
  }

  private static void block(Block block, DataOutputStream out) throws IOException {
    out.writeLong(block.primaryLoss);
    out.writeLong(block.rivalLoss);
    out.writeLong(block.count);
    out.writeInt(block.last);
    byte[] origins = block.origins.toByteArray();
    out.writeInt(origins.length);
    out.write(origins);
  }

  private static void window(Window window, DataOutputStream out) throws IOException {
    out.writeInt(window.origins);
    out.writeInt(window.blocks);
    out.writeInt(window.won);
    out.writeInt(window.lost);
    out.writeDouble(window.primaryLoss);
    out.writeDouble(window.rivalLoss);
    out.writeDouble(window.count);
    out.writeLong(window.lastBlock);
    out.writeLong(window.lastCell);
  }

  static Contest read(PromotionRule rule, byte[] bytes) {
    try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(bytes))) {
      int version = in.readByte();
      if (version != VERSION) {
        throw new IllegalStateException(
            "contests of models must be of version %d; go on with the version of Tidecast that kept them, or a later one: version=%d"
                .formatted(VERSION, version));
      }
      Contest contest = new Contest(rule);
      if (in.readInt() != rule.blockCells()) {
        return contest;
      }
      contest.closed = in.readLong();
      contest.cooling = in.readInt();
      contest.newestCell = in.readLong();
      contest.primary = name(in);
      readBlocks(contest, in);
      readWindows(contest, in);
      return contest;
    } catch (EOFException e) {
      throw new IllegalStateException("contests of models must be whole, their bytes end early", e);
    } catch (IOException impossible) {
      throw new UncheckedIOException(impossible);
    }
  }

  private static void readBlocks(Contest contest, DataInputStream in) throws IOException {
    int blocks = in.readInt();
    for (int i = 0; i < blocks; i++) {
      SortedMap<Pair, Block> pairs = new TreeMap<>();
      contest.open.put(in.readLong(), pairs);
      int count = in.readInt();
      for (int k = 0; k < count; k++) {
        Pair pair = pair(in);
        long primaryLoss = in.readLong();
        long rivalLoss = in.readLong();
        long losses = in.readLong();
        int last = in.readInt();
        Block block = new Block(BitSet.valueOf(in.readNBytes(in.readInt())));
        block.primaryLoss = primaryLoss;
        block.rivalLoss = rivalLoss;
        block.count = losses;
        block.last = last;
        pairs.put(pair, block);
      }
    }
  }

  private static void readWindows(Contest contest, DataInputStream in) throws IOException {
    int windows = in.readInt();
    for (int i = 0; i < windows; i++) {
      Pair pair = pair(in);
      Window window = new Window();
      window.origins = in.readInt();
      window.blocks = in.readInt();
      window.won = in.readInt();
      window.lost = in.readInt();
      window.primaryLoss = in.readDouble();
      window.rivalLoss = in.readDouble();
      window.count = in.readDouble();
      window.lastBlock = in.readLong();
      window.lastCell = in.readLong();
      contest.windows.put(pair, window);
    }
  }

  private static @Nullable ModelName name(DataInputStream in) throws IOException {
    return in.readBoolean() ? new ModelName(in.readUTF(), in.readUTF()) : null;
  }

  private static Pair pair(DataInputStream in) throws IOException {
    ModelName primary = name(in);
    if (primary == null) {
      throw new IllegalStateException("contests of models must have a primary");
    }
    return new Pair(primary, name(in));
  }
}
