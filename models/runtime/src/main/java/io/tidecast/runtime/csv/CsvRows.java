package io.tidecast.runtime.csv;

import java.io.Closeable;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** Reads the records of one file after the other. One thread uses it. */
public interface CsvRows extends Closeable {

  /** Returns the next record; null after the last. */
  @Nullable CsvRecord next() throws IOException;
}
