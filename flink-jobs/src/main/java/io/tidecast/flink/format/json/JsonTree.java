package io.tidecast.flink.format.json;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import com.fasterxml.jackson.core.io.JsonEOFException;
import com.fasterxml.jackson.core.json.JsonReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.exc.MismatchedInputException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tidecast.flink.format.field.FieldPath.Step;
import io.tidecast.flink.format.field.RecordTree;
import io.tidecast.flink.format.field.RefusedException;
import io.tidecast.schemas.ErrorCode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Iterator;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Reads JSON as RFC 8259 has it: no duplicate names, and nothing after the value. Beyond that, a
 * number may be {@code NaN} or infinite, as many write it. What goes on into a text finds the JSON
 * that is in it, as it is or in base64. One thread uses it.
 */
public final class JsonTree implements RecordTree {

  private final ObjectReader reader =
      JsonMapper.builder(
              // Names are the producers'; interned, they would stay for ever.
              JsonFactory.builder().disable(JsonFactory.Feature.INTERN_FIELD_NAMES).build())
          .enable(JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS)
          .enable(DeserializationFeature.FAIL_ON_READING_DUP_TREE_KEY)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build()
          .reader();

  /** Is the last text that was gone into, with what is in it: the paths of a record share it. */
  private @Nullable JsonNode text;

  private @Nullable JsonNode inText;

  @Override
  public Object decode(byte[] value) throws RefusedException {
    return read(value, "value must be one whole JSON value");
  }

  private JsonNode read(byte[] value, String requirement) throws RefusedException {
    try {
      JsonNode root = reader.readTree(value);
      if (root.isMissingNode()) {
        throw malformed(requirement, "there is nothing but white space");
      }
      return root;
    } catch (JsonProcessingException e) {
      throw malformed(requirement, why(e, value) + at(e));
    } catch (IOException | RuntimeException e) {
      throw malformed(requirement, "it cannot be read");
    }
  }

  @Override
  public @Nullable Object child(Object node, Step step) throws RefusedException {
    JsonNode parent = opened((JsonNode) node);
    if (parent == null || (step.name() != null ? !parent.isObject() : !parent.isArray())) {
      return NO_PARENT;
    }
    JsonNode child = step.name() != null ? parent.get(step.name()) : parent.get(step.index());
    return orNull(child);
  }

  @Override
  public Object scalar(Object node) {
    JsonNode leaf = (JsonNode) node;
    return switch (leaf.getNodeType()) {
      case NUMBER -> leaf.numberValue();
      case STRING -> leaf.textValue();
      case BOOLEAN -> leaf.booleanValue();
      case ARRAY, BINARY, MISSING, NULL, OBJECT, POJO -> leaf;
    };
  }

  @Override
  public @Nullable Iterator<Child> children(Object node) throws RefusedException {
    JsonNode parent = opened((JsonNode) node);
    if (parent instanceof ObjectNode object) {
      Iterator<Map.Entry<String, JsonNode>> fields = object.properties().iterator();
      return new Children() {
        @Override
        public boolean hasNext() {
          return fields.hasNext();
        }

        @Override
        public Child next() {
          Map.Entry<String, JsonNode> field = fields.next();
          return new Child(field.getKey(), orNull(field.getValue()));
        }
      };
    }
    if (parent == null || !parent.isArray()) {
      return null;
    }
    Iterator<JsonNode> elements = parent.elements();
    return new Children() {
      private int index;

      @Override
      public boolean hasNext() {
        return elements.hasNext();
      }

      @Override
      public Child next() {
        return new Child(index++, orNull(elements.next()));
      }
    };
  }

  @Override
  public int length(Object node) throws RefusedException {
    JsonNode array = opened((JsonNode) node);
    return array != null && array.isArray() ? array.size() : -1;
  }

  private interface Children extends Iterator<Child> {}

  private static @Nullable JsonNode orNull(@Nullable JsonNode node) {
    return node == null || node.isNull() ? null : node;
  }

  /** Returns the node, or what is in it where it is a text; null if that is no JSON. */
  @SuppressWarnings("ReferenceEquality") // Another text may read the same, and need not.
  private @Nullable JsonNode opened(JsonNode node) throws RefusedException {
    if (!node.isTextual()) {
      return node;
    }
    if (node == text) {
      return inText;
    }
    JsonNode found = null;
    String json = node.textValue().strip();
    if (isStructure(json)) {
      found = read(json.getBytes(StandardCharsets.UTF_8), "text must be one whole JSON value");
    } else {
      byte[] decoded = base64(json);
      if (decoded != null && isStructure(start(decoded))) {
        found = read(decoded, "text must be one whole JSON value in base64");
      }
    }
    text = node;
    inText = found;
    return found;
  }

  private static boolean isStructure(String json) {
    return json.startsWith("{") || json.startsWith("[");
  }

  private static String start(byte[] bytes) {
    return new String(bytes, 0, Math.min(bytes.length, 16), StandardCharsets.ISO_8859_1).strip();
  }

  private static byte @Nullable [] base64(String text) {
    try {
      boolean url = text.indexOf('-') >= 0 || text.indexOf('_') >= 0;
      return (url ? Base64.getUrlDecoder() : Base64.getDecoder()).decode(text);
    } catch (IllegalArgumentException e) {
      return null;
    }
  }

  /** Says what is wrong in words that are about JSON, and not about what reads it. */
  private static String why(JsonProcessingException e, byte[] value) {
    if (e instanceof StreamConstraintsException) {
      return "it is nested too deep, or a text, name or number in it is too long";
    }
    if (e instanceof JsonEOFException) {
      return "it ends before it is complete";
    }
    String own = String.valueOf(e.getOriginalMessage());
    if (own.startsWith("Duplicate field")) {
      return "an object has a name twice";
    }
    if (e instanceof MismatchedInputException && own.startsWith("Trailing token")) {
      return "something follows the value; are there several values, a line each? Then set json-layout: lines";
    }
    if (e instanceof JsonMappingException) {
      return "it cannot be read";
    }
    JsonLocation at = e.getLocation();
    int offset = at == null ? -1 : (int) at.getByteOffset();
    return offset >= 0 && offset <= value.length
        ? "unexpected " + found(value, offset)
        : "it breaks off";
  }

  /** Shows a little of what stands at a place. */
  private static String found(byte[] value, int offset) {
    int from = Math.max(0, offset - 1);
    String text =
        new String(value, from, Math.min(12, value.length - from), StandardCharsets.UTF_8)
            .lines()
            .findFirst()
            .orElse("");
    return text.isEmpty() ? "end of a line" : "\"" + text.replace("\"", "\\\"") + "\"";
  }

  private static String at(JsonProcessingException e) {
    JsonLocation at = e.getLocation();
    return at == null || at.getLineNr() < 1
        ? ""
        : " at line %d, column %d".formatted(at.getLineNr(), at.getColumnNr());
  }

  private static RefusedException malformed(String requirement, String why) {
    return new RefusedException(ErrorCode.MALFORMED, requirement + ": " + why);
  }
}
