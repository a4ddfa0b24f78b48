package io.tidecast.flink.source;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidecast.flink.record.Measurement;
import io.tidecast.flink.record.ParsedMeasurement;
import io.tidecast.flink.testing.Samples;
import java.util.ArrayList;
import java.util.List;
import org.apache.flink.api.common.eventtime.Watermark;
import org.apache.flink.api.common.eventtime.WatermarkGenerator;
import org.apache.flink.api.common.eventtime.WatermarkOutput;
import org.junit.jupiter.api.Test;

class IdleWatermarksTest {

  @Test
  void shouldBeIdleWhateverComes() {
    List<String> said = new ArrayList<>();
    WatermarkOutput output =
        new WatermarkOutput() {
          @Override
          public void emitWatermark(Watermark watermark) {
            said.add(watermark.toString());
          }

          @Override
          public void markIdle() {
            said.add("idle");
          }

          @Override
          public void markActive() {
            said.add("active");
          }
        };
    WatermarkGenerator<ParsedMeasurement> generator =
        new IdleWatermarks<ParsedMeasurement>().createWatermarkGenerator(null);
    Measurement ahead = Samples.measurement("a", Samples.NOW * 2, 1);
    generator.onEvent(new ParsedMeasurement(ahead, null), ahead.timeMillis(), output);
    generator.onPeriodicEmit(output);
    assertThat(said).containsExactly("idle");
  }
}
