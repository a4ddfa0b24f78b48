package io.tidecast.flink;

import org.apache.flink.streaming.api.operators.OneInputStreamOperator;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;

/** Of a job that forecasts as cells close. */
final class WindowOperator extends SeriesOperator
    implements OneInputStreamOperator<Measurement, ForecastRequest> {

  private static final long serialVersionUID = 1L;

  WindowOperator(JobConfig config, SeriesWindow window, MillisClock clock) {
    super(config, window, clock);
  }

  @Override
  public void processElement(StreamRecord<Measurement> record) throws Exception {
    observe(record);
  }
}
