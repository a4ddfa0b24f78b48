package io.tidecast.flink.source;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidecast.flink.record.ParsedMeasurement;
import io.tidecast.flink.record.Rejection;
import io.tidecast.flink.testing.Samples;
import io.tidecast.schemas.ErrorCode;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.flink.api.common.eventtime.TimestampAssigner;
import org.apache.flink.api.common.eventtime.Watermark;
import org.apache.flink.api.common.eventtime.WatermarkGenerator;
import org.apache.flink.api.common.eventtime.WatermarkGeneratorSupplier;
import org.apache.flink.api.common.eventtime.WatermarkOutput;
import org.apache.flink.metrics.MetricGroup;
import org.apache.flink.metrics.groups.UnregisteredMetricsGroup;
import org.apache.flink.util.clock.RelativeClock;
import org.junit.jupiter.api.Test;

class ObservationWatermarksTest {

  private static final ParsedMeasurement REJECTED =
      new ParsedMeasurement(
          null,
          Rejection.of(
              ErrorCode.MALFORMED, "x", Samples.source(new byte[0]).whole(0), Samples.NOW));

  private final AtomicLong nanos = new AtomicLong();
  private final RecordingOutput output = new RecordingOutput();
  private final ObservationWatermarks strategy = strategy("1h");
  private final WatermarkGenerator<ParsedMeasurement> generator =
      strategy.createWatermarkGenerator(new Context());

  @Test
  void shouldTrailTheLatestObservation() {
    accept(10_000);
    accept(8_000);
    generator.onPeriodicEmit(output);
    assertThat(output.watermark).isEqualTo(10_000 - 5_000 - 1);
  }

  @Test
  void shouldTakeWhatIsAheadOfTheClockForNow() {
    accept(Samples.NOW + 3_000_000);
    generator.onPeriodicEmit(output);
    assertThat(output.watermark).isEqualTo(Samples.NOW - 5_000 - 1);
    accept(Samples.NOW);
    accept(Samples.NOW + 1);
    generator.onPeriodicEmit(output);
    assertThat(output.watermark).isEqualTo(Samples.NOW - 5_000 - 1);
  }

  @Test
  void shouldFollowTimesThatAreNotOfTheClock() {
    WatermarkGenerator<ParsedMeasurement> simulated =
        strategy("25h").createWatermarkGenerator(new Context());
    simulated.onEvent(accepted(Samples.NOW + 3_000_000), Samples.NOW + 3_000_000, output);
    simulated.onPeriodicEmit(output);
    assertThat(output.watermark).isEqualTo(Samples.NOW + 3_000_000 - 5_000 - 1);
  }

  @Test
  void shouldNotBeMovedByRejectedRecords() {
    accept(10_000);
    generator.onEvent(REJECTED, Long.MAX_VALUE, output);
    generator.onPeriodicEmit(output);
    assertThat(output.watermark).isEqualTo(4_999);
  }

  @Test
  void shouldBecomeIdleWhenOnlyGarbageArrives() {
    accept(10_000);
    generator.onPeriodicEmit(output);
    for (int second = 0; second < 61; second++) {
      nanos.addAndGet(1_000_000_000L);
      generator.onEvent(REJECTED, 0, output);
      generator.onPeriodicEmit(output);
    }
    assertThat(output.idle).isTrue();
    accept(11_000);
    generator.onPeriodicEmit(output);
    assertThat(output.idle).isFalse();
  }

  @Test
  void shouldGiveObservationsTheirOwnTime() {
    TimestampAssigner<ParsedMeasurement> assigner = strategy.createTimestampAssigner(null);
    assertThat(assigner.extractTimestamp(accepted(123), 999)).isEqualTo(123);
    assertThat(assigner.extractTimestamp(REJECTED, 999)).isEqualTo(999);
  }

  private static ObservationWatermarks strategy(String maxFuture) {
    String source = "source: {max-out-of-orderness: 5s, idle-timeout: 30s, max-future: %s}";
    return new ObservationWatermarks(
        Samples.config(source.formatted(maxFuture)).source(), () -> Samples.NOW);
  }

  private void accept(long timeMillis) {
    generator.onEvent(accepted(timeMillis), timeMillis, output);
  }

  private static ParsedMeasurement accepted(long timeMillis) {
    return new ParsedMeasurement(Samples.measurement("a", timeMillis, 1), null);
  }

  private static final class RecordingOutput implements WatermarkOutput {

    long watermark = Long.MIN_VALUE;
    boolean idle;

    @Override
    public void emitWatermark(Watermark next) {
      watermark = next.getTimestamp();
      idle = false;
    }

    @Override
    public void markIdle() {
      idle = true;
    }

    @Override
    public void markActive() {
      idle = false;
    }
  }

  private final class Context implements WatermarkGeneratorSupplier.Context {

    @Override
    public MetricGroup getMetricGroup() {
      return new UnregisteredMetricsGroup();
    }

    @Override
    public RelativeClock getInputActivityClock() {
      return new RelativeClock() {
        @Override
        public long relativeTimeMillis() {
          return nanos.get() / 1_000_000;
        }

        @Override
        public long relativeTimeNanos() {
          return nanos.get();
        }
      };
    }
  }
}
