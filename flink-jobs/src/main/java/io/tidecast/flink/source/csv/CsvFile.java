package io.tidecast.flink.source.csv;

import static java.util.Objects.requireNonNull;

import io.tidecast.flink.record.Measurement;
import io.tidecast.flink.record.ParsedMeasurement;
import io.tidecast.flink.record.SourceRecord;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One file as it is read, a line ahead of what was taken. One thread. */
final class CsvFile implements Closeable {

  private final String name;
  private final LineParser.OfFile parser;
  private final CsvLines lines;
  private long bytes;
  private long number;
  private long latestMillis;
  private @Nullable List<ParsedMeasurement> next;

  /**
   * @param parser of this file's columns
   */
  CsvFile(CsvSplit.Position position, LineParser.OfFile parser) throws IOException {
    this.name = position.file();
    this.parser = parser;
    this.latestMillis = position.latestMillis();
    this.lines = new CsvLines(Path.of(name), position.bytes(), position.lines());
    if (position.lines() == 0) {
      lines.next();
    }
    advance();
  }

  /** What the next line says; null after the last. */
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

  /** Takes the next line. */
  List<ParsedMeasurement> take() throws IOException {
    List<ParsedMeasurement> taken = there();
    latestMillis = millis();
    advance();
    return taken;
  }

  /** Up to what was taken. */
  CsvSplit.Position position() {
    return new CsvSplit.Position(name, bytes, number, latestMillis);
  }

  @Override
  public void close() throws IOException {
    lines.close();
  }

  private void advance() throws IOException {
    byte[] line;
    do {
      bytes = lines.position();
      number = lines.number();
      line = lines.next();
    } while (line != null && line.length == 0);
    next =
        line == null
            ? null
            : parser.parse(new SourceRecord(name, 0, lines.number(), -1, null, line));
  }
}
