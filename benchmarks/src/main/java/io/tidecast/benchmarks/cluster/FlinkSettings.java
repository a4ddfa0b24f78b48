package io.tidecast.benchmarks.cluster;

import io.tidecast.benchmarks.process.ChildProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.runtime.clusterframework.TaskExecutorProcessSpec;
import org.apache.flink.runtime.clusterframework.TaskExecutorProcessUtils;
import org.apache.flink.runtime.util.config.memory.ProcessMemoryUtils;

/**
 * Flink's configuration of the processes of a cluster, in a folder for each.
 *
 * @param zooKeeper host and port
 * @param more of Flink's own keys, for all processes
 */
record FlinkSettings(Path folder, String host, String zooKeeper, Map<String, String> more) {

  /** The id of the job of application mode, which is the same for all JobManagers. */
  static final String APPLICATION_JOB = "00000000000000000000000000000001";

  private static final String OUTPUT =
      """
      status = ERROR
      rootLogger.level = WARN
      rootLogger.appenderRef.console.ref = console
      appender.console.type = Console
      appender.console.name = console
      appender.console.layout.type = PatternLayout
      appender.console.layout.pattern = %d{HH:mm:ss.SSS} %p %c{1} %m %ex{short.message}%n
      logger.leader.name = org.apache.flink.runtime.dispatcher.runner.DefaultDispatcherRunner
      logger.leader.level = INFO
      logger.sasl.name = org.apache.flink.shaded.curator5.org.apache.curator.ConnectionState
      logger.sasl.level = OFF
      """;

  FlinkSettings {
    more = Map.copyOf(more);
  }

  /** Settings that all processes of the cluster have. */
  private Map<String, String> shared() {
    Map<String, String> settings = new LinkedHashMap<>();
    settings.put("high-availability.type", "zookeeper");
    settings.put("high-availability.storageDir", folder.resolve("ha").toUri().toString());
    settings.put("high-availability.cluster-id", "/tidecast");
    settings.put("high-availability.zookeeper.quorum", zooKeeper);
    // Of a JobManager that was killed, ZooKeeper knows after this time.
    settings.put("high-availability.zookeeper.client.session-timeout", "6s");
    settings.put("high-availability.zookeeper.client.connection-timeout", "3s");
    settings.put("heartbeat.interval", "2s");
    settings.put("heartbeat.timeout", "10s");
    settings.put("jobmanager.rpc.address", host);
    settings.put("jobmanager.bind-host", host);
    settings.put("rest.address", host);
    settings.put("rest.bind-address", host);
    settings.put("execution.checkpointing.num-retained", "3");
    settings.put("execution.checkpointing.dir", folder.resolve("checkpoints").toUri().toString());
    settings.put(
        "execution.checkpointing.externalized-checkpoint-retention", "RETAIN_ON_CANCELLATION");
    settings.put("restart-strategy.type", "exponential-delay");
    settings.put("restart-strategy.exponential-delay.initial-backoff", "1s");
    settings.put("restart-strategy.exponential-delay.max-backoff", "10s");
    settings.put("restart-strategy.exponential-delay.backoff-multiplier", "2.0");
    settings.put("restart-strategy.exponential-delay.reset-backoff-threshold", "20s");
    settings.put("classloader.parent-first-patterns.additional", "ai.onnxruntime");
    settings.putAll(more);
    return settings;
  }

  /** A client, which prints what it is told to. */
  ChildProcess.Command client(List<String> arguments) throws IOException {
    Path place = folder.resolve("client");
    // Flink's client looks there when no variable of the environment says otherwise.
    write(place.resolve("conf"), shared());
    Path work = Files.createDirectories(place.resolve("bin"));
    return new ChildProcess.Command(
        "org.apache.flink.client.cli.CliFrontend",
        options(place, List.of("-Xmx512m")),
        arguments,
        work,
        place(List.of()));
  }

  ChildProcess.Command jobManager(String name, int restPort) throws IOException {
    return manager(
        name,
        restPort,
        "org.apache.flink.runtime.entrypoint.StandaloneSessionClusterEntrypoint",
        List.of());
  }

  /**
   * A JobManager that brings a job.
   *
   * @param arguments of the job's program
   */
  ChildProcess.Command applicationManager(String name, int restPort, List<String> arguments)
      throws IOException {
    bringJob(name);
    List<String> all = new ArrayList<>(List.of("--job-id", APPLICATION_JOB));
    all.addAll(List.of("--job-classname", "io.tidecast.flink.ForecastJob", "--"));
    all.addAll(arguments);
    return manager(
        name,
        restPort,
        "org.apache.flink.container.entrypoint.StandaloneApplicationClusterEntryPoint",
        all);
  }

  /** Gives a process the jar of the job, as an image does. */
  void bringJob(String name) throws IOException {
    Path jars = Files.createDirectories(folder.resolve(name).resolve("usrlib"));
    Files.copy(
        FlinkJars.job(), jars.resolve("tidecast-job.jar"), StandardCopyOption.REPLACE_EXISTING);
  }

  private ChildProcess.Command manager(
      String name, int restPort, String main, List<String> arguments) throws IOException {
    Path place = folder.resolve(name);
    Map<String, String> settings = shared();
    settings.put("rest.port", Integer.toString(restPort));
    write(place, settings);
    List<String> all = new ArrayList<>(List.of("--configDir", place.toString()));
    all.addAll(arguments);
    return new ChildProcess.Command(
        main,
        options(place, List.of("-Xms384m", "-Xmx384m", "-XX:MaxMetaspaceSize=256m")),
        all,
        place,
        place(List.of()));
  }

  /**
   * A TaskManager of one slot.
   *
   * @param address at which others reach it
   * @param prefix words before its command
   */
  ChildProcess.Command taskManager(String name, String address, List<String> prefix)
      throws IOException {
    Path place = folder.resolve(name);
    Map<String, String> settings = shared();
    settings.put("taskmanager.resource-id", name);
    settings.put("taskmanager.host", address);
    settings.put("taskmanager.bind-host", address);
    settings.put("taskmanager.numberOfTaskSlots", "1");
    settings.put("taskmanager.memory.process.size", "1280m");
    settings.put("taskmanager.memory.managed.size", "32m");
    settings.put("taskmanager.memory.task.off-heap.size", "128m");
    settings.put("taskmanager.memory.network.fraction", "0.05");
    settings.put("taskmanager.memory.network.min", "32m");
    TaskExecutorProcessSpec spec =
        TaskExecutorProcessUtils.processSpecFromConfig(Configuration.fromMap(settings));
    write(place, settings);
    List<String> arguments = new ArrayList<>(List.of("--configDir", place.toString()));
    // What Flink's scripts work out of the settings before they start the process.
    arguments.addAll(words(TaskExecutorProcessUtils.generateDynamicConfigsStr(spec)));
    return new ChildProcess.Command(
        "org.apache.flink.runtime.taskexecutor.TaskManagerRunner",
        options(place, words(ProcessMemoryUtils.generateJvmParametersStr(spec))),
        arguments,
        place,
        place(prefix));
  }

  private static List<String> words(String text) {
    return List.of(text.strip().split("\\s+"));
  }

  private static ChildProcess.Place place(List<String> prefix) {
    return new ChildProcess.Place(FlinkJars.classPath(), prefix);
  }

  private List<String> options(Path place, List<String> memory) {
    List<String> options = new ArrayList<>(memory);
    options.addAll(
        List.of(
            "-XX:+UseSerialGC",
            "-XX:TieredStopAtLevel=1",
            // The heap is resident from the start, so that what grows is something else.
            "-XX:+AlwaysPreTouch",
            "--add-opens=java.base/java.util=ALL-UNNAMED",
            "-Djava.io.tmpdir=" + place,
            "-Dlog4j2.configurationFile=" + folder.resolve("log4j2.properties").toUri()));
    return options;
  }

  private void write(Path place, Map<String, String> settings) throws IOException {
    Files.createDirectories(place);
    Files.writeString(folder.resolve("log4j2.properties"), OUTPUT);
    Map<String, String> all = new LinkedHashMap<>(settings);
    all.put("io.tmp.dirs", place.toString());
    Files.writeString(
        place.resolve("config.yaml"),
        all.entrySet().stream()
            .map(setting -> setting.getKey() + ": \"" + setting.getValue() + "\"\n")
            .collect(Collectors.joining()));
  }
}
