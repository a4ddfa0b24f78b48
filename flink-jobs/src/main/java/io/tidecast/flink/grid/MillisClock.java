package io.tidecast.flink.grid;

import java.io.Serializable;

/** The wall clock; an operator is given another one in tests. */
public interface MillisClock extends Serializable {

  MillisClock SYSTEM = System::currentTimeMillis;

  /** Milliseconds since 1970-01-01T00:00:00Z. */
  long millis();
}
