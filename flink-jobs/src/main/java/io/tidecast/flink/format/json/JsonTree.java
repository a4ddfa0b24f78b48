package io.tidecast.flink.format.json;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.tidecast.flink.format.field.FieldPath.Step;
import io.tidecast.flink.format.field.RecordTree;
import io.tidecast.flink.format.field.RefusedException;
import io.tidecast.schemas.ErrorCode;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * Reads JSON as RFC 8259 has it: no duplicate names, nothing after the value, no NaN. One thread
 * uses it.
 */
public final class JsonTree implements RecordTree {

  private final ObjectReader reader =
      JsonMapper.builder(
              // Names are the producers'; interned, they would stay for ever.
              JsonFactory.builder().disable(JsonFactory.Feature.INTERN_FIELD_NAMES).build())
          .enable(DeserializationFeature.FAIL_ON_READING_DUP_TREE_KEY)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build()
          .reader();

  @Override
  public Object decode(byte[] value) throws RefusedException {
    try {
      JsonNode root = reader.readTree(value);
      if (root.isMissingNode()) {
        throw malformed("there is nothing but white space");
      }
      return root;
    } catch (JacksonException e) {
      JsonLocation at = e.getLocation();
      throw malformed(
          at == null
              ? e.getOriginalMessage()
              : "%s at line %d, column %d"
                  .formatted(e.getOriginalMessage(), at.getLineNr(), at.getColumnNr()));
    } catch (IOException | RuntimeException e) {
      throw malformed(e.toString());
    }
  }

  @Override
  public @Nullable Object child(Object node, Step step) {
    JsonNode parent = (JsonNode) node;
    if (step.name() != null ? !parent.isObject() : !parent.isArray()) {
      return NO_PARENT;
    }
    JsonNode child = step.name() != null ? parent.get(step.name()) : parent.get(step.index());
    return child == null || child.isNull() ? null : child;
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

  private static RefusedException malformed(String why) {
    return new RefusedException(ErrorCode.MALFORMED, "value must be one whole JSON value: " + why);
  }
}
