package io.tidecast.flink.sink.record.write;

import io.tidecast.schemas.AvroRecordBytes;
import org.jspecify.annotations.Nullable;

/** Writes Avro's binary encoding after bytes that say what it is of. */
public final class AvroRecordWriter implements RecordWriter {

  /** Optional fields are unions of null, which comes first, and a value. */
  private static final int ABSENT = 0;

  private static final int PRESENT = 1;

  private final AvroRecordBytes out;

  /**
   * @param out with what stands before each record
   */
  public AvroRecordWriter(AvroRecordBytes out) {
    this.out = out;
  }

  @Override
  public void begin() {
    out.begin();
  }

  @Override
  public byte[] end() {
    return out.end();
  }

  @Override
  public void text(String name, String value) {
    out.text(value);
  }

  @Override
  public void text(String name, String value, byte[] utf8) {
    out.bytes(utf8, utf8.length); // as a string is written
  }

  @Override
  public void optionalText(String name, @Nullable String value) {
    if (value == null) {
      out.branch(ABSENT);
    } else {
      out.branch(PRESENT);
      out.text(value);
    }
  }

  @Override
  public void time(String name, long epochMillis) {
    out.whole(epochMillis);
  }

  @Override
  public void optionalTime(String name, @Nullable Long epochMillis) {
    optionalWhole(name, epochMillis);
  }

  @Override
  public void whole(String name, int value) {
    out.whole(value);
  }

  @Override
  public void whole(String name, long value) {
    out.whole(value);
  }

  @Override
  public void optionalWhole(String name, @Nullable Integer value) {
    if (value == null) {
      out.branch(ABSENT);
    } else {
      out.branch(PRESENT);
      out.whole(value);
    }
  }

  @Override
  public void optionalWhole(String name, @Nullable Long value) {
    if (value == null) {
      out.branch(ABSENT);
    } else {
      out.branch(PRESENT);
      out.whole(value);
    }
  }

  @Override
  public void number(String name, double value) {
    out.number(value);
  }

  @Override
  public void optionalNumber(String name, @Nullable Double value) {
    if (value == null) {
      out.branch(ABSENT);
    } else {
      out.branch(PRESENT);
      out.number(value);
    }
  }

  @Override
  public void flag(String name, boolean value) {
    out.flag(value);
  }

  @Override
  public void optionalBytes(String name, byte @Nullable [] value, int max) {
    if (value == null) {
      out.branch(ABSENT);
    } else {
      out.branch(PRESENT);
      out.bytes(value, Math.min(value.length, max));
    }
  }

  @Override
  public void texts(String name, String[] values) {
    out.texts(values);
  }

  @Override
  public void numbers(String name, double[] values, int count) {
    out.numbers(values, count);
  }
}
