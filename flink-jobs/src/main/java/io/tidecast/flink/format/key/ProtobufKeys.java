package io.tidecast.flink.format.key;

import static java.util.Objects.requireNonNull;

import io.tidecast.flink.format.field.KeyFormat;
import io.tidecast.flink.format.field.KeyType;
import io.tidecast.flink.format.field.RecordTree;
import io.tidecast.flink.format.protobuf.MessageType;
import io.tidecast.flink.format.protobuf.ProtobufTree;
import io.tidecast.flink.registry.RegistrySettings;
import io.tidecast.flink.registry.SchemaRegistry;
import org.jspecify.annotations.Nullable;

/**
 * Keys that are Protobuf messages, each of which names the schema that wrote it.
 *
 * @param message that the mapping was held against
 * @param registry that has the schemas
 */
public record ProtobufKeys(MessageType message, RegistrySettings registry) implements KeyFormat {

  public ProtobufKeys {
    requireNonNull(message, "message is null");
    requireNonNull(registry, "registry is null");
  }

  @Override
  public RecordTree tree(@Nullable SchemaRegistry open, String setting) {
    return new SchemaKey(ProtobufTree.ofKeys(message, open), KeyType.PROTOBUF, setting);
  }

  @Override
  public RegistrySettings registryOrNull() {
    return registry;
  }
}
