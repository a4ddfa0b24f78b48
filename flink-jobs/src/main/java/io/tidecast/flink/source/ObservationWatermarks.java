package io.tidecast.flink.source;

import io.tidecast.flink.grid.MillisClock;
import io.tidecast.flink.record.ParsedMeasurement;
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
 *
 * <p>An observation from ahead of the wall clock counts as one of now: what others measure until
 * then is still to come. But not where times far ahead are allowed, as of simulated data; those
 * would wait until the clock comes there.
 */
public final class ObservationWatermarks implements WatermarkStrategy<ParsedMeasurement> {

  private static final long serialVersionUID = 1L;

  /** With a greater {@code source.max-future}, times are not those of clocks. */
  private static final Duration LIVE = Duration.ofDays(1);

  private final Duration maxOutOfOrderness;
  private final Duration idleTimeout;
  private final boolean mayLeadTheClock;
  private final MillisClock clock;

  public ObservationWatermarks(SourceSettings source, MillisClock clock) {
    this.maxOutOfOrderness = source.maxOutOfOrderness();
    // What has an end is read as fast as it comes: who is silent there is only not read yet.
    this.idleTimeout = source.isBounded() ? Duration.ZERO : source.idleTimeout();
    this.mayLeadTheClock = source.maxFuture().compareTo(LIVE) > 0;
    this.clock = clock;
  }

  @Override
  public TimestampAssigner<ParsedMeasurement> createTimestampAssigner(
      TimestampAssignerSupplier.Context context) {
    return (parsed, recordTimestamp) ->
        parsed.accepted() == null ? recordTimestamp : parsed.accepted().timeMillis();
  }

  @Override
  public WatermarkGenerator<ParsedMeasurement> createWatermarkGenerator(
      WatermarkGeneratorSupplier.Context context) {
    WatermarkStrategy<ParsedMeasurement> bounded =
        WatermarkStrategy.forBoundedOutOfOrderness(maxOutOfOrderness);
    WatermarkStrategy<ParsedMeasurement> strategy =
        idleTimeout.isZero() ? bounded : bounded.withIdleness(idleTimeout);
    return new AcceptedOnly(strategy.createWatermarkGenerator(context), latest());
  }

  /** The time that an observation counts as at most. */
  public MillisClock latest() {
    return mayLeadTheClock ? () -> Long.MAX_VALUE : clock;
  }

  /**
   * @param latest time that an observation may count as
   */
  private record AcceptedOnly(WatermarkGenerator<ParsedMeasurement> generator, MillisClock latest)
      implements WatermarkGenerator<ParsedMeasurement> {

    @Override
    public void onEvent(ParsedMeasurement parsed, long timestamp, WatermarkOutput output) {
      if (parsed.accepted() != null) {
        generator.onEvent(parsed, Math.min(timestamp, latest.millis()), output);
      }
    }

    @Override
    public void onPeriodicEmit(WatermarkOutput output) {
      generator.onPeriodicEmit(output);
    }
  }
}
