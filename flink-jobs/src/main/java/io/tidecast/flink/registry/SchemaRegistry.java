package io.tidecast.flink.registry;

import java.util.List;

/**
 * A schema registry with the API of Confluent's, which others speak too.
 *
 * <p>A method returns only with an answer of the registry. It waits, as long as the settings say,
 * for one that is away or overloaded, and then throws a {@link RegistryException}: that is no fault
 * of a record. Any thread.
 */
public interface SchemaRegistry {

  /**
   * Returns the schema that a record names.
   *
   * @throws UnknownSchemaException if the registry answers that it has none of that name
   * @throws RegistryException if it does not answer, or lets the job not in
   */
  RegisteredSchema schema(SchemaRef ref) throws UnknownSchemaException;

  /**
   * Returns the latest version of a subject.
   *
   * @throws UnknownSchemaException if there is no such subject
   * @throws RegistryException as above
   */
  RegisteredSchema latest(String subject) throws UnknownSchemaException;

  /**
   * Returns the id of a schema that is a version of a subject.
   *
   * @throws UnknownSchemaException if there is no such subject, or none of its versions is the
   *     schema
   * @throws RegistryException as above
   */
  int id(String subject, RegisteredSchema schema) throws UnknownSchemaException;

  /**
   * Registers a schema as the next version of a subject, unless it is one already.
   *
   * @return the id of the schema
   * @throws RegistryException as above, and if the registry refuses the schema
   */
  int register(String subject, RegisteredSchema schema);

  /**
   * Asks whether a schema could be the next version of a subject.
   *
   * @return what the registry has against it, a sentence of its own each; empty when it has
   *     nothing, or the subject has no version yet
   * @throws RegistryException as above
   */
  List<String> complaints(String subject, RegisteredSchema schema);

  /**
   * Asks for something that every registry has, so that a wrong address or password is found out.
   *
   * @throws RegistryException as above
   */
  void ping();
}
