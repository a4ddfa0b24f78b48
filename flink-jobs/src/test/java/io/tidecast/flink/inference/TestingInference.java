package io.tidecast.flink.inference;

import io.tidecast.flink.metrics.JobMetrics;
import io.tidecast.flink.model.ForecastRole;
import io.tidecast.flink.record.ForecastTask;
import io.tidecast.flink.record.IssuedForecast;
import io.tidecast.flink.record.Rejection;
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
import org.jspecify.annotations.Nullable;

/** What the forecast operator does with tasks, without a thread and without Flink. */
public final class TestingInference {

  private final ModelRunner runner;
  private final InferenceOptions options;
  private final Outcomes outcomes;

  /** What became of a task; the other one is null. */
  public record Outcome(@Nullable IssuedForecast accepted, @Nullable Rejection rejection) {}

  public TestingInference(Forecaster model, InferenceOptions options, MetricGroup metrics) {
    this.runner =
        new ModelRunner(model, options.serving(), new RunMetrics(new JobMetrics(metrics)));
    this.options = options;
    this.outcomes = outcomes(model.spec(), options);
  }

  public TestingInference(Forecaster model, InferenceOptions options) {
    this(model, options, new TestingMetrics());
  }

  /** One outcome for each task, in their order. */
  public List<Outcome> forecast(List<ForecastTask> tasks) {
    List<Window> windows = tasks.stream().map(task -> task.window(options.step())).toList();
    List<Answer> answers = runner.answer(windows);
    List<Outcome> made = new ArrayList<>();
    for (int i = 0; i < tasks.size(); i++) {
      made.add(outcome(outcomes, tasks.get(i), answers.get(i)));
    }
    return made;
  }

  /** The outcome for a task that a model of the options does not answer. */
  public static Outcome failed(ForecasterSpec model, InferenceOptions options, ForecastTask task) {
    return outcome(outcomes(model, options), task, new Answer.Failed("for a trial"));
  }

  private static Outcome outcome(Outcomes outcomes, ForecastTask task, Answer answer) {
    Answer settled = outcomes.settle(task, answer);
    return settled instanceof Answer.Made made
        ? new Outcome(outcomes.forecast(task, made, ForecastRole.PRIMARY), null)
        : new Outcome(null, outcomes.rejection(task, (Answer.Failed) settled));
  }

  private static Outcomes outcomes(ForecasterSpec model, InferenceOptions options) {
    Forecaster baseline = new SeasonalNaive(model, options.season().steps(model.contextLength()));
    return new Outcomes(
        options,
        Outcomes.Signatures.of(model, baseline.spec(), List.of(), "default"),
        baseline,
        () -> Samples.NOW);
  }
}
