package io.tidecast.cli.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tidecast.cli.console.CliException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.record.TimestampType;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("cluster")
class EmbeddedKafkaITCase {
  private static final Map<String, String> BROKER_CLOCK =
      Map.of("message.timestamp.type", "LogAppendTime");

  @Test
  void shouldCarryLargeRecordsAndOnlyCommittedTransactions() {
    try (EmbeddedKafka kafka = EmbeddedKafka.start()) {
      kafka.createTopic("t", 1, BROKER_CLOCK);
      byte[] large = new byte[5 * 1024 * 1024];
      large[large.length - 1] = 42;
      try (Producer<byte[], byte[]> producer = producer(kafka, "writer")) {
        producer.initTransactions();
        producer.beginTransaction();
        producer.send(new ProducerRecord<>("t", new byte[] {1}));
        producer.send(new ProducerRecord<>("t", large));
        producer.commitTransaction();
        producer.beginTransaction();
        producer.send(new ProducerRecord<>("t", new byte[] {2}));
        producer.flush();
        producer.abortTransaction();
        producer.beginTransaction();
        producer.send(new ProducerRecord<>("t", new byte[] {3}));
        producer.commitTransaction();
      }

      List<ConsumerRecord<byte[], byte[]>> records = read(kafka, 3);

      assertThat(records).extracting(r -> r.value().length).containsExactly(1, large.length, 1);
      assertThat(records.get(1).value()).isEqualTo(large);
      assertThat(records.get(2).value()).containsExactly(3);
      assertThat(records)
          .extracting(ConsumerRecord::timestampType)
          .containsOnly(TimestampType.LOG_APPEND_TIME);
    }
  }

  @Test
  void shouldRunTwoAtOnceAndLeaveNothingBehind() throws IOException {
    Set<Path> before = folders();
    EmbeddedKafka one = EmbeddedKafka.start();
    EmbeddedKafka two = EmbeddedKafka.start();
    assertThat(one.bootstrapServers()).isNotEqualTo(two.bootstrapServers());
    one.createTopic("t", 1, Map.of());
    two.createTopic("t", 1, Map.of());
    assertThat(folders()).hasSize(before.size() + 2);

    one.close();
    two.close();
    two.close();

    assertThat(folders()).isEqualTo(before);
  }

  @Test
  void shouldNameAPortThatIsTaken() throws IOException {
    Set<Path> before = folders();
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
      int port = taken.getLocalPort();

      assertThatThrownBy(() -> EmbeddedKafka.start(port))
          .isInstanceOf(CliException.class)
          .hasMessageContaining("port must be free: port=" + port);
    }
    assertThat(folders()).isEqualTo(before);
  }

  @Test
  void shouldSayThatATopicIsThereAlready() {
    try (EmbeddedKafka kafka = EmbeddedKafka.start()) {
      kafka.createTopic("t", 1, Map.of());

      assertThatThrownBy(() -> kafka.createTopic("t", 1, Map.of()))
          .isInstanceOf(CliException.class)
          .hasMessageContaining("could not create topic t")
          .hasMessageContaining("already exists");
    }
  }

  private static Set<Path> folders() throws IOException {
    try (Stream<Path> list = Files.list(Path.of(System.getProperty("java.io.tmpdir")))) {
      return list.filter(p -> p.getFileName().toString().startsWith("tidecast-kafka-"))
          .collect(Collectors.toSet());
    }
  }

  private static Producer<byte[], byte[]> producer(EmbeddedKafka kafka, String transactionalId) {
    return new KafkaProducer<>(
        Map.of(
            "bootstrap.servers",
            kafka.bootstrapServers(),
            "transactional.id",
            transactionalId,
            "max.request.size",
            EmbeddedKafka.MAX_MESSAGE_BYTES),
        new ByteArraySerializer(),
        new ByteArraySerializer());
  }

  private static List<ConsumerRecord<byte[], byte[]>> read(EmbeddedKafka kafka, int count) {
    List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>();
    try (Consumer<byte[], byte[]> consumer =
        new KafkaConsumer<>(
            Map.of(
                "bootstrap.servers", kafka.bootstrapServers(),
                "group.id", "reader",
                "auto.offset.reset", "earliest",
                "isolation.level", "read_committed"),
            new ByteArrayDeserializer(),
            new ByteArrayDeserializer())) {
      consumer.subscribe(List.of("t"));
      long deadline = System.nanoTime() + Duration.ofSeconds(30).toNanos();
      while (records.size() < count && System.nanoTime() < deadline) {
        consumer.poll(Duration.ofMillis(200)).forEach(records::add);
      }
    }
    return records;
  }
}
