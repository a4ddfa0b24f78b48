package io.tidecast.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidecast.cli.embedded.EmbeddedKafka;
import io.tidecast.cli.embedded.EmbeddedPipeline;
import io.tidecast.cli.embedded.ForecastReader;
import io.tidecast.cli.quickstart.DemandSeries;
import io.tidecast.cli.testing.CorruptRecords;
import io.tidecast.cli.testing.Pipelines;
import io.tidecast.schemas.AvroCodec;
import io.tidecast.schemas.DeadLetter;
import io.tidecast.schemas.Observation;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.Future;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("cluster")
class CorruptRecordsITCase {
  private static final int CORRUPT = 1000;
  private static final int LARGE = 10;
  private static final byte[] KEY = DemandSeries.NAME.getBytes(StandardCharsets.UTF_8);

  private final DemandSeries series = DemandSeries.load();
  private final Random random = new Random(20_001_001);

  /** What was sent in a corrupt record's stead, and where it is in the topic. */
  private record Sent(CorruptRecords kind, byte[] value, Future<RecordMetadata> at) {}

  @Test
  void shouldSetAsideAThousandCorruptRecordsAndLoseNoForecast() throws Exception {
    try (EmbeddedPipeline pipeline = EmbeddedPipeline.start(Pipelines.settings(1));
        ForecastReader reader = Pipelines.reader(pipeline)) {
      Map<Long, Sent> corrupt = new HashMap<>();
      for (Sent sent : send(pipeline)) {
        corrupt.put(sent.at().get().offset(), sent);
      }
      assertThat(corrupt).hasSize(CORRUPT);

      Pipelines.read(reader, Pipelines.FORECASTS, CORRUPT, pipeline.job()::check);

      assertThat(pipeline.job().restarts()).isZero();
      Map<Long, DeadLetter> deadLetters = new HashMap<>();
      for (DeadLetter letter : reader.deadLetters()) {
        assertThat(letter.getTopic()).isEqualTo(EmbeddedPipeline.OBSERVATIONS);
        assertThat(deadLetters.put(letter.getOffset(), letter)).isNull();
      }
      assertThat(deadLetters.keySet()).isEqualTo(corrupt.keySet());
      deadLetters.forEach((offset, letter) -> check(letter, corrupt.get(offset)));
      Pipelines.checkSound(reader.forecasts());
      assertThat(Pipelines.points(reader.forecasts())).isEqualTo(Pipelines.undisturbed());
    }
  }

  private static void check(DeadLetter letter, Sent sent) {
    String what = sent.kind().name();
    assertThat(letter.getReason()).as(what).isEqualTo(sent.kind().reason().code());
    assertThat(letter.getDetail()).as(what).isNotBlank();
    byte[] kept = new byte[letter.getValue().remaining()];
    letter.getValue().duplicate().get(kept);
    assertThat(letter.getValueLength()).as(what).isEqualTo(sent.value().length);
    assertThat(kept).as(what).isEqualTo(Arrays.copyOf(sent.value(), kept.length));
    assertThat(kept.length).as(what).isEqualTo(Math.min(sent.value().length, 900_000));
  }

  /** Sends the four weeks with the corrupt records strewn among them. */
  private List<Sent> send(EmbeddedPipeline pipeline) {
    AvroCodec<Observation> codec = AvroCodec.observations();
    List<Sent> corrupt = new ArrayList<>();
    List<CorruptRecords> kinds = kinds();
    try (Producer<byte[], byte[]> producer =
        new KafkaProducer<>(
            Map.of(
                "bootstrap.servers",
                pipeline.bootstrapServers(),
                "max.request.size",
                EmbeddedKafka.MAX_MESSAGE_BYTES),
            new ByteArraySerializer(),
            new ByteArraySerializer())) {
      int rows = series.rows() - DemandSeries.FIRST_VALIDATION_ROW;
      for (int i = 0; i < rows; i++) {
        int row = DemandSeries.FIRST_VALIDATION_ROW + i;
        while (corrupt.size() < (long) kinds.size() * (i + 1) / rows) {
          CorruptRecords kind = kinds.get(corrupt.size());
          byte[] value = kind.make(series.time(row), random);
          corrupt.add(new Sent(kind, value, producer.send(record(value))));
        }
        producer.send(
            record(
                codec.encode(
                    new Observation(
                        DemandSeries.NAME, series.time(row), List.of(series.value(row))))));
      }
    }
    return corrupt;
  }

  private static ProducerRecord<byte[], byte[]> record(byte[] value) {
    return new ProducerRecord<>(EmbeddedPipeline.OBSERVATIONS, KEY, value);
  }

  /** A thousand in random order: a few large ones, the rest in equal parts. */
  private List<CorruptRecords> kinds() {
    List<CorruptRecords> small = new ArrayList<>(List.of(CorruptRecords.values()));
    List<CorruptRecords> large =
        List.of(CorruptRecords.FIVE_MEGABYTES, CorruptRecords.FIVE_MEGABYTE_NAME);
    small.removeAll(large);
    List<CorruptRecords> kinds = new ArrayList<>();
    for (int i = 0; i < CORRUPT; i++) {
      List<CorruptRecords> from = i < LARGE ? large : small;
      kinds.add(from.get(i % from.size()));
    }
    Collections.shuffle(kinds, random);
    return kinds;
  }
}
