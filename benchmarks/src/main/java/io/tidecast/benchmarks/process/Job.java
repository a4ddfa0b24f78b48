package io.tidecast.benchmarks.process;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;

/**
 * {@code tidecast run} of one job file in a process of its own, which is started again when it ends
 * by itself. Any thread may call it.
 */
public final class Job extends Service {

  private static final String MAIN = "io.tidecast.cli.TidecastCommand";

  /**
   * @param file of the job
   * @param folder of the process, which must exist; its output goes there too
   * @param arguments beyond the job file
   */
  public Job(Path file, Path folder, List<String> arguments) {
    this(file, folder, arguments, List.of());
  }

  /**
   * @param more options of the JVM beyond those that every job has
   */
  public Job(Path file, Path folder, List<String> arguments, List<String> more) {
    super(
        new ChildProcess.Command(
            MAIN,
            Stream.concat(
                    Stream.of(
                        "-Xmx1g",
                        "-XX:+ExitOnOutOfMemoryError",
                        "-Djava.io.tmpdir=" + folder,
                        "-Dtidecast.root=" + System.getProperty("tidecast.root", "")),
                    more.stream())
                .toList(),
            Stream.concat(Stream.of("run", "--config", file.toString()), arguments.stream())
                .toList(),
            folder),
        folder.resolve("job.out"));
  }

  /** Waits until a process of it forecasts; false if none does in time. */
  public boolean awaitForecasting(Duration patience) throws InterruptedException {
    return await(() -> isAlive() && hasSaidForecasting(), patience);
  }

  private boolean hasSaidForecasting() {
    List<String> said = said();
    for (int i = said.size() - 1; i >= 0 && !said.get(i).startsWith(NOTE + "start"); i--) {
      if (said.get(i).startsWith("Forecasting ")) {
        return true;
      }
    }
    return false;
  }
}
