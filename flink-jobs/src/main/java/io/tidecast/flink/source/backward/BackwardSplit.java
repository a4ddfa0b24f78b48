package io.tidecast.flink.source.backward;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import org.apache.flink.api.connector.source.SourceSplit;
import org.apache.flink.core.io.SimpleVersionedSerializer;
import org.apache.kafka.common.TopicPartition;

/**
 * What is still to be read of a partition, from its end back.
 *
 * @param begin the first offset that is read, and the last to be
 * @param end the first offset that is not read, or was read already; not before {@code begin}
 */
record BackwardSplit(String topic, int partition, long begin, long end) implements SourceSplit {

  BackwardSplit {
    if (begin < 0 || end < begin) {
      throw new IllegalArgumentException(
          "must begin at 0 or later, and end no earlier: begin=%d, end=%d".formatted(begin, end));
    }
  }

  BackwardSplit upTo(long newEnd) {
    return new BackwardSplit(topic, partition, begin, newEnd);
  }

  TopicPartition topicPartition() {
    return new TopicPartition(topic, partition);
  }

  @Override
  public String splitId() {
    return topic + "-" + partition;
  }

  /**
   * Version {@value #VERSION}: a mark, topic (modified UTF-8), partition (int), begin and end
   * (longs). Neither the version nor the mark is one of the connector's own partitions, whose state
   * has the same place in a job that reads forward: the one is never taken for the other.
   */
  static final class Serializer implements SimpleVersionedSerializer<BackwardSplit> {

    private static final int VERSION = 101;

    /** Too long for the name of a topic, as which it would be read. */
    private static final int MARK = 0xFFFF;

    @Override
    public int getVersion() {
      return VERSION;
    }

    @Override
    public byte[] serialize(BackwardSplit split) throws IOException {
      ByteArrayOutputStream bytes = new ByteArrayOutputStream();
      DataOutputStream out = new DataOutputStream(bytes);
      out.writeShort(MARK);
      out.writeUTF(split.topic);
      out.writeInt(split.partition);
      out.writeLong(split.begin);
      out.writeLong(split.end);
      return bytes.toByteArray();
    }

    @Override
    public BackwardSplit deserialize(int version, byte[] serialized) throws IOException {
      DataInputStream in = new DataInputStream(new ByteArrayInputStream(serialized));
      if (version != VERSION || in.readUnsignedShort() != MARK) {
        throw new IOException(
            "source.order must stay what it was, for the topic is read in part: state of version=%d"
                .formatted(version));
      }
      return new BackwardSplit(in.readUTF(), in.readInt(), in.readLong(), in.readLong());
    }
  }
}
