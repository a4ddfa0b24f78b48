package io.tidecast.flink.source;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidecast.flink.record.Measurement;
import io.tidecast.flink.record.ParsedMeasurement;
import io.tidecast.flink.record.SourceRecord;
import io.tidecast.flink.testing.Samples;
import java.util.ArrayList;
import java.util.List;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.apache.flink.streaming.api.watermark.Watermark;
import org.apache.flink.streaming.runtime.watermarkstatus.WatermarkStatus;
import org.apache.flink.streaming.util.OneInputStreamOperatorTestHarness;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Observations of up to 10 ms out of order. */
class BoundedInputTest {

  private OneInputStreamOperatorTestHarness<ParsedMeasurement, ParsedMeasurement> harness;

  @AfterEach
  void close() throws Exception {
    harness.close();
  }

  @Test
  void shouldEndWhereTheStreamWouldBe() throws Exception {
    start(false, null);
    record(0, 100);
    record(0, 90);
    end();
    assertThat(marks()).containsExactly("89");
  }

  @Test
  void shouldWaitForEachPartitionThoughItHasEnded() throws Exception {
    start(false, null);
    record(0, 100);
    record(1, 50);
    harness.processWatermark(39);
    // The source forgets a partition that has ended.
    record(0, 200);
    harness.processWatermark(189);
    record(0, 300);
    end();
    assertThat(marks()).containsExactly("39");
  }

  @Test
  void shouldTakeATimeAheadOfTheClockForNow() throws Exception {
    start(false, null);
    record(0, 400);
    end();
    assertThat(marks()).containsExactly("289");
  }

  @Test
  void shouldTakeMergedFilesForOne() throws Exception {
    start(true, null);
    record(0, 100);
    record(1, 50);
    end();
    assertThat(marks()).containsExactly("89");
  }

  @Test
  void shouldNotWaitForASourceThatReadNothing() throws Exception {
    start(false, null);
    end();
    assertThat(marks()).containsExactly("idle");
  }

  @Test
  void shouldPassOnEverythingAndCountIt() throws Exception {
    start(false, null);
    record(0, 100);
    harness.processElement(
        new ParsedMeasurement(
            null,
            Samples.parser(Samples.config())
                .parse(Samples.source(null), Samples.NO_HEADERS)
                .get(0)
                .rejection()),
        7);
    assertThat(harness.extractOutputValues()).hasSize(2);
    end();
    assertThat(marks()).containsExactly("89");
  }

  @Test
  void shouldRememberWhatEndedBeforeARestore() throws Exception {
    start(false, null);
    record(0, 100);
    record(1, 50);
    OperatorSubtaskState snapshot = harness.snapshot(1, 1);
    harness.close();

    start(false, snapshot);
    record(0, 200);
    end();
    assertThat(marks()).containsExactly("39");
  }

  private void start(boolean merged, OperatorSubtaskState snapshot) throws Exception {
    harness = new OneInputStreamOperatorTestHarness<>(new BoundedInput(10, merged, () -> 300));
    harness.setup();
    if (snapshot != null) {
      harness.initializeState(snapshot);
    }
    harness.open();
  }

  private void record(int partition, long timeMillis) throws Exception {
    SourceRecord source = new SourceRecord("o" + partition, 0, 0, -1, null, null);
    Measurement measurement = new Measurement(source.origin(), "a", timeMillis, new double[] {1});
    harness.processElement(new ParsedMeasurement(measurement, null), timeMillis);
  }

  private void end() throws Exception {
    harness.processWatermark(Watermark.MAX_WATERMARK);
    harness.endInput();
  }

  private List<String> marks() {
    List<String> marks = new ArrayList<>();
    for (Object element : harness.getOutput()) {
      if (element instanceof Watermark mark) {
        marks.add(String.valueOf(mark.getTimestamp()));
      } else if (element instanceof WatermarkStatus status) {
        marks.add(status.isIdle() ? "idle" : "active");
      }
    }
    return marks;
  }
}
