package io.tidecast.runtime;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.util.DefaultIndenter;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MapperFeature;
import com.fasterxml.jackson.databind.ObjectWriter;
import com.fasterxml.jackson.databind.exc.MismatchedInputException;
import com.fasterxml.jackson.databind.exc.UnrecognizedPropertyException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Strict JSON for the files of a model: nothing unknown, nothing coerced, every refusal with its
 * key.
 */
final class Json {

  private static final JsonMapper MAPPER =
      JsonMapper.builder()
          .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
          .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .enable(DeserializationFeature.FAIL_ON_NUMBERS_FOR_ENUMS)
          .enable(DeserializationFeature.FAIL_ON_READING_DUP_TREE_KEY)
          .disable(DeserializationFeature.ACCEPT_FLOAT_AS_INT)
          .disable(MapperFeature.ALLOW_COERCION_OF_SCALARS)
          .build();

  private static final ObjectWriter WRITER =
      MAPPER.writer(new DefaultPrettyPrinter().withObjectIndenter(new DefaultIndenter("  ", "\n")));

  private Json() {}

  static <T> T read(Path file, Class<T> type) {
    try {
      return parse(file.toString(), Files.readString(file), type);
    } catch (IOException e) {
      throw new ModelException("must be a readable file: " + file, e);
    }
  }

  static <T> T parse(String source, String json, Class<T> type) {
    JsonNode tree;
    try {
      tree = MAPPER.readTree(json);
    } catch (JsonProcessingException e) {
      throw new ModelException(source + ": must be JSON: " + e.getOriginalMessage(), e);
    }
    try {
      return MAPPER.treeToValue(tree, type);
    } catch (JsonProcessingException e) {
      throw new ModelException(source + ": " + explain(e, tree), e);
    }
  }

  private static String explain(JsonProcessingException problem, JsonNode tree) {
    if (!(problem instanceof JsonMappingException mapping)) {
      return problem.getOriginalMessage();
    }
    String key = key(mapping);
    if (mapping instanceof UnrecognizedPropertyException unknown) {
      return "unknown key: " + key + "; known keys here: " + unknown.getKnownPropertyIds();
    }
    if (mapping.getCause() instanceof IllegalArgumentException refused) {
      return (key.isEmpty() ? "" : key + ": ") + refused.getMessage();
    }
    String expected =
        mapping instanceof MismatchedInputException mismatch && mismatch.getTargetType() != null
            ? mismatch.getTargetType().getSimpleName()
            : mapping.getOriginalMessage();
    return key + ": expected " + expected + ", found " + found(mapping, tree);
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

  static void write(Path file, Object value) {
    try {
      Files.writeString(file, text(value));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
