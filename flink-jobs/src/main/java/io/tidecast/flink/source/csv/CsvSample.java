package io.tidecast.flink.source.csv;

import io.tidecast.flink.format.SourceFormat;
import io.tidecast.flink.record.ParsedMeasurement;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The first lines of a file, read as the job reads them. */
public final class CsvSample {

  private CsvSample() {}

  /**
   * Returns what becomes of each of the first records of a file.
   *
   * @param format of the file
   * @param lines that are read at most
   * @throws IOException if it cannot be read, or is not understood
   */
  public static List<List<ParsedMeasurement>> first(
      Path file, SourceFormat.Csv format, LineParser parser, int lines) throws IOException {
    List<List<ParsedMeasurement>> outcomes = new ArrayList<>();
    CsvSplit whole = new CsvSplit(List.of(CsvSplit.Position.beginning(file.toString())));
    try (CsvMerge merge = new CsvMerge(whole, format, parser)) {
      for (int line = 0; line < lines; line++) {
        List<ParsedMeasurement> next = merge.next();
        if (next == null) {
          break;
        }
        outcomes.add(next);
      }
    }
    return outcomes;
  }
}
