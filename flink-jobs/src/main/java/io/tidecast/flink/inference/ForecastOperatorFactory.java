package io.tidecast.flink.inference;

import static java.util.Objects.requireNonNull;

import io.tidecast.flink.grid.MillisClock;
import io.tidecast.flink.model.ForecasterFactory;
import io.tidecast.flink.record.ForecastTask;
import io.tidecast.flink.record.IssuedForecast;
import org.apache.flink.streaming.api.operators.AbstractStreamOperatorFactory;
import org.apache.flink.streaming.api.operators.ChainingStrategy;
import org.apache.flink.streaming.api.operators.OneInputStreamOperatorFactory;
import org.apache.flink.streaming.api.operators.StreamOperator;
import org.apache.flink.streaming.api.operators.StreamOperatorParameters;

/**
 * Makes the operator that gives tasks to a model and passes on its forecasts, in the order of the
 * tasks. What has no forecast is in the side output {@link
 * io.tidecast.flink.record.SplitRejected#REJECTED}.
 */
public final class ForecastOperatorFactory extends AbstractStreamOperatorFactory<IssuedForecast>
    implements OneInputStreamOperatorFactory<ForecastTask, IssuedForecast> {

  private static final long serialVersionUID = 1L;

  private final ForecasterFactory model;
  private final InferenceOptions options;
  private final MillisClock clock;

  /**
   * @param clock by which forecasts are issued
   */
  public ForecastOperatorFactory(
      ForecasterFactory model, InferenceOptions options, MillisClock clock) {
    this.model = requireNonNull(model, "model is null");
    this.options = requireNonNull(options, "options is null");
    this.clock = requireNonNull(clock, "clock is null");
    setChainingStrategy(ChainingStrategy.ALWAYS);
  }

  @Override
  // Flink asks for whatever its caller expects.
  @SuppressWarnings({"unchecked", "TypeParameterUnusedInFormals"})
  public <T extends StreamOperator<IssuedForecast>> T createStreamOperator(
      StreamOperatorParameters<IssuedForecast> parameters) {
    return (T) new ForecastOperator(parameters, new ServedModel.Setup(model, options, clock));
  }

  @Override
  @SuppressWarnings("rawtypes") // So it is declared.
  public Class<? extends StreamOperator> getStreamOperatorClass(ClassLoader classLoader) {
    return ForecastOperator.class;
  }
}
