package io.tidecast.benchmarks.process;

import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.acl.AclBinding;
import org.jspecify.annotations.Nullable;

/**
 * A Kafka broker, the one that everybody runs, in a JVM of its own on loopback. Its data outlive
 * it, so that it goes on where it was killed. Jobs have a listener of their own, by way of a {@link
 * Gate} or with a password; who comes by the other listener may do everything.
 */
public final class Broker implements AutoCloseable {

  /** How jobs reach their broker. */
  public enum Entrance {
    OPEN,
    /** Through a {@link Gate}. */
    GATED,
    /** As the user {@link Broker#USER}, who may do what was allowed to it. */
    WITH_PASSWORD
  }

  public static final String USER = "job";

  private static final String PASSWORD = "only-on-loopback";
  private static final String HOST = "127.0.0.1";
  private static final Duration PATIENCE = Duration.ofMinutes(1);
  private static final long LOOK_MILLIS = 200;
  private static final int FIRST_PORT = 15_000;
  private static final int LAST_PORT = 32_000;

  private final Path folder;
  private final Entrance entrance;
  private final int port;
  private final int jobPort;
  private final List<String> options;
  private final @Nullable Gate gate;
  private @Nullable ChildProcess process;

  private Broker(Path folder, Entrance entrance, List<Integer> ports, List<String> options)
      throws IOException {
    this.folder = folder;
    this.entrance = entrance;
    this.port = ports.get(0);
    this.jobPort = ports.get(1);
    this.options = options;
    this.gate =
        entrance == Entrance.GATED
            ? Gate.before(new InetSocketAddress(InetAddress.getLoopbackAddress(), jobPort))
            : null;
    Files.createDirectories(folder);
    Files.writeString(settings(), settings(ports.get(2)));
  }

  /** Starts a broker with its data in this folder, which leaves the processors to the job. */
  public static Broker start(Path folder, Entrance entrance)
      throws IOException, InterruptedException {
    return start(new Broker(folder, entrance, freePorts(3), small("512m")));
  }

  /** Starts a broker with its data in this folder, which is as fast as brokers are. */
  public static Broker startFast(Path folder) throws IOException, InterruptedException {
    List<String> options = List.of("-Xms1g", "-Xmx1g", ProcessorTime.KEEP_COMPILERS);
    return start(new Broker(folder, Entrance.OPEN, freePorts(3), options));
  }

  private static Broker start(Broker broker) throws IOException, InterruptedException {
    boolean started = false;
    try {
      broker.format();
      broker.start();
      started = true;
      return broker;
    } finally {
      if (!started) {
        broker.close();
      }
    }
  }

  private Path settings() {
    return folder.resolve("server.properties");
  }

  private String settings(int controllerPort) {
    Map<String, String> settings = new LinkedHashMap<>();
    settings.put("process.roles", "broker,controller");
    settings.put("node.id", "1");
    settings.put(
        "listeners",
        "PLAINTEXT://%1$s:%2$d,JOBS://%1$s:%3$d,CONTROLLER://%1$s:%4$d"
            .formatted(HOST, port, jobPort, controllerPort));
    settings.put(
        "advertised.listeners",
        "PLAINTEXT://%s:%d,JOBS://%s".formatted(HOST, port, bootstrapServersOfJobs()));
    settings.put(
        "listener.security.protocol.map",
        "PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT,JOBS:"
            + (entrance == Entrance.WITH_PASSWORD ? "SASL_PLAINTEXT" : "PLAINTEXT"));
    settings.put("inter.broker.listener.name", "PLAINTEXT");
    settings.put("controller.listener.names", "CONTROLLER");
    settings.put("controller.quorum.voters", "1@%s:%d".formatted(HOST, controllerPort));
    settings.put("log.dirs", folder.resolve("data").toString());
    settings.put("auto.create.topics.enable", "false");
    settings.put("offsets.topic.replication.factor", "1");
    settings.put("offsets.topic.num.partitions", "1");
    settings.put("transaction.state.log.replication.factor", "1");
    settings.put("transaction.state.log.min.isr", "1");
    settings.put("transaction.state.log.num.partitions", "4");
    // A transaction that is out of time is found at once and not within ten seconds.
    settings.put("transaction.abort.timed.out.transaction.cleanup.interval.ms", "1000");
    settings.put("group.initial.rebalance.delay.ms", "0");
    settings.put("controlled.shutdown.enable", "false");
    if (entrance == Entrance.WITH_PASSWORD) {
      settings.put(
          "authorizer.class.name", "org.apache.kafka.metadata.authorizer.StandardAuthorizer");
      settings.put("super.users", "User:ANONYMOUS");
      settings.put("sasl.enabled.mechanisms", "PLAIN");
      settings.put(
          "listener.name.jobs.plain.sasl.jaas.config",
          "org.apache.kafka.common.security.plain.PlainLoginModule required user_%s=\"%s\";"
              .formatted(USER, PASSWORD));
    }
    return settings.entrySet().stream()
        .map(setting -> setting.getKey() + "=" + setting.getValue())
        .collect(Collectors.joining("\n", "", "\n"));
  }

  private void format() throws IOException, InterruptedException {
    // Level 2 makes every recovery of an exactly-once sink log a false "signals data loss".
    List<String> arguments =
        List.of(
            "format",
            "--cluster-id",
            Uuid.randomUuid().toString(),
            "--config",
            settings().toString(),
            "--feature",
            "transaction.version=1");
    try (ChildProcess format =
        ChildProcess.start(
            new ChildProcess.Command("kafka.tools.StorageTool", small("128m"), arguments, folder),
            output())) {
      if (!format.await(PATIENCE) || format.exitCode() != 0) {
        throw new IOException("could not format the broker's folder; see " + output());
      }
    }
  }

  /** Of a JVM that lives for a minute or two and leaves the processors to the job. */
  private static List<String> small(String heap) {
    return List.of("-Xmx" + heap, "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1");
  }

  private Path output() {
    return folder.resolve("broker.out");
  }

  /** Starts the broker, again where it has ended, and returns when it answers. */
  public void start() throws IOException, InterruptedException {
    process =
        ChildProcess.start(
            new ChildProcess.Command(
                "kafka.Kafka", options, List.of(settings().toString()), folder),
            output());
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    while (!answers()) {
      if (!process.isAlive() || System.nanoTime() - deadline > 0) {
        throw new IOException("the broker does not answer; see " + output());
      }
      Thread.sleep(LOOK_MILLIS);
    }
  }

  private boolean answers() throws InterruptedException {
    try (Admin admin = admin()) {
      return !admin.describeCluster().nodes().get().isEmpty();
    } catch (ExecutionException e) {
      return false;
    }
  }

  public void kill() throws InterruptedException {
    process().kill();
  }

  /** Stops it in the middle of whatever it does, its connections left open. */
  public void pause() throws IOException, InterruptedException {
    process().signal("STOP");
  }

  public void resume() throws IOException, InterruptedException {
    process().signal("CONT");
  }

  /** The process that was started last. */
  public ChildProcess process() {
    return requireNonNull(process, "process is null");
  }

  /** For the harness, who may do everything. */
  public String bootstrapServers() {
    return HOST + ":" + port;
  }

  /** What a job names in {@code kafka.bootstrap-servers}. */
  public String bootstrapServersOfJobs() {
    return HOST + ":" + (gate == null ? jobPort : gate.port());
  }

  /** What a job needs in {@code kafka.properties}. */
  public Map<String, String> propertiesOfJobs() {
    if (entrance != Entrance.WITH_PASSWORD) {
      return Map.of();
    }
    return Map.of(
        "security.protocol",
        "SASL_PLAINTEXT",
        "sasl.mechanism",
        "PLAIN",
        "sasl.jaas.config",
        "org.apache.kafka.common.security.plain.PlainLoginModule required username=\"%s\" password=\"%s\";"
            .formatted(USER, PASSWORD));
  }

  public Gate gate() {
    return Optional.ofNullable(gate).orElseThrow();
  }

  public void createTopic(String name, int partitions) throws InterruptedException {
    did(
        admin ->
            admin.createTopics(List.of(new NewTopic(name, partitions, (short) 1))).all().get());
  }

  public void deleteTopic(String name) throws InterruptedException {
    did(admin -> admin.deleteTopics(List.of(name)).all().get());
  }

  public void allow(Collection<AclBinding> rights) throws InterruptedException {
    did(admin -> admin.createAcls(rights).all().get());
  }

  public void withdraw(AclBinding right) throws InterruptedException {
    did(admin -> admin.deleteAcls(List.of(right.toFilter())).all().get());
  }

  private interface Deed {
    Object apply(Admin admin) throws ExecutionException, InterruptedException;
  }

  private void did(Deed deed) throws InterruptedException {
    try (Admin admin = admin()) {
      deed.apply(admin);
    } catch (ExecutionException e) {
      throw new IllegalStateException(e.getCause());
    }
  }

  private Admin admin() {
    return Admin.create(
        Map.of(
            "bootstrap.servers",
            bootstrapServers(),
            "default.api.timeout.ms",
            10_000,
            "request.timeout.ms",
            5_000));
  }

  @Override
  public void close() {
    if (process != null) {
      process.close();
    }
    if (gate != null) {
      gate.close();
    }
  }

  /**
   * Different free ports below those that the system gives to whoever connects: a client that asks
   * for a broker that is away would in time be given the very port that it asks for, and keep it.
   */
  @SuppressWarnings("AddressSelection") // The host is an address.
  private static List<Integer> freePorts(int count) throws IOException {
    Set<Integer> ports = new LinkedHashSet<>();
    while (ports.size() < count) {
      int port = ThreadLocalRandom.current().nextInt(FIRST_PORT, LAST_PORT);
      try (ServerSocket trial = new ServerSocket(port, 1, InetAddress.getByName(HOST))) {
        ports.add(trial.getLocalPort());
      } catch (BindException e) {
        // Somebody has it.
      }
    }
    return List.copyOf(ports);
  }
}
