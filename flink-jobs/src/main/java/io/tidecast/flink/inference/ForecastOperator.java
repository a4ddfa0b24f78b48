package io.tidecast.flink.inference;

import io.tidecast.flink.record.ForecastTask;
import io.tidecast.flink.record.IssuedForecast;
import org.apache.flink.api.common.state.ListState;
import org.apache.flink.runtime.state.StateInitializationContext;
import org.apache.flink.streaming.api.operators.BoundedOneInput;
import org.apache.flink.streaming.api.operators.OneInputStreamOperator;
import org.apache.flink.streaming.api.operators.StreamOperatorParameters;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;

/** Forecasts with the models of the job file alone. */
final class ForecastOperator extends ForecastingOperator
    implements OneInputStreamOperator<ForecastTask, IssuedForecast>, BoundedOneInput {

  private static final long serialVersionUID = 1L;

  ForecastOperator(StreamOperatorParameters<IssuedForecast> parameters, ForecastSetup setup) {
    super(parameters, setup);
  }

  @Override
  public void initializeState(StateInitializationContext context) throws Exception {
    super.initializeState(context);
    if (context
        .getOperatorStateStore()
        .getRegisteredStateNames()
        .contains(MODELS_STATE.getName())) {
      ListState<byte[]> models = context.getOperatorStateStore().getUnionListState(MODELS_STATE);
      if (models.get().iterator().hasNext()) {
        LOG.warn(
            "The state is of a job that took commands for its models, and this job takes none, so the models of the job"
                + " file answer, and what commands have done is forgotten. To go on with it, set commands.topic and start"
                + " from the same savepoint or checkpoint again.");
      }
      models.clear();
    }
  }

  @Override
  public void processElement(StreamRecord<ForecastTask> record) throws Exception {
    forecast(record);
  }

  @Override
  public void endInput() throws Exception {
    drain();
  }
}
