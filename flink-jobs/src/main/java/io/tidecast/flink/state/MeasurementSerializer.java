package io.tidecast.flink.state;

import io.tidecast.flink.record.Measurement;
import io.tidecast.flink.record.RecordOrigin;
import java.io.IOException;
import org.apache.flink.api.common.typeutils.TypeSerializerSnapshot;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;

/**
 * What crosses the shuffle with every observation, and so as few bytes as it takes.
 *
 * <p>Version 3: which of the optional parts there are (a byte of {@code GROUP}, {@code KEY}, {@code
 * VALUE}, {@code ONE_VALUE}, {@code DOUBLES}, {@code HEADERS}, {@code PASSED}), series (short
 * text), time (long), of the origin the topic (short text), partition, offset, Kafka's timestamp
 * less the time, lengths of key and value (small numbers each); group (short text), key, value,
 * headers for a dead letter and headers for a forecast (bytes), each if any; the one value, or
 * their number and each. They are floats, or with {@code DOUBLES} doubles: where a float would not
 * say it exactly. {@link StateBytes} says how these are written.
 *
 * <p>Version 2 had no headers for a forecast, version 1 no doubles and no headers either.
 */
final class MeasurementSerializer extends VersionedSerializer<Measurement> {

  static final MeasurementSerializer INSTANCE = new MeasurementSerializer();

  private static final long serialVersionUID = 1L;
  private static final int VERSION = 3;

  private static final int GROUP = 1;
  private static final int KEY = 2;
  private static final int VALUE = 4;
  private static final int ONE_VALUE = 8;
  private static final int FLAGS_1 = GROUP | KEY | VALUE | ONE_VALUE;
  private static final int DOUBLES = 16;
  private static final int HEADERS = 32;
  private static final int FLAGS_2 = FLAGS_1 | DOUBLES | HEADERS;
  private static final int PASSED = 64;

  private MeasurementSerializer() {
    super("a measurement", VERSION);
  }

  @Override
  int[] versions() {
    return new int[] {VERSION};
  }

  @Override
  void write(Measurement measurement, DataOutputView out) throws IOException {
    RecordOrigin source = measurement.source();
    double[] values = measurement.values();
    boolean doubles = !Floats.hold(values);
    out.writeByte(
        (measurement.group() == null ? 0 : GROUP)
            | (source.key() == null ? 0 : KEY)
            | (source.value() == null ? 0 : VALUE)
            | (values.length == 1 ? ONE_VALUE : 0)
            | (doubles ? DOUBLES : 0)
            | (source.headers() == null ? 0 : HEADERS)
            | (source.passed() == null ? 0 : PASSED));
    StateBytes.writeShortText(measurement.series(), out);
    out.writeLong(measurement.timeMillis());
    StateBytes.writeShortText(source.topic(), out);
    StateBytes.writeSmall(source.partition(), out);
    StateBytes.writeSmall(source.offset(), out);
    StateBytes.writeSmall(source.timestampMillis() - measurement.timeMillis(), out);
    StateBytes.writeSmall(source.keyLength(), out);
    StateBytes.writeSmall(source.valueLength(), out);
    if (measurement.group() != null) {
      StateBytes.writeShortText(measurement.group(), out);
    }
    if (source.key() != null) {
      StateBytes.writeBytes(source.key(), out);
    }
    if (source.value() != null) {
      StateBytes.writeBytes(source.value(), out);
    }
    if (source.headers() != null) {
      StateBytes.writeBytes(source.headers(), out);
    }
    if (source.passed() != null) {
      StateBytes.writeBytes(source.passed(), out);
    }
    if (values.length == 1 && !doubles) {
      out.writeInt(Float.floatToRawIntBits((float) values[0]));
    } else if (values.length == 1) {
      out.writeDouble(values[0]);
    } else if (doubles) {
      StateBytes.writeDoubles(values, out);
    } else {
      StateBytes.writeValues(Floats.of(values), out);
    }
  }

  @Override
  Measurement read(int writtenAs, DataInputView in) throws IOException {
    int flags = in.readByte();
    int known =
        switch (writtenAs) {
          case 1 -> FLAGS_1;
          case 2 -> FLAGS_2;
          default -> FLAGS_2 | PASSED;
        };
    if ((flags & ~known) != 0) {
      throw new IOException(
          "a measurement must have no flags beyond %d: flags=%d".formatted(known, flags));
    }
    String series = StateBytes.readShortText("series", in);
    long timeMillis = in.readLong();
    String topic = StateBytes.readShortText("topic", in);
    int partition = StateBytes.readSmallCount("partition", in);
    long offset = StateBytes.readSmall("offset", in);
    long timestampMillis = StateBytes.readSmall("timestamp", in) + timeMillis;
    int keyLength = StateBytes.readSmallCount("length of the key", in);
    int valueLength = StateBytes.readSmallCount("length of the value", in);
    String group = (flags & GROUP) == 0 ? null : StateBytes.readShortText("group", in);
    byte[] key = (flags & KEY) == 0 ? null : StateBytes.readBytes("key", in);
    byte[] value = (flags & VALUE) == 0 ? null : StateBytes.readBytes("value", in);
    byte[] headers = (flags & HEADERS) == 0 ? null : StateBytes.readBytes("headers", in);
    byte[] passed = (flags & PASSED) == 0 ? null : StateBytes.readBytes("headers", in);
    double[] values = values(flags, in);
    RecordOrigin source =
        new RecordOrigin(
            topic,
            partition,
            offset,
            timestampMillis,
            keyLength,
            valueLength,
            key,
            value,
            headers,
            passed);
    return new Measurement(source, series, group, timeMillis, values);
  }

  private static double[] values(int flags, DataInputView in) throws IOException {
    boolean doubles = (flags & DOUBLES) != 0;
    if ((flags & ONE_VALUE) != 0) {
      return new double[] {doubles ? in.readDouble() : Float.intBitsToFloat(in.readInt())};
    }
    return doubles
        ? StateBytes.readDoubles("values", in)
        : Floats.wide(StateBytes.readValues("values", in));
  }

  @Override
  public Measurement createInstance() {
    RecordOrigin nowhere = new RecordOrigin("", 0, 0, -1, 0, 0, null, null);
    return new Measurement(nowhere, "", 0, new double[0]);
  }

  @Override
  public TypeSerializerSnapshot<Measurement> snapshotConfiguration() {
    return new MeasurementSerializerSnapshot();
  }
}
