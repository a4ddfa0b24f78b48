package io.tidecast.benchmarks.pipeline;

import static java.util.Objects.requireNonNull;

import io.tidecast.cli.swap.EventJson;
import io.tidecast.flink.commands.CommandJson;
import io.tidecast.flink.model.ModelCommand;
import io.tidecast.flink.model.ModelEvent;
import io.tidecast.flink.model.ModelSlot;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * The topics by which a job is told to take another version of its model, and says what it has
 * done. One thread.
 */
public final class SwapTopics implements AutoCloseable {

  public static final String COMMANDS = "model-commands";
  public static final String EVENTS = "model-events";

  private static final Duration LOOK = Duration.ofMillis(10);
  private static final long PATIENCE_NANOS = Duration.ofMinutes(1).toNanos();

  private final Producer<byte[], byte[]> producer;
  private final Consumer<byte[], byte[]> consumer;
  private final EventJson json = new EventJson();

  /** Hears what is said from now on. The topics must be there, with one partition each. */
  public SwapTopics(String bootstrapServers) {
    this.producer =
        new KafkaProducer<>(
            Map.of("bootstrap.servers", bootstrapServers, "linger.ms", 0),
            new ByteArraySerializer(),
            new ByteArraySerializer());
    this.consumer =
        new KafkaConsumer<>(
            Map.of("bootstrap.servers", bootstrapServers, "isolation.level", "read_committed"),
            new ByteArrayDeserializer(),
            new ByteArrayDeserializer());
    TopicPartition partition = new TopicPartition(EVENTS, 0);
    consumer.assign(List.of(partition));
    consumer.seekToEnd(List.of(partition));
    // Else the end is looked for when it is first read, which is after a command was sent.
    consumer.position(partition);
  }

  /**
   * Has a job of one subtask take a version, and returns when that one answers and the one before
   * is closed.
   *
   * @param folder of the version
   * @throws IOException if the job does not follow
   */
  Swap swap(Path folder) throws IOException, InterruptedException {
    long sent = System.nanoTime();
    String id = activate(folder);
    ModelEvent switched = null;
    long switchedNanos = 0;
    while (System.nanoTime() - sent < PATIENCE_NANOS) {
      for (ConsumerRecord<byte[], byte[]> record : consumer.poll(LOOK)) {
        long now = System.nanoTime();
        ModelEvent event = json.read(record.value()).orElse(null);
        if (event == null || !id.equals(event.commandId())) {
          continue;
        }
        switch (event.kind()) {
          case SWITCHED -> {
            switched = event;
            switchedNanos = now;
          }
          case RETIRED -> {
            ModelEvent.Version version = requireNonNull(requireNonNull(switched).version());
            return new Swap(
                SwapAccount.version(
                    requireNonNull(version.modelId()), requireNonNull(version.modelVersion())),
                requireNonNull(switched.fromOriginMillis()),
                sent,
                switchedNanos,
                now);
          }
          case FAILED, REFUSED ->
              throw new IOException("the job must take %s: %s".formatted(folder, event.reason()));
          case READY, SHADOWED, PROMOTED, PROPOSED, KEPT, OUTDONE -> {}
        }
      }
    }
    throw new IOException(
        "the job must %s within a minute: folder=%s"
            .formatted(switched == null ? "take the version" : "close the one before", folder));
  }

  /** Commands the job to take a version, and returns the id of the command at once. */
  public String activate(Path folder) throws IOException, InterruptedException {
    String id = UUID.randomUUID().toString();
    send(
        new ModelCommand(
            id, ModelCommand.Action.ACTIVATE, ModelSlot.DEFAULT, folder.toString(), null, null));
    return id;
  }

  /**
   * Waits until the job says that it has followed a command.
   *
   * @throws IOException if it does not
   */
  public void awaitSwitched(String command) throws IOException, InterruptedException {
    long sent = System.nanoTime();
    while (System.nanoTime() - sent < PATIENCE_NANOS) {
      for (ConsumerRecord<byte[], byte[]> record : consumer.poll(LOOK)) {
        ModelEvent event = json.read(record.value()).orElse(null);
        if (event == null || !command.equals(event.commandId())) {
          continue;
        }
        if (event.kind() == ModelEvent.Kind.SWITCHED) {
          return;
        }
        if (event.kind() == ModelEvent.Kind.FAILED || event.kind() == ModelEvent.Kind.REFUSED) {
          throw new IOException("the job must follow a command: " + event.reason());
        }
      }
    }
    throw new IOException("the job must follow a command within a minute");
  }

  private void send(ModelCommand command) throws IOException, InterruptedException {
    byte[] key = command.slot().getBytes(StandardCharsets.UTF_8);
    try {
      producer.send(new ProducerRecord<>(COMMANDS, key, CommandJson.write(command))).get();
    } catch (ExecutionException e) {
      throw new IOException("could not send a command", e);
    }
  }

  @Override
  public void close() {
    producer.close();
    consumer.close();
  }
}
