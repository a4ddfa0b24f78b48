package io.tidecast.benchmarks.process;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

/**
 * A JVM of its own, whose output goes to a file. Whatever ends this JVM ends it too: its end is
 * asked for when this one is stopped, and the system kills it when this one is killed.
 *
 * <p>Any thread may call it.
 */
public final class ChildProcess implements AutoCloseable {

  private static final String HUGE_PAGES = "-XX:+UseTransparentHugePages";

  private static final Set<Process> RUNNING = ConcurrentHashMap.newKeySet();

  /** The system kills a child when the thread that made it ends, so one thread makes them all. */
  private static final ExecutorService STARTER =
      Executors.newSingleThreadExecutor(
          task -> {
            Thread thread = new Thread(task, "starter of processes");
            thread.setDaemon(true);
            return thread;
          });

  static {
    Runtime.getRuntime()
        .addShutdownHook(
            new Thread(() -> RUNNING.forEach(Process::destroyForcibly), "ender of processes"));
  }

  private final Process process;

  private ChildProcess(Process process) {
    this.process = process;
  }

  /**
   * What to run.
   *
   * @param main class, of the class path
   * @param options of the JVM
   * @param folder in which it works, which must exist
   * @param place where it runs
   */
  public record Command(
      String main, List<String> options, List<String> arguments, Path folder, Place place) {

    /** A command with the class path of this JVM. */
    public Command(String main, List<String> options, List<String> arguments, Path folder) {
      this(main, options, arguments, folder, Place.HERE);
    }
  }

  /**
   * What a JVM sees.
   *
   * @param classPath as {@code java} takes it
   * @param prefix words before {@code java}, such as those that give it a network of its own
   */
  public record Place(String classPath, List<String> prefix) {

    /** As this JVM. */
    public static final Place HERE = new Place(System.getProperty("java.class.path"), List.of());

    public Place {
      prefix = List.copyOf(prefix);
    }
  }

  /**
   * Starts a JVM, with huge pages of memory if this one has them.
   *
   * @param output the file to which it appends what it says
   */
  public static ChildProcess start(Command command, Path output) throws IOException {
    List<String> words = new ArrayList<>(Prefix.WORDS);
    words.addAll(command.place().prefix());
    words.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    if (ManagementFactory.getRuntimeMXBean().getInputArguments().contains(HUGE_PAGES)) {
      words.add(HUGE_PAGES);
    }
    words.addAll(command.options());
    words.add("-cp");
    words.add(command.place().classPath());
    words.add(command.main());
    words.addAll(command.arguments());
    ProcessBuilder builder =
        new ProcessBuilder(words)
            .directory(command.folder().toFile())
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.appendTo(output.toFile()));
    try {
      Process process = STARTER.submit(builder::start).get();
      RUNNING.add(process);
      return new ChildProcess(process);
    } catch (ExecutionException e) {
      throw new IOException("could not start " + command.main(), e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while starting " + command.main(), e);
    }
  }

  public long pid() {
    return process.pid();
  }

  public boolean isAlive() {
    return process.isAlive();
  }

  /** Sends a signal such as {@code STOP}. */
  public void signal(String name) throws IOException, InterruptedException {
    Process kill =
        new ProcessBuilder("kill", "-" + name, Long.toString(process.pid())).inheritIO().start();
    if (kill.waitFor() != 0) {
      throw new IOException("could not send %s to process %d".formatted(name, process.pid()));
    }
  }

  /** Has it collect its garbage, classes that nobody uses any more among it. */
  public void collectGarbage() throws IOException, InterruptedException {
    String jcmd = Path.of(System.getProperty("java.home"), "bin", "jcmd").toString();
    Process collecting =
        new ProcessBuilder(jcmd, Long.toString(process.pid()), "GC.run")
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .start();
    if (collecting.waitFor() != 0) {
      throw new IOException(
          "could not have process %d collect its garbage with %s".formatted(process.pid(), jcmd));
    }
  }

  /** Ends it as {@code kill -9} does, and waits until it has gone. */
  public void kill() throws InterruptedException {
    process.destroyForcibly();
    process.waitFor();
    RUNNING.remove(process);
  }

  /** Waits for its end; false if it does not come in time. */
  public boolean await(Duration patience) throws InterruptedException {
    boolean ended = process.waitFor(patience.toMillis(), TimeUnit.MILLISECONDS);
    if (ended) {
      RUNNING.remove(process);
    }
    return ended;
  }

  /** The exit code of one that has ended. */
  public int exitCode() {
    return process.exitValue();
  }

  @Override
  public void close() {
    process.destroyForcibly();
    boolean interrupted = false;
    while (process.isAlive()) {
      try {
        process.waitFor();
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    RUNNING.remove(process);
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  /** Appends a line to an output file, between those of the processes. */
  public static void note(Path output, String line) throws IOException {
    Files.writeString(
        output,
        line + System.lineSeparator(),
        StandardCharsets.UTF_8,
        StandardOpenOption.CREATE,
        StandardOpenOption.APPEND);
  }

  /** What stands before every command, as far as this system has it. */
  private static final class Prefix {
    /** A child hears every signal, and ends when its parent does. */
    static final List<String> WORDS = words();

    private static List<String> words() {
      Map<String, List<String>> wanted = new LinkedHashMap<>();
      wanted.put("env", List.of("--default-signal"));
      wanted.put("setpriv", List.of("--pdeathsig", "KILL"));
      List<String> words = new ArrayList<>();
      wanted.forEach(
          (tool, options) -> {
            List<String> trial = new ArrayList<>(List.of(tool));
            trial.addAll(options);
            if (works(trial)) {
              words.addAll(trial);
            }
          });
      return List.copyOf(words);
    }

    private static boolean works(List<String> prefix) {
      List<String> trial = new ArrayList<>(prefix);
      trial.add("true");
      try {
        return new ProcessBuilder(trial).start().waitFor() == 0;
      } catch (IOException e) {
        return false;
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return false;
      }
    }
  }
}
