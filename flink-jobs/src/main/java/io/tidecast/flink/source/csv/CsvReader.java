package io.tidecast.flink.source.csv;

import io.tidecast.flink.format.SourceFormat;
import io.tidecast.flink.record.ParsedMeasurement;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.apache.flink.api.connector.source.ReaderOutput;
import org.apache.flink.api.connector.source.SourceReader;
import org.apache.flink.core.io.InputStatus;
import org.jspecify.annotations.Nullable;

/** Reads the files of its one split, if it is given one. The thread of the task. */
final class CsvReader implements SourceReader<ParsedMeasurement, CsvSplit> {

  private final SourceFormat.Csv format;
  private final LineParser parser;
  private final CompletableFuture<Void> told = new CompletableFuture<>();
  private @Nullable CsvMerge files;

  CsvReader(SourceFormat.Csv format, LineParser parser) {
    this.format = format;
    this.parser = parser;
  }

  @Override
  public void start() {}

  @Override
  public InputStatus pollNext(ReaderOutput<ParsedMeasurement> output) throws IOException {
    if (!told.isDone()) {
      return InputStatus.NOTHING_AVAILABLE;
    }
    List<ParsedMeasurement> next = files == null ? null : files.next();
    if (next == null) {
      return InputStatus.END_OF_INPUT;
    }
    // All of a line at once: a checkpoint is between lines.
    next.forEach(output::collect);
    return InputStatus.MORE_AVAILABLE;
  }

  @Override
  public List<CsvSplit> snapshotState(long checkpoint) {
    return files == null ? List.of() : List.of(files.position());
  }

  @Override
  public CompletableFuture<Void> isAvailable() {
    return told;
  }

  @Override
  public void addSplits(List<CsvSplit> splits) {
    try {
      for (CsvSplit split : splits) {
        files = new CsvMerge(split, format, parser);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void notifyNoMoreSplits() {
    told.complete(null);
  }

  @Override
  public void close() throws IOException {
    if (files != null) {
      files.close();
    }
  }
}
