package io.tidecast.flink.source.csv;

import io.tidecast.flink.record.ParsedMeasurement;
import io.tidecast.flink.record.SourceRecord;
import io.tidecast.runtime.csv.CsvLayout;
import java.io.Serializable;
import java.util.List;

/** Makes measurements of the lines of CSV files. */
public interface LineParser extends Serializable {

  /**
   * For one file.
   *
   * @param layout how it is read; it has all columns that are wanted
   * @param memory of the lines that were read before; empty at the beginning
   */
  OfFile ofFile(CsvLayout layout, byte[] memory);

  /** Makes measurements of the lines of one file. One thread. */
  interface OfFile {

    /**
     * What a line says, or why it says nothing: at least one outcome, in order. Never throws for
     * what the line holds.
     *
     * @param line as a record: its file is the topic, its number the offset
     */
    List<ParsedMeasurement> parse(SourceRecord line);

    /**
     * What later lines depend on of those before the last one: where series are while their clocks
     * go back. Hardly ever anything.
     */
    byte[] memory();
  }
}
