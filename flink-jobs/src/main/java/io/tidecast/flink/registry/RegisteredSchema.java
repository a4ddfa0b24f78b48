package io.tidecast.flink.registry;

import static java.util.Objects.requireNonNull;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A schema as the registry has it.
 *
 * @param text of the schema, in the language of its kind
 * @param references the texts of the schemas that it refers to, by the names that it calls them:
 *     whole names of Avro, files of Protobuf. What another one refers to comes before that one
 */
public record RegisteredSchema(SchemaKind kind, String text, Map<String, String> references) {

  public RegisteredSchema {
    requireNonNull(kind, "kind is null");
    requireNonNull(text, "text is null");
    references = Collections.unmodifiableMap(new LinkedHashMap<>(references));
  }

  /** Returns a schema that refers to no other. */
  public static RegisteredSchema of(SchemaKind kind, String text) {
    return new RegisteredSchema(kind, text, Map.of());
  }
}
