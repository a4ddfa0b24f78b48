package io.tidecast.benchmarks.process;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;

/**
 * What a process of this machine has taken of the processors so far, thread by thread. Linux tells
 * it in {@code /proc}, without a word from the process, which is measured as it is.
 *
 * <p>The compilers of a JVM have threads of their own, by whose names their time is told apart. A
 * thread that has ended is in the total alone, hence a JVM whose compilers are to be told apart
 * must keep their threads: {@value #KEEP_COMPILERS}.
 *
 * @param totalNanos of all threads, those that have ended included; in steps of 10 ms
 */
public record ProcessorTime(long totalNanos, Map<Long, OfThread> threads) {

  /** An option of the JVM: threads of compilers stay, even if they have little to do. */
  public static final String KEEP_COMPILERS = "-XX:-UseDynamicNumberOfCompilerThreads";

  /** A thread that takes less is not worth a line. */
  private static final double TOLD_MICROS = 0.05;

  private static final OfThread NEW = new OfThread("", 0, 0);

  /** The system cuts names after 15 characters. */
  private static final String COMPILER = "CompilerThre";

  /**
   * The time of a thread that lives.
   *
   * @param nanos on a processor
   * @param waitedNanos for one, while others had them
   */
  record OfThread(String name, long nanos, long waitedNanos) {}

  /**
   * Reads what a process has taken.
   *
   * @throws IOException if there is no such process, or the system is not Linux
   */
  public static ProcessorTime of(ChildProcess process) throws IOException {
    return of(process.pid());
  }

  /** Reads what this process has taken. */
  public static ProcessorTime ofThisProcess() throws IOException {
    return of(ProcessHandle.current().pid());
  }

  private static ProcessorTime of(long pid) throws IOException {
    Duration total =
        ProcessHandle.of(pid)
            .flatMap(handle -> handle.info().totalCpuDuration())
            .orElseThrow(() -> new IOException("process must be alive: pid=" + pid));
    Map<Long, OfThread> threads = new HashMap<>();
    Path tasks = Path.of("/proc", Long.toString(pid), "task");
    try (DirectoryStream<Path> all = Files.newDirectoryStream(tasks)) {
      for (Path task : all) {
        try {
          threads.put(Long.valueOf(task.getFileName().toString()), thread(task));
        } catch (NoSuchFileException e) {
          // The thread has just ended.
        }
      }
    }
    return new ProcessorTime(total.toNanos(), threads);
  }

  private static OfThread thread(Path task) throws IOException {
    String[] times = Files.readString(task.resolve("schedstat")).strip().split(" ", -1);
    return new OfThread(
        Files.readString(task.resolve("comm")).strip(),
        Long.parseLong(times[0]),
        Long.parseLong(times[1]));
  }

  /** Tells what was taken since an earlier look at the same process. */
  public Used since(ProcessorTime earlier) {
    Map<String, Long> byName = new TreeMap<>();
    Map<String, Long> waitedByName = new TreeMap<>();
    threads.forEach(
        (id, now) -> {
          OfThread before = earlier.threads.getOrDefault(id, NEW);
          byName.merge(kind(now.name), now.nanos - before.nanos, Long::sum);
          waitedByName.merge(kind(now.name), now.waitedNanos - before.waitedNanos, Long::sum);
        });
    return new Used(totalNanos - earlier.totalNanos, byName, waitedByName);
  }

  /** Threads that differ by a number alone are of one kind. */
  private static String kind(String name) {
    return name.contains(COMPILER) ? Used.JIT : name.replaceFirst("[-#( /\\d]+$", "");
  }

  /**
   * What was taken between two looks.
   *
   * @param totalNanos of all threads, the compilers included
   * @param byName nanoseconds of the threads that were alive at the second look, by the names that
   *     the system knows them by, of 15 characters at most
   * @param waitedByName nanoseconds for which they could have gone on, had a processor been free
   */
  public record Used(long totalNanos, Map<String, Long> byName, Map<String, Long> waitedByName) {

    /** Stands for all compilers of a JVM. */
    public static final String JIT = "JIT compilers";

    /**
     * Tells what each kind of thread took for one of so many things, microseconds, those that took
     * most first; what is too little for a line is left out.
     */
    public Map<String, Double> microsByName(long count) {
      Map<String, Double> micros = new LinkedHashMap<>();
      byName.entrySet().stream()
          .sorted(Map.Entry.<String, Long>comparingByValue().reversed())
          .filter(thread -> thread.getValue() / 1e3 / count >= TOLD_MICROS)
          .forEach(thread -> micros.put(thread.getKey(), thread.getValue() / 1e3 / count));
      return micros;
    }

    /** Of the compilers. */
    public long jitNanos() {
      return byName.getOrDefault(JIT, 0L);
    }

    /** Of the compilers, as a share of all; 0 where nothing was taken. */
    public double jitShare() {
      return totalNanos == 0 ? 0 : (double) jitNanos() / totalNanos;
    }

    /** Of everything but the compilers. */
    public long withoutJitNanos() {
      return totalNanos - jitNanos();
    }
  }
}
