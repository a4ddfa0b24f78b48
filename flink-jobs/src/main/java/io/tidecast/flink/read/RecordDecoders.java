package io.tidecast.flink.read;

import io.tidecast.flink.registry.RegistrySettings;
import io.tidecast.flink.registry.RegistryWatcher;
import io.tidecast.flink.registry.SchemaRegistry;
import io.tidecast.flink.registry.http.HttpSchemaRegistry;
import io.tidecast.flink.sink.RecordSettings;
import io.tidecast.flink.sink.SchemaRegistration;
import io.tidecast.schemas.AvroCodec;
import io.tidecast.schemas.CodecException;
import java.time.Duration;
import org.apache.avro.specific.SpecificRecordBase;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;

/** Makes what reads the records of a job, of what the job says of them. */
public final class RecordDecoders {

  private RecordDecoders() {}

  /**
   * Reads records of one kind.
   *
   * @param patience how long a registry is asked for a schema
   */
  public static <T extends SpecificRecordBase> RecordDecoder<T> of(
      RecordType<T> type, RecordSettings settings, Duration patience) {
    return switch (settings.format()) {
      case TIDECAST -> singleObjects(type.codec());
      case JSON -> new JsonDecoder<>(type, false);
      case CONNECT_JSON -> new JsonDecoder<>(type, true);
      case AVRO -> new AvroDecoder<>(type, registry(settings.schemas(), patience));
      case PROTOBUF -> new ProtobufDecoder<>(type, registry(settings.schemas(), patience));
    };
  }

  private static <T extends SpecificRecordBase> RecordDecoder<T> singleObjects(AvroCodec<T> codec) {
    return record -> {
      try {
        return codec.decode(value(record));
      } catch (CodecException e) {
        throw new IllegalArgumentException(e.getMessage(), e);
      }
    };
  }

  private static @Nullable SchemaRegistry registry(
      @Nullable SchemaRegistration schemas, Duration patience) {
    if (schemas == null) {
      return null;
    }
    RegistrySettings of = schemas.registry();
    return HttpSchemaRegistry.open(
        new RegistrySettings(of.urls(), of.auth(), of.tls(), of.requestTimeout(), patience),
        RegistryWatcher.NONE);
  }

  /**
   * Returns the value of a record.
   *
   * @throws IllegalArgumentException if it has none
   */
  static byte[] value(ConsumerRecord<byte[], byte[]> record) {
    if (record.value() == null) {
      throw new IllegalArgumentException("the record must have a value");
    }
    return record.value();
  }
}
