package io.tidecast.benchmarks.cluster;

import io.tidecast.benchmarks.process.ChildProcess;
import io.tidecast.benchmarks.process.Ports;
import io.tidecast.benchmarks.process.Service;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A standalone Flink cluster in session mode: JobManagers of which one leads, as ZooKeeper says,
 * and TaskManagers of one slot. Each is started again when it ends.
 *
 * <p>One thread calls it.
 */
public final class FlinkCluster implements AutoCloseable {

  /** The TaskManager that a cable leads to. */
  public static final String CABLED = "taskmanager-0";

  /** Who was started more often at the beginning does not come up at all. */
  private static final int FEW_STARTS = 3;

  private static final Duration PATIENCE = Duration.ofMinutes(2);
  private static final Pattern SUBMITTED = Pattern.compile("submitted with JobID ([0-9a-f]{32})");
  private static final Pattern UPGRADED = Pattern.compile("Done: ([0-9a-f]{32}) runs");
  private static final Pattern STOPPED = Pattern.compile("Savepoint completed. Path: (\\S+)");
  private static final String GRANTED = "was granted leadership";
  private static final String REVOKED = "was revoked leadership";

  private final Path folder;
  private final Layout layout;
  private final FlinkSettings settings;
  private final ZooKeeper zooKeeper;
  private final @Nullable OwnNetwork network;
  private final Map<String, Service> jobManagers = new LinkedHashMap<>();
  private final Map<String, Service> taskManagers = new LinkedHashMap<>();
  private final FlinkRest rest;

  /**
   * What to start.
   *
   * @param jobManagers one of which leads
   * @param taskManagers of one slot each
   * @param cable whether the first TaskManager has a network of its own, which can be cut off; the
   *     last one then begins later, so that the first has work
   * @param mode in application mode, the processes begin with the job
   */
  public record Layout(int jobManagers, int taskManagers, boolean cable, Mode mode) {

    /** A cluster in session mode. */
    public Layout(int jobManagers, int taskManagers, boolean cable) {
      this(jobManagers, taskManagers, cable, Mode.SESSION);
    }
  }

  /** How a job comes to a cluster. */
  public enum Mode {
    /** It is submitted to a cluster that runs. */
    SESSION,
    /** The JobManagers bring it, and begin it when they do. */
    APPLICATION
  }

  private FlinkCluster(Path folder, Layout layout, Base base) throws IOException {
    this.folder = folder;
    this.layout = layout;
    this.network = base.network;
    this.zooKeeper = base.zooKeeper;
    this.settings = new FlinkSettings(folder, base.host, zooKeeper.address(), Map.of());
    List<Integer> ports = Ports.free(layout.jobManagers());
    List<String> addresses = new ArrayList<>();
    for (int i = 0; i < ports.size(); i++) {
      String name = "jobmanager-" + i;
      addresses.add(base.host + ":" + ports.get(i));
      jobManagers.put(name, service(name, jobManager(name, ports.get(i))));
    }
    for (int i = 0; i < layout.taskManagers(); i++) {
      String name = "taskmanager-" + i;
      boolean cabled = i == 0 && network != null;
      if (layout.mode() == Mode.APPLICATION) {
        settings.bringJob(name);
      }
      taskManagers.put(
          name,
          service(
              name,
              settings.taskManager(
                  name,
                  cabled ? OwnNetwork.THERE : base.host,
                  cabled && network != null ? network.prefix() : List.of())));
    }
    this.rest = new FlinkRest(addresses);
  }

  private ChildProcess.Command jobManager(String name, int restPort) throws IOException {
    return layout.mode() == Mode.SESSION
        ? settings.jobManager(name, restPort)
        : settings.applicationManager(name, restPort, List.of("--config", jobFile().toString()));
  }

  /** Where the job file of application mode is, which is written before the job begins. */
  private Path jobFile() {
    return folder.resolve("application.yaml");
  }

  /** What the processes of Flink stand on. */
  private record Base(String host, ZooKeeper zooKeeper, @Nullable OwnNetwork network) {

    static Base lay(Path folder, boolean cable) throws IOException, InterruptedException {
      OwnNetwork network = cable ? OwnNetwork.make() : null;
      String host = cable ? OwnNetwork.HERE : Ports.LOOPBACK;
      return new Base(host, ZooKeeper.start(folder.resolve("zookeeper"), host), network);
    }
  }

  /**
   * Starts ZooKeeper, JobManagers and TaskManagers with their files in this folder.
   *
   * @throws IOException if one of them does not come up
   */
  public static FlinkCluster start(Path folder, Layout layout)
      throws IOException, InterruptedException {
    Files.createDirectories(folder);
    FlinkCluster cluster = new FlinkCluster(folder, layout, Base.lay(folder, layout.cable()));
    boolean started = false;
    try {
      if (layout.mode() == Mode.SESSION) {
        cluster.startProcesses();
      }
      started = true;
      return cluster;
    } finally {
      if (!started) {
        cluster.close();
      }
    }
  }

  private void startProcesses() throws IOException, InterruptedException {
    for (Service service : jobManagers.values()) {
      service.start();
    }
    int first = layout.taskManagers() - (layout.cable() ? 1 : 0);
    for (int i = 0; i < first; i++) {
      taskManager("taskmanager-" + i).start();
    }
    awaitTaskManagers(first);
  }

  private Service service(String name, ChildProcess.Command command) {
    return new Service(command, folder.resolve(name + ".out"));
  }

  /** The address at which processes of this machine reach each other. */
  public static String host(@Nullable Layout layout) {
    return layout != null && layout.cable() ? OwnNetwork.HERE : Ports.LOOPBACK;
  }

  private void awaitTaskManagers(int count) throws IOException, InterruptedException {
    require(
        () -> {
          processes()
              .forEach(
                  (name, service) -> {
                    if (service.starts() > FEW_STARTS) {
                      throw new IllegalStateException(
                          "must come up: process=" + name + "; see " + folder);
                    }
                  });
          return rest.taskManagers(false).size() >= count;
        },
        count + " TaskManagers must be there");
  }

  /** Starts the TaskManagers that have not begun. */
  public void startOthers() throws IOException {
    for (Service service : taskManagers.values()) {
      if (service.starts() == 0) {
        service.start();
      }
    }
  }

  /**
   * Submits a job, as {@code flink run} does, and returns its id. In application mode, starts the
   * processes that bring it.
   *
   * @param savepoint where it goes on from; null for a beginning
   */
  public String submit(Path jobFile, @Nullable String savepoint)
      throws IOException, InterruptedException {
    if (layout.mode() == Mode.APPLICATION) {
      Files.copy(jobFile, jobFile(), StandardCopyOption.REPLACE_EXISTING);
      startProcesses();
      return FlinkSettings.APPLICATION_JOB;
    }
    List<String> arguments = new ArrayList<>(List.of("run", "--detached"));
    if (savepoint != null) {
      arguments.addAll(List.of("--fromSavepoint", savepoint));
    }
    arguments.addAll(List.of(FlinkJars.job().toString(), "--config", jobFile.toString()));
    return client(settings.client(arguments), SUBMITTED);
  }

  /** Stops a job after a last commit, and returns the savepoint that it leaves. */
  public String stop(String job) throws IOException, InterruptedException {
    return client(
        settings.client(
            List.of(
                "stop", "--savepointPath", folder.resolve("savepoints").toUri().toString(), job)),
        STOPPED);
  }

  /**
   * Puts a job file into the place of a job, as {@code tidecast upgrade} does, and returns the id
   * of the new job.
   */
  public String upgrade(Path jobFile, String job) throws IOException, InterruptedException {
    List<String> arguments =
        new ArrayList<>(List.of("upgrade", "--flink", "http://" + address(), "--job-id", job));
    arguments.addAll(List.of("--jar", FlinkJars.job().toString()));
    arguments.addAll(List.of("--config", jobFile.toString()));
    arguments.addAll(List.of("--savepoint-dir", folder.resolve("savepoints").toUri().toString()));
    return client(
        new ChildProcess.Command(
            "io.tidecast.cli.TidecastCommand", List.of("-Xmx512m"), arguments, folder),
        UPGRADED);
  }

  /** Host and port of the REST of a JobManager that runs. */
  public String address() throws IOException, InterruptedException {
    List<String> answering = new ArrayList<>();
    require(
        () -> {
          rest.answering().ifPresent(answering::add);
          return !answering.isEmpty();
        },
        "a JobManager must answer");
    return answering.get(0);
  }

  private String client(ChildProcess.Command command, Pattern answer)
      throws IOException, InterruptedException {
    Path output = folder.resolve("client.out");
    Files.deleteIfExists(output);
    try (ChildProcess client = ChildProcess.start(command, output)) {
      boolean ended = client.await(PATIENCE);
      String said = Files.readString(output, StandardCharsets.UTF_8);
      Matcher matcher = answer.matcher(said);
      if (!ended || !matcher.find()) {
        throw new IOException(
            "%s must work, it said:%n%s".formatted(command.arguments().get(0), said.strip()));
      }
      return matcher.group(1);
    }
  }

  /** Waits until every task of a job runs. */
  public void awaitRunning(String job) throws IOException, InterruptedException {
    require(() -> rest.isRunning(job), "the job must run");
  }

  /** Waits until a checkpoint is being taken. */
  public void awaitCheckpoint(String job) throws IOException, InterruptedException {
    require(() -> rest.takesCheckpoint(job), "a checkpoint must be under way");
  }

  /** Says whether a checkpoint is being taken. */
  public boolean takesCheckpoint(String job) throws InterruptedException {
    return rest.takesCheckpoint(job);
  }

  /** Says whether every task of a job runs. */
  public boolean isRunning(String job) throws InterruptedException {
    return rest.isRunning(job);
  }

  /** The names of the TaskManagers that have work. */
  public List<String> busyTaskManagers() throws IOException, InterruptedException {
    List<String> names = new ArrayList<>();
    require(
        () -> {
          names.clear();
          names.addAll(rest.taskManagers(true));
          return !names.isEmpty();
        },
        "a TaskManager must have work");
    return names;
  }

  public Service taskManager(String name) {
    return Optional.ofNullable(taskManagers.get(name)).orElseThrow();
  }

  /** The JobManager that was made leader last. */
  public Service leader() throws IOException, InterruptedException {
    List<Service> leaders = new ArrayList<>();
    require(
        () -> {
          leaders.clear();
          jobManagers.values().stream()
              .filter(service -> service.isAlive() && leads(service.said()))
              .forEach(leaders::add);
          return leaders.size() == 1;
        },
        "one JobManager must lead");
    return leaders.get(0);
  }

  private static boolean leads(List<String> said) {
    for (int i = said.size() - 1; i >= 0 && !said.get(i).startsWith(Service.NOTE); i--) {
      if (said.get(i).contains(GRANTED)) {
        return true;
      }
      if (said.get(i).contains(REVOKED)) {
        return false;
      }
    }
    return false;
  }

  /** Cuts the first TaskManager off; it was started with a cable. */
  public void cut() throws IOException, InterruptedException {
    Optional.ofNullable(network).orElseThrow().cut();
  }

  /** Mends what was cut. */
  public void mend() throws IOException, InterruptedException {
    Optional.ofNullable(network).orElseThrow().mend();
  }

  /** Every process of Flink's, by its name. */
  public Map<String, Service> processes() {
    Map<String, Service> all = new LinkedHashMap<>(jobManagers);
    all.putAll(taskManagers);
    return all;
  }

  private interface Condition {
    boolean holds() throws InterruptedException;
  }

  private void require(Condition condition, String what) throws IOException, InterruptedException {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    while (!condition.holds()) {
      if (System.nanoTime() - deadline > 0) {
        throw new IOException(what + "; see " + folder);
      }
      Thread.sleep(200);
    }
  }

  @Override
  public void close() {
    processes().values().forEach(Service::close);
    zooKeeper.close();
    if (network != null) {
      network.close();
    }
  }
}
