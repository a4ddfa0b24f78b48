package io.tidecast.flink.inference;

import io.tidecast.flink.grid.MillisClock;
import io.tidecast.flink.model.ForecasterFactory;
import io.tidecast.flink.model.ModelSlots;
import io.tidecast.flink.record.ForecastTask;
import io.tidecast.flink.record.IssuedForecast;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.streaming.api.operators.AbstractStreamOperatorFactory;
import org.apache.flink.streaming.api.operators.ChainingStrategy;
import org.apache.flink.streaming.api.operators.OneInputStreamOperatorFactory;
import org.apache.flink.streaming.api.operators.StreamOperator;
import org.apache.flink.streaming.api.operators.StreamOperatorParameters;
import org.apache.flink.util.OutputTag;

/**
 * Makes the operator that gives tasks to the models of their series and passes on the forecasts, in
 * the order of the tasks. What has no forecast is in the side output {@link
 * io.tidecast.flink.record.SplitRejected#REJECTED}, and what shadows forecast besides in {@link
 * #SHADOWS}.
 */
public final class ForecastOperatorFactory extends AbstractStreamOperatorFactory<IssuedForecast>
    implements OneInputStreamOperatorFactory<ForecastTask, IssuedForecast> {

  /** The side output of forecasts of shadows, each as soon as it is there. */
  public static final OutputTag<IssuedForecast> SHADOWS =
      new OutputTag<>("shadows", TypeInformation.of(IssuedForecast.class));

  private static final long serialVersionUID = 1L;

  private final ForecastSetup setup;

  /**
   * @param clock by which forecasts are issued
   */
  public ForecastOperatorFactory(ModelSlots models, InferenceOptions options, MillisClock clock) {
    this.setup = new ForecastSetup(models, options, clock);
    setChainingStrategy(ChainingStrategy.ALWAYS);
  }

  /** With one model for every series. */
  public ForecastOperatorFactory(
      ForecasterFactory model, InferenceOptions options, MillisClock clock) {
    this(ModelSlots.of(model), options, clock);
  }

  @Override
  // Flink asks for whatever its caller expects.
  @SuppressWarnings({"unchecked", "TypeParameterUnusedInFormals"})
  public <T extends StreamOperator<IssuedForecast>> T createStreamOperator(
      StreamOperatorParameters<IssuedForecast> parameters) {
    return (T) new ForecastOperator(parameters, setup);
  }

  @Override
  @SuppressWarnings("rawtypes") // So it is declared.
  public Class<? extends StreamOperator> getStreamOperatorClass(ClassLoader classLoader) {
    return ForecastOperator.class;
  }
}
