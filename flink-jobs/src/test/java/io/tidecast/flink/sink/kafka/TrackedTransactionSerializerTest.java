package io.tidecast.flink.sink.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.HexFormat;
import org.apache.flink.connector.kafka.sink.KafkaCommittable;
import org.apache.flink.connector.kafka.sink.KafkaRecordSerializationSchema;
import org.apache.flink.connector.kafka.sink.KafkaSink;
import org.apache.flink.core.io.SimpleVersionedSerializer;
import org.junit.jupiter.api.Test;

class TrackedTransactionSerializerTest {
  /** As the Kafka connector 5.0.0 alone wrote it, which was before contents were counted. */
  private static final byte[] OF_THE_CONNECTOR =
      HexFormat.of().parseHex("0007000000000000002a0004742d302d");

  /** As it was first written with its content. */
  private static final byte[] FIRST =
      HexFormat.of()
          .parseHex(
              "0007000000000000002a0004742d302d"
                  + "00000000000000f6" // records
                  + "0000018bcfe56800" // began
                  + "000000000000000b" // after checkpoint
                  + "0000000000001000" // first
                  + "0000000000002000" // last
                  + "00000001"
                  + "01");

  private static final KafkaCommittable KAFKA = new KafkaCommittable(42, (short) 7, "t-0-", null);

  private static final TrackedTransaction COUNTED =
      new TrackedTransaction(
          KAFKA, new TransactionContent(246, 0x18bcfe56800L, 11, 0x1000, 0x2000));

  private final SimpleVersionedSerializer<KafkaCommittable> connector =
      KafkaSink.<String>builder()
          .setBootstrapServers("127.0.0.1:9092")
          .setRecordSerializer(
              KafkaRecordSerializationSchema.<String>builder()
                  .setTopic("t")
                  .setValueSerializationSchema(text -> new byte[0])
                  .build())
          .build()
          .getCommittableSerializer();

  private final TrackedTransactionSerializer serializer =
      new TrackedTransactionSerializer(connector);

  @Test
  void shouldWriteWhatItFirstWrote() throws Exception {
    assertThat(serializer.getVersion()).isEqualTo(1_001);
    assertThat(serializer.serialize(COUNTED)).isEqualTo(FIRST);
  }

  @Test
  void shouldReadWhatItFirstWrote() throws Exception {
    assertThat(serializer.deserialize(1_001, FIRST)).isEqualTo(COUNTED);
  }

  @Test
  void shouldReadACheckpointOfBeforeContentsWereCountedAndKeepIt() throws Exception {
    TrackedTransaction read = serializer.deserialize(1, OF_THE_CONNECTOR);

    assertThat(read).isEqualTo(new TrackedTransaction(KAFKA, null));
    assertThat(serializer.deserialize(1_001, serializer.serialize(read))).isEqualTo(read);
  }

  @Test
  void shouldLetAJobBeRolledBackToTheConnectorAlone() throws Exception {
    assertThat(connector.deserialize(1_001, FIRST)).isEqualTo(KAFKA);
  }

  @Test
  void shouldRefuseALaterVersion() {
    assertThatThrownBy(() -> serializer.deserialize(1_002, FIRST))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("versions up to 1001, was kept with 1002");
  }
}
