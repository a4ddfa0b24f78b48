package io.tidecast.flink.history;

import io.tidecast.flink.record.ClosedCell;
import java.io.BufferedOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.flink.api.connector.sink2.Sink;
import org.apache.flink.api.connector.sink2.SinkWriter;
import org.apache.flink.api.connector.sink2.WriterInitContext;

/**
 * Writes closed cells to files of a folder of this machine. All cells of a series are in one file,
 * in the order in which they closed, and a file holds but some of the series, so that one fits into
 * memory where all do not.
 */
public final class CellSink implements Sink<ClosedCell> {

  private static final long serialVersionUID = 1L;

  /** Files of a subtask. */
  static final int BUCKETS = 32;

  private static final int BUFFER_BYTES = 1 << 15;

  private final String folder;

  /**
   * @param folder that is there; files of an earlier run are none of its
   */
  public CellSink(Path folder) {
    this.folder = folder.toString();
  }

  @Override
  public SinkWriter<ClosedCell> createWriter(WriterInitContext context) throws IOException {
    return new Writer(Path.of(folder), context.getTaskInfo().getIndexOfThisSubtask());
  }

  /** The file of a bucket of a subtask begins so. */
  static String prefix(int bucket) {
    return "cells-%02d-".formatted(bucket);
  }

  private static final class Writer implements SinkWriter<ClosedCell> {

    private final DataOutputStream[] files = new DataOutputStream[BUCKETS];

    Writer(Path folder, int subtask) throws IOException {
      for (int bucket = 0; bucket < BUCKETS; bucket++) {
        files[bucket] =
            new DataOutputStream(
                new BufferedOutputStream(
                    Files.newOutputStream(folder.resolve(prefix(bucket) + subtask)), BUFFER_BYTES));
      }
    }

    @Override
    public void write(ClosedCell cell, Context context) throws IOException {
      DataOutputStream out = files[Math.floorMod(cell.series().hashCode(), BUCKETS)];
      out.writeUTF(cell.series());
      out.writeLong(cell.timeMillis());
      for (double value : cell.values()) {
        out.writeDouble(value);
      }
    }

    @Override
    public void flush(boolean endOfInput) throws IOException {
      for (DataOutputStream file : files) {
        file.flush();
      }
    }

    @Override
    public void close() throws IOException {
      for (DataOutputStream file : files) {
        file.close();
      }
    }
  }
}
