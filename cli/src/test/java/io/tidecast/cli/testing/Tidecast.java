package io.tidecast.cli.testing;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidecast.cli.TidecastCommand;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

/** The command in a JVM of its own, as the launcher starts it. */
public final class Tidecast implements AutoCloseable {

  private static final long PATIENCE_SECONDS = 170;

  private static final ScheduledExecutorService KILLERS =
      Executors.newSingleThreadScheduledExecutor(
          task -> {
            Thread thread = new Thread(task, "killer of processes that say nothing");
            thread.setDaemon(true);
            return thread;
          });

  private final Process process;
  private final BufferedReader output;
  private final StringBuilder seen = new StringBuilder();

  /**
   * @param temporary where that JVM may leave nothing behind
   */
  public Tidecast(Path temporary, String... arguments) throws IOException {
    this(temporary, Map.of(), arguments);
  }

  /**
   * @param temporary where that JVM may leave nothing behind
   * @param environment that it has besides
   */
  public Tidecast(Path temporary, Map<String, String> environment, String... arguments)
      throws IOException {
    List<String> command = new ArrayList<>(hearingEverySignal());
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add("-Xmx1g");
    command.add("-Djava.io.tmpdir=" + temporary);
    command.add("-Dtidecast.root=" + System.getProperty("tidecast.root"));
    command.add("-cp");
    command.add(System.getProperty("java.class.path"));
    command.add(TidecastCommand.class.getName());
    command.addAll(List.of(arguments));
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.environment().putAll(environment);
    this.process = builder.start();
    this.output = process.inputReader();
  }

  /**
   * What a command begins with to hear every signal. A build that runs in the background of a shell
   * ignores some, and its children would inherit that; a terminal's commands do not.
   */
  private static List<String> hearingEverySignal() throws IOException {
    List<String> prefix = List.of("env", "--default-signal");
    List<String> trial = new ArrayList<>(prefix);
    trial.add("true");
    try {
      return new ProcessBuilder(trial).start().waitFor() == 0 ? prefix : List.of();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException(e);
    }
  }

  /** Reads on until a line contains this text, and returns that line. */
  public String awaitLine(String text) throws IOException {
    String line = readUntil(one -> one.contains(text));
    if (line == null) {
      throw new AssertionError("ended without saying '%s':%n%s".formatted(text, seen));
    }
    return line;
  }

  /** Reads on until it has said this text, unless it has said it already. */
  public void awaitSaid(String text) throws IOException {
    if (seen.indexOf(text) < 0) {
      awaitLine(text);
    }
  }

  /**
   * Reads on until a line is the one that is wanted; null where there is none to the end. A process
   * that goes on without saying it is killed in time: reading hears no interrupt, and would wait
   * for ever.
   */
  private String readUntil(Predicate<String> wanted) throws IOException {
    Future<?> killer =
        KILLERS.schedule(process::destroyForcibly, PATIENCE_SECONDS, TimeUnit.SECONDS);
    try {
      String line = output.readLine();
      while (line != null) {
        seen.append(line).append('\n');
        if (wanted.test(line)) {
          return line;
        }
        line = output.readLine();
      }
      return null;
    } finally {
      killer.cancel(false);
    }
  }

  /** The number of its process. */
  public long pid() {
    return process.pid();
  }

  /** Sends a signal such as {@code INT}. */
  public void signal(String name) throws IOException, InterruptedException {
    Process kill =
        new ProcessBuilder("kill", "-" + name, Long.toString(process.pid())).inheritIO().start();
    assertThat(kill.waitFor()).isZero();
  }

  /** Waits for the end and returns the exit code. */
  public int exitCode() throws IOException, InterruptedException {
    readUntil(line -> false);
    assertThat(process.waitFor(60, TimeUnit.SECONDS)).as("ends: %s", seen).isTrue();
    return process.exitValue();
  }

  /** Everything it has said so far, on standard output and error. */
  public String output() {
    return seen.toString();
  }

  @Override
  public void close() {
    process.destroyForcibly();
  }
}
