package io.tidecast.flink.commands;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import io.tidecast.flink.format.field.RecordTree.Child;
import io.tidecast.flink.format.field.RefusedException;
import io.tidecast.flink.format.json.JsonTree;
import io.tidecast.flink.grid.Spelling;
import io.tidecast.flink.model.ModelCommand;
import io.tidecast.flink.model.ModelCommand.Action;
import io.tidecast.flink.model.ModelFolder;
import io.tidecast.flink.model.ModelSlot;
import io.tidecast.schemas.ErrorCode;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Arrays;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Commands as JSON, as {@code model-command.schema.json} has them: {@code {"action": "activate",
 * "path": "s3://models/demand/3"}}. A field that is not known is refused, for a command that was
 * half understood would be followed as another one. One thread uses it.
 */
public final class CommandJson {

  private static final String ID = "id";
  private static final String ACTION = "action";
  private static final String SLOT = "slot";
  private static final String PATH = "path";
  private static final String SHA256 = "sha256";
  private static final String FROM_ORIGIN = "fromOrigin";
  private static final List<String> ALL = List.of(ID, ACTION, SLOT, PATH, SHA256, FROM_ORIGIN);

  private static final Pattern HEXADECIMAL = Pattern.compile("[0-9a-fA-F]{64}");
  private static final int MAX_NAME_CHARS = 255;
  private static final int MAX_PATH_CHARS = 4_096;

  private static final String ACTIONS =
      Arrays.stream(Action.values()).map(Spelling::of).collect(Collectors.joining(", "));

  private static final JsonFactory FACTORY = new JsonFactory();

  private final JsonTree tree = new JsonTree();

  /**
   * Reads a command.
   *
   * @param ownId what it is called if it does not say so
   * @throws RefusedException if it is none, saying why
   */
  public ModelCommand read(byte @Nullable [] value, String ownId) throws RefusedException {
    Map<String, Object> fields = fields(value);
    Action action = action(fields.get(ACTION));
    String id = text(fields, ID, MAX_NAME_CHARS);
    String slot = text(fields, SLOT, MAX_NAME_CHARS);
    return new ModelCommand(
        id == null ? ownId : id,
        action,
        slot == null ? ModelSlot.DEFAULT : slot,
        place(fields, action),
        sha256(fields, action),
        fromOrigin(fields, action));
  }

  private Map<String, Object> fields(byte @Nullable [] value) throws RefusedException {
    if (value == null || value.length == 0) {
      throw new RefusedException(ErrorCode.MALFORMED, "value must not be empty");
    }
    Object root = tree.decode(value);
    // A text may have JSON in it, which is for others to look at.
    Iterator<Child> children = tree.scalar(root) instanceof String ? null : tree.children(root);
    if (children == null || tree.length(root) >= 0) {
      throw new RefusedException(
          ErrorCode.MALFORMED, "value must be a JSON object with the fields of a command");
    }
    Map<String, Object> fields = new LinkedHashMap<>();
    while (children.hasNext()) {
      Child child = children.next();
      String name = String.valueOf(child.key());
      if (!ALL.contains(name)) {
        throw new RefusedException(
            ErrorCode.INVALID_FIELD,
            "field must be one of %s: %s"
                .formatted(
                    String.join(", ", ALL),
                    name.substring(0, Math.min(name.length(), MAX_NAME_CHARS))));
      }
      if (child.node() != null) {
        fields.put(name, tree.scalar(child.node()));
      }
    }
    return fields;
  }

  private static Action action(@Nullable Object found) throws RefusedException {
    if (found == null) {
      throw missing(ACTION, "one of " + ACTIONS);
    }
    for (Action action : Action.values()) {
      if (Spelling.of(action).equals(found)) {
        return action;
      }
    }
    throw RefusedException.field(ACTION, "one of " + ACTIONS, found);
  }

  private static @Nullable String text(Map<String, Object> fields, String name, int maxChars)
      throws RefusedException {
    Object found = fields.get(name);
    if (found == null) {
      return null;
    }
    if (!(found instanceof String text) || text.isBlank() || text.length() > maxChars) {
      throw RefusedException.field(
          name, "text of 1 to %d characters, not all blank".formatted(maxChars), found);
    }
    return text;
  }

  private static @Nullable String place(Map<String, Object> fields, Action action)
      throws RefusedException {
    String place = text(fields, PATH, MAX_PATH_CHARS);
    if (action == Action.ROLL_BACK) {
      refuse(PATH, place, "left out of a roll-back, which goes to the version before");
      return null;
    }
    if (place == null) {
      throw missing(PATH, "the folder of the version, such as s3://models/demand/3");
    }
    if (!isWhole(place)) {
      throw RefusedException.field(
          PATH,
          "a URI, or a path from the root on, for each machine has a working directory of its own",
          place);
    }
    return place;
  }

  private static boolean isWhole(String place) {
    try {
      return ModelFolder.isWhole(place);
    } catch (IllegalArgumentException e) {
      return false;
    }
  }

  private static @Nullable String sha256(Map<String, Object> fields, Action action)
      throws RefusedException {
    Object found = fields.get(SHA256);
    if (action == Action.ROLL_BACK) {
      refuse(SHA256, found, "left out of a roll-back, which goes to the version before");
    }
    if (found == null) {
      return null;
    }
    if (!(found instanceof String text) || !HEXADECIMAL.matcher(text).matches()) {
      throw RefusedException.field(SHA256, "the 64 hexadecimal digits of a SHA-256", found);
    }
    return text.toLowerCase(Locale.ROOT);
  }

  private static @Nullable Long fromOrigin(Map<String, Object> fields, Action action)
      throws RefusedException {
    Object found = fields.get(FROM_ORIGIN);
    if (found == null) {
      return null;
    }
    if (action != Action.ACTIVATE && action != Action.ROLL_BACK) {
      refuse(FROM_ORIGIN, found, "left out where action is neither activate nor roll-back");
    }
    try {
      if (found instanceof String text) {
        return OffsetDateTime.parse(text).toInstant().toEpochMilli();
      }
    } catch (DateTimeException | ArithmeticException e) {
      // Told below, as of any other value.
    }
    throw RefusedException.field(
        FROM_ORIGIN, "a time of ISO 8601 with its zone, such as 2026-11-30T00:00:00Z", found);
  }

  private static void refuse(String name, @Nullable Object found, String requirement)
      throws RefusedException {
    if (found != null) {
      throw RefusedException.field(name, requirement, found);
    }
  }

  private static RefusedException missing(String name, String what) {
    return new RefusedException(
        ErrorCode.MISSING_FIELD, "field must be there and not null: %s, %s".formatted(name, what));
  }

  /** Writes a command, without the fields that it does not have. */
  public static byte[] write(ModelCommand command) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (JsonGenerator json = FACTORY.createGenerator(bytes)) {
      json.writeStartObject();
      json.writeStringField(ID, command.id());
      json.writeStringField(ACTION, Spelling.of(command.action()));
      json.writeStringField(SLOT, command.slot());
      if (command.place() != null) {
        json.writeStringField(PATH, command.place());
      }
      if (command.sha256() != null) {
        json.writeStringField(SHA256, command.sha256());
      }
      Long from = command.fromOriginMillis();
      if (from != null) {
        json.writeStringField(FROM_ORIGIN, Instant.ofEpochMilli(from).toString());
      }
      json.writeEndObject();
    } catch (IOException impossible) {
      throw new UncheckedIOException(impossible);
    }
    return bytes.toByteArray();
  }
}
