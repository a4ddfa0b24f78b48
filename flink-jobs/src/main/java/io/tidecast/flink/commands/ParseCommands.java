package io.tidecast.flink.commands;

import static java.util.Objects.requireNonNull;

import io.tidecast.flink.format.field.RefusedException;
import io.tidecast.flink.grid.MillisClock;
import io.tidecast.flink.record.ParsedCommand;
import io.tidecast.flink.record.Rejection;
import io.tidecast.flink.record.SourceRecord;
import org.apache.flink.api.common.serialization.DeserializationSchema.InitializationContext;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.connector.kafka.source.reader.deserializer.KafkaRecordDeserializationSchema;
import org.apache.flink.util.Collector;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Headers;

/**
 * Decides of each record of the topic of commands whether it is one. Never throws for what a record
 * holds.
 */
public final class ParseCommands implements KafkaRecordDeserializationSchema<ParsedCommand> {

  private static final long serialVersionUID = 1L;

  private final int maxValueBytes;
  private final MillisClock clock;
  private transient CommandJson json;

  /**
   * @param maxValueBytes of a value that is rejected; a longer one is cut
   */
  public ParseCommands(int maxValueBytes, MillisClock clock) {
    this.maxValueBytes = maxValueBytes;
    this.clock = requireNonNull(clock, "clock is null");
  }

  @Override
  public void open(InitializationContext context) {
    json = new CommandJson();
  }

  @Override
  public void deserialize(ConsumerRecord<byte[], byte[]> record, Collector<ParsedCommand> out) {
    out.collect(parse(SourceRecord.of(record), record.headers()));
  }

  @Override
  public TypeInformation<ParsedCommand> getProducedType() {
    return TypeInformation.of(ParsedCommand.class);
  }

  ParsedCommand parse(SourceRecord record, Headers headers) {
    String place = "%s-%d-%d".formatted(record.topic(), record.partition(), record.offset());
    try {
      return new ParsedCommand(json.read(record.value(), place), null);
    } catch (RefusedException e) {
      return new ParsedCommand(
          null,
          Rejection.of(
              e.code, e.getMessage(), record.whole(maxValueBytes, headers), clock.millis()));
    }
  }
}
