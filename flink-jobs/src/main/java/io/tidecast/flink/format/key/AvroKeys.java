package io.tidecast.flink.format.key;

import static java.util.Objects.requireNonNull;

import io.tidecast.flink.format.avro.AvroTree;
import io.tidecast.flink.format.avro.Writers;
import io.tidecast.flink.format.field.KeyFormat;
import io.tidecast.flink.format.field.KeyType;
import io.tidecast.flink.format.field.RecordTree;
import io.tidecast.flink.format.schema.Written;
import io.tidecast.flink.registry.RegistrySettings;
import io.tidecast.flink.registry.SchemaRegistry;
import org.apache.avro.Schema;
import org.jspecify.annotations.Nullable;

/**
 * Keys in Avro's binary encoding, each of which names the schema that wrote it.
 *
 * @param schema that the mapping was held against
 * @param registry that has the schemas
 */
public record AvroKeys(Schema schema, RegistrySettings registry) implements KeyFormat {

  public AvroKeys {
    requireNonNull(schema, "schema is null");
    requireNonNull(registry, "registry is null");
  }

  @Override
  public RecordTree tree(@Nullable SchemaRegistry open, String setting) {
    Written written = new Written.Registered(registry);
    AvroTree tree = AvroTree.ofKeys(new Writers(schema, written, open, setting));
    return new SchemaKey(tree, KeyType.AVRO, setting);
  }

  @Override
  public RegistrySettings registryOrNull() {
    return registry;
  }
}
