package io.tidecast.benchmarks.stream;

import io.tidecast.flink.model.ForecasterFactory;
import io.tidecast.runtime.manifest.ForecasterSpec;
import io.tidecast.runtime.windows.ForecastBatch;
import io.tidecast.runtime.windows.Forecaster;
import io.tidecast.runtime.windows.Window;
import io.tidecast.runtime.windows.WindowBatch;
import java.util.Arrays;
import java.util.List;

/**
 * One channel of a model whose channels do not see each other, as a model of one channel. The
 * series stands in the place of every channel, and the forecast is that of its own, so that the
 * model scales it as it was trained to.
 *
 * @param channel of the model, from 0
 */
record ChannelSlot(ForecasterFactory model, int channel) implements ForecasterFactory {

  @Override
  public ForecasterSpec spec() {
    ForecasterSpec all = model.spec();
    return new ForecasterSpec(
        all.id(), all.version(), all.contextLength(), all.predictionLength(), 1, List.of());
  }

  @Override
  public Forecaster open() {
    return new Slot(model.open(), spec(), channel);
  }

  private static final class Slot implements Forecaster {

    private final Forecaster model;
    private final ForecasterSpec spec;
    private final int channel;
    private final float[] context;
    private final float[] copied;
    private final float[] all;
    private final float[] own;

    Slot(Forecaster model, ForecasterSpec spec, int channel) {
      this.model = model;
      this.spec = spec;
      this.channel = channel;
      this.context = new float[spec.contextSize()];
      this.copied = new float[model.spec().contextSize()];
      this.all = new float[model.spec().pointsSize()];
      this.own = new float[spec.pointsSize()];
    }

    @Override
    public ForecasterSpec spec() {
      return spec;
    }

    @Override
    public synchronized void forecast(WindowBatch windows, ForecastBatch forecasts) {
      int channels = model.spec().channels();
      WindowBatch wide = new WindowBatch(model.spec(), windows.size());
      for (int row = 0; row < windows.size(); row++) {
        windows.context(row, context);
        for (int i = 0; i < context.length; i++) {
          Arrays.fill(copied, i * channels, (i + 1) * channels, context[i]);
        }
        wide.add(Window.of(copied));
      }
      ForecastBatch answers = new ForecastBatch(model.spec(), windows.size());
      model.forecast(wide, answers);
      forecasts.resize(windows.size());
      for (int row = 0; row < windows.size(); row++) {
        answers.points(row, all);
        for (int step = 0; step < own.length; step++) {
          own[step] = all[step * channels + channel];
        }
        forecasts.setPoints(row, own);
      }
    }

    @Override
    public void close() {
      model.close();
    }
  }
}
