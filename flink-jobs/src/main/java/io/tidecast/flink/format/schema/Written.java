package io.tidecast.flink.format.schema;

import static java.util.Objects.requireNonNull;

import io.tidecast.flink.registry.RegistrySettings;
import io.tidecast.flink.registry.SchemaRef;
import java.io.Serializable;
import java.util.Map;
import java.util.TreeMap;
import org.apache.avro.Schema;
import org.jspecify.annotations.Nullable;

/** Says where the schema is found that an Avro record was written with. */
public sealed interface Written extends Serializable {

  /** Every record was written with the schema that the mapping was held against. */
  record Unframed() implements Written {}

  /**
   * Every record names its schema, and all name the same one: that of the mapping.
   *
   * @param named what the first records of the topic name; null where that is not yet known, and no
   *     record can be read
   */
  record OneId(@Nullable SchemaRef named) implements Written {}

  /** Every record names its schema by one of these ids. */
  record Declared(Map<Integer, Schema> schemas) implements Written {

    public Declared {
      schemas = Map.copyOf(schemas);
    }

    /** Shows them in the order of their ids, so that the text is the same in every process. */
    @Override
    public String toString() {
      return "Declared[schemas=" + new TreeMap<>(schemas) + "]";
    }
  }

  /** Every record names its schema, and a registry has it. */
  record Registered(RegistrySettings registry) implements Written {

    public Registered {
      requireNonNull(registry, "registry is null");
    }
  }

  /** Returns the registry to ask; null where there is none. */
  default @Nullable RegistrySettings registryOrNull() {
    return this instanceof Registered registered ? registered.registry() : null;
  }
}
