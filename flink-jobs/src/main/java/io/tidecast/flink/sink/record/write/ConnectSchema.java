package io.tidecast.flink.sink.record.write;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import org.jspecify.annotations.Nullable;

/**
 * Is told the fields of a record and says of which Connect type each is, in the JSON that {@code
 * JsonConverter} reads as a schema.
 */
public final class ConnectSchema implements Fields {

  private static final String TIMESTAMP = "org.apache.kafka.connect.data.Timestamp";

  private final JsonGenerator out;

  private ConnectSchema(JsonGenerator out) {
    this.out = out;
  }

  /**
   * The schema of what a shape writes.
   *
   * @param name of the struct
   * @param sample any element
   */
  public static <T> String of(String name, Shape<T> shape, T sample) {
    StringWriter text = new StringWriter();
    try (JsonGenerator out = JsonRecordWriter.FACTORY.createGenerator(text)) {
      out.writeStartObject();
      out.writeStringField("type", "struct");
      out.writeStringField("name", name);
      out.writeBooleanField("optional", false);
      out.writeArrayFieldStart("fields");
      shape.write(sample, new ConnectSchema(out));
      out.writeEndArray();
      out.writeEndObject();
    } catch (IOException impossible) {
      throw new UncheckedIOException(impossible);
    }
    return text.toString();
  }

  private void field(String name, String type, boolean optional) throws IOException {
    out.writeStartObject();
    out.writeStringField("field", name);
    out.writeStringField("type", type);
    out.writeBooleanField("optional", optional);
    out.writeEndObject();
  }

  private void timestamp(String name, boolean optional) throws IOException {
    out.writeStartObject();
    out.writeStringField("field", name);
    out.writeStringField("type", "int64");
    out.writeBooleanField("optional", optional);
    out.writeStringField("name", TIMESTAMP);
    out.writeNumberField("version", 1);
    out.writeEndObject();
  }

  private void list(String name, String type) throws IOException {
    out.writeStartObject();
    out.writeStringField("field", name);
    out.writeStringField("type", "array");
    out.writeBooleanField("optional", false);
    out.writeObjectFieldStart("items");
    out.writeStringField("type", type);
    out.writeBooleanField("optional", false);
    out.writeEndObject();
    out.writeEndObject();
  }

  @Override
  public void text(String name, String value) throws IOException {
    field(name, "string", false);
  }

  @Override
  public void laterText(String name, String value, String before) throws IOException {
    out.writeStartObject();
    out.writeStringField("field", name);
    out.writeStringField("type", "string");
    out.writeBooleanField("optional", false);
    out.writeStringField("default", before);
    out.writeEndObject();
  }

  @Override
  public void optionalText(String name, @Nullable String value) throws IOException {
    field(name, "string", true);
  }

  @Override
  public void time(String name, long epochMillis) throws IOException {
    timestamp(name, false);
  }

  @Override
  public void optionalTime(String name, @Nullable Long epochMillis) throws IOException {
    timestamp(name, true);
  }

  @Override
  public void whole(String name, int value) throws IOException {
    field(name, "int32", false);
  }

  @Override
  public void whole(String name, long value) throws IOException {
    field(name, "int64", false);
  }

  @Override
  public void optionalWhole(String name, @Nullable Integer value) throws IOException {
    field(name, "int32", true);
  }

  @Override
  public void optionalWhole(String name, @Nullable Long value) throws IOException {
    field(name, "int64", true);
  }

  @Override
  public void number(String name, double value) throws IOException {
    field(name, "double", false);
  }

  @Override
  public void optionalNumber(String name, @Nullable Double value) throws IOException {
    field(name, "double", true);
  }

  @Override
  public void flag(String name, boolean value) throws IOException {
    field(name, "boolean", false);
  }

  @Override
  public void optionalBytes(String name, byte @Nullable [] value, int max) throws IOException {
    field(name, "bytes", true);
  }

  @Override
  public void texts(String name, String[] values) throws IOException {
    list(name, "string");
  }

  @Override
  public void numbers(String name, double[] values, int count) throws IOException {
    list(name, "double");
  }
}
