package io.tidecast.cli.swap;

import static java.util.Objects.requireNonNull;

import io.tidecast.cli.console.CliException;
import io.tidecast.cli.console.Durations;
import io.tidecast.cli.console.Failures;
import io.tidecast.cli.console.StopSignal;
import io.tidecast.cli.job.NoAnswer;
import io.tidecast.cli.job.TopicReader;
import io.tidecast.flink.commands.CommandJson;
import io.tidecast.flink.config.JobConfig;
import io.tidecast.flink.grid.Spelling;
import io.tidecast.flink.kafka.ClientKind;
import io.tidecast.flink.model.ModelCommand;
import io.tidecast.flink.sink.Delivery;
import io.tidecast.flink.sink.SinkSettings;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import picocli.CommandLine.ExitCode;

/** Sends a command to the topic of a job, and follows on the other topic what becomes of it. */
final class CommandTopic {

  private static final Duration PATIENCE = Duration.ofSeconds(10);

  private final JobConfig config;
  private final String topic;
  private final String eventsTopic;
  private final Consumer<String> out;
  private final Consumer<String> warnings;
  private final EventJson json = new EventJson();

  /**
   * Takes a job that takes commands.
   *
   * @param out takes a line for each thing that happens
   * @param warnings takes a line for each thing that may not be as it should
   */
  CommandTopic(JobConfig config, Consumer<String> out, Consumer<String> warnings) {
    this.config = config;
    this.topic = requireNonNull(config.commands().topic(), "topic is null");
    this.eventsTopic = requireNonNull(config.commands().eventsTopic(), "eventsTopic is null");
    this.out = out;
    this.warnings = warnings;
  }

  /**
   * Sends a command.
   *
   * @param wait how long to wait until it is followed; zero for not at all
   * @return the exit code
   * @throws CliException if it can't be sent, fails, is refused, or is not followed in time
   */
  int send(ModelCommand command, Duration wait) {
    try {
      checkTopic();
      if (wait.isZero()) {
        produce(command);
        return ExitCode.OK;
      }
      try (StopSignal stop = StopSignal.install();
          TopicReader reader = TopicReader.of(config.kafka(), eventsTopic, PATIENCE)) {
        if (reader.partitions().isEmpty()) {
          throw missing("commands.events-topic", eventsTopic);
        }
        Map<TopicPartition, Long> end = reader.end();
        produce(command);
        reader.follow(end);
        return follow(command, wait, reader, stop);
      }
    } catch (AuthorizationException e) {
      throw new CliException(
          "the user of kafka.properties must be allowed to WRITE %s, and to READ %s: %s; 'tidecast acls --for model' prints the rights"
              .formatted(topic, eventsTopic, Failures.text(e)),
          e);
    } catch (KafkaException e) {
      throw NoAnswer.of(config, e);
    }
  }

  /** Else the producer might create it, with as many partitions as the brokers have by default. */
  private void checkTopic() {
    try (TopicReader reader = TopicReader.of(config.kafka(), topic, PATIENCE)) {
      int partitions = reader.partitions().size();
      if (partitions == 0) {
        throw missing("commands.topic", topic);
      }
      if (partitions > 1) {
        warnings.accept(
            "commands.topic=%s has %d partitions: only the commands of one slot are followed in their order. Let the topic have one."
                .formatted(topic, partitions));
      }
    }
  }

  private CliException missing(String key, String name) {
    return new CliException(
        "the topic must exist at %s: %s=%s; the job creates it with 'tidecast run --create-topics'"
            .formatted(config.kafka().bootstrapServers(), key, name));
  }

  private void produce(ModelCommand command) {
    Map<String, Object> client = config.kafka().clientProperties(ClientKind.PRODUCER);
    client.put(ProducerConfig.ACKS_CONFIG, "all");
    client.put(ProducerConfig.MAX_BLOCK_MS_CONFIG, PATIENCE.toMillis());
    byte[] key = command.slot().getBytes(StandardCharsets.UTF_8);
    try (Producer<byte[], byte[]> producer =
        new KafkaProducer<>(client, new ByteArraySerializer(), new ByteArraySerializer())) {
      RecordMetadata sent =
          producer
              .send(new ProducerRecord<>(topic, key, CommandJson.write(command)))
              .get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
      out.accept(
          "Sent %s of slot %s%s to %s, offset %d, as %s."
              .formatted(
                  Spelling.of(command.action()),
                  command.slot(),
                  command.place() == null ? "" : ", " + command.place() + ",",
                  topic,
                  sent.offset(),
                  command.id()));
    } catch (ExecutionException e) {
      throw e.getCause() instanceof KafkaException known ? known : new KafkaException(e.getCause());
    } catch (TimeoutException e) {
      throw new org.apache.kafka.common.errors.TimeoutException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new CliException("interrupted while sending the command", e);
    }
  }

  private int follow(ModelCommand command, Duration wait, TopicReader reader, StopSignal stop) {
    Following following = new Following(command);
    long deadline = System.nanoTime() + wait.toNanos();
    while (!following.isDone() && System.nanoTime() - deadline < 0) {
      if (stop.requested()) {
        return stop.exitCode();
      }
      for (ConsumerRecord<byte[], byte[]> record : reader.next()) {
        json.read(record.value()).flatMap(following::add).ifPresent(out);
      }
      if (following.problem() != null) {
        throw new CliException(
            "the command %s is not followed; what answered before goes on answering"
                .formatted(command.id()));
      }
    }
    if (!following.isDone()) {
      throw new CliException(late(following, wait));
    }
    out.accept(following.result());
    return ExitCode.OK;
  }

  private String late(Following following, Duration wait) {
    Delivery delivery = ((SinkSettings.Kafka) config.sink()).delivery();
    return "after %s, %s; the job may still follow the command%s. Look whether the job runs, and at %s"
        .formatted(
            Durations.rounded(wait),
            following.progress(),
            delivery == Delivery.EXACTLY_ONCE
                ? ", and says so with its next checkpoint, checkpoints.interval=%s"
                    .formatted(Durations.rounded(config.checkpoints().interval()))
                : "",
            eventsTopic);
  }
}
