package io.tidecast.flink.testing;

import io.tidecast.flink.model.ForecasterFactory;
import io.tidecast.flink.model.ModelChannels;
import io.tidecast.runtime.manifest.ForecasterSpec;
import io.tidecast.runtime.windows.ForecastBatch;
import io.tidecast.runtime.windows.Forecaster;
import io.tidecast.runtime.windows.WindowBatch;
import java.io.Serializable;

/**
 * A model that answers with the last value of the context plus 1, plus 2 and so on (infinity after
 * the greatest float), once it has shown each run to somebody who may throw.
 */
public record TestingModel(ForecasterSpec spec, ModelChannels channels, Run run)
    implements ForecasterFactory {

  /** Sees a run before it takes place. */
  public interface Run extends Serializable {
    void before(WindowBatch windows);
  }

  public TestingModel(Run run) {
    this(Samples.SPEC, run);
  }

  public TestingModel(ForecasterSpec spec, Run run) {
    this(spec, ModelChannels.UNNAMED, run);
  }

  @Override
  public Forecaster open() {
    return new Forecaster() {
      private volatile boolean closed;

      @Override
      public ForecasterSpec spec() {
        return spec;
      }

      @Override
      public void forecast(WindowBatch windows, ForecastBatch forecasts) {
        if (closed) {
          throw new IllegalStateException("forecaster is closed");
        }
        run.before(windows);
        forecasts.resize(windows.size());
        float[] context = new float[spec.contextSize()];
        float[] points = new float[spec.pointsSize()];
        for (int row = 0; row < windows.size(); row++) {
          windows.context(row, context);
          for (int i = 0; i < points.length; i++) {
            float last = context[context.length - 1];
            points[i] = last == Float.MAX_VALUE ? last * 2 : last + 1 + i;
          }
          forecasts.setPoints(row, points);
        }
      }

      @Override
      public void close() {
        closed = true;
      }
    };
  }

  /** Whether any window of a batch ends with a value. */
  public static boolean endsWith(WindowBatch windows, float value) {
    float[] context = new float[windows.spec().contextSize()];
    for (int row = 0; row < windows.size(); row++) {
      windows.context(row, context);
      if (context[context.length - 1] == value) {
        return true;
      }
    }
    return false;
  }
}
