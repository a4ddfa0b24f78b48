package io.tidecast.cli.swap;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.tidecast.flink.grid.Spelling;
import io.tidecast.flink.model.LoadStage;
import io.tidecast.flink.model.ModelEvent;
import java.io.IOException;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Reads events as {@code model-event.schema.json} has them. One thread. */
public final class EventJson {

  private final ObjectMapper mapper = new ObjectMapper();

  /** Reads an event; empty for what is none that this release knows. */
  public Optional<ModelEvent> read(byte @Nullable [] value) {
    if (value == null) {
      return Optional.empty();
    }
    try {
      JsonNode json = mapper.readTree(value);
      ModelEvent.Kind kind = constant(ModelEvent.Kind.values(), text(json, "kind"));
      Long time = millis(json, "time");
      if (kind == null || time == null || !json.path("parallelism").isInt()) {
        return Optional.empty();
      }
      return Optional.of(
          new ModelEvent(
              time,
              kind,
              text(json, "slot"),
              text(json, "commandId"),
              version(json),
              millis(json, "fromOrigin"),
              constant(LoadStage.values(), text(json, "stage")),
              text(json, "reason"),
              json.path("subtask").asInt(),
              json.path("parallelism").asInt(),
              contest(json)));
    } catch (IOException | DateTimeException e) {
      return Optional.empty();
    }
  }

  private static ModelEvent.@Nullable Version version(JsonNode json) {
    String place = text(json, "path");
    return place == null
        ? null
        : new ModelEvent.Version(
            place, text(json, "modelId"), text(json, "modelVersion"), text(json, "sha256"));
  }

  private static ModelEvent.@Nullable Contest contest(JsonNode json) {
    String metric = text(json, "metric");
    String other = text(json, "otherModelId");
    return metric == null || other == null
        ? null
        : new ModelEvent.Contest(
            metric,
            json.path("origins").asInt(),
            json.path("blocksWon").asInt(),
            json.path("blocksLost").asInt(),
            json.path("pValue").asDouble(),
            json.path("loss").asDouble(),
            other,
            text(json, "otherModelVersion"),
            json.path("otherLoss").asDouble());
  }

  private static @Nullable String text(JsonNode json, String name) {
    return json.path(name).textValue();
  }

  private static @Nullable Long millis(JsonNode json, String name) {
    String text = text(json, name);
    return text == null ? null : (Long) Instant.parse(text).toEpochMilli();
  }

  private static <E extends Enum<E>> @Nullable E constant(E[] constants, @Nullable String name) {
    for (E one : constants) {
      if (Spelling.of(one).equals(name)) {
        return one;
      }
    }
    return null;
  }
}
