package io.tidecast.flink.source.csv;

import io.tidecast.flink.format.SourceFormat;
import io.tidecast.flink.record.ParsedMeasurement;
import io.tidecast.runtime.csv.CsvException;
import io.tidecast.runtime.csv.CsvLayout;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import org.jspecify.annotations.Nullable;

/**
 * Several files as if they were one that was written as time went on: always the file goes on whose
 * latest observation is the earliest, the first of those in the list. So none of them makes
 * observations of another late. One thread.
 */
final class CsvMerge implements Closeable {

  private final List<CsvFile> files = new ArrayList<>();
  private final PriorityQueue<Integer> queue =
      new PriorityQueue<>(
          Comparator.comparingLong((Integer file) -> files.get(file).millis())
              .thenComparing(Comparator.naturalOrder()));

  /**
   * @throws IOException if a file cannot be read, or is not understood
   */
  CsvMerge(CsvSplit split, SourceFormat.Csv format, LineParser parser) throws IOException {
    for (CsvSplit.Position position : split.files()) {
      try {
        Path file = Path.of(position.file());
        CsvLayout layout = CsvLayout.of(file, format.options(), CsvFiles.wanted(format.mapping()));
        LineParser.OfFile ofFile = parser.ofFile(layout, position.memory());
        files.add(new CsvFile(position, format.order(), layout, ofFile));
      } catch (CsvException e) {
        throw new IOException("file %s: %s".formatted(position.file(), e.getMessage()));
      }
      enqueue(files.size() - 1);
    }
  }

  /** What the next line says; null when all files are read. */
  @Nullable List<ParsedMeasurement> next() throws IOException {
    Integer file = queue.poll();
    if (file == null) {
      return null;
    }
    List<ParsedMeasurement> line = files.get(file).take();
    enqueue(file);
    return line;
  }

  /** Up to the last line. */
  CsvSplit position() {
    return new CsvSplit(files.stream().map(CsvFile::position).toList());
  }

  @Override
  public void close() throws IOException {
    for (CsvFile file : files) {
      file.close();
    }
  }

  private void enqueue(int file) {
    if (files.get(file).next() != null) {
      queue.add(file);
    }
  }
}
