package io.tidecast.flink.registry;

import java.io.Serializable;
import java.util.UUID;

/** Names a schema in a registry, as the bytes or a header of a record do. */
public sealed interface SchemaRef extends Serializable {

  /** A number that the registry has given it. */
  record Id(int id) implements SchemaRef {

    @Override
    public String toString() {
      return "id " + id;
    }
  }

  /** A name that is the same in every registry. */
  record Guid(UUID guid) implements SchemaRef {

    @Override
    public String toString() {
      return "GUID " + guid;
    }
  }
}
