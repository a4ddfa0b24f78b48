package io.tidecast.postgres.rows;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Set;
import java.util.UUID;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;

/** Makes rows of what happens to models, and of the models that there are. */
final class ModelRows {

  private static final ObjectReader READER =
      JsonMapper.builder()
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build()
          .readerFor(JsonNode.class);

  /** What an event says of a version that stays true until another one says something else. */
  private static final Set<String> STATES =
      Set.of("ready", "switched", "shadowed", "retired", "failed");

  private ModelRows() {}

  /** A model that a forecast or a score names. */
  static Row seen(String modelId, String modelVersion, Instant at) {
    return Row.of(Table.MODELS, modelId, modelVersion, at, null, null, null, null, null);
  }

  /** Makes a row of an event, and one of the model that it is about. */
  static void event(ConsumerRecord<byte[], byte[]> record, Consumer<Row> out) {
    if (record.value() == null) {
      throw new IllegalArgumentException("the record must have a value");
    }
    String text = new String(record.value(), StandardCharsets.UTF_8);
    JsonNode event = object(record.value());
    Instant time = time(event, "time");
    String kind = text(event, "kind");
    if (time == null || kind == null) {
      throw new IllegalArgumentException("event must have the fields time and kind");
    }
    if (text.contains("\\u0000")) {
      throw new UnstorableException(
          "text must not have the character U+0000, which PostgreSQL cannot hold");
    }
    String slot = text(event, "slot");
    String path = text(event, "path");
    String modelId = text(event, "modelId");
    String modelVersion = text(event, "modelVersion");
    String sha256 = text(event, "sha256");
    out.accept(
        Row.of(
            Table.EVENTS,
            time,
            UUID.nameUUIDFromBytes(record.value()),
            kind,
            slot,
            text(event, "commandId"),
            path,
            modelId,
            modelVersion,
            sha256,
            time(event, "fromOrigin"),
            text(event, "stage"),
            text(event, "reason"),
            whole(event, "subtask"),
            whole(event, "parallelism"),
            text));
    if (modelId != null && modelVersion != null) {
      out.accept(
          STATES.contains(kind)
              ? Row.of(Table.MODELS, modelId, modelVersion, time, kind, time, slot, path, sha256)
              : seen(modelId, modelVersion, time));
    }
  }

  private static JsonNode object(byte[] value) {
    try {
      JsonNode root = READER.readValue(value);
      if (root.isObject()) {
        return root;
      }
    } catch (IOException e) {
      throw new IllegalArgumentException(
          "value must be one JSON object: %d bytes".formatted(value.length), e);
    }
    throw new IllegalArgumentException("value must be a JSON object");
  }

  private static @Nullable String text(JsonNode event, String name) {
    String text = event.path(name).textValue();
    return text == null ? null : Column.text(name, text);
  }

  private static @Nullable Integer whole(JsonNode event, String name) {
    return event.path(name).isInt() ? (Integer) event.path(name).intValue() : null;
  }

  private static @Nullable Instant time(JsonNode event, String name) {
    String text = text(event, name);
    try {
      return text == null ? null : Column.time(name, Instant.parse(text));
    } catch (DateTimeException e) {
      throw new IllegalArgumentException(
          "field must be a time in UTC: %s=%s".formatted(name, text), e);
    }
  }
}
