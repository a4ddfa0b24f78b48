package io.tidecast.flink.sink.record.write;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.StreamWriteFeature;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import io.tidecast.flink.sink.JsonTimes;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Writes one JSON object, every number as the shortest decimal that is that double. A field without
 * a value is null.
 */
public final class JsonRecordWriter implements RecordWriter {

  static final JsonFactory FACTORY =
      JsonFactory.builder()
          .enable(StreamWriteFeature.USE_FAST_DOUBLE_WRITER)
          // Else a character beyond the first 65,536 becomes 12 bytes, and JsonBytes counts 4.
          .enable(JsonWriteFeature.COMBINE_UNICODE_SURROGATES_IN_UTF8)
          .build();

  private final JsonTimes times;
  private final Bytes style;
  private final byte[] before;
  private final byte[] after;
  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream(1024);
  private JsonGenerator out;

  /** How bytes are written. */
  private enum Bytes {
    /** As text where they are text, and else in base64 under a name that ends with Base64. */
    TEXT,
    /** In base64, as Connect has them. */
    BASE64
  }

  private JsonRecordWriter(JsonTimes times, Bytes style, byte[] before, byte[] after) {
    this.times = times;
    this.style = style;
    this.before = before;
    this.after = after;
    this.out = generator();
  }

  /** Writes the object alone. */
  public static JsonRecordWriter plain(JsonTimes times) {
    return new JsonRecordWriter(times, Bytes.TEXT, new byte[0], new byte[0]);
  }

  /**
   * Writes it as Connect's {@code JsonConverter} does, in an envelope with its schema.
   *
   * @param schema as JSON
   */
  public static JsonRecordWriter connect(String schema) {
    byte[] before = ("{\"schema\":" + schema + ",\"payload\":").getBytes(StandardCharsets.UTF_8);
    return new JsonRecordWriter(JsonTimes.EPOCH_MILLIS, Bytes.BASE64, before, new byte[] {'}'});
  }

  private JsonGenerator generator() {
    try {
      return FACTORY.createGenerator(bytes);
    } catch (IOException impossible) {
      throw new UncheckedIOException(impossible);
    }
  }

  @Override
  public void begin() throws IOException {
    bytes.reset();
    bytes.writeBytes(before);
    out = generator();
    out.writeStartObject();
  }

  @Override
  public byte[] end() throws IOException {
    out.writeEndObject();
    out.close();
    bytes.writeBytes(after);
    return bytes.toByteArray();
  }

  @Override
  public void text(String name, String value) throws IOException {
    out.writeStringField(name, value);
  }

  @Override
  public void optionalText(String name, @Nullable String value) throws IOException {
    out.writeStringField(name, value);
  }

  @Override
  public void time(String name, long epochMillis) throws IOException {
    switch (times) {
      case ISO_8601 -> out.writeStringField(name, Instant.ofEpochMilli(epochMillis).toString());
      case EPOCH_MILLIS -> out.writeNumberField(name, epochMillis);
    }
  }

  @Override
  public void optionalTime(String name, @Nullable Long epochMillis) throws IOException {
    if (epochMillis == null) {
      out.writeNullField(name);
    } else {
      time(name, epochMillis);
    }
  }

  @Override
  public void whole(String name, int value) throws IOException {
    out.writeNumberField(name, value);
  }

  @Override
  public void whole(String name, long value) throws IOException {
    out.writeNumberField(name, value);
  }

  @Override
  public void optionalWhole(String name, @Nullable Integer value) throws IOException {
    if (value == null) {
      out.writeNullField(name);
    } else {
      out.writeNumberField(name, value);
    }
  }

  @Override
  public void optionalWhole(String name, @Nullable Long value) throws IOException {
    if (value == null) {
      out.writeNullField(name);
    } else {
      out.writeNumberField(name, value);
    }
  }

  @Override
  public void number(String name, double value) throws IOException {
    out.writeNumberField(name, value);
  }

  @Override
  public void optionalNumber(String name, @Nullable Double value) throws IOException {
    if (value == null) {
      out.writeNullField(name);
    } else {
      out.writeNumberField(name, value);
    }
  }

  @Override
  public void flag(String name, boolean value) throws IOException {
    out.writeBooleanField(name, value);
  }

  @Override
  public void optionalBytes(String name, byte @Nullable [] value, int max) throws IOException {
    if (value == null) {
      out.writeNullField(name);
      return;
    }
    String text = style == Bytes.TEXT ? JsonBytes.text(value, max) : null;
    if (text == null) {
      out.writeFieldName(style == Bytes.TEXT ? name + "Base64" : name);
      out.writeBinary(value, 0, Math.min(value.length, JsonBytes.beforeBase64(max)));
    } else {
      out.writeStringField(name, text);
    }
  }

  @Override
  public void texts(String name, String[] values) throws IOException {
    out.writeArrayFieldStart(name);
    for (String value : values) {
      out.writeString(value);
    }
    out.writeEndArray();
  }

  @Override
  public void numbers(String name, double[] values, int count) throws IOException {
    out.writeArrayFieldStart(name);
    for (int i = 0; i < count; i++) {
      out.writeNumber(values[i]);
    }
    out.writeEndArray();
  }
}
