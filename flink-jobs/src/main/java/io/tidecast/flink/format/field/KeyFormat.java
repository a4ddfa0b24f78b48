package io.tidecast.flink.format.field;

import io.tidecast.flink.registry.RegistrySettings;
import io.tidecast.flink.registry.SchemaRegistry;
import java.io.Serializable;
import org.jspecify.annotations.Nullable;

/** Says what the bytes of Kafka's keys are, and makes what reads them. */
public interface KeyFormat extends Serializable {

  /**
   * Returns a reader of keys for one thread.
   *
   * @param registry null where keys are read without one
   * @param setting that says what keys are, for messages
   */
  RecordTree tree(@Nullable SchemaRegistry registry, String setting);

  /** Returns the registry that keys are read with; null where they are read without one. */
  default @Nullable RegistrySettings registryOrNull() {
    return null;
  }
}
