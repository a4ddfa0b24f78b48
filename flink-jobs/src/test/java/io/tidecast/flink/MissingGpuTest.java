package io.tidecast.flink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.tidecast.flink.config.JobConfig;
import io.tidecast.flink.inference.ForecastHarness;
import io.tidecast.flink.inference.InferenceOptions;
import io.tidecast.flink.model.ForecasterFactory;
import io.tidecast.flink.testing.Samples;
import io.tidecast.runtime.onnx.OnnxDevices;
import io.tidecast.runtime.onnx.device.Device;
import io.tidecast.runtime.onnx.device.DeviceException;
import io.tidecast.runtime.windows.Forecaster;
import java.util.ArrayList;
import java.util.List;
import org.apache.flink.runtime.execution.SuppressRestartsException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A job that asks for a GPU on a machine that has none. */
class MissingGpuTest {

  private static final String MODEL = "path: ../models/zoo/patchtst-uk-demand/1";

  private final List<String> said = new ArrayList<>();

  @BeforeEach
  void requireThatThereIsNone() {
    assumeThat(OnnxDevices.missing(Device.parse("cuda:0")))
        .as("this machine has what a GPU needs")
        .isNotEmpty();
  }

  @Test
  void shouldSayWhereAModelRunsThatAsksForNone() {
    ForecastJob.slotsHere(config(""), said::add);

    assertThat(said)
        .singleElement()
        .asString()
        .matches("ONNX Runtime 1\\..* found; the model runs on the processor\\.");
  }

  @Test
  void shouldEndTheStartOfAJobThatRunsHere() {
    assertThatThrownBy(() -> ForecastJob.slotsHere(config(", device: cuda:0"), said::add))
        .isInstanceOf(DeviceException.class)
        .hasMessageContaining("must have CUDA")
        .hasMessageEndingWith("see docs/how-to/gpu.md: model.device=cuda:0");
    assertThat(said).isEmpty();
  }

  @Test
  void shouldRunOnTheProcessorWhereAGpuIsPreferredOnly() {
    JobConfig config = config(", device: cuda:0, device-policy: prefer");

    ForecasterFactory model = ForecastJob.slotsHere(config, said::add).byDefault().model();

    assertThat(said)
        .singleElement()
        .asString()
        .endsWith("the model runs on the processor, for cuda:0 can't be used.");
    try (Forecaster forecaster = model.open()) {
      assertThat(forecaster.placement().fellBack()).isTrue();
    }
  }

  /** It is submitted here and runs elsewhere: what is missing counts there, and for good. */
  @Test
  void shouldLookForAGpuWhereTheJobRuns() {
    ForecasterFactory model = ForecastJob.model(config(", device: cuda:0"));

    assertThatThrownBy(model::open)
        .isInstanceOf(SuppressRestartsException.class)
        .hasCauseInstanceOf(DeviceException.class);
  }

  /** A subtask joins the users of the model in its process, which opens it. */
  @Test
  void shouldEndAJobForGoodWhoseSubtasksFindNoGpu() {
    JobConfig config = config(", device: cuda:0");
    ForecasterFactory model = ForecastJob.model(config);
    InferenceOptions options = new InferenceOptions(config.inference(), config.series().step(), 1);

    assertThatThrownBy(() -> ForecastHarness.start(model, options, null))
        .isInstanceOf(SuppressRestartsException.class)
        .hasCauseInstanceOf(DeviceException.class);
  }

  private static JobConfig config(String device) {
    return Samples.config("series: {step: 30min}", "model: {%s%s}".formatted(MODEL, device));
  }
}
