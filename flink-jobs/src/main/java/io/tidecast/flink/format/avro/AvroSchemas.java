package io.tidecast.flink.format.avro;

import io.tidecast.flink.registry.RegisteredSchema;
import java.util.Map;
import org.apache.avro.AvroRuntimeException;
import org.apache.avro.NameValidator;
import org.apache.avro.Schema;

/** Parses Avro schemas of other people. */
public final class AvroSchemas {

  private AvroSchemas() {}

  /**
   * Returns the schema that a text is. Names and defaults that Avro would not take from a schema of
   * today do no harm, and are taken.
   *
   * @throws IllegalArgumentException if it is none
   */
  public static Schema parse(String text) {
    return parse(text, Map.of());
  }

  /**
   * Returns a schema of a registry, with the schemas that it refers to.
   *
   * @throws IllegalArgumentException if it is none
   */
  public static Schema parse(RegisteredSchema registered) {
    return parse(registered.text(), registered.references());
  }

  private static Schema parse(String text, Map<String, String> references) {
    try {
      Schema.Parser parser =
          new Schema.Parser(NameValidator.NO_VALIDATION).setValidateDefaults(false);
      references.values().forEach(parser::parse);
      return AvroNumbers.mended(parser.parse(text));
    } catch (AvroRuntimeException | StackOverflowError e) {
      throw new IllegalArgumentException("text must be an Avro schema", e);
    }
  }
}
