package io.tidecast.flink.inference;

import io.tidecast.flink.model.ForecasterFactory;
import io.tidecast.flink.record.ForecastTask;
import io.tidecast.flink.record.IssuedForecast;
import io.tidecast.flink.record.Rejection;
import io.tidecast.flink.record.SplitRejected;
import io.tidecast.flink.state.StateTypes;
import io.tidecast.flink.testing.Samples;
import java.io.IOException;
import java.util.List;
import org.apache.flink.api.common.serialization.SerializerConfigImpl;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.apache.flink.streaming.util.OneInputStreamOperatorTestHarness;
import org.jspecify.annotations.Nullable;

/** The forecast operator in a harness of Flink's, as the job has it. */
public final class ForecastHarness implements AutoCloseable {

  private final OneInputStreamOperatorTestHarness<ForecastTask, IssuedForecast> harness;

  private ForecastHarness(OneInputStreamOperatorTestHarness<ForecastTask, IssuedForecast> harness) {
    this.harness = harness;
  }

  /** Opens the operator. */
  public static ForecastHarness start(
      ForecasterFactory model, InferenceOptions options, @Nullable OperatorSubtaskState snapshot)
      throws Exception {
    OneInputStreamOperatorTestHarness<ForecastTask, IssuedForecast> harness =
        new OneInputStreamOperatorTestHarness<>(
            new ForecastOperatorFactory(model, options, () -> Samples.NOW),
            StateTypes.FORECAST_TASK.createSerializer(new SerializerConfigImpl()));
    harness.setup(
        TypeInformation.of(IssuedForecast.class).createSerializer(new SerializerConfigImpl()));
    if (snapshot != null) {
      harness.initializeState(snapshot);
    }
    harness.open();
    return new ForecastHarness(harness);
  }

  /** Gives it tasks, with their origins as their timestamps. */
  public void process(List<ForecastTask> tasks) throws Exception {
    for (ForecastTask task : tasks) {
      harness.processElement(task, task.originMillis());
    }
  }

  /** Ends its input and waits for all that is under way. */
  public void end() throws Exception {
    harness.endInput();
  }

  /** What it has forecast so far. */
  public List<IssuedForecast> forecasts() {
    return harness.extractOutputValues();
  }

  /** What it has rejected so far. */
  public List<Rejection> rejections() {
    var rejections = harness.getSideOutput(SplitRejected.REJECTED);
    return rejections == null
        ? List.of()
        : rejections.stream().map(StreamRecord::getValue).toList();
  }

  public OperatorSubtaskState snapshot() throws Exception {
    return harness.snapshot(1, 1);
  }

  /** That of Flink's. */
  OneInputStreamOperatorTestHarness<ForecastTask, IssuedForecast> flink() {
    return harness;
  }

  @Override
  public void close() throws IOException {
    try {
      harness.close();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (Exception e) {
      throw new IOException(e);
    }
  }
}
