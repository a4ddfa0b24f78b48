package io.tidecast.flink.inference;

import io.tidecast.flink.record.ForecastOutcome;
import io.tidecast.flink.record.ForecastTask;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import org.apache.flink.streaming.api.functions.async.ResultFuture;

/**
 * The thread that takes whatever requests are waiting, up to a batch, and runs them: under light
 * load each at once, under heavy load full batches, with no delay to configure.
 *
 * <p>{@link #submit} is called by the task's thread, {@link #stop} by the same. What {@link
 * Inference} throws ends the worker; it fails every waiting request and all that follow, so the
 * task fails.
 */
final class InferenceWorker {

  private final Inference inference;
  private final int maxBatchSize;
  private final long timeoutNanos;
  private final BlockingQueue<Pending> waiting = new LinkedBlockingQueue<>();
  private final Thread thread;
  // Written once, by the worker.
  private volatile Throwable failure;

  InferenceWorker(String name, Inference inference, InferenceOptions options) {
    this.inference = inference;
    this.maxBatchSize = options.maxBatchSize();
    this.timeoutNanos = options.timeout().toNanos();
    this.thread = new Thread(this::work, name);
    this.thread.setDaemon(true);
    this.thread.start();
  }

  void submit(ForecastTask request, ResultFuture<ForecastOutcome> result) {
    waiting.add(new Pending(request, result, System.nanoTime() + timeoutNanos));
    if (failure != null) {
      result.completeExceptionally(failure);
    }
  }

  int waiting() {
    return waiting.size();
  }

  /** Stops after the run that is under way. */
  void stop() throws InterruptedException {
    thread.interrupt();
    thread.join();
  }

  private void work() {
    List<Pending> batch = new ArrayList<>(maxBatchSize);
    try {
      while (!Thread.currentThread().isInterrupted()) {
        batch.add(waiting.take());
        waiting.drainTo(batch, maxBatchSize - 1);
        run(batch);
        batch.clear();
      }
    } catch (InterruptedException stopped) {
      // Whatever still waits is in Flink's checkpoint and comes back with it.
    } catch (Throwable t) {
      failure = t;
      waiting.drainTo(batch);
      batch.forEach(pending -> pending.result.completeExceptionally(t));
    }
  }

  private void run(List<Pending> batch) {
    // Those that Flink has told to time out are answered for already.
    long nowNanos = System.nanoTime();
    batch.removeIf(pending -> nowNanos - pending.deadlineNanos > 0);
    if (batch.isEmpty()) {
      return;
    }
    List<ForecastTask> requests = new ArrayList<>(batch.size());
    for (Pending pending : batch) {
      requests.add(pending.request);
    }
    List<ForecastOutcome> outcomes = inference.forecast(requests);
    for (int i = 0; i < batch.size(); i++) {
      batch.get(i).result.complete(Collections.singleton(outcomes.get(i)));
    }
  }

  private record Pending(
      ForecastTask request, ResultFuture<ForecastOutcome> result, long deadlineNanos) {}
}
