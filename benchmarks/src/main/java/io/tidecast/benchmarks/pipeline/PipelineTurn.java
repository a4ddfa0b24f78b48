package io.tidecast.benchmarks.pipeline;

import io.tidecast.benchmarks.inference.RawSpeed;
import io.tidecast.benchmarks.inference.Speed;
import io.tidecast.runtime.bundle.ModelBundle;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;

/**
 * What one turn has found.
 *
 * @param raw of ONNX Runtime alone, in batches as large as the job's may be, on as many threads as
 *     the job has subtasks; the mean of before and after the job
 * @param copy of the job that only copies, at the rate of the whole job
 * @param fullCopy of the same as fast as it can
 * @param job of the whole job
 */
record PipelineTurn(Speed raw, SteadyPart copy, SteadyPart fullCopy, SteadyPart job) {

  static PipelineTurn measure(PipelineStage stage, ModelBundle bundle, Optional<Path> profile)
      throws Exception {
    int threads = stage.setup().parallelism();
    // Around the job, so that a machine that grows busier does not speak for either.
    Speed before = RawSpeed.measure(bundle, threads, stage.setup().batch());
    SteadyPart job = stage.forecast(profile);
    Speed after = RawSpeed.measure(bundle, threads, stage.setup().batch());
    return new PipelineTurn(
        before.mean(after), stage.copy(job.perSecond()), stage.copy(PipelineStage.FULL_SPEED), job);
  }

  /** Processor time of the job as a multiple of the least that it could be. */
  double ratio() {
    return job.jobMicros() / (raw.cpuMicros() + copy.jobMicros());
  }

  /** The same beside a job that copies as fast as it can. */
  double fullRatio() {
    return job.jobMicros() / (raw.cpuMicros() + fullCopy.jobMicros());
  }

  /** The head of the table. */
  static String head() {
    String columns =
        "parallelism | raw ONNX Runtime | copying job, at the rate of the job | copying job, full speed | job"
            + " | job / (raw + copying) | job / (raw + copying at full speed) | warm-up of the job, s | JIT of the job"
            + " | JIT of copying | broker, copying | broker, job | copies/s, full speed | forecasts/s";
    return "| %s |%n|%s".formatted(columns, "---:|".repeat(columns.split("\\|").length));
  }

  /** The line of a table. */
  String line(String name) {
    return String.format(
        Locale.ROOT,
        "| %s | %.2f | %.2f | %.2f | %.2f | %.3f | %.3f | %.0f | %.2f | %.2f | %.2f | %.2f | %,.0f | %,.0f |",
        name,
        raw.cpuMicros(),
        copy.jobMicros(),
        fullCopy.jobMicros(),
        job.jobMicros(),
        ratio(),
        fullRatio(),
        job.warmNanos() / 1e9,
        job.jitMicros(),
        copy.jitMicros(),
        copy.brokerMicros(),
        job.brokerMicros(),
        fullCopy.perSecond(),
        job.perSecond());
  }
}
