package io.tidecast.flink.inference;

import static java.util.Objects.requireNonNull;

import io.tidecast.flink.grid.MillisClock;
import io.tidecast.flink.model.ModelCommand;
import io.tidecast.flink.record.ForecastTask;
import io.tidecast.flink.record.IssuedForecast;
import org.apache.flink.streaming.api.operators.AbstractStreamOperatorFactory;
import org.apache.flink.streaming.api.operators.StreamOperator;
import org.apache.flink.streaming.api.operators.StreamOperatorParameters;
import org.apache.flink.streaming.api.operators.TwoInputStreamOperatorFactory;

/**
 * Makes the operator of {@link ForecastOperatorFactory} for jobs that take commands for their
 * models, as its second input. What happens to versions is in the side output {@link
 * io.tidecast.flink.model.ModelEvents#EVENTS}.
 *
 * <p>Every subtask must be given every command, all in one order: the stream of commands comes from
 * one subtask and is broadcast. It has no part in the watermark.
 */
public final class CommandedForecastOperatorFactory
    extends AbstractStreamOperatorFactory<IssuedForecast>
    implements TwoInputStreamOperatorFactory<ForecastTask, ModelCommand, IssuedForecast> {

  private static final long serialVersionUID = 1L;

  private final CommandedModels models;
  private final ForecastSetup setup;

  /**
   * @param clock by which forecasts are issued and events happen
   */
  public CommandedForecastOperatorFactory(
      CommandedModels models, InferenceOptions options, MillisClock clock) {
    this.models = requireNonNull(models, "models is null");
    this.setup = new ForecastSetup(models.slots(), options, clock);
  }

  @Override
  // Flink asks for whatever its caller expects.
  @SuppressWarnings({"unchecked", "TypeParameterUnusedInFormals"})
  public <T extends StreamOperator<IssuedForecast>> T createStreamOperator(
      StreamOperatorParameters<IssuedForecast> parameters) {
    return (T) new CommandedForecastOperator(parameters, setup, models);
  }

  @Override
  @SuppressWarnings("rawtypes") // So it is declared.
  public Class<? extends StreamOperator> getStreamOperatorClass(ClassLoader classLoader) {
    return CommandedForecastOperator.class;
  }
}
