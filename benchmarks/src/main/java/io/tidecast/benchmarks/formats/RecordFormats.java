package io.tidecast.benchmarks.formats;

import java.io.IOException;
import java.util.List;

/** Every format, and the schema registry that some of them need. */
public final class RecordFormats implements AutoCloseable {

  private final TwoSchemas registry;

  private RecordFormats(TwoSchemas registry) {
    this.registry = registry;
  }

  /** Starts the registry. */
  public static RecordFormats open() throws IOException {
    return new RecordFormats(TwoSchemas.serve());
  }

  public List<RecordFormat> all() {
    return List.of(
        new TidecastFormat(),
        new JsonFormat(),
        new AvroFormat(),
        new RegistryAvroFormat(registry.url()),
        new GuidAvroFormat(registry.url()),
        new ProtobufFormat(registry.url()),
        new JsonBatchFormat(),
        new InfluxFormat());
  }

  @Override
  public void close() {
    registry.close();
  }
}
