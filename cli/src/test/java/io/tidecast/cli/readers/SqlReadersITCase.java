package io.tidecast.cli.readers;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidecast.cli.embedded.EmbeddedFlink;
import io.tidecast.cli.embedded.EmbeddedKafka;
import io.tidecast.cli.quickstart.DemandSeries;
import io.tidecast.cli.testing.Pipelines;
import io.tidecast.flink.ForecastJob;
import io.tidecast.flink.config.JobConfig;
import io.tidecast.schemas.AvroCodec;
import io.tidecast.schemas.Observation;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.table.api.EnvironmentSettings;
import org.apache.flink.table.api.TableEnvironment;
import org.apache.flink.types.Row;
import org.apache.flink.util.CloseableIterator;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Forecasts of a running job, read by Flink SQL's own formats, as the how-to page has it. */
@Tag("cluster")
@Timeout(180)
class SqlReadersITCase {

  private static EmbeddedKafka kafka;
  private static EmbeddedFlink flink;

  @BeforeAll
  static void start() {
    kafka = EmbeddedKafka.start();
    kafka.createTopic("in", 1, Map.of());
    flink = EmbeddedFlink.start(2, new Configuration());
    sendObservations(Pipelines.CONTEXT + 2);
  }

  @AfterAll
  static void stop() {
    flink.close();
    kafka.close();
  }

  private static void sendObservations(int count) {
    DemandSeries series = DemandSeries.load();
    AvroCodec<Observation> codec = AvroCodec.observations();
    try (Producer<byte[], byte[]> producer =
        new KafkaProducer<>(
            Map.of("bootstrap.servers", kafka.bootstrapServers()),
            new ByteArraySerializer(),
            new ByteArraySerializer())) {
      for (int i = 0; i < count; i++) {
        int row = DemandSeries.FIRST_VALIDATION_ROW + i;
        Observation observation =
            new Observation(DemandSeries.NAME, series.time(row), List.of(series.value(row)));
        producer.send(new ProducerRecord<>("in", codec.encode(observation)));
      }
      producer.send(new ProducerRecord<>("in", new byte[] {'?'}));
    }
  }

  @Test
  void shouldBeReadAsJson() throws Exception {
    run("json", "forecast");
    List<Row> rows =
        query(
            """
            CREATE TABLE forecasts (
              series STRING,
              origin TIMESTAMP_LTZ(3),
              horizon INT,
              points ARRAY<DOUBLE>,
              fallback BOOLEAN
            ) WITH (
              'connector' = 'kafka',
              'topic' = 'json.out',
              'properties.bootstrap.servers' = '%s',
              'properties.isolation.level' = 'read_committed',
              'scan.startup.mode' = 'earliest-offset',
              'scan.bounded.mode' = 'latest-offset',
              'format' = 'json',
              'json.timestamp-format.standard' = 'ISO-8601'
            )
            """
                .formatted(kafka.bootstrapServers()),
            "SELECT series, CAST(origin AS STRING), horizon, points[1], fallback FROM forecasts");
    assertThat(rows).hasSize(3);
  }

  /** A job over what there is. */
  private static void run(String format, String layout) throws Exception {
    kafka.createTopic(format + ".out", 1, Map.of());
    kafka.createTopic(format + ".dlq", 1, Map.of());
    JobConfig config =
        JobConfig.builder()
            .set("kafka.bootstrap-servers", kafka.bootstrapServers())
            .set("source.topic", "in")
            .set("source.start", "earliest")
            .set("source.stop", "latest")
            .set("source.group-id", format)
            .set("series.step", "PT30M")
            .set("model.path", Pipelines.model())
            .set("sink.topic", format + ".out")
            .set("sink.format", format)
            .set("sink.layout", layout)
            .set("sink.transactional-id-prefix", format)
            .set("dead-letters.topic", format + ".dlq")
            .set("checkpoints.interval", Duration.ofMillis(300))
            .build();
    StreamExecutionEnvironment environment =
        StreamExecutionEnvironment.getExecutionEnvironment(new Configuration());
    ForecastJob.build(environment, config);
    EmbeddedFlink.Job job = flink.submit(environment.getStreamGraph());
    while (!job.finished()) {
      job.check();
      Thread.sleep(50);
    }
  }

  private static List<Row> query(String table, String query) throws Exception {
    TableEnvironment tables =
        TableEnvironment.create(EnvironmentSettings.newInstance().inStreamingMode().build());
    tables.getConfig().set("table.local-time-zone", "UTC");
    tables.getConfig().set("parallelism.default", "1");
    tables.executeSql(table);
    List<Row> rows = new ArrayList<>();
    try (CloseableIterator<Row> found = tables.executeSql(query).collect()) {
      found.forEachRemaining(rows::add);
    }
    System.out.println(rows);
    return rows;
  }
}
