package io.tidecast.flink.sink.record.write;

import java.io.IOException;

/** Writes records of one kind, one after another into the same memory. One thread. */
public interface RecordWriter extends Fields {

  /** Begins a record, whatever became of the one before. */
  void begin() throws IOException;

  /** Ends the record that was begun and returns its bytes in a new array. */
  byte[] end() throws IOException;
}
