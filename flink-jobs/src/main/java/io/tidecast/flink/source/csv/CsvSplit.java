package io.tidecast.flink.source.csv;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.apache.flink.api.connector.source.SourceSplit;
import org.apache.flink.core.io.SimpleVersionedSerializer;

/**
 * How far the files of a job have been read; all of them are one split, since they are merged.
 *
 * @param files in the order of the job file
 */
record CsvSplit(List<Position> files) implements SourceSplit {

  /** Nothing is known of the lines before. */
  static final byte[] NO_MEMORY = {};

  /** Nothing to read. */
  static final CsvSplit NONE = new CsvSplit(List.of());

  CsvSplit {
    files = List.copyOf(files);
  }

  /**
   * How far one file has been read.
   *
   * @param bytes where the next line begins, in the text of a packed file; of a file that is read
   *     backwards the end of the last record taken, as a negative number; 0 at the beginning
   * @param lines before that line; of a file that is read backwards 0
   * @param latestMillis of its observations so far; {@link Long#MIN_VALUE} without one
   * @param memory of the lines so far, for the parser; not copied
   */
  record Position(String file, long bytes, long lines, long latestMillis, byte[] memory) {

    static Position beginning(String file) {
      return new Position(file, 0, 0, Long.MIN_VALUE, NO_MEMORY);
    }

    private Position at(long itsBytes, long itsLines, long itsLatestMillis) {
      return new Position(file, itsBytes, itsLines, itsLatestMillis, memory);
    }

    Position with(byte[] itsMemory) {
      return new Position(file, bytes, lines, latestMillis, itsMemory);
    }
  }

  @Override
  public String splitId() {
    return "files";
  }

  /**
   * Version 2: how many (int), then of each the file (modified UTF-8), three longs, and how long
   * the memory is (int) before its bytes. Version 1 has no memory.
   */
  static final class Serializer implements SimpleVersionedSerializer<CsvSplit> {

    private static final int VERSION_1 = 1;
    private static final int VERSION = 2;

    @Override
    public int getVersion() {
      return VERSION;
    }

    @Override
    public byte[] serialize(CsvSplit split) throws IOException {
      ByteArrayOutputStream bytes = new ByteArrayOutputStream();
      DataOutputStream out = new DataOutputStream(bytes);
      out.writeInt(split.files.size());
      for (Position position : split.files) {
        out.writeUTF(position.file);
        out.writeLong(position.bytes);
        out.writeLong(position.lines);
        out.writeLong(position.latestMillis);
        out.writeInt(position.memory.length);
        out.write(position.memory);
      }
      return bytes.toByteArray();
    }

    @Override
    public CsvSplit deserialize(int version, byte[] serialized) throws IOException {
      if (version < VERSION_1 || version > VERSION) {
        throw new IOException(
            "positions of files must be of version 1 to %d: version=%d"
                .formatted(VERSION, version));
      }
      DataInputStream in = new DataInputStream(new ByteArrayInputStream(serialized));
      List<Position> files = new ArrayList<>();
      for (int left = in.readInt(); left > 0; left--) {
        Position position =
            Position.beginning(in.readUTF()).at(in.readLong(), in.readLong(), in.readLong());
        files.add(version == VERSION_1 ? position : position.with(in.readNBytes(in.readInt())));
      }
      return new CsvSplit(files);
    }
  }
}
