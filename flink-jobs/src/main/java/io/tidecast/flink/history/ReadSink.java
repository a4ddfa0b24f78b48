package io.tidecast.flink.history;

import io.tidecast.flink.record.Measurement;
import io.tidecast.flink.record.RecordOrigin;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.flink.api.connector.sink2.Sink;
import org.apache.flink.api.connector.sink2.SinkWriter;
import org.apache.flink.api.connector.sink2.WriterInitContext;

/** Writes down which records of which partitions, or lines of files, observations came from. */
public final class ReadSink implements Sink<Measurement> {

  private static final long serialVersionUID = 1L;

  static final String PREFIX = "read-";

  private final String folder;

  /**
   * @param folder that is there
   */
  public ReadSink(Path folder) {
    this.folder = folder.toString();
  }

  @Override
  public SinkWriter<Measurement> createWriter(WriterInitContext context) {
    return new Writer(
        Path.of(folder).resolve(PREFIX + context.getTaskInfo().getIndexOfThisSubtask()));
  }

  private static final class Writer implements SinkWriter<Measurement> {

    private record Partition(String topic, int number) implements Comparable<Partition> {

      @Override
      public int compareTo(Partition other) {
        int byTopic = topic.compareTo(other.topic);
        return byTopic == 0 ? Integer.compare(number, other.number) : byTopic;
      }
    }

    private final Path file;
    private final Map<Partition, long[]> read = new TreeMap<>();

    Writer(Path file) {
      this.file = file;
    }

    @Override
    public void write(Measurement in, Context context) {
      RecordOrigin origin = in.source();
      long[] range =
          read.computeIfAbsent(
              new Partition(origin.topic(), origin.partition()),
              none -> new long[] {Long.MAX_VALUE, -1, Long.MAX_VALUE, Long.MIN_VALUE, 0});
      range[0] = Math.min(range[0], origin.offset());
      range[1] = Math.max(range[1], origin.offset());
      range[2] = Math.min(range[2], in.timeMillis());
      range[3] = Math.max(range[3], in.timeMillis());
      range[4]++;
    }

    @Override
    public void flush(boolean endOfInput) throws IOException {
      if (endOfInput) {
        List<String> lines =
            read.entrySet().stream()
                .map(one -> range(one.getKey(), one.getValue()).toLine())
                .toList();
        Files.write(file, lines);
      }
    }

    private static History.ReadRange range(Partition partition, long[] of) {
      return new History.ReadRange(
          partition.topic(), partition.number(), of[0], of[1], of[2], of[3], of[4]);
    }

    @Override
    public void close() {}
  }
}
