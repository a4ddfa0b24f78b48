package io.tidecast.flink.sink.record;

import io.tidecast.flink.sink.RecordSettings;
import io.tidecast.flink.sink.record.write.AvroRecordWriter;
import io.tidecast.flink.sink.record.write.ConnectSchema;
import io.tidecast.flink.sink.record.write.JsonRecordWriter;
import io.tidecast.flink.sink.record.write.ProtobufRecordWriter;
import io.tidecast.flink.sink.record.write.RecordWriter;
import io.tidecast.flink.sink.record.write.Shape;
import io.tidecast.schemas.AvroRecordBytes;
import java.io.IOException;
import java.io.UncheckedIOException;

/**
 * Writes elements of one kind in the format of their topic. One thread.
 *
 * @param <T> what is written
 */
final class Written<T> {

  private final Shape<T> shape;
  private final RecordWriter writer;

  private Written(Shape<T> shape, RecordWriter writer) {
    this.shape = shape;
    this.writer = writer;
  }

  /**
   * Writes values.
   *
   * @param sample any element
   * @param frame what stands before each record, for its schema is in a registry; else empty
   */
  static <T> Written<T> values(
      RecordKind kind, RecordSettings settings, Shape<T> shape, T sample, byte[] frame) {
    RecordWriter writer =
        switch (settings.format()) {
          case TIDECAST -> new AvroRecordWriter(AvroRecordBytes.singleObjects(kind.schema()));
          case JSON -> JsonRecordWriter.plain(settings.times());
          case CONNECT_JSON ->
              JsonRecordWriter.connect(ConnectSchema.of(kind.fullName(), shape, sample));
          case AVRO -> new AvroRecordWriter(AvroRecordBytes.after(frame));
          case PROTOBUF -> new ProtobufRecordWriter(frame);
        };
    return new Written<>(shape, writer);
  }

  /**
   * Writes keys, which are JSON: with its schema beside it where the values are that.
   *
   * @param sample any element
   */
  static <T> Written<T> keys(RecordKind kind, RecordSettings settings, Shape<T> shape, T sample) {
    return new Written<>(
        shape,
        switch (settings.format()) {
          case TIDECAST, JSON, AVRO, PROTOBUF -> JsonRecordWriter.plain(settings.times());
          case CONNECT_JSON ->
              JsonRecordWriter.connect(ConnectSchema.of(kind.fullName() + "Key", shape, sample));
        });
  }

  /** The bytes of an element in a new array. */
  byte[] bytes(T element) {
    try {
      writer.begin();
      shape.write(element, writer);
      return writer.end();
    } catch (IOException impossible) {
      throw new UncheckedIOException(impossible);
    }
  }
}
