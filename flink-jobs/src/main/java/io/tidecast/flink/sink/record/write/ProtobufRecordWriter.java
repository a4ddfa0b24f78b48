package io.tidecast.flink.sink.record.write;

import com.google.protobuf.CodedOutputStream;
import com.google.protobuf.WireFormat;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * Writes a message of Protobuf, proto3, after bytes that say what it is of. Fields are numbered in
 * their order, from 1. One that has the default of its type is left out, as others do; an optional
 * one is written whenever it has a value. Times are {@code google.protobuf.Timestamp}.
 */
public final class ProtobufRecordWriter implements RecordWriter {

  private static final long SECOND_MILLIS = 1_000;
  private static final int MILLI_NANOS = 1_000_000;
  private static final int TIMESTAMP_SECONDS = 1;
  private static final int TIMESTAMP_NANOS = 2;

  private final byte[] before;
  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream(1024);
  private CodedOutputStream out = CodedOutputStream.newInstance(bytes);
  private int field;

  /**
   * @param before stands before each message; not copied
   */
  public ProtobufRecordWriter(byte[] before) {
    this.before = before;
  }

  @Override
  public void begin() {
    bytes.reset();
    bytes.writeBytes(before);
    out = CodedOutputStream.newInstance(bytes);
    field = 0;
  }

  @Override
  public byte[] end() throws IOException {
    out.flush();
    return bytes.toByteArray();
  }

  @Override
  public void text(String name, String value) throws IOException {
    field++;
    if (!value.isEmpty()) {
      out.writeString(field, value);
    }
  }

  @Override
  public void text(String name, String value, byte[] utf8) throws IOException {
    field++;
    if (utf8.length > 0) {
      out.writeByteArray(field, utf8);
    }
  }

  @Override
  public void optionalText(String name, @Nullable String value) throws IOException {
    field++;
    if (value != null) {
      out.writeString(field, value);
    }
  }

  @Override
  public void time(String name, long epochMillis) throws IOException {
    field++;
    timestamp(epochMillis);
  }

  @Override
  public void optionalTime(String name, @Nullable Long epochMillis) throws IOException {
    field++;
    if (epochMillis != null) {
      timestamp(epochMillis);
    }
  }

  private void timestamp(long epochMillis) throws IOException {
    long seconds = Math.floorDiv(epochMillis, SECOND_MILLIS);
    int nanos = (int) Math.floorMod(epochMillis, SECOND_MILLIS) * MILLI_NANOS;
    int length =
        (seconds == 0 ? 0 : CodedOutputStream.computeInt64Size(TIMESTAMP_SECONDS, seconds))
            + (nanos == 0 ? 0 : CodedOutputStream.computeInt32Size(TIMESTAMP_NANOS, nanos));
    out.writeTag(field, WireFormat.WIRETYPE_LENGTH_DELIMITED);
    out.writeUInt32NoTag(length);
    if (seconds != 0) {
      out.writeInt64(TIMESTAMP_SECONDS, seconds);
    }
    if (nanos != 0) {
      out.writeInt32(TIMESTAMP_NANOS, nanos);
    }
  }

  @Override
  public void whole(String name, int value) throws IOException {
    whole(name, (long) value);
  }

  @Override
  public void whole(String name, long value) throws IOException {
    field++;
    if (value != 0) {
      out.writeInt64(field, value); // as an int32 is written
    }
  }

  @Override
  public void optionalWhole(String name, @Nullable Integer value) throws IOException {
    optionalWhole(name, value == null ? null : (Long) value.longValue());
  }

  @Override
  public void optionalWhole(String name, @Nullable Long value) throws IOException {
    field++;
    if (value != null) {
      out.writeInt64(field, value);
    }
  }

  @Override
  public void number(String name, double value) throws IOException {
    field++;
    if (Double.doubleToRawLongBits(value) != 0) {
      out.writeDouble(field, value);
    }
  }

  @Override
  public void optionalNumber(String name, @Nullable Double value) throws IOException {
    field++;
    if (value != null) {
      out.writeDouble(field, value);
    }
  }

  @Override
  public void flag(String name, boolean value) throws IOException {
    field++;
    if (value) {
      out.writeBool(field, true);
    }
  }

  @Override
  public void optionalBytes(String name, byte @Nullable [] value, int max) throws IOException {
    field++;
    if (value != null) {
      out.writeByteArray(field, value, 0, Math.min(value.length, max));
    }
  }

  @Override
  public void texts(String name, String[] values) throws IOException {
    field++;
    for (String value : values) {
      out.writeString(field, value);
    }
  }

  @Override
  public void numbers(String name, double[] values, int count) throws IOException {
    field++;
    if (count > 0) {
      out.writeTag(field, WireFormat.WIRETYPE_LENGTH_DELIMITED);
      out.writeUInt32NoTag(count * Double.BYTES);
      for (int i = 0; i < count; i++) {
        out.writeDoubleNoTag(values[i]);
      }
    }
  }
}
