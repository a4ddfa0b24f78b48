package io.tidecast.flink.read;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.apache.avro.Schema;
import org.apache.avro.specific.SpecificRecordBase;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;

/** Reads JSON: the object alone, or with its schema beside it as Kafka Connect has it. */
final class JsonDecoder<T extends SpecificRecordBase> implements RecordDecoder<T> {

  private static final ObjectReader READER =
      JsonMapper.builder()
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build()
          .readerFor(JsonNode.class);

  /** Quantiles of a point are columns, which their per cent names. */
  private static final Pattern QUANTILE = Pattern.compile("q\\d+(_\\d+)?");

  private static final String LEVELS = "quantileLevels";
  private static final String QUANTILES = "quantiles";

  private final RecordType<T> type;
  private final boolean connect;

  /**
   * @param connect whether the schema is beside it
   */
  JsonDecoder(RecordType<T> type, boolean connect) {
    this.type = type;
    this.connect = connect;
  }

  @Override
  public T decode(ConsumerRecord<byte[], byte[]> record) {
    JsonNode object = object(RecordDecoders.value(record));
    T value = type.empty().get();
    boolean columns = !object.has(LEVELS);
    Map<Double, Double> quantiles = columns ? quantiles(object) : Map.of();
    for (Schema.Field field : type.schema().getFields()) {
      Object read;
      if (columns && field.name().equals(LEVELS)) {
        read = List.copyOf(quantiles.keySet());
      } else if (columns && field.name().equals(QUANTILES)) {
        read = List.copyOf(quantiles.values());
      } else {
        read = read(object, field);
      }
      value.put(field.pos(), read);
    }
    return value;
  }

  private JsonNode object(byte[] value) {
    JsonNode root;
    try {
      root = READER.readValue(value);
    } catch (IOException e) {
      throw new IllegalArgumentException(
          "value must be one JSON object: %d bytes".formatted(value.length), e);
    }
    JsonNode object = connect ? root.path("payload") : root;
    if (!object.isObject()) {
      throw new IllegalArgumentException(
          connect
              ? "value must be a JSON object with the fields schema and payload"
              : "value must be a JSON object");
    }
    return object;
  }

  private static Map<Double, Double> quantiles(JsonNode object) {
    Map<Double, Double> quantiles = new TreeMap<>();
    object
        .properties()
        .forEach(
            one -> {
              String name = one.getKey();
              if (QUANTILE.matcher(name).matches() && !one.getValue().isNull()) {
                double level =
                    new BigDecimal(name.substring(1).replace('_', '.'))
                        .movePointLeft(2)
                        .doubleValue();
                quantiles.put(level, number(name, one.getValue()));
              }
            });
    return quantiles;
  }

  private @Nullable Object read(JsonNode object, Schema.Field field) {
    String name = field.name();
    JsonNode node = object.path(name);
    FieldType of = FieldType.of(field);
    if (of == FieldType.BYTES && node.isMissingNode() && !connect) {
      JsonNode base64 = object.path(name + "Base64");
      return base64.isTextual() ? bytes(name + "Base64", base64) : null;
    }
    if (FieldType.isOptional(field) && (node.isNull() || node.isMissingNode())) {
      return null;
    }
    return switch (of) {
      case TEXT -> node.isMissingNode() ? earlier(name, field) : text(name, node);
      case TIME -> time(name, node);
      case INT -> {
        must(node.isInt(), "a whole number", name, node);
        yield node.intValue();
      }
      case LONG -> {
        must(node.isIntegralNumber() && node.canConvertToLong(), "a whole number", name, node);
        yield node.longValue();
      }
      case NUMBER -> number(name, node);
      case FLAG -> {
        if (node.isMissingNode() && field.defaultVal() instanceof Boolean flag) {
          yield flag;
        }
        must(node.isBoolean(), "true or false", name, node);
        yield node.booleanValue();
      }
      case BYTES ->
          connect
              ? bytes(name, node)
              : ByteBuffer.wrap(text(name, node).getBytes(StandardCharsets.UTF_8));
      case TEXTS -> list(name, node, one -> text(name, one));
      case NUMBERS -> list(name, node, one -> number(name, one));
    };
  }

  /** What a text is in records of before the field was there. */
  private static String earlier(String name, Schema.Field field) {
    if (field.defaultVal() instanceof String text) {
      return text;
    }
    throw new IllegalArgumentException("field must be there: " + name);
  }

  private static String text(String name, JsonNode node) {
    must(node.isTextual(), "text", name, node);
    return node.textValue();
  }

  private static double number(String name, JsonNode node) {
    must(node.isNumber(), "a number", name, node);
    return node.doubleValue();
  }

  /** As text or in milliseconds: which of the two, the job file may since say otherwise. */
  private static Instant time(String name, JsonNode node) {
    if (node.isIntegralNumber() && node.canConvertToLong()) {
      return Instant.ofEpochMilli(node.longValue());
    }
    try {
      return Instant.parse(node.asText());
    } catch (DateTimeException e) {
      throw new IllegalArgumentException(
          "field must be a time in UTC or milliseconds since 1970: %s=%s".formatted(name, node), e);
    }
  }

  private static ByteBuffer bytes(String name, JsonNode node) {
    try {
      return ByteBuffer.wrap(Base64.getDecoder().decode(text(name, node)));
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException("field must be base64: " + name, e);
    }
  }

  private static <E> List<E> list(String name, JsonNode node, Function<JsonNode, E> element) {
    must(node.isArray(), "a list", name, node);
    List<E> list = new ArrayList<>(node.size());
    node.forEach(one -> list.add(element.apply(one)));
    return list;
  }

  private static void must(boolean is, String what, String name, JsonNode node) {
    if (!is) {
      throw new IllegalArgumentException(
          node.isMissingNode()
              ? "field must be there: " + name
              : "field must be %s: %s=%s".formatted(what, name, node));
    }
  }
}
