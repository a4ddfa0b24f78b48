package io.tidecast.flink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tidecast.flink.config.JobConfig;
import io.tidecast.flink.model.ModelSlots;
import io.tidecast.flink.record.IssuedForecast;
import io.tidecast.flink.record.ParsedMeasurement;
import io.tidecast.flink.testing.Samples;
import io.tidecast.flink.testing.TestingModel;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.api.common.functions.RichMapFunction;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.connector.source.util.ratelimit.RateLimiterStrategy;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.PipelineOptions;
import org.apache.flink.configuration.RestartStrategyOptions;
import org.apache.flink.configuration.StateRecoveryOptions;
import org.apache.flink.connector.datagen.source.DataGeneratorSource;
import org.apache.flink.core.execution.JobClient;
import org.apache.flink.core.execution.SavepointFormatType;
import org.apache.flink.runtime.testutils.MiniClusterResourceConfiguration;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.streaming.api.functions.sink.v2.DiscardingSink;
import org.apache.flink.test.junit5.MiniClusterExtension;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** A job that goes on from a savepoint with another step does not get better by being restarted. */
@Tag("cluster")
@Timeout(120)
class ChangedStepITCase {

  @RegisterExtension
  static final MiniClusterExtension CLUSTER =
      new MiniClusterExtension(
          new MiniClusterResourceConfiguration.Builder()
              .setNumberTaskManagers(1)
              .setNumberSlotsPerTaskManager(1)
              .build());

  // Static, because everything given to the cluster is serialized.
  private static final AtomicInteger STARTS = new AtomicInteger();
  private static final CountDownLatch FORECAST = new CountDownLatch(1);

  @TempDir private Path folder;

  @Test
  void shouldFailForGoodWhereTheStepHasChanged() throws Exception {
    JobClient second = start("1s", null);
    assertThat(FORECAST.await(60, TimeUnit.SECONDS)).isTrue();
    String savepoint =
        second
            .stopWithSavepoint(false, folder.toUri().toString(), SavepointFormatType.CANONICAL)
            .get();
    assertThat(STARTS).hasValue(1);

    JobClient other = start("2s", savepoint);

    assertThatThrownBy(() -> other.getJobExecutionResult().get())
        .hasStackTraceContaining("series.step=PT2S, was kept with PT1S; put the former value back");
    assertThat(STARTS).as("once more, although ten restarts are allowed").hasValue(2);
  }

  private static JobClient start(String step, String savepoint) throws Exception {
    StreamExecutionEnvironment env = StreamExecutionEnvironment.getExecutionEnvironment();
    Configuration settings = new Configuration();
    settings.set(PipelineOptions.GENERIC_TYPES, false);
    settings.set(RestartStrategyOptions.RESTART_STRATEGY, "fixed-delay");
    settings.set(RestartStrategyOptions.RESTART_STRATEGY_FIXED_DELAY_ATTEMPTS, 10);
    settings.set(RestartStrategyOptions.RESTART_STRATEGY_FIXED_DELAY_DELAY, Duration.ZERO);
    if (savepoint != null) {
      settings.set(StateRecoveryOptions.SAVEPOINT_PATH, savepoint);
    }
    env.configure(settings);
    env.setParallelism(1);
    DataStream<ParsedMeasurement> parsed =
        env.fromSource(
                new DataGeneratorSource<>(
                    index ->
                        new ParsedMeasurement(Samples.measurement("a", index * 1_000, index), null),
                    Long.MAX_VALUE,
                    RateLimiterStrategy.perSecond(50),
                    TypeInformation.of(ParsedMeasurement.class)),
                WatermarkStrategy.noWatermarks(),
                "records")
            .uid("records");
    JobConfig config = Samples.config("series: {step: %s}".formatted(step));
    new Topology(config, ModelSlots.of(new TestingModel(windows -> {})), () -> Samples.NOW)
        .connect(new Topology.Inputs(parsed, null, null, null))
        .forecasts()
        .map(new Starts())
        .returns(IssuedForecast.class)
        .sinkTo(new DiscardingSink<>());
    return env.executeAsync("step of " + step);
  }

  private static final class Starts extends RichMapFunction<IssuedForecast, IssuedForecast> {

    private static final long serialVersionUID = 1L;

    @Override
    public void open(OpenContext context) {
      STARTS.incrementAndGet();
    }

    @Override
    public IssuedForecast map(IssuedForecast forecast) {
      FORECAST.countDown();
      return forecast;
    }
  }
}
