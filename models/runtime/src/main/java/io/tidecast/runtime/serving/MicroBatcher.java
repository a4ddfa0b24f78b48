package io.tidecast.runtime.serving;

import io.tidecast.runtime.windows.ForecastStoppedException;
import io.tidecast.runtime.windows.Window;
import java.lang.System.Logger.Level;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A thread that takes whatever windows are waiting, up to a batch, and runs them: under light load
 * each at once, under heavy load full batches, with no delay to configure. Windows are answered in
 * the order in which they came.
 *
 * <p>Any thread may call {@link #submit} and {@link #waiting}. What the runner or a reply throws
 * ends the batcher: every window that waits fails, and so does every later one.
 */
public final class MicroBatcher {

  private static final System.Logger LOGGER = System.getLogger(MicroBatcher.class.getName());

  /** A run that was told to end, and has not after this time, is not waited for. */
  private static final long STOP_PATIENCE_SECONDS = 10;

  private final ModelRunner runner;
  private final ServingOptions options;
  private final long timeoutNanos;
  private final BlockingQueue<Pending> waiting = new LinkedBlockingQueue<>();
  private final Thread thread;
  // Written once, by the batcher's thread.
  private volatile @Nullable Throwable failure;
  private volatile boolean stopping;

  /**
   * Starts the thread.
   *
   * @param threadName of the thread
   * @param runner for this batcher alone
   * @param options those of the runner
   */
  public MicroBatcher(String threadName, ModelRunner runner, ServingOptions options) {
    this.runner = runner;
    this.options = options;
    this.timeoutNanos = options.timeout().toNanos();
    this.thread = new Thread(this::work, threadName);
    this.thread.setDaemon(true);
    this.thread.start();
  }

  /**
   * Hands over a window.
   *
   * @param window not to be changed until there is a reply
   */
  public void submit(Window window, Reply reply) {
    Pending pending = new Pending(window, reply, options.nanoClock().getAsLong() + timeoutNanos);
    waiting.add(pending);
    // Whoever takes it from the queue replies, the thread that ended or this one.
    Throwable ended = failure;
    if (ended != null && waiting.remove(pending)) {
      reply.failed(ended);
    }
  }

  /** Returns the number of windows that wait for a run. */
  public int waiting() {
    return waiting.size();
  }

  /** Tells whether the model is given up at the moment. */
  public boolean givenUp() {
    return runner.givenUp();
  }

  /**
   * Tells whether a run goes on although it was told to end long ago: then no window that is handed
   * over comes to a run.
   */
  public boolean isStuck() {
    return runner.isStuck();
  }

  /**
   * Ends the run that is under way and stops; returns once the thread has ended, or after a while
   * if the run does not end. Windows that have no answer yet get no reply. An interrupt of the
   * calling thread is kept for later.
   */
  public void stop() {
    stopping = true;
    thread.interrupt();
    boolean interrupted = false;
    long deadlineNanos = System.nanoTime() + TimeUnit.SECONDS.toNanos(STOP_PATIENCE_SECONDS);
    while (thread.isAlive() && System.nanoTime() - deadlineNanos < 0) {
      try {
        TimeUnit.NANOSECONDS.timedJoin(thread, deadlineNanos - System.nanoTime());
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (thread.isAlive()) {
      LOGGER.log(
          Level.WARNING,
          "A run of the model does not end, although it was told to {0} seconds ago; its thread is left behind",
          STOP_PATIENCE_SECONDS);
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private void work() {
    List<Pending> batch = new ArrayList<>(options.maxBatchSize());
    try {
      while (!Thread.currentThread().isInterrupted()) {
        batch.add(waiting.take());
        waiting.drainTo(batch, options.maxBatchSize() - 1);
        run(batch);
        batch.clear();
      }
    } catch (InterruptedException stopped) {
      // As the contract of stop says.
    } catch (ForecastStoppedException e) {
      if (!stopping) {
        breakDown(batch, e);
      }
    } catch (Throwable t) {
      breakDown(batch, t);
    }
  }

  private void breakDown(List<Pending> batch, Throwable t) {
    failure = t;
    waiting.drainTo(batch);
    batch.forEach(pending -> pending.fail(t));
  }

  private void run(List<Pending> batch) {
    long nowNanos = options.nanoClock().getAsLong();
    List<Pending> run = new ArrayList<>(batch.size());
    List<Window> windows = new ArrayList<>(batch.size());
    for (Pending pending : batch) {
      if (nowNanos - pending.deadlineNanos > 0) {
        pending.expire();
      } else {
        run.add(pending);
        windows.add(pending.window);
      }
    }
    if (windows.isEmpty()) {
      return;
    }
    List<Answer> answers = runner.answer(windows);
    for (int i = 0; i < run.size(); i++) {
      run.get(i).answer(answers.get(i));
    }
  }

  /**
   * A window that waits. It equals no other, as each is in the queue once; one thread uses it at a
   * time.
   */
  private static final class Pending {

    final Window window;
    final long deadlineNanos;
    private final Reply reply;
    private boolean replied;

    Pending(Window window, Reply reply, long deadlineNanos) {
      this.window = window;
      this.reply = reply;
      this.deadlineNanos = deadlineNanos;
    }

    void answer(Answer answer) {
      replied = true;
      reply.answered(answer);
    }

    void expire() {
      replied = true;
      reply.expired();
    }

    /** Reports the failure, unless there was a reply before the batcher broke down. */
    void fail(Throwable error) {
      if (!replied) {
        replied = true;
        reply.failed(error);
      }
    }
  }
}
