package io.tidecast.cli.console;

import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jline.utils.Signals;

/**
 * Ctrl-C, SIGTERM and SIGHUP as a question that the command's own thread asks, so that one thread
 * opens and closes everything. The JVM itself does not begin to stop: while it does, half of what
 * would have to be closed refuses to work. A second signal ends it at once.
 *
 * <p>One at a time in a JVM.
 */
public final class StopSignal implements AutoCloseable {
  private static final int INTERRUPT = 2;
  private static final Map<String, Integer> NUMBERS =
      Map.of("HUP", 1, "INT", INTERRUPT, "TERM", 15);

  /** A shell adds this to the number of the signal that ended a command. */
  private static final int SIGNALLED = 128;

  private final CountDownLatch requested = new CountDownLatch(1);
  private final Map<String, Object> formerHandlers = new TreeMap<>();
  private volatile int exitCode = SIGNALLED + INTERRUPT;

  private StopSignal() {}

  /** Listens from now on; close it after everything else is closed. */
  public static StopSignal install() {
    StopSignal stop = new StopSignal();
    NUMBERS.forEach(
        (name, number) ->
            stop.formerHandlers.put(name, Signals.register(name, () -> stop.received(number))));
    return stop;
  }

  public boolean requested() {
    return requested.getCount() == 0;
  }

  /** Waits at most this long; true if a stop is wanted. An interrupt counts as Ctrl-C. */
  public boolean await(Duration timeout) {
    try {
      return requested.await(timeout.toNanos(), TimeUnit.NANOSECONDS);
    } catch (InterruptedException e) {
      requested.countDown();
      return true;
    }
  }

  /** The exit code that a shell expects of a command that the signal ended. */
  public int exitCode() {
    return exitCode;
  }

  @Override
  public void close() {
    formerHandlers.forEach(Signals::unregister);
  }

  private void received(int number) {
    if (requested()) {
      Runtime.getRuntime().halt(SIGNALLED + number);
    }
    exitCode = SIGNALLED + number;
    requested.countDown();
  }
}
