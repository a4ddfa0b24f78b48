package io.tidecast.flink.source.csv;

import static java.util.Objects.requireNonNull;

import io.tidecast.flink.format.SourceFormat.Order;
import io.tidecast.flink.record.Measurement;
import io.tidecast.flink.record.ParsedMeasurement;
import io.tidecast.flink.record.SourceRecord;
import io.tidecast.runtime.csv.CsvLayout;
import io.tidecast.runtime.csv.CsvRecord;
import io.tidecast.runtime.csv.CsvRows;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One file as it is read, a record ahead of what was taken. One thread. */
final class CsvFile implements Closeable {

  private final String name;
  private final Order order;
  private final LineParser.OfFile parser;
  private final CsvRows rows;
  private long latestMillis;

  /** Up to what was taken. */
  private CsvSplit.Position position;

  private @Nullable CsvRecord record;
  private @Nullable List<ParsedMeasurement> next;

  /**
   * @param parser of this file's columns
   */
  CsvFile(CsvSplit.Position position, Order order, CsvLayout layout, LineParser.OfFile parser)
      throws IOException {
    this.name = position.file();
    this.order = order;
    this.parser = parser;
    this.position = position;
    this.latestMillis = position.latestMillis();
    this.rows = rows(layout);
    advance();
  }

  /** What the next record says; null after the last. */
  @Nullable List<ParsedMeasurement> next() {
    return next;
  }

  private List<ParsedMeasurement> there() {
    return requireNonNull(next, "next is null");
  }

  /** The latest time of its observations up to and with the next. */
  long millis() {
    long millis = latestMillis;
    for (ParsedMeasurement one : there()) {
      Measurement accepted = one.accepted();
      millis = accepted == null ? millis : Math.max(millis, accepted.timeMillis());
    }
    return millis;
  }

  /** Takes the next record. */
  List<ParsedMeasurement> take() throws IOException {
    List<ParsedMeasurement> taken = there();
    CsvRecord read = requireNonNull(record, "record is null");
    latestMillis = millis();
    position =
        switch (order) {
          case OLDEST_FIRST ->
              new CsvSplit.Position(
                  name, read.end(), read.lines(), latestMillis, CsvSplit.NO_MEMORY);
          case NEWEST_FIRST ->
              new CsvSplit.Position(name, -read.end(), 0, latestMillis, CsvSplit.NO_MEMORY);
        };
    advance();
    return taken;
  }

  /** Up to what was taken. */
  CsvSplit.Position position() {
    return position.with(parser.memory());
  }

  @Override
  public void close() throws IOException {
    rows.close();
  }

  private CsvRows rows(CsvLayout layout) throws IOException {
    long from = position.bytes();
    if (from != 0 && from < 0 != (order == Order.NEWEST_FIRST)) {
      throw new IOException(
          "source.order must stay what it was, for the file is read in part: " + name);
    }
    return switch (order) {
      case OLDEST_FIRST -> layout.open(Path.of(name), from, position.lines());
      case NEWEST_FIRST -> layout.openBackwards(Path.of(name), from == 0 ? Long.MAX_VALUE : -from);
    };
  }

  private void advance() throws IOException {
    record = rows.next();
    next =
        record == null
            ? null
            : parser.parse(new SourceRecord(name, 0, record.line(), -1, null, record.bytes()));
  }
}
