package io.tidecast.flink.format.key;

import static java.util.Objects.requireNonNull;

import io.tidecast.flink.format.field.KeyFormat;
import io.tidecast.flink.format.field.KeyType;
import io.tidecast.flink.format.field.RecordTree;
import io.tidecast.flink.registry.SchemaRegistry;
import org.jspecify.annotations.Nullable;

/** Keys of a type that says everything of them. */
public record DeclaredKeys(KeyType type) implements KeyFormat {

  public DeclaredKeys {
    requireNonNull(type, "type is null");
  }

  @Override
  public RecordTree tree(@Nullable SchemaRegistry registry, String setting) {
    return KeyTrees.of(type, setting);
  }
}
