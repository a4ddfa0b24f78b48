package io.tidecast.flink.inference;

import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Opens and closes versions on one thread of this JVM, of low priority, one after the other, so
 * that what answers meanwhile has the processors. The thread ends when it has nothing to do.
 */
final class VersionLoader {

  private static final int IDLE_SECONDS = 5;

  private static final Logger LOG = LoggerFactory.getLogger(VersionLoader.class);
  private static final ThreadPoolExecutor THREAD = thread();

  private VersionLoader() {}

  private static ThreadPoolExecutor thread() {
    ThreadPoolExecutor executor =
        new ThreadPoolExecutor(
            1,
            1,
            IDLE_SECONDS,
            TimeUnit.SECONDS,
            new LinkedBlockingQueue<>(),
            VersionLoader::named);
    executor.allowCoreThreadTimeOut(true);
    return executor;
  }

  @SuppressWarnings("ThreadPriorityCheck") // Where it says nothing, nothing is lost.
  private static Thread named(Runnable work) {
    Thread thread = new Thread(work, "tidecast-model-loader");
    thread.setDaemon(true);
    thread.setPriority(Thread.MIN_PRIORITY);
    // That of a job would be held by what it opens for another.
    thread.setContextClassLoader(VersionLoader.class.getClassLoader());
    return thread;
  }

  /**
   * Opens a version.
   *
   * @param opening what does it
   * @param done is called by the thread of the loader when there is a result; it must return soon
   */
  static Loading load(Supplier<ServedVersion> opening, Runnable done) {
    Loading loading = new Loading(opening, done);
    THREAD.execute(loading);
    return loading;
  }

  /**
   * Closes a version that nobody uses any more.
   *
   * @param done is called when it is closed; it must return soon
   */
  static void close(ServedVersion version, Runnable done) {
    THREAD.execute(
        () -> {
          try {
            version.close();
          } catch (RuntimeException e) {
            LOG.warn("A version of a model could not be closed: {}", version.key(), e);
          }
          done.run();
        });
  }

  /** A version on its way. Whoever waits for it takes it or abandons it. Any thread. */
  static final class Loading implements Runnable {

    private final Supplier<ServedVersion> opening;
    private final Runnable done;

    // Guarded by this.
    private @Nullable ServedVersion version;
    private @Nullable Throwable failure;
    private boolean abandoned;

    private Loading(Supplier<ServedVersion> opening, Runnable done) {
      this.opening = opening;
      this.done = done;
    }

    @Override
    public void run() {
      if (isAbandoned()) {
        return;
      }
      ServedVersion opened = null;
      Throwable why = null;
      try {
        opened = opening.get();
      } catch (Throwable t) {
        // Whatever it is, what answers now goes on answering.
        why = t;
      }
      if (!put(opened, why)) {
        if (opened != null) {
          opened.close();
        }
        return;
      }
      done.run();
    }

    private synchronized boolean isAbandoned() {
      return abandoned;
    }

    private synchronized boolean put(@Nullable ServedVersion opened, @Nullable Throwable why) {
      if (abandoned) {
        return false;
      }
      version = opened;
      failure = why;
      return true;
    }

    /** Takes the version, which is the caller's from now on; null where it could not be opened. */
    synchronized @Nullable ServedVersion take() {
      ServedVersion taken = version;
      version = null;
      return taken;
    }

    /** Why it could not be opened; null where it could, or it is not known yet. */
    synchronized @Nullable Throwable failure() {
      return failure;
    }

    /** Closes the version once it is there, unless it was taken. */
    void abandon() {
      ServedVersion left;
      synchronized (this) {
        abandoned = true;
        left = version;
        version = null;
      }
      if (left != null) {
        left.close();
      }
    }
  }
}
