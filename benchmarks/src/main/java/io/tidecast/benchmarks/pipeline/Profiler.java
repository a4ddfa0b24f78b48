package io.tidecast.benchmarks.pipeline;

import com.sun.tools.attach.AgentInitializationException;
import com.sun.tools.attach.AgentLoadException;
import com.sun.tools.attach.AttachNotSupportedException;
import com.sun.tools.attach.VirtualMachine;
import io.tidecast.benchmarks.process.ChildProcess;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Says where the time of another JVM of this machine goes, with async-profiler, which comes with
 * Flink. It is asked into the process while that runs, and samples every thread that works, native
 * code included.
 */
final class Profiler implements SteadyPart.Listener {

  private static final String LIBRARY = "/linux-x64/libasyncProfiler.so";

  /** One that works alike where the system's own counters may not be read, as in containers. */
  private static final String START = "start,event=itimer,interval=1ms,threads,file=";

  /** Lets a JVM say where between two safepoints a thread was. */
  static final String PRECISE = "-XX:+DebugNonSafepoints";

  static final String UNLOCK_PRECISE = "-XX:+UnlockDiagnosticVMOptions";

  private final ChildProcess process;
  private final Path library;
  private final Path output;

  /**
   * @param folder that takes the library
   * @param output a flame graph if its name ends in {@code .html}, stacks with their samples if in
   *     {@code .collapsed}, else the methods that took most
   */
  Profiler(ChildProcess process, Path folder, Path output) throws IOException {
    this.process = process;
    this.library = folder.resolve("libasyncProfiler.so");
    this.output = output.toAbsolutePath();
    try (InputStream in = Profiler.class.getResourceAsStream(LIBRARY)) {
      if (in == null) {
        throw new IOException("async-profiler must be on the class path: resource=" + LIBRARY);
      }
      Files.copy(in, library);
    }
  }

  @Override
  public void begins() throws IOException {
    command(START + output);
  }

  @Override
  public void ends() throws IOException {
    command("stop,file=" + output + form());
  }

  private String form() {
    String name = output.toString();
    return name.endsWith(".html")
        ? ""
        : name.endsWith(".collapsed") ? ",collapsed" : ",flat=60,traces=0";
  }

  private void command(String words) throws IOException {
    VirtualMachine machine = null;
    try {
      machine = VirtualMachine.attach(Long.toString(process.pid()));
      machine.loadAgentPath(library.toString(), words);
    } catch (AttachNotSupportedException | AgentLoadException | AgentInitializationException e) {
      throw new IOException(
          "could not profile process " + process.pid() + ": " + e.getMessage(), e);
    } finally {
      if (machine != null) {
        machine.detach();
      }
    }
  }
}
