package io.tidecast.cli.run;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidecast.cli.TidecastCommand;
import io.tidecast.cli.embedded.EmbeddedKafka;
import io.tidecast.cli.embedded.ForecastReader;
import io.tidecast.cli.quickstart.DemandSeries;
import io.tidecast.cli.testing.Pipelines;
import io.tidecast.cli.testing.Tidecast;
import io.tidecast.schemas.AvroCodec;
import io.tidecast.schemas.Observation;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.RandomAccessFile;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** A job of many series, started with nothing but what must be said. */
@Tag("cluster")
@Timeout(180)
class ManySeriesITCase {
  private static final int SERIES = 20_000;
  private static final int FORECASTS = 5;

  /** In the memory of a job manager, checkpoints would end here. */
  private static final long MEMORY_BYTES = 5 << 20;

  private final StringWriter err = new StringWriter();
  private final DemandSeries demand = DemandSeries.load();
  private final AvroCodec<Observation> codec = AvroCodec.observations();

  @TempDir private Path folder;

  @Test
  void shouldCommitAndGoOnWithTheShortestJobFile() throws Exception {
    try (EmbeddedKafka kafka = EmbeddedKafka.start()) {
      kafka.createTopic("observations", 1, Map.of("retention.ms", "-1"));
      kafka.createTopic("forecasts", 1, Map.of());
      kafka.createTopic("observations.dlq", 1, Map.of());
      Path job =
          Files.writeString(
              folder.resolve("job.yaml"),
              """
              kafka: {bootstrap-servers: "%s"}
              series: {step: 30min}
              model: {path: %s}
              """
                  .formatted(kafka.bootstrapServers(), Pipelines.model()));
      try (ForecastReader reader =
              new ForecastReader(kafka.bootstrapServers(), "forecasts", "observations.dlq");
          Producer<byte[], byte[]> producer = producer(kafka)) {
        int row = DemandSeries.FIRST_VALIDATION_ROW;
        sendAll(producer, row);
        send(producer, row, row + Pipelines.CONTEXT - 1 + FORECASTS);
        Path savepoint = run(job, reader, FORECASTS);
        assertThat(bytes(savepoint)).isGreaterThan(5 * MEMORY_BYTES);

        sendAll(producer, row + 1);
        int sent = row + Pipelines.CONTEXT - 1 + FORECASTS;
        send(producer, sent, sent + FORECASTS);
        Path last = run(job, reader, 2 * FORECASTS);
        assertThat(Pipelines.undisturbed())
            .containsAllEntriesOf(Pipelines.points(reader.forecasts()));

        shouldSayThatItIsDamaged(job, last);
      }
    }
  }

  /**
   * Runs the job until so many forecasts are readable, and returns the savepoint that it leaves.
   */
  private Path run(Path job, ForecastReader reader, int forecasts) throws Exception {
    try (Tidecast tidecast = new Tidecast(folder, "run", "--config", job.toString())) {
      tidecast.awaitLine("Forecasting observations -> forecasts");
      Pipelines.read(reader, forecasts, 0, () -> {});
      tidecast.signal("TERM");
      String stopped = tidecast.awaitLine("Started again, the job goes on from ");
      assertThat(tidecast.exitCode()).isEqualTo(143);
      return Path.of(stopped.replaceFirst(".* goes on from ", ""));
    }
  }

  private void shouldSayThatItIsDamaged(Path job, Path savepoint) throws Exception {
    Path largest;
    try (Stream<Path> files = Files.list(savepoint)) {
      largest = files.max(Comparator.comparingLong(file -> file.toFile().length())).orElseThrow();
    }
    try (RandomAccessFile file = new RandomAccessFile(largest.toFile(), "rw")) {
      file.setLength(file.length() - 1);
    }
    CommandLine command = TidecastCommand.commandLine().setErr(new PrintWriter(err, true));

    assertThat(command.execute("run", "--config", job.toString())).isEqualTo(1);
    assertThat(err.toString())
        .contains(
            "checkpoint is damaged: checkpoints.directory=" + folder.resolve(".tidecast").toUri())
        .contains(largest + " must have ", "--anew")
        .doesNotContain("\tat ");

    try (Tidecast tidecast = new Tidecast(folder, "run", "--anew", "--config", job.toString())) {
      assertThat(tidecast.awaitLine("Beginning anew")).contains("the former checkpoints are in ");
      tidecast.awaitLine("Forecasting observations -> forecasts");
    }
  }

  private static long bytes(Path folder) throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      return files.mapToLong(file -> file.toFile().length()).sum();
    }
  }

  private static Producer<byte[], byte[]> producer(EmbeddedKafka kafka) {
    return new KafkaProducer<>(
        Map.of("bootstrap.servers", kafka.bootstrapServers()),
        new ByteArraySerializer(),
        new ByteArraySerializer());
  }

  /** Sends one row as that of every other series. */
  private void sendAll(Producer<byte[], byte[]> producer, int row) {
    for (int i = 1; i < SERIES; i++) {
      send(producer, "meter-" + i, row);
    }
    producer.flush();
  }

  private void send(Producer<byte[], byte[]> producer, int fromRow, int toRow) {
    for (int row = fromRow; row < toRow; row++) {
      send(producer, DemandSeries.NAME, row);
    }
    producer.flush();
  }

  private void send(Producer<byte[], byte[]> producer, String series, int row) {
    byte[] value =
        codec.encode(new Observation(series, demand.time(row), List.of(demand.value(row))));
    producer.send(
        new ProducerRecord<>("observations", series.getBytes(StandardCharsets.UTF_8), value));
  }
}
