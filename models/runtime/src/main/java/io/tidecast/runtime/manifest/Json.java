package io.tidecast.runtime.manifest;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.exc.InputCoercionException;
import com.fasterxml.jackson.core.util.DefaultIndenter;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MapperFeature;
import com.fasterxml.jackson.databind.ObjectWriter;
import com.fasterxml.jackson.databind.exc.MismatchedInputException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.tidecast.graph.Shown;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Strict JSON for the files of a model: nothing unknown, nothing coerced, every refusal with its
 * key.
 */
public final class Json {

  private static final JsonMapper MAPPER =
      JsonMapper.builder()
          .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .enable(DeserializationFeature.FAIL_ON_NUMBERS_FOR_ENUMS)
          .enable(DeserializationFeature.FAIL_ON_READING_DUP_TREE_KEY)
          .disable(DeserializationFeature.ACCEPT_FLOAT_AS_INT)
          .disable(MapperFeature.ALLOW_COERCION_OF_SCALARS)
          .build();

  private static final ObjectWriter WRITER =
      MAPPER.writer(new DefaultPrettyPrinter().withObjectIndenter(new DefaultIndenter("  ", "\n")));

  private static final int MOST_OF_A_MESSAGE = 500;

  private Json() {}

  /**
   * Reads a file of a model's folder.
   *
   * @param most bytes that it may have
   */
  public static <T> T read(Path file, int most, Class<T> type) {
    byte[] bytes = ModelFiles.read(file, most, "as much as such a file needs");
    return parse(file.toString(), new String(bytes, StandardCharsets.UTF_8), type);
  }

  static <T> T parse(String source, String json, Class<T> type) {
    JsonNode tree;
    try {
      tree = MAPPER.readTree(json);
    } catch (JsonProcessingException e) {
      throw new ModelException(source + ": must be JSON: " + shown(e.getOriginalMessage()), e);
    }
    if (!tree.isObject()) {
      throw new ModelException(source + ": must be a JSON object: found " + tree.getNodeType());
    }
    refuseUnfilled(source, tree);
    refuseUnknownKeys(source, "", tree, type);
    try {
      return MAPPER.treeToValue(tree, type);
    } catch (JsonProcessingException e) {
      throw new ModelException(source + ": " + shown(explain(e, tree)), e);
    }
  }

  /** A message may hold text of the file, which may be long or do something to a terminal. */
  private static String shown(@Nullable String message) {
    return Shown.of(message == null ? "" : message, MOST_OF_A_MESSAGE);
  }

  /** Names all such keys at once, so that a draft is completed in one go. */
  private static void refuseUnfilled(String source, JsonNode tree) {
    List<String> keys = unfilled(tree);
    if (!keys.isEmpty()) {
      throw new ModelException(source + ": must be filled in first: " + String.join(", ", keys));
    }
  }

  /** Lists the keys of the values that only a person can give, such as {@code channels.mode}. */
  static List<String> unfilled(JsonNode tree) {
    List<String> keys = new ArrayList<>();
    findUnfilled("", tree, keys);
    return keys;
  }

  private static void findUnfilled(String at, JsonNode node, List<String> keys) {
    if (node.isTextual() && node.textValue().startsWith(ModelManifest.TO_FILL)) {
      keys.add(at);
    }
    for (int i = 0; node.isArray() && i < node.size(); i++) {
      findUnfilled(at + "[" + i + "]", node.get(i), keys);
    }
    for (Map.Entry<String, JsonNode> field : node.properties()) {
      String key = at.isEmpty() ? field.getKey() : at + "." + field.getKey();
      findUnfilled(key, field.getValue(), keys);
    }
  }

  /** Runs ahead of Jackson, which would rather miss the right key than tell of the misspelt one. */
  private static void refuseUnknownKeys(String source, String at, JsonNode node, Type type) {
    if (type instanceof ParameterizedType list && list.getRawType() == List.class) {
      for (int i = 0; i < node.size(); i++) {
        String item = at + "[" + i + "]";
        refuseUnknownKeys(source, item, node.path(i), list.getActualTypeArguments()[0]);
      }
    } else if (type instanceof Class<?> record && record.isRecord() && node.isObject()) {
      Map<String, Type> known = new LinkedHashMap<>();
      for (RecordComponent component : record.getRecordComponents()) {
        known.put(component.getName(), component.getGenericType());
      }
      for (Map.Entry<String, JsonNode> field : node.properties()) {
        String key = at.isEmpty() ? field.getKey() : at + "." + field.getKey();
        if (!known.containsKey(field.getKey())) {
          throw new ModelException(
              source + ": unknown key: " + shown(key) + "; known keys here: " + known.keySet());
        }
        refuseUnknownKeys(source, key, field.getValue(), known.get(field.getKey()));
      }
    }
  }

  private static String explain(JsonProcessingException problem, JsonNode tree) {
    if (!(problem instanceof JsonMappingException mapping)) {
      return problem.getOriginalMessage();
    }
    String key = key(mapping);
    if (mapping.getCause() instanceof IllegalArgumentException refused) {
      return (key.isEmpty() ? "" : key + ": ") + refused.getMessage();
    }
    if (mapping.getCause() instanceof InputCoercionException tooLarge) {
      return key
          + ": expected "
          + kind(tooLarge.getTargetType())
          + " that is not larger than it may be, found "
          + found(mapping, tree);
    }
    String expected =
        mapping instanceof MismatchedInputException mismatch && mismatch.getTargetType() != null
            ? kind(mismatch.getTargetType())
            : mapping.getOriginalMessage();
    return key + ": expected " + expected + ", found " + found(mapping, tree);
  }

  /** Returns what those who write JSON call a type. */
  private static String kind(Class<?> type) {
    if (type.isEnum()) {
      return "one of " + MAPPER.valueToTree(type.getEnumConstants());
    }
    if (type == String.class) {
      return "text";
    }
    if (type == int.class || type == Integer.class || type == Long.class) {
      return "an integer";
    }
    if (type == Boolean.class) {
      return "true or false";
    }
    if (type.isPrimitive() || Number.class.isAssignableFrom(type)) {
      return "a number";
    }
    return type.isArray() || Collection.class.isAssignableFrom(type) ? "a list" : "an object";
  }

  private static String key(JsonMappingException problem) {
    StringBuilder key = new StringBuilder();
    for (JsonMappingException.Reference step : problem.getPath()) {
      if (step.getFieldName() == null) {
        key.append('[').append(step.getIndex()).append(']');
      } else {
        key.append(key.length() == 0 ? "" : ".").append(step.getFieldName());
      }
    }
    return key.toString();
  }

  private static String found(JsonMappingException problem, JsonNode tree) {
    JsonNode node = tree;
    for (JsonMappingException.Reference step : problem.getPath()) {
      node =
          step.getFieldName() == null ? node.path(step.getIndex()) : node.path(step.getFieldName());
    }
    return node.isMissingNode() ? "nothing" : node.toString();
  }

  static String text(Object value) {
    try {
      return WRITER.writeValueAsString(value) + "\n";
    } catch (JsonProcessingException e) {
      throw new UncheckedIOException(e);
    }
  }

  public static void write(Path file, Object value) {
    try {
      Files.writeString(file, text(value));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
