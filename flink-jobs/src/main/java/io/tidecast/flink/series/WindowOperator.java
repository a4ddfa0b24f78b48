package io.tidecast.flink.series;

import io.tidecast.flink.grid.MillisClock;
import io.tidecast.flink.record.ForecastTask;
import io.tidecast.flink.record.Measurement;
import org.apache.flink.streaming.api.operators.OneInputStreamOperator;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;

/** Of a job that forecasts as cells close. */
public final class WindowOperator extends SeriesOperator
    implements OneInputStreamOperator<Measurement, ForecastTask> {

  private static final long serialVersionUID = 1L;

  public WindowOperator(SeriesSettings settings, CellCloser window, MillisClock clock) {
    super(settings, window, clock);
  }

  @Override
  public void processElement(StreamRecord<Measurement> record) throws Exception {
    observe(record);
  }
}
