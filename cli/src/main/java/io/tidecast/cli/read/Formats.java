package io.tidecast.cli.read;

import io.tidecast.schemas.AvroCodec;
import io.tidecast.schemas.CodecException;
import io.tidecast.schemas.DeadLetter;
import io.tidecast.schemas.Forecast;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/** What the records that a job writes are read with. */
final class Formats {

  private Formats() {}

  /** Reads forecasts. */
  static Decoded.Decoder<Forecast> forecasts() {
    AvroCodec<Forecast> codec = AvroCodec.forecasts();
    return of(codec::decode);
  }

  /** Reads dead letters. */
  static Decoded.Decoder<DeadLetter> deadLetters() {
    AvroCodec<DeadLetter> codec = AvroCodec.deadLetters();
    return of(codec::decode);
  }

  /** Reads the bytes of a value. */
  private interface OfBytes<T> {
    T read(byte[] value) throws CodecException;
  }

  private static <T> Decoded.Decoder<T> of(OfBytes<T> bytes) {
    return (ConsumerRecord<byte[], byte[]> record) -> {
      if (record.value() == null) {
        throw new IllegalArgumentException("the record must have a value");
      }
      try {
        return bytes.read(record.value());
      } catch (CodecException e) {
        throw new IllegalArgumentException(e.getMessage(), e);
      }
    };
  }
}
