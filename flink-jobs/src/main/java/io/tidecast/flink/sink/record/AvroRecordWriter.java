package io.tidecast.flink.sink.record;

import io.tidecast.schemas.AvroRecordBytes;
import java.io.IOException;
import org.apache.avro.io.Encoder;
import org.jspecify.annotations.Nullable;

/** Writes Avro's binary encoding after bytes that say what it is of. */
final class AvroRecordWriter implements RecordWriter {

  private final AvroRecordBytes bytes;
  private Encoder out;

  /**
   * @param bytes with what stands before each record
   */
  AvroRecordWriter(AvroRecordBytes bytes) {
    this.bytes = bytes;
    this.out = bytes.begin();
  }

  @Override
  public void begin() {
    out = bytes.begin();
  }

  @Override
  public byte[] end() throws IOException {
    return bytes.end();
  }

  @Override
  public void text(String name, String value) throws IOException {
    out.writeString(value);
  }

  @Override
  public void text(String name, String value, byte[] utf8) throws IOException {
    out.writeBytes(utf8); // as a string is written
  }

  @Override
  public void optionalText(String name, @Nullable String value) throws IOException {
    if (value == null) {
      absent();
    } else {
      present();
      out.writeString(value);
    }
  }

  @Override
  public void time(String name, long epochMillis) throws IOException {
    out.writeLong(epochMillis);
  }

  @Override
  public void optionalTime(String name, @Nullable Long epochMillis) throws IOException {
    optionalWhole(name, epochMillis);
  }

  @Override
  public void whole(String name, int value) throws IOException {
    out.writeInt(value);
  }

  @Override
  public void whole(String name, long value) throws IOException {
    out.writeLong(value);
  }

  @Override
  public void optionalWhole(String name, @Nullable Integer value) throws IOException {
    if (value == null) {
      absent();
    } else {
      present();
      out.writeInt(value);
    }
  }

  @Override
  public void optionalWhole(String name, @Nullable Long value) throws IOException {
    if (value == null) {
      absent();
    } else {
      present();
      out.writeLong(value);
    }
  }

  @Override
  public void number(String name, double value) throws IOException {
    out.writeDouble(value);
  }

  @Override
  public void optionalNumber(String name, @Nullable Double value) throws IOException {
    if (value == null) {
      absent();
    } else {
      present();
      out.writeDouble(value);
    }
  }

  @Override
  public void flag(String name, boolean value) throws IOException {
    out.writeBoolean(value);
  }

  @Override
  public void optionalBytes(String name, byte @Nullable [] value, int max) throws IOException {
    if (value == null) {
      absent();
    } else {
      present();
      out.writeBytes(value, 0, Math.min(value.length, max));
    }
  }

  @Override
  public void texts(String name, String[] values) throws IOException {
    out.writeArrayStart();
    out.setItemCount(values.length);
    for (String value : values) {
      out.startItem();
      out.writeString(value);
    }
    out.writeArrayEnd();
  }

  @Override
  public void beginNumbers(String name, int count) throws IOException {
    out.writeArrayStart();
    out.setItemCount(count);
  }

  @Override
  public void item(double value) throws IOException {
    out.startItem();
    out.writeDouble(value);
  }

  @Override
  public void endNumbers() throws IOException {
    out.writeArrayEnd();
  }

  /** Optional fields are unions of null, which comes first, and a value. */
  private void absent() throws IOException {
    out.writeIndex(0);
  }

  private void present() throws IOException {
    out.writeIndex(1);
  }
}
