package io.tidecast.flink.source.backward;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.apache.flink.core.io.SimpleVersionedSerializer;

/**
 * What no reader has been given yet.
 *
 * @param found whether it is known what there is to read
 */
record WaitingSplits(boolean found, List<BackwardSplit> splits) {

  static final WaitingSplits NOT_FOUND = new WaitingSplits(false, List.of());

  WaitingSplits {
    splits = List.copyOf(splits);
  }

  /**
   * Version {@value #VERSION}: whether they are found (a byte), how many there are (int), and of
   * each the length of its bytes (int) and those, as {@link BackwardSplit.Serializer} writes them.
   */
  static final class Serializer implements SimpleVersionedSerializer<WaitingSplits> {

    private static final int VERSION = 101;

    private final BackwardSplit.Serializer each = new BackwardSplit.Serializer();

    @Override
    public int getVersion() {
      return VERSION;
    }

    @Override
    public byte[] serialize(WaitingSplits waiting) throws IOException {
      ByteArrayOutputStream bytes = new ByteArrayOutputStream();
      DataOutputStream out = new DataOutputStream(bytes);
      out.writeBoolean(waiting.found);
      out.writeInt(waiting.splits.size());
      for (BackwardSplit split : waiting.splits) {
        byte[] one = each.serialize(split);
        out.writeInt(one.length);
        out.write(one);
      }
      return bytes.toByteArray();
    }

    @Override
    public WaitingSplits deserialize(int version, byte[] serialized) throws IOException {
      if (version != VERSION) {
        throw new IOException(
            "source.order must stay what it was, for the topic is read in part: state of version=%d"
                .formatted(version));
      }
      DataInputStream in = new DataInputStream(new ByteArrayInputStream(serialized));
      boolean found = in.readBoolean();
      List<BackwardSplit> splits = new ArrayList<>();
      for (int left = in.readInt(); left > 0; left--) {
        splits.add(each.deserialize(each.getVersion(), in.readNBytes(in.readInt())));
      }
      return new WaitingSplits(found, splits);
    }
  }
}
