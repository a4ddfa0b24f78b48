package io.tidecast.benchmarks.fuzz;

import java.util.List;

/** Every format that is fed. */
final class FuzzFormats {

  private FuzzFormats() {}

  static List<FuzzFormat> all() {
    return List.of(new TidecastFormat(), new JsonFormat(), new AvroFormat());
  }
}
