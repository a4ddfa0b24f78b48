package io.tidecast.flink.source;

import org.apache.flink.api.common.eventtime.WatermarkGenerator;
import org.apache.flink.api.common.eventtime.WatermarkGeneratorSupplier;
import org.apache.flink.api.common.eventtime.WatermarkOutput;
import org.apache.flink.api.common.eventtime.WatermarkStrategy;

/**
 * No watermarks: those of other inputs neither wait for this one nor go by it.
 *
 * @param <T> what the input has
 */
public final class IdleWatermarks<T> implements WatermarkStrategy<T> {

  private static final long serialVersionUID = 1L;

  @Override
  public WatermarkGenerator<T> createWatermarkGenerator(
      WatermarkGeneratorSupplier.Context context) {
    return new Idle<>();
  }

  private record Idle<T>() implements WatermarkGenerator<T> {

    @Override
    public void onEvent(T element, long timestamp, WatermarkOutput output) {
      // It says nothing about the times of the others.
    }

    @Override
    public void onPeriodicEmit(WatermarkOutput output) {
      output.markIdle();
    }
  }
}
