package io.tidecast.flink;

import java.time.Duration;
import org.apache.flink.api.common.eventtime.TimestampAssigner;
import org.apache.flink.api.common.eventtime.TimestampAssignerSupplier;
import org.apache.flink.api.common.eventtime.WatermarkGenerator;
import org.apache.flink.api.common.eventtime.WatermarkGeneratorSupplier;
import org.apache.flink.api.common.eventtime.WatermarkOutput;
import org.apache.flink.api.common.eventtime.WatermarkStrategy;

/**
 * Watermarks of one partition that trail the latest good observation by a fixed time. Rejected
 * records count neither as time nor as life: a partition of nothing but garbage becomes idle.
 */
final class ObservationWatermarks implements WatermarkStrategy<ParsedRecord> {

  private static final long serialVersionUID = 1L;

  private final Duration maxOutOfOrderness;
  private final Duration idleTimeout;

  /**
   * @param idleTimeout zero for never
   */
  ObservationWatermarks(Duration maxOutOfOrderness, Duration idleTimeout) {
    this.maxOutOfOrderness = maxOutOfOrderness;
    this.idleTimeout = idleTimeout;
  }

  @Override
  public TimestampAssigner<ParsedRecord> createTimestampAssigner(
      TimestampAssignerSupplier.Context context) {
    return (parsed, recordTimestamp) ->
        parsed.accepted() == null ? recordTimestamp : parsed.accepted().timeMillis();
  }

  @Override
  public WatermarkGenerator<ParsedRecord> createWatermarkGenerator(
      WatermarkGeneratorSupplier.Context context) {
    WatermarkStrategy<ParsedRecord> bounded =
        WatermarkStrategy.forBoundedOutOfOrderness(maxOutOfOrderness);
    WatermarkStrategy<ParsedRecord> strategy =
        idleTimeout.isZero() ? bounded : bounded.withIdleness(idleTimeout);
    return new AcceptedOnly(strategy.createWatermarkGenerator(context));
  }

  private record AcceptedOnly(WatermarkGenerator<ParsedRecord> generator)
      implements WatermarkGenerator<ParsedRecord> {

    @Override
    public void onEvent(ParsedRecord parsed, long timestamp, WatermarkOutput output) {
      if (parsed.accepted() != null) {
        generator.onEvent(parsed, timestamp, output);
      }
    }

    @Override
    public void onPeriodicEmit(WatermarkOutput output) {
      generator.onPeriodicEmit(output);
    }
  }
}
