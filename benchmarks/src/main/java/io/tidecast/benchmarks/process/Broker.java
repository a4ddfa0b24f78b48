package io.tidecast.benchmarks.process;

import static java.util.Objects.requireNonNull;

import io.tidecast.cli.embedded.BrokerFolder;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListTopicsOptions;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.acl.AclBinding;
import org.jspecify.annotations.Nullable;

/**
 * A Kafka broker, the one that everybody runs, in a JVM of its own on this machine, alone or as one
 * of several. Its data outlive it, so that it goes on where it was killed. Jobs have a listener of
 * their own, by way of a {@link Gate} or with a password; who comes by the other listener may do
 * everything.
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

  private static final String TRANSACTIONS = "transaction.version";

  private static final String PASSWORD = "only-on-loopback";
  private static final Duration PATIENCE = Duration.ofMinutes(1);
  private static final long LOOK_MILLIS = 200;

  /** The smallest number of brokers of which one can be away. */
  private static final int REPLICAS = 3;

  private final Path folder;
  private final Entrance entrance;
  private final Member member;
  private final int port;
  private final int jobPort;
  private final List<String> options;
  private final @Nullable Gate gate;
  private @Nullable ChildProcess process;

  /**
   * A broker and those beside it.
   *
   * @param id its number, from 0
   * @param controllerPorts of all brokers, by their numbers
   * @param transactionVersion level of Kafka's feature of that name
   */
  record Member(
      String host,
      String clusterId,
      int id,
      List<Integer> controllerPorts,
      int transactionVersion) {

    static Member alone() throws IOException {
      return new Member(
          Ports.LOOPBACK,
          Uuid.randomUuid().toString(),
          0,
          Ports.free(1),
          BrokerFolder.QUIET_TRANSACTIONS);
    }

    private int replicas() {
      return Math.min(REPLICAS, controllerPorts.size());
    }

    private String voters() {
      return IntStream.range(0, controllerPorts.size())
          .mapToObj(node -> "%d@%s:%d".formatted(node + 1, host, controllerPorts.get(node)))
          .collect(Collectors.joining(","));
    }
  }

  private Broker(Path folder, Entrance entrance, Member member, List<String> options)
      throws IOException {
    List<Integer> ports = Ports.free(2);
    this.folder = folder;
    this.entrance = entrance;
    this.member = member;
    this.port = ports.get(0);
    this.jobPort = ports.get(1);
    this.options = options;
    this.gate =
        entrance == Entrance.GATED
            ? Gate.before(new InetSocketAddress(InetAddress.getByName(member.host()), jobPort))
            : null;
    Files.createDirectories(folder);
    Files.writeString(settings(), settings(member.controllerPorts().get(member.id())));
  }

  /** Makes a broker that leaves the processors to the job, with its data in this folder. */
  static Broker of(Path folder, Entrance entrance, Member member)
      throws IOException, InterruptedException {
    Broker broker = new Broker(folder, entrance, member, small("512m"));
    broker.format();
    return broker;
  }

  /** Starts a broker with its data in this folder, which is as fast as brokers are. */
  public static Broker startFast(Path folder) throws IOException, InterruptedException {
    List<String> options = List.of("-Xms1g", "-Xmx1g", ProcessorTime.KEEP_COMPILERS);
    Broker broker = new Broker(folder, Entrance.OPEN, Member.alone(), options);
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
    settings.put("node.id", Integer.toString(member.id() + 1));
    settings.put(
        "listeners",
        "PLAINTEXT://%1$s:%2$d,JOBS://%1$s:%3$d,CONTROLLER://%1$s:%4$d"
            .formatted(member.host(), port, jobPort, controllerPort));
    settings.put(
        "advertised.listeners",
        "PLAINTEXT://%s:%d,JOBS://%s".formatted(member.host(), port, bootstrapServersOfJobs()));
    settings.put(
        "listener.security.protocol.map",
        "PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT,JOBS:"
            + (entrance == Entrance.WITH_PASSWORD ? "SASL_PLAINTEXT" : "PLAINTEXT"));
    settings.put("inter.broker.listener.name", "PLAINTEXT");
    settings.put("controller.listener.names", BrokerFolder.CONTROLLER);
    settings.put("controller.quorum.voters", member.voters());
    settings.put("log.dirs", data().toString());
    settings.put("auto.create.topics.enable", "false");
    String replicas = Integer.toString(member.replicas());
    // Of three, one may be away.
    String inSync = Integer.toString(Math.max(1, member.replicas() - 1));
    settings.put("default.replication.factor", replicas);
    settings.put("min.insync.replicas", inSync);
    settings.put("offsets.topic.replication.factor", replicas);
    settings.put("offsets.topic.num.partitions", "1");
    settings.put("transaction.state.log.replication.factor", replicas);
    settings.put("transaction.state.log.min.isr", inSync);
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

  private void format() throws IOException {
    new BrokerFolder(member.clusterId(), member.id() + 1, member.transactionVersion())
        .format(data());
  }

  private Path data() {
    return folder.resolve("data");
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
    launch();
    awaitAnswers();
  }

  /** Starts the broker and returns at once. */
  void launch() throws IOException {
    process =
        ChildProcess.start(
            new ChildProcess.Command(
                "kafka.Kafka", options, List.of(settings().toString()), folder),
            output());
  }

  /** Waits until it answers. */
  void awaitAnswers() throws IOException, InterruptedException {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    while (!answers()) {
      if (!process().isAlive() || System.nanoTime() - deadline > 0) {
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
    return member.host() + ":" + port;
  }

  /** What a job names in {@code kafka.bootstrap-servers}. */
  public String bootstrapServersOfJobs() {
    return member.host() + ":" + (gate == null ? jobPort : gate.port());
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
    NewTopic topic = new NewTopic(name, partitions, (short) member.replicas());
    did(admin -> admin.createTopics(List.of(topic)).all().get());
  }

  /** The level of the feature by which the broker was told how transactions go. */
  public int transactionVersion() throws InterruptedException {
    return asked(
        admin ->
            requireNonNull(
                    admin
                        .describeFeatures()
                        .featureMetadata()
                        .get()
                        .finalizedFeatures()
                        .get(TRANSACTIONS))
                .maxVersionLevel());
  }

  /** The number of the broker that leads the first partition of a topic. */
  public int leader(String topic) throws InterruptedException {
    return asked(
        admin ->
            requireNonNull(admin.describeTopics(List.of(topic)).allTopicNames().get().get(topic))
                    .partitions()
                    .get(0)
                    .leader()
                    .id()
                - 1);
  }

  /** Says whether every replica of every topic has what its leader has. */
  public boolean isInSync() throws InterruptedException {
    return asked(
        admin ->
            admin
                .describeTopics(
                    admin.listTopics(new ListTopicsOptions().listInternal(true)).names().get())
                .allTopicNames()
                .get()
                .values()
                .stream()
                .flatMap(topic -> topic.partitions().stream())
                .allMatch(partition -> partition.isr().size() == member.replicas()));
  }

  public void deleteTopic(String name) throws InterruptedException {
    did(admin -> admin.deleteTopics(List.of(name)).all().get());
  }

  public void allow(Collection<AclBinding> rights) throws InterruptedException {
    did(admin -> admin.createAcls(rights).all().get());
  }

  public void withdraw(AclBinding right) throws InterruptedException {
    asked(admin -> admin.deleteAcls(List.of(right.toFilter())).all().get());
  }

  private interface Question<T> {
    T ask(Admin admin) throws ExecutionException, InterruptedException;
  }

  private void did(Question<@Nullable Void> deed) throws InterruptedException {
    try (Admin admin = admin()) {
      deed.ask(admin);
    } catch (ExecutionException e) {
      throw new IllegalStateException(e.getCause());
    }
  }

  private <T> T asked(Question<T> question) throws InterruptedException {
    try (Admin admin = admin()) {
      return question.ask(admin);
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
}
