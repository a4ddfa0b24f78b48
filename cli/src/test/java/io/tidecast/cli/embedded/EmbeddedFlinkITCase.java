package io.tidecast.cli.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tidecast.cli.console.CliException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.api.common.functions.MapFunction;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.api.common.functions.RichMapFunction;
import org.apache.flink.api.connector.source.lib.NumberSequenceSource;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.RestartStrategyOptions;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.streaming.api.functions.sink.v2.DiscardingSink;
import org.apache.flink.streaming.api.graph.StreamGraph;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Tag("cluster")
@Timeout(180)
class EmbeddedFlinkITCase {
  private static final int RESTARTS = 2;

  @Test
  void shouldRunAJobUntilItIsStoppedAndLeaveNothingBehind() throws Exception {
    Set<Path> before = folders();
    try (EmbeddedFlink flink = EmbeddedFlink.start(1, settings())) {
      EmbeddedFlink.Job job = flink.submit(graph(new Steady()));
      while (!job.running()) {
        Thread.sleep(20);
      }
      assertThat(job.restarts()).isZero();
      assertThat(job.lastFailure()).isEmpty();
      assertThat(folders()).hasSize(before.size() + 1);

      job.stop();

      assertThatThrownBy(job::check).hasMessageContaining("the job has ended");
    }
    assertThat(folders()).isEqualTo(before);
  }

  @Test
  void shouldCountRestartsAndSayWhyAJobFailed() throws Exception {
    try (EmbeddedFlink flink = EmbeddedFlink.start(1, settings())) {
      EmbeddedFlink.Job job = flink.submit(graph(new Failing()));

      assertThatThrownBy(
              () -> {
                while (true) {
                  job.check();
                  Thread.sleep(20);
                }
              })
          .isInstanceOf(CliException.class)
          .hasMessage("the job has ended: the reason");
      assertThat(job.restarts()).isEqualTo(RESTARTS);
      assertThat(job.lastFailure()).contains("the reason");
    }
  }

  @Test
  void shouldReplaceATaskManagerThatEndsWithItsTask() throws Exception {
    try (EmbeddedFlink flink = EmbeddedFlink.start(1, settings())) {
      EmbeddedFlink.Job job = flink.submit(graph(new NeverClosing()));

      while (!(job.restarts() == 1 && job.running())) {
        job.check();
        Thread.sleep(20);
      }

      assertThat(job.failures(0)).hasSize(1);
      job.stop();
    }
  }

  @Test
  void shouldCountWhatATaskGaveToTheNext() throws Exception {
    try (EmbeddedFlink flink = EmbeddedFlink.start(1, settings())) {
      EmbeddedFlink.Job endless = flink.submit(graph(new Steady()));
      assertThatThrownBy(endless::bytesOut)
          .isInstanceOf(CliException.class)
          .hasMessageContaining("must have ended");
    }
    try (EmbeddedFlink flink = EmbeddedFlink.start(1, settings())) {
      StreamExecutionEnvironment environment =
          StreamExecutionEnvironment.getExecutionEnvironment(new Configuration());
      environment.setParallelism(1);
      environment
          .fromSource(
              new NumberSequenceSource(1, 10_000), WatermarkStrategy.noWatermarks(), "numbers")
          .rebalance()
          .sinkTo(new DiscardingSink<>());
      EmbeddedFlink.Job job = flink.submit(environment.getStreamGraph());
      while (!job.finished()) {
        Thread.sleep(20);
      }

      Map<String, Long> bytes = job.bytesOut();

      assertThat(bytes).hasSize(2).containsKey("Source: numbers");
      // Four bytes of length, one of kind, eight of a time where there is one, eight of the value.
      assertThat(bytes.remove("Source: numbers")).isBetween(13L * 10_000, 22L * 10_000);
      assertThat(bytes.values()).singleElement().matches(last -> last < 1_000);
    }
  }

  private static StreamGraph graph(MapFunction<Long, Long> function) {
    StreamExecutionEnvironment environment =
        StreamExecutionEnvironment.getExecutionEnvironment(new Configuration());
    environment.setParallelism(1);
    environment.enableCheckpointing(100);
    environment
        .fromSource(
            new NumberSequenceSource(0, Long.MAX_VALUE),
            WatermarkStrategy.noWatermarks(),
            "numbers")
        .map(function)
        .sinkTo(new DiscardingSink<>());
    return environment.getStreamGraph();
  }

  private static Configuration settings() {
    Configuration settings = new Configuration();
    settings.set(RestartStrategyOptions.RESTART_STRATEGY, "fixed-delay");
    settings.set(RestartStrategyOptions.RESTART_STRATEGY_FIXED_DELAY_ATTEMPTS, RESTARTS);
    settings.set(RestartStrategyOptions.RESTART_STRATEGY_FIXED_DELAY_DELAY, Duration.ofMillis(10));
    return settings;
  }

  private static Set<Path> folders() throws IOException {
    try (Stream<Path> list = Files.list(Path.of(System.getProperty("java.io.tmpdir")))) {
      return list.filter(p -> p.getFileName().toString().startsWith("tidecast-flink-"))
          .collect(Collectors.toSet());
    }
  }

  /** As fast as a test needs. */
  private static final class Steady implements MapFunction<Long, Long> {
    private static final long serialVersionUID = 1L;

    @Override
    public Long map(Long value) throws InterruptedException {
      Thread.sleep(1);
      return value;
    }
  }

  /** Never gets anywhere. */
  private static final class Failing implements MapFunction<Long, Long> {
    private static final long serialVersionUID = 1L;

    @Override
    public Long map(Long value) {
      throw new IllegalStateException("the reason");
    }
  }

  /** Fails once, and cannot be cleaned up after that, which Flink ends the task manager for. */
  private static final class NeverClosing extends RichMapFunction<Long, Long> {
    private static final long serialVersionUID = 1L;

    private boolean first;

    @Override
    public void open(OpenContext context) {
      first = getRuntimeContext().getTaskInfo().getAttemptNumber() == 0;
    }

    @Override
    public Long map(Long value) {
      if (first) {
        throw new IllegalStateException("the reason");
      }
      return value;
    }

    @Override
    public void close() {
      if (first) {
        throw new IllegalStateException("not closed");
      }
    }
  }
}
