package io.tidecast.flink.source;

import io.tidecast.flink.record.ParsedRecord;
import org.apache.flink.api.common.eventtime.WatermarkGenerator;
import org.apache.flink.api.common.eventtime.WatermarkGeneratorSupplier;
import org.apache.flink.api.common.eventtime.WatermarkOutput;
import org.apache.flink.api.common.eventtime.WatermarkStrategy;

/** No watermarks: those of other inputs neither wait for this one nor go by it. */
public final class IdleWatermarks implements WatermarkStrategy<ParsedRecord> {

  private static final long serialVersionUID = 1L;

  @Override
  public WatermarkGenerator<ParsedRecord> createWatermarkGenerator(
      WatermarkGeneratorSupplier.Context context) {
    return new Idle();
  }

  private record Idle() implements WatermarkGenerator<ParsedRecord> {

    @Override
    public void onEvent(ParsedRecord parsed, long timestamp, WatermarkOutput output) {
      // Its time lies ahead of what the others wait for.
    }

    @Override
    public void onPeriodicEmit(WatermarkOutput output) {
      output.markIdle();
    }
  }
}
