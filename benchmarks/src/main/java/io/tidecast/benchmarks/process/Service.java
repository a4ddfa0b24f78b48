package io.tidecast.benchmarks.process;

import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * A process, and whoever starts it again when it ends by itself, as systemd or Kubernetes would.
 * Any thread may call it.
 */
public class Service implements AutoCloseable {

  /** Notes of the harness in the output begin with this. */
  public static final String NOTE = "-- ";

  private static final long LOOK_MILLIS = 200;

  /** A supervisor waits as long before it starts a process again. */
  private static final Duration BACKOFF = Duration.ofSeconds(1);

  private static final Duration STOP_PATIENCE = Duration.ofSeconds(90);

  private final ChildProcess.Command command;
  private final Path output;
  private final Thread supervisor;
  private @Nullable ChildProcess process;
  private int starts;
  private boolean wanted;
  private volatile boolean closed;

  /**
   * @param output the file that has everything that its processes say
   */
  public Service(ChildProcess.Command command, Path output) {
    this.command = command;
    this.output = output;
    this.supervisor = new Thread(this::supervise, "supervisor");
    supervisor.setDaemon(true);
    supervisor.start();
  }

  /** Starts a process, and starts it again from now on whenever it ends. */
  public synchronized void start() throws IOException {
    starts++;
    ChildProcess.note(output, NOTE + "start " + starts);
    process = ChildProcess.start(command, output);
    wanted = true;
  }

  /** From now on nobody starts it again. */
  public synchronized void leaveAlone() {
    wanted = false;
  }

  private void supervise() {
    try {
      while (!closed) {
        Thread.sleep(LOOK_MILLIS);
        if (hasEnded()) {
          Thread.sleep(BACKOFF.toMillis());
          startAgain();
        }
      }
    } catch (InterruptedException e) {
      // Closed.
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private synchronized boolean hasEnded() throws IOException {
    if (!wanted || process == null || process.isAlive()) {
      return false;
    }
    ChildProcess.note(output, NOTE + "ended with exit code " + process.exitCode());
    return true;
  }

  private synchronized void startAgain() throws IOException {
    if (wanted && !closed) {
      start();
    }
  }

  /** Kills the process; whoever supervises it starts it again unless it is left alone. */
  public synchronized void kill() throws InterruptedException {
    process().kill();
  }

  public synchronized void pause() throws IOException, InterruptedException {
    process().signal("STOP");
  }

  public synchronized void resume() throws IOException, InterruptedException {
    process().signal("CONT");
  }

  /**
   * Asks it to stop, and waits until it has; kills it when it does not.
   *
   * @return the exit code, 137 where it had to be killed
   */
  public int stop() throws IOException, InterruptedException {
    leaveAlone();
    ChildProcess stopping = process();
    if (stopping.isAlive()) {
      stopping.signal("TERM");
    }
    if (!stopping.await(STOP_PATIENCE)) {
      ChildProcess.note(output, NOTE + "did not stop within " + STOP_PATIENCE);
      stopping.kill();
    }
    ChildProcess.note(output, NOTE + "ended with exit code " + stopping.exitCode());
    return stopping.exitCode();
  }

  public synchronized boolean isAlive() {
    return process().isAlive();
  }

  /** The process that was started last. */
  public synchronized ChildProcess process() {
    return requireNonNull(process, "process is null");
  }

  public synchronized int starts() {
    return starts;
  }

  /** Everything that its processes have said, and the notes of the harness. */
  public List<String> said() {
    try {
      return Files.exists(output)
          ? new String(Files.readAllBytes(output), StandardCharsets.UTF_8).lines().toList()
          : List.of();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Waits until it was started so often; false if that takes too long. */
  public boolean awaitStart(int number, Duration patience) throws InterruptedException {
    return await(() -> starts() >= number, patience);
  }

  /** Waits until something holds; false if it does not in time. */
  public static boolean await(BooleanSupplier condition, Duration patience)
      throws InterruptedException {
    long deadline = System.nanoTime() + patience.toNanos();
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() - deadline > 0) {
        return false;
      }
      Thread.sleep(LOOK_MILLIS);
    }
    return true;
  }

  @Override
  public void close() {
    closed = true;
    supervisor.interrupt();
    synchronized (this) {
      if (process != null) {
        process.close();
      }
    }
  }
}
