package io.tidecast.benchmarks.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidecast.benchmarks.echo.EchoModel;
import io.tidecast.benchmarks.process.ProcessorTime;
import io.tidecast.runtime.bundle.ModelBundle;
import io.tidecast.runtime.manifest.ForecasterSpec;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The benchmark of the whole job in its shortest form: what it counts, not how fast it is. */
@Tag("cluster")
@Timeout(300)
class PipelineITCase {

  @TempDir private Path folder;

  @Test
  void shouldTellWhatJobAndCopyTookWithEachInItsOwnProcess() throws Exception {
    Path model = EchoModel.write(folder, 48);
    ForecasterSpec spec = ModelBundle.read(model).manifest().spec();
    Workload workload = new Workload(spec, Duration.ofMinutes(30), 50, 400);
    Path profile = folder.resolve("profile.txt");

    try (PipelineStage stage =
        PipelineStage.set(
            folder,
            new PipelineStage.Setup(
                workload,
                model,
                1,
                PipelineStage.BATCH,
                Duration.ofMillis(500),
                Map.of(),
                new SteadyPart.WarmUp(0.1, 0.2, 0)))) {
      SteadyPart job = stage.forecast(Optional.of(profile));
      SteadyPart copy = stage.copy(PipelineStage.FULL_SPEED);

      assertThat(job.records()).isBetween(1L, workload.forecasts());
      assertThat(copy.records()).isBetween(1L, workload.observations());
      for (SteadyPart part : new SteadyPart[] {job, copy}) {
        assertThat(part.warmRecords()).isGreaterThanOrEqualTo(workload.forecasts() / 5);
        assertThat(part.warmNanos()).isPositive();
        assertThat(part.job().byName()).containsKey(ProcessorTime.Used.JIT);
        assertThat(part.job().jitNanos()).isBetween(1L, part.job().totalNanos());
        assertThat(part.broker().byName()).containsKey(ProcessorTime.Used.JIT);
      }
      assertThat(profile).isNotEmptyFile();

      Latency latency = new LatencyRun(stage, new PacedFeed.Pace(100, 20)).measure();

      assertThat(latency.count()).isEqualTo(20);
      assertThat(latency.maxMillis()).isGreaterThanOrEqualTo(latency.p50Millis()).isPositive();
    }
  }
}
