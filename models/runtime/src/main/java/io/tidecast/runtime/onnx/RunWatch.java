package io.tidecast.runtime.onnx;

import io.tidecast.runtime.windows.ForecastStoppedException;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Ends runs that take too long, whose thread is interrupted, or that the end of the JVM meets:
 * native code takes notice of none of these by itself. One thread and one shutdown hook do it,
 * while there is a graph; after the last one nothing is left that would keep a class loader.
 *
 * <p>A signal in the middle of a run crashes the JVM unless the run is ended before native code is
 * torn down, so the hook waits for the runs that it ends.
 */
final class RunWatch {

  static final RunWatch SHARED = new RunWatch();

  private static final System.Logger LOGGER = System.getLogger(RunWatch.class.getName());

  private static final long TICK_NANOS = TimeUnit.MILLISECONDS.toNanos(20);

  /** A longer time between two looks is one in which the process was paused. */
  private static final long LONGEST_TICK_NANOS = TimeUnit.MILLISECONDS.toNanos(250);

  private static final long END_OF_JVM_PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(10);

  private final Set<WatchedRun> watched = ConcurrentHashMap.newKeySet();
  private final AtomicLong clockNanos = new AtomicLong();
  private volatile boolean jvmEnds;
  private int graphs;
  private volatile @Nullable Thread watcher;
  private @Nullable Thread hook;

  private RunWatch() {}

  /** Returns the time by which limits go: that of the process, without its pauses. */
  long nanos() {
    return clockNanos.get();
  }

  /** Returns when a limit is over that begins now. */
  long deadlineNanos(Duration limit) {
    return clockNanos.get() + limit.toNanos();
  }

  /** Begins to watch, if nobody does; every graph asks for it before it runs. */
  synchronized void enter() {
    graphs++;
    if (graphs > 1) {
      return;
    }
    Thread thread = thread("tidecast-run-watch", this::watch);
    watcher = thread;
    thread.start();
    hook = thread("tidecast-run-end", this::endAll);
    try {
      Runtime.getRuntime().addShutdownHook(hook);
    } catch (IllegalStateException e) {
      jvmEnds = true;
    }
  }

  /** Lets go of the thread and the hook with the last graph. */
  synchronized void leave() {
    graphs--;
    if (graphs > 0) {
      return;
    }
    Thread thread = watcher;
    watcher = null;
    LockSupport.unpark(thread);
    try {
      if (hook != null) {
        Runtime.getRuntime().removeShutdownHook(hook);
      }
    } catch (IllegalStateException e) {
      // The JVM ends already, and the hook with it.
    }
    hook = null;
  }

  /** Watches the runs of one thread at a time over a graph, until they are forgotten. */
  WatchedRun newRun(OnnxGraph graph) {
    WatchedRun run = new WatchedRun(this, graph);
    watched.add(run);
    return run;
  }

  void forget(WatchedRun run) {
    watched.remove(run);
  }

  /**
   * Is asked by a run that has begun. In this order either the hook sees the run, or the run sees
   * the hook.
   *
   * @throws ForecastStoppedException if the JVM ends
   */
  void requireGoingOn() {
    if (jvmEnds) {
      throw new ForecastStoppedException("no run begins any more, as the JVM ends");
    }
  }

  /** Ends the runs of one graph. */
  void stop(OnnxGraph graph) {
    for (WatchedRun run : watched) {
      if (run.isOf(graph)) {
        run.stop();
      }
    }
  }

  private void watch() {
    long lastNanos = System.nanoTime();
    while (Thread.currentThread() == watcher) {
      LockSupport.parkNanos(TICK_NANOS);
      long nanos = System.nanoTime();
      long now = clockNanos.addAndGet(Math.min(nanos - lastNanos, LONGEST_TICK_NANOS));
      lastNanos = nanos;
      for (WatchedRun run : watched) {
        check(run, now);
      }
    }
  }

  private static void check(WatchedRun run, long nowNanos) {
    try {
      run.check(nowNanos);
    } catch (RuntimeException e) {
      LOGGER.log(Level.WARNING, "A run can't be ended", e);
    }
  }

  private void endAll() {
    jvmEnds = true;
    long deadlineNanos = System.nanoTime() + END_OF_JVM_PATIENCE_NANOS;
    while (watched.stream().anyMatch(WatchedRun::isUnderWay)
        && System.nanoTime() - deadlineNanos < 0) {
      for (WatchedRun run : watched) {
        run.stop();
      }
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(1));
    }
  }

  /** A thread that keeps nothing of who happens to be the first to need it. */
  private static Thread thread(String name, Runnable work) {
    Thread thread = new Thread(work, name);
    thread.setDaemon(true);
    thread.setContextClassLoader(null);
    return thread;
  }
}
