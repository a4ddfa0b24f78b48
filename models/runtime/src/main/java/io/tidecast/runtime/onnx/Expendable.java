package io.tidecast.runtime.onnx;

import io.tidecast.runtime.manifest.ModelException;
import io.tidecast.runtime.windows.ForecastStoppedException;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Work with a model that nobody can vouch for, in a thread of its own: one that native code keeps
 * busy can't be ended, but it can be left behind.
 */
final class Expendable {

  private static final System.Logger LOGGER = System.getLogger(Expendable.class.getName());

  private Expendable() {}

  /**
   * Waits for what is made.
   *
   * @param undo what comes too late for anybody
   * @throws ModelException with {@code tooLate} if it takes longer than the limit; whatever {@code
   *     work} throws, too
   * @throws ForecastStoppedException if this thread is interrupted
   */
  static <T> T make(Supplier<T> work, Consumer<T> undo, Duration limit, String tooLate) {
    CompletableFuture<T> made = new CompletableFuture<>();
    Thread thread = new Thread(() -> make(work, undo, made), "tidecast-open-model");
    thread.setDaemon(true);
    thread.setContextClassLoader(null);
    thread.start();
    try {
      return made.get(limit.toNanos(), TimeUnit.NANOSECONDS);
    } catch (ExecutionException e) {
      throw rethrown(e.getCause());
    } catch (TimeoutException e) {
      leave(thread, made, undo);
      throw new ModelException(tooLate, e);
    } catch (InterruptedException e) {
      leave(thread, made, undo);
      Thread.currentThread().interrupt();
      throw new ForecastStoppedException("interrupted while a model was opened");
    }
  }

  private static <T> void leave(Thread thread, CompletableFuture<T> made, Consumer<T> undo) {
    if (!made.cancel(false) && !made.isCompletedExceptionally()) {
      // It was made just now.
      undo.accept(made.join());
    }
    // This ends a run, where it can be ended.
    thread.interrupt();
  }

  private static RuntimeException rethrown(@Nullable Throwable cause) {
    if (cause instanceof Error error) {
      throw error;
    }
    if (cause instanceof RuntimeException exception) {
      // It was made in another thread, whose stack says less than this one's.
      exception.addSuppressed(new IllegalStateException("waited for here"));
      return exception;
    }
    return new IllegalStateException(cause);
  }

  private static <T> void make(Supplier<T> work, Consumer<T> undo, CompletableFuture<T> made) {
    try {
      T result = work.get();
      if (!made.complete(result)) {
        undo.accept(result);
      }
    } catch (RuntimeException | Error e) {
      if (!made.completeExceptionally(e)) {
        LOGGER.log(Level.DEBUG, "A model that was given up can't be opened or closed", e);
      }
    }
  }
}
