package io.tidecast.flink.commands;

import static java.util.Objects.requireNonNull;

import io.tidecast.flink.model.ModelCommand;
import io.tidecast.flink.sink.RecordEncoder;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.apache.flink.api.common.serialization.SerializationSchema.InitializationContext;
import org.apache.kafka.clients.producer.ProducerRecord;

/** Makes a record of each command that the job itself gives, under the key of its slot. */
public final class CommandRecords implements RecordEncoder<ModelCommand> {

  private static final long serialVersionUID = 1L;

  private final String topic;

  /**
   * @param topic of the commands
   */
  public CommandRecords(String topic) {
    this.topic = requireNonNull(topic, "topic is null");
  }

  @Override
  public void open(InitializationContext context) {}

  @Override
  public void encode(ModelCommand command, Out out) throws IOException, InterruptedException {
    byte[] key = command.slot().getBytes(StandardCharsets.UTF_8);
    out.write(new ProducerRecord<>(topic, key, CommandJson.write(command)));
  }
}
