package io.tidecast.flink.history;

import io.tidecast.flink.record.Rejection;
import io.tidecast.schemas.ErrorCode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.apache.flink.api.connector.sink2.Sink;
import org.apache.flink.api.connector.sink2.SinkWriter;
import org.apache.flink.api.connector.sink2.WriterInitContext;

/** Counts what could not be used, by its reason, and keeps the first of each. */
public final class RejectionSink implements Sink<Rejection> {

  private static final long serialVersionUID = 1L;

  static final String PREFIX = "rejected-";

  private final String folder;

  /**
   * @param folder that is there
   */
  public RejectionSink(Path folder) {
    this.folder = folder.toString();
  }

  @Override
  public SinkWriter<Rejection> createWriter(WriterInitContext context) {
    return new Writer(
        Path.of(folder).resolve(PREFIX + context.getTaskInfo().getIndexOfThisSubtask()));
  }

  private static final class Writer implements SinkWriter<Rejection> {

    private final Path file;
    private final Map<ErrorCode, Long> counts = new EnumMap<>(ErrorCode.class);
    private final Map<ErrorCode, String> first = new EnumMap<>(ErrorCode.class);

    Writer(Path file) {
      this.file = file;
    }

    @Override
    public void write(Rejection rejection, Context context) {
      counts.merge(rejection.code(), 1L, Long::sum);
      first.putIfAbsent(rejection.code(), rejection.detail());
    }

    @Override
    public void flush(boolean endOfInput) throws IOException {
      if (endOfInput) {
        List<String> lines = new ArrayList<>();
        counts.forEach(
            (code, count) ->
                lines.add(
                    "%s\t%d\t%s"
                        .formatted(
                            code.code(),
                            count,
                            first.getOrDefault(code, "").replaceAll("\\s+", " "))));
        Files.write(file, lines);
      }
    }

    @Override
    public void close() {}
  }
}
