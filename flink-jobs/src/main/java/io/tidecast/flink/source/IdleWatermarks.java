package io.tidecast.flink.source;

import io.tidecast.flink.record.ParsedMeasurement;
import org.apache.flink.api.common.eventtime.WatermarkGenerator;
import org.apache.flink.api.common.eventtime.WatermarkGeneratorSupplier;
import org.apache.flink.api.common.eventtime.WatermarkOutput;
import org.apache.flink.api.common.eventtime.WatermarkStrategy;

/** No watermarks: those of other inputs neither wait for this one nor go by it. */
public final class IdleWatermarks implements WatermarkStrategy<ParsedMeasurement> {

  private static final long serialVersionUID = 1L;

  @Override
  public WatermarkGenerator<ParsedMeasurement> createWatermarkGenerator(
      WatermarkGeneratorSupplier.Context context) {
    return new Idle();
  }

  private record Idle() implements WatermarkGenerator<ParsedMeasurement> {

    @Override
    public void onEvent(ParsedMeasurement parsed, long timestamp, WatermarkOutput output) {
      // Its time lies ahead of what the others wait for.
    }

    @Override
    public void onPeriodicEmit(WatermarkOutput output) {
      output.markIdle();
    }
  }
}
