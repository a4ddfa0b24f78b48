package io.tidecast.benchmarks.operator;

import io.tidecast.flink.model.ForecasterFactory;
import io.tidecast.flink.record.ForecastTask;
import io.tidecast.flink.record.IssuedForecast;
import io.tidecast.flink.record.Issuer;
import io.tidecast.runtime.grid.GridStep;
import io.tidecast.runtime.windows.ForecastBatch;
import io.tidecast.runtime.windows.Forecaster;
import io.tidecast.runtime.windows.Window;
import io.tidecast.runtime.windows.WindowBatch;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.streaming.api.functions.async.ResultFuture;
import org.apache.flink.streaming.api.functions.async.RichAsyncFunction;

/**
 * The least that there is to do for batches within Flink's asynchronous operator: a thread takes
 * what waits, up to a batch, runs the model and completes each result. It has no timeouts of its
 * own, no policy for failures and no metrics.
 */
final class FlinksOperator extends RichAsyncFunction<ForecastTask, IssuedForecast> {

  private static final long serialVersionUID = 1L;

  private final ForecasterFactory factory;
  private final GridStep step;
  private final int maxBatchSize;

  private transient Forecaster model;
  private transient Issuer issuer;
  private transient WindowBatch windows;
  private transient ForecastBatch forecasts;
  private transient BlockingQueue<Asked> waiting;
  private transient Thread thread;

  private record Asked(ForecastTask task, Window window, ResultFuture<IssuedForecast> result) {}

  FlinksOperator(ForecasterFactory factory, GridStep step, int maxBatchSize) {
    this.factory = factory;
    this.step = step;
    this.maxBatchSize = maxBatchSize;
  }

  @Override
  public void open(OpenContext context) {
    model = factory.open();
    issuer = Issuer.of(model.spec(), List.of(), "");
    windows = new WindowBatch(model.spec(), maxBatchSize);
    forecasts = new ForecastBatch(model.spec(), maxBatchSize);
    waiting = new LinkedBlockingQueue<>();
    thread = new Thread(this::work, "model of Flink's operator");
    thread.setDaemon(true);
    thread.start();
  }

  @Override
  public void asyncInvoke(ForecastTask task, ResultFuture<IssuedForecast> result) {
    waiting.add(new Asked(task, task.window(step), result));
  }

  private void work() {
    List<Asked> batch = new ArrayList<>(maxBatchSize);
    try {
      while (true) {
        batch.add(waiting.take());
        waiting.drainTo(batch, maxBatchSize - 1);
        run(batch);
        batch.clear();
      }
    } catch (InterruptedException closed) {
      // The task has ended.
    }
  }

  private void run(List<Asked> batch) {
    windows.clear();
    batch.forEach(asked -> windows.add(asked.window()));
    model.forecast(windows, forecasts);
    for (int row = 0; row < batch.size(); row++) {
      float[] points = new float[model.spec().pointsSize()];
      forecasts.points(row, points);
      ForecastTask task = batch.get(row).task();
      IssuedForecast forecast =
          new IssuedForecast(
              task.series(),
              task.originMillis(),
              System.currentTimeMillis(),
              issuer,
              points,
              new float[0],
              task.filledCells(),
              false,
              task.revision(),
              model.spec().horizon());
      batch.get(row).result().complete(Collections.singleton(forecast));
    }
  }

  @Override
  public void close() {
    if (thread != null) {
      thread.interrupt();
    }
    if (model != null) {
      model.close();
    }
  }
}
