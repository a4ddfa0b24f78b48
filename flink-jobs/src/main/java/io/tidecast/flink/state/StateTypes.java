package io.tidecast.flink.state;

import io.tidecast.flink.model.KeptSlot;
import io.tidecast.flink.record.ClosedCell;
import io.tidecast.flink.record.ForecastTask;
import io.tidecast.flink.record.IssuedForecast;
import io.tidecast.flink.record.LeadForecasts;
import io.tidecast.flink.record.Measurement;
import io.tidecast.flink.record.WaitingTask;
import org.apache.flink.api.common.typeinfo.TypeInformation;

/**
 * The types that are kept in state and have a serializer of this project. Wherever an operator
 * makes or keeps one, Flink must be given the type from here: left to itself, it would write the
 * class names of the records into every savepoint.
 */
public final class StateTypes {

  /** Kept while they are under way to the model. */
  public static final TypeInformation<ForecastTask> FORECAST_TASK =
      new StateType<>(ForecastTask.class, ForecastTaskSerializer.INSTANCE);

  /** Kept while they wait for covariates. */
  public static final TypeInformation<WaitingTask> WAITING_TASK =
      new StateType<>(WaitingTask.class, WaitingTaskSerializer.INSTANCE);

  /** Carried to the operator of their series; in few bytes, for there are many. */
  public static final TypeInformation<Measurement> MEASUREMENT =
      new StateType<>(Measurement.class, MeasurementSerializer.INSTANCE);

  /** Kept of each slot of models in a job that takes commands, as bytes of its own. */
  public static final TypeInformation<KeptSlot> KEPT_SLOT =
      new StateType<>(KeptSlot.class, KeptSlotSerializer.INSTANCE);

  /** Carried to who answers for forecasts. */
  public static final TypeInformation<ClosedCell> CLOSED_CELL =
      new StateType<>(ClosedCell.class, ClosedCellSerializer.INSTANCE);

  /** Carried to who answers for forecasts, and kept there until their cells have come. */
  public static final TypeInformation<IssuedForecast> ISSUED_FORECAST =
      new StateType<>(IssuedForecast.class, IssuedForecastSerializer.INSTANCE);

  /** Carried to the operator that scores forecasts. */
  public static final TypeInformation<LeadForecasts> LEAD_FORECASTS =
      new StateType<>(LeadForecasts.class, LeadForecastsSerializer.INSTANCE);

  /** Kept of each series by operators whose state changes with every record. */
  public static final TypeInformation<LiveBytes> LIVE_BYTES =
      new StateType<>(LiveBytes.class, LiveBytesSerializer.INSTANCE);

  private StateTypes() {}
}
