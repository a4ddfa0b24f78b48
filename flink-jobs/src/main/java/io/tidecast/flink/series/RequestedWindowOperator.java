package io.tidecast.flink.series;

import io.tidecast.flink.grid.MillisClock;
import io.tidecast.flink.record.ForecastRequest;
import io.tidecast.flink.record.ForecastTask;
import io.tidecast.flink.record.Measurement;
import org.apache.flink.streaming.api.operators.TwoInputStreamOperator;
import org.apache.flink.streaming.api.watermark.Watermark;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.apache.flink.streaming.runtime.watermarkstatus.WatermarkStatus;

/**
 * Of a job that forecasts on request, too. Time is that of the observations: whatever the requests
 * say of it neither holds them back nor drives them on.
 */
public final class RequestedWindowOperator extends SeriesOperator
    implements TwoInputStreamOperator<Measurement, ForecastRequest, ForecastTask> {

  private static final long serialVersionUID = 1L;

  public RequestedWindowOperator(SeriesSettings settings, CellCloser window, MillisClock clock) {
    super(settings, window, clock);
  }

  @Override
  public void processElement1(StreamRecord<Measurement> record) throws Exception {
    observe(record);
  }

  @Override
  public void processElement2(StreamRecord<ForecastRequest> record) throws Exception {
    answer(record);
  }

  @Override
  public void processWatermark1(Watermark mark) throws Exception {
    processWatermark(mark);
  }

  @Override
  public void processWatermark2(Watermark mark) {
    // Requests have no time.
  }

  @Override
  protected void processWatermarkStatus(WatermarkStatus status, int input) throws Exception {
    if (input == 0) {
      processWatermarkStatus(status);
    }
  }
}
