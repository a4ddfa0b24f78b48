package io.tidecast.flink;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidecast.flink.config.JobConfig;
import io.tidecast.flink.testing.Samples;
import io.tidecast.flink.testing.TestingModel;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.apache.flink.configuration.CheckpointingOptions;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.StateBackendOptions;
import org.apache.flink.runtime.testutils.MiniClusterResourceConfiguration;
import org.apache.flink.state.rocksdb.RocksDBConfigurableOptions;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.streaming.api.functions.sink.v2.DiscardingSink;
import org.apache.flink.test.junit5.MiniClusterExtension;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.rocksdb.CompressionType;
import org.rocksdb.InfoLogLevel;

/** RocksDB itself says what it was told: it begins its log with its options. */
@Tag("cluster")
@Timeout(120)
class RocksDbDefaultsITCase {

  @RegisterExtension
  static final MiniClusterExtension CLUSTER =
      new MiniClusterExtension(
          new MiniClusterResourceConfiguration.Builder()
              .setNumberTaskManagers(1)
              .setNumberSlotsPerTaskManager(1)
              .build());

  @TempDir private Path folder;

  @Test
  void shouldReachRocksDb() throws Exception {
    assertThat(optionsOf("left-open", new Configuration()))
        .anyMatch(line -> line.matches(".*filter_policy: bloomfilter.*"))
        .anyMatch(line -> line.matches(".*Options\\.compression\\[0]: NoCompression"));
  }

  @Test
  void shouldLeaveRocksDbWhatTheUserTellsIt() throws Exception {
    Configuration given = new Configuration();
    given.set(RocksDBConfigurableOptions.USE_BLOOM_FILTER, false);
    given.set(
        RocksDBConfigurableOptions.COMPRESSION_PER_LEVEL, List.of(CompressionType.LZ4_COMPRESSION));

    assertThat(optionsOf("given", given))
        .anyMatch(line -> line.matches(".*filter_policy: nullptr"))
        .anyMatch(line -> line.matches(".*Options\\.compression\\[0]: LZ4"));
  }

  /** Runs the job over a file to its end. */
  private List<String> optionsOf(String name, Configuration given) throws Exception {
    Path logs = Files.createDirectories(folder.resolve(name + "-logs"));
    Path file =
        Files.writeString(
            folder.resolve(name + ".csv"), "at,value\n0,1\n1000,2\n2000,3\n3000,4\n4000,5\n");
    given.set(StateBackendOptions.STATE_BACKEND, "rocksdb");
    given.set(
        CheckpointingOptions.CHECKPOINTS_DIRECTORY,
        folder.resolve("checkpoints").toUri().toString());
    given.set(RocksDBConfigurableOptions.LOG_DIR, logs.toString());
    given.set(RocksDBConfigurableOptions.LOG_LEVEL, InfoLogLevel.INFO_LEVEL);
    StreamExecutionEnvironment env = StreamExecutionEnvironment.getExecutionEnvironment(given);
    JobConfig config =
        Samples.config(
            """
            source:
              format: csv
              files: %s
              mapping: {series: $file, time: at, values: value}
            """
                .formatted(file),
            "dead-letters: {topic: rejects}");
    ForecastJob.Outputs outputs = ForecastJob.outputs(env, config, new TestingModel(windows -> {}));
    outputs.forecasts().sinkTo(new DiscardingSink<>()).uid("forecasts");
    outputs.rejections().sinkTo(new DiscardingSink<>()).uid("rejections");
    env.execute(name);
    try (Stream<Path> all = Files.list(logs)) {
      return all.flatMap(RocksDbDefaultsITCase::lines).toList();
    }
  }

  private static Stream<String> lines(Path log) {
    try {
      return Files.readAllLines(log).stream();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
