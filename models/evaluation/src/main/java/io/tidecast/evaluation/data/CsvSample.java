package io.tidecast.evaluation.data;

import io.tidecast.runtime.csv.CsvException;
import io.tidecast.runtime.csv.CsvLayout;
import io.tidecast.runtime.csv.CsvRecord;
import io.tidecast.runtime.csv.CsvRows;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * The first lines of a file.
 *
 * @param first the first line, be it names or a row
 * @param line its number
 * @param rows below it, of those that have as many fields
 */
record CsvSample(List<String> first, long line, List<List<String>> rows) {

  private static final int ROWS = 2_000;

  static CsvSample of(Path file, CsvLayout layout) throws IOException {
    List<List<String>> rows = new ArrayList<>();
    try (CsvRows records = layout.open(file)) {
      for (CsvRecord row = records.next();
          row != null && rows.size() < ROWS;
          row = records.next()) {
        try {
          rows.add(layout.fields(row.bytes()));
        } catch (CsvException e) {
          // It is told of when it is read.
        }
      }
    }
    return new CsvSample(layout.columns(), layout.linesBefore(), rows);
  }

  /** The texts of a column. */
  List<String> column(int column) {
    return rows.stream().map(row -> row.get(column)).toList();
  }
}
