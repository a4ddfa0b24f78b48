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
 * Lines of a file: the first ones, and some from all over it.
 *
 * @param first the first line, be it names or a row
 * @param line its number
 * @param rows below it, of those that have as many fields
 */
record CsvSample(List<String> first, long line, List<List<String>> rows) {

  private static final int FIRST_ROWS = 2_000;
  private static final int MORE_ROWS = 2_000;

  static CsvSample of(Path file, CsvLayout layout) throws IOException {
    List<List<String>> rows = new ArrayList<>();
    List<List<String>> more = new ArrayList<>();
    long stride = 1;
    long number = 0;
    try (CsvRows records = layout.open(file)) {
      for (CsvRecord row = records.next(); row != null; row = records.next()) {
        if (number < FIRST_ROWS) {
          add(layout, row, rows);
        } else if (number % stride == 0) {
          add(layout, row, more);
        }
        if (more.size() == MORE_ROWS) {
          stride *= 2;
          more = everySecond(more);
        }
        number++;
      }
    }
    rows.addAll(more);
    return new CsvSample(layout.columns(), layout.linesBefore(), rows);
  }

  private static void add(CsvLayout layout, CsvRecord row, List<List<String>> to) {
    try {
      to.add(layout.fields(row.bytes()));
    } catch (CsvException e) {
      // It is told of when it is read.
    }
  }

  private static List<List<String>> everySecond(List<List<String>> rows) {
    List<List<String>> half = new ArrayList<>();
    for (int i = 0; i < rows.size(); i += 2) {
      half.add(rows.get(i));
    }
    return half;
  }
}
