package io.tidecast.flink.registry.http;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tidecast.flink.registry.RegisteredSchema;
import io.tidecast.flink.registry.RegistryException;
import io.tidecast.flink.registry.RegistrySettings;
import io.tidecast.flink.registry.RegistryWatcher;
import io.tidecast.flink.registry.SchemaKind;
import io.tidecast.flink.registry.SchemaRef;
import io.tidecast.flink.registry.SchemaRegistry;
import io.tidecast.flink.registry.UnknownSchemaException;
import io.tidecast.flink.secret.Secrets;
import io.tidecast.flink.secret.UnresolvedException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Speaks the API of Confluent's Schema Registry, version 1 of its media type. Any thread. */
public final class HttpSchemaRegistry implements SchemaRegistry {

  /** Schemas that refer to more are not what people write. */
  private static final int MOST_REFERENCES = 1_000;

  private final RegistryHttp http;
  private final String shown;

  HttpSchemaRegistry(RegistryHttp http, RegistrySettings settings) {
    this.http = http;
    this.shown = String.join(", ", settings.urls().stream().map(RegistryHttp::shown).toList());
  }

  /**
   * Opens a registry, and remembers what it has answered. Nothing is asked yet.
   *
   * @throws RegistryException if a file of certificates or a secret cannot be used
   */
  public static SchemaRegistry open(RegistrySettings settings, RegistryWatcher watcher) {
    return open(settings, watcher, Pauses.REAL);
  }

  static SchemaRegistry open(RegistrySettings settings, RegistryWatcher watcher, Pauses pauses) {
    Secrets secrets = Secrets.ofThisProcess();
    RegistryHttp http =
        new RegistryHttp(settings, written -> meant(secrets, written), watcher, pauses);
    return new CachedSchemaRegistry(new HttpSchemaRegistry(http, settings), pauses);
  }

  private static String meant(Secrets secrets, String written) {
    try {
      return secrets.resolve(written);
    } catch (UnresolvedException | IllegalArgumentException e) {
      throw new RegistryException("%s, of a key of registry".formatted(e.getMessage()), e);
    }
  }

  @Override
  public RegisteredSchema schema(SchemaRef ref) throws UnknownSchemaException {
    boolean byId = ref instanceof SchemaRef.Id;
    String path =
        ref instanceof SchemaRef.Id id
            ? "/schemas/ids/" + id.id()
            : "/schemas/guids/" + ((SchemaRef.Guid) ref).guid();
    Answer answer = http.get(path);
    if (answer.isUnknown()) {
      throw new UnknownSchemaException("schema must be known to the registry: %s".formatted(ref));
    }
    if (!byId && answer.isNoPath()) {
      // One such record must not stop a job whose registry is good for all others.
      throw new UnknownSchemaException(
          "schema must be known to the registry, which seems too old for GUIDs: %s".formatted(ref));
    }
    return resolved(good(answer));
  }

  @Override
  public RegisteredSchema latest(String subject) throws UnknownSchemaException {
    return resolved(version(subject, "latest"));
  }

  @Override
  public int id(String subject, RegisteredSchema schema) throws UnknownSchemaException {
    Answer answer = http.ask("/subjects/%s".formatted(encoded(subject)), body(schema));
    if (answer.isUnknown()) {
      throw new UnknownSchemaException(
          "schema must be a version of the subject: subject=%s".formatted(subject));
    }
    JsonNode id = good(answer).path("id");
    if (!id.isInt()) {
      throw new RegistryException(
          "schema registry must answer with the id of a schema: registry.url=%s".formatted(shown));
    }
    return id.asInt();
  }

  @Override
  public int register(String subject, RegisteredSchema schema) {
    Answer answer = http.ask("/subjects/%s/versions".formatted(encoded(subject)), body(schema));
    if (answer.isGood() && body(answer).path("id").isInt()) {
      return body(answer).path("id").asInt();
    }
    throw new RegistryException(
        "schema registry must take the schema: subject=%s, %s"
            .formatted(subject, answer.message()));
  }

  @Override
  public List<String> complaints(String subject, RegisteredSchema schema) {
    Answer answer =
        http.ask(
            "/compatibility/subjects/%s/versions/latest?verbose=true".formatted(encoded(subject)),
            body(schema));
    if (answer.isUnknown()) {
      return List.of();
    }
    JsonNode body = good(answer);
    if (body.path("is_compatible").asBoolean(false)) {
      return List.of();
    }
    List<String> complaints = new ArrayList<>();
    body.path("messages").forEach(one -> complaints.add(one.asText()));
    return complaints.isEmpty() ? List.of("it is not compatible") : complaints;
  }

  @Override
  public void ping() {
    good(http.get("/schemas/types"));
  }

  private JsonNode version(String subject, String version) throws UnknownSchemaException {
    Answer answer = http.get("/subjects/%s/versions/%s".formatted(encoded(subject), version));
    if (answer.isUnknown()) {
      throw new UnknownSchemaException(
          "subject must be known to the registry: subject=%s, version=%s"
              .formatted(subject, version));
    }
    return good(answer);
  }

  private JsonNode good(Answer answer) {
    if (answer.isNoPath()) {
      throw new RegistryException(
          "must be the address of a schema registry: registry.url=%s, %s; some have a path, such as /apis/ccompat/v7"
              .formatted(shown, answer.message()));
    }
    if (!answer.isGood()) {
      throw new RegistryException(
          "schema registry must answer what it is asked: registry.url=%s, %s"
              .formatted(shown, answer.message()));
    }
    return body(answer);
  }

  private JsonNode body(Answer answer) {
    JsonNode body = answer.body();
    if (body == null) {
      throw new RegistryException(
          "schema registry must answer in JSON: registry.url=%s".formatted(shown));
    }
    return body;
  }

  private RegisteredSchema resolved(JsonNode found) throws UnknownSchemaException {
    Map<String, String> references = new LinkedHashMap<>();
    addReferences(found, references, 0);
    return new RegisteredSchema(kind(found), text(found), references);
  }

  /** Adds what a schema refers to, and before that what this refers to. */
  private void addReferences(JsonNode schema, Map<String, String> references, int depth)
      throws UnknownSchemaException {
    for (JsonNode one : schema.path("references")) {
      String name = one.path("name").asText();
      if (references.containsKey(name)) {
        continue;
      }
      if (depth > MOST_REFERENCES || references.size() > MOST_REFERENCES) {
        throw new UnknownSchemaException(
            "schema must not refer to more than %d others: %s".formatted(MOST_REFERENCES, name));
      }
      JsonNode referred = version(one.path("subject").asText(), one.path("version").asText());
      addReferences(referred, references, depth + 1);
      references.put(name, text(referred));
    }
  }

  private SchemaKind kind(JsonNode found) throws UnknownSchemaException {
    // Absent for Avro.
    String type = found.path("schemaType").asText("AVRO");
    for (SchemaKind kind : SchemaKind.values()) {
      if (kind.name().equals(type)) {
        return kind;
      }
    }
    throw new UnknownSchemaException(
        "schema must be of Avro, JSON Schema or Protobuf: schemaType=%s".formatted(type));
  }

  private String text(JsonNode found) {
    JsonNode schema = found.path("schema");
    if (!schema.isTextual()) {
      throw new RegistryException(
          "schema registry must answer with a schema: registry.url=%s".formatted(shown));
    }
    return schema.asText();
  }

  private static ObjectNode body(RegisteredSchema schema) {
    ObjectNode body = JsonNodeFactory.instance.objectNode().put("schema", schema.text());
    return schema.kind() == SchemaKind.AVRO ? body : body.put("schemaType", schema.kind().name());
  }

  private static String encoded(@Nullable String subject) {
    return URLEncoder.encode(String.valueOf(subject), StandardCharsets.UTF_8).replace("+", "%20");
  }
}
