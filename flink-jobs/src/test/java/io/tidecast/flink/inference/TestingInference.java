package io.tidecast.flink.inference;

import io.tidecast.flink.metrics.JobMetrics;
import io.tidecast.flink.record.ForecastOutcome;
import io.tidecast.flink.record.ForecastTask;
import io.tidecast.flink.record.Issuer;
import io.tidecast.flink.testing.Samples;
import io.tidecast.flink.testing.TestingMetrics;
import io.tidecast.runtime.baselines.SeasonalNaive;
import io.tidecast.runtime.manifest.ForecasterSpec;
import io.tidecast.runtime.serving.Answer;
import io.tidecast.runtime.serving.ModelRunner;
import io.tidecast.runtime.windows.Forecaster;
import io.tidecast.runtime.windows.Window;
import java.util.ArrayList;
import java.util.List;
import org.apache.flink.metrics.MetricGroup;

/** What the forecast operator does with tasks, without a thread and without Flink. */
public final class TestingInference {

  private final ModelRunner runner;
  private final InferenceOptions options;
  private final Outcomes outcomes;

  public TestingInference(Forecaster model, InferenceOptions options, MetricGroup metrics) {
    Forecaster baseline = new SeasonalNaive(model.spec(), options.seasonSteps());
    this.runner =
        new ModelRunner(
            model,
            options.policy(baseline),
            options.serving(),
            new RunMetrics(new JobMetrics(metrics)));
    this.options = options;
    this.outcomes = outcomes(model.spec(), baseline.spec());
  }

  public TestingInference(Forecaster model, InferenceOptions options) {
    this(model, options, new TestingMetrics());
  }

  /** One outcome for each task, in their order. */
  public List<ForecastOutcome> forecast(List<ForecastTask> tasks) {
    List<Window> windows = tasks.stream().map(task -> task.window(options.step())).toList();
    List<Answer> answers = runner.answer(windows);
    List<ForecastOutcome> made = new ArrayList<>();
    for (int i = 0; i < tasks.size(); i++) {
      made.add(outcomes.of(tasks.get(i), answers.get(i)));
    }
    return made;
  }

  /** The outcome for a task that a model of the options does not answer. */
  public static ForecastOutcome failed(
      ForecasterSpec model, InferenceOptions options, ForecastTask task) {
    Forecaster baseline = new SeasonalNaive(model, options.seasonSteps());
    Answer answer = options.policy(baseline).answer(task.window(options.step()), "for a trial");
    return outcomes(model, baseline.spec()).of(task, answer);
  }

  private static Outcomes outcomes(ForecasterSpec model, ForecasterSpec baseline) {
    return new Outcomes(
        Issuer.of(model, List.of()), Issuer.of(baseline, List.of()), () -> Samples.NOW);
  }
}
