package io.tidecast.cli.embedded;

import static java.util.Objects.requireNonNull;
import static java.util.Objects.requireNonNullElse;

import io.tidecast.cli.console.CliException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.ExecutionException;
import kafka.server.KafkaConfig;
import kafka.server.KafkaRaftServer;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.utils.Time;
import org.jspecify.annotations.Nullable;

/**
 * One real KRaft broker (broker and controller) inside this JVM, on loopback, in a temporary folder
 * that is deleted at close. The quickstart, tests and benchmarks use it.
 *
 * <p>Closing stops the broker first. Not thread-safe; a second close is harmless.
 */
public final class EmbeddedKafka implements AutoCloseable {
  /**
   * The largest record batch that the broker takes, in bytes. It is generous, so that a reader has
   * to cope.
   */
  public static final int MAX_MESSAGE_BYTES = 32 * 1024 * 1024;

  /** Lets the broker choose a free port. */
  public static final int ANY_PORT = 0;

  private static final String HOST = "127.0.0.1";
  private static final int NODE_ID = 1;

  private final TemporaryFolder folder;
  private final KafkaRaftServer server;
  private final int port;
  private boolean closed;

  private EmbeddedKafka(TemporaryFolder folder, KafkaRaftServer server, int port) {
    this.folder = folder;
    this.server = server;
    this.port = port;
  }

  /** Starts a broker on a free port. */
  public static EmbeddedKafka start() {
    return start(ANY_PORT);
  }

  /**
   * Starts a broker and returns when it takes requests.
   *
   * @param port of 127.0.0.1 to listen on, or {@link #ANY_PORT}
   * @throws CliException if the port is taken
   */
  public static EmbeddedKafka start(int port) {
    return start(port, Map.of());
  }

  /**
   * Starts a broker likewise.
   *
   * @param settings of the broker that take the place of its own, under Kafka's names
   */
  public static EmbeddedKafka start(int port, Map<String, String> settings) {
    TemporaryFolder folder = new TemporaryFolder("kafka");
    KafkaRaftServer server = null;
    boolean started = false;
    try {
      Ports ports = Ports.reserve(port);
      Path data = folder.resolve("data");
      new BrokerFolder(Uuid.randomUuid().toString(), NODE_ID, BrokerFolder.QUIET_TRANSACTIONS)
          .format(data);
      Properties properties = properties(data, ports);
      properties.putAll(settings);
      server = new KafkaRaftServer(KafkaConfig.fromProps(properties, false), Time.SYSTEM);
      server.startup();
      started = true;
      return new EmbeddedKafka(folder, server, ports.broker());
    } catch (IOException | KafkaException e) {
      throw new CliException("the embedded Kafka broker did not start: " + e.getMessage(), e);
    } finally {
      if (!started) {
        close(server, folder);
      }
    }
  }

  /** Address for clients, {@code 127.0.0.1:port}. */
  public String bootstrapServers() {
    return HOST + ":" + port;
  }

  /**
   * Creates a topic and waits for it.
   *
   * @param config topic settings such as {@code message.timestamp.type}
   */
  public void createTopic(String name, int partitions, Map<String, String> config) {
    requireNonNull(name, "name is null");
    try (Admin admin =
        Admin.create(
            Map.<String, Object>of(
                AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrapServers()))) {
      admin
          .createTopics(List.of(new NewTopic(name, partitions, (short) 1).configs(config)))
          .all()
          .get();
    } catch (ExecutionException e) {
      Throwable cause = requireNonNullElse(e.getCause(), e);
      throw new CliException("could not create topic " + name + ": " + cause.getMessage(), cause);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new CliException("interrupted while creating topic " + name, e);
    }
  }

  /** Deletes topics and what is in them. */
  public void deleteTopics(List<String> names) {
    try (Admin admin =
        Admin.create(
            Map.<String, Object>of(
                AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrapServers()))) {
      admin.deleteTopics(names).all().get();
    } catch (ExecutionException e) {
      Throwable cause = requireNonNullElse(e.getCause(), e);
      throw new CliException("could not delete topics " + names + ": " + cause.getMessage(), cause);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new CliException("interrupted while deleting topics " + names, e);
    }
  }

  @Override
  public void close() {
    if (closed) {
      return;
    }
    closed = true;
    close(server, folder);
  }

  private static void close(@Nullable KafkaRaftServer server, TemporaryFolder folder) {
    try {
      if (server != null) {
        server.shutdown();
      }
    } finally {
      folder.close();
    }
  }

  private static Properties properties(Path data, Ports ports) {
    Properties properties = new Properties();
    properties.putAll(
        Map.ofEntries(
            Map.entry("process.roles", "broker,controller"),
            Map.entry("node.id", Integer.toString(NODE_ID)),
            Map.entry(
                "listeners",
                "PLAINTEXT://%1$s:%2$d,CONTROLLER://%1$s:%3$d"
                    .formatted(HOST, ports.broker(), ports.controller())),
            Map.entry("advertised.listeners", "PLAINTEXT://%s:%d".formatted(HOST, ports.broker())),
            Map.entry("controller.listener.names", BrokerFolder.CONTROLLER),
            Map.entry(
                "controller.quorum.voters",
                "%d@%s:%d".formatted(NODE_ID, HOST, ports.controller())),
            Map.entry("log.dirs", data.toString()),
            Map.entry("auto.create.topics.enable", "false"),
            Map.entry("message.max.bytes", Integer.toString(MAX_MESSAGE_BYTES)),
            Map.entry("offsets.topic.replication.factor", "1"),
            Map.entry("offsets.topic.num.partitions", "1"),
            Map.entry("transaction.state.log.replication.factor", "1"),
            Map.entry("transaction.state.log.min.isr", "1"),
            Map.entry("transaction.state.log.num.partitions", "4"),
            Map.entry("share.coordinator.state.topic.replication.factor", "1"),
            Map.entry("share.coordinator.state.topic.min.isr", "1"),
            Map.entry("group.initial.rebalance.delay.ms", "0"),
            // Nobody waits for a single node to hand its leadership over.
            Map.entry("controlled.shutdown.enable", "false")));
    return properties;
  }

  /**
   * Two different loopback ports. They were free when the system was asked, so that a start may
   * still lose a race.
   */
  private record Ports(int broker, int controller) {
    static Ports reserve(int brokerPort) throws IOException {
      try (ServerSocket broker = new ServerSocket();
          ServerSocket controller = new ServerSocket()) {
        bind(broker, brokerPort);
        bind(controller, ANY_PORT);
        return new Ports(broker.getLocalPort(), controller.getLocalPort());
      }
    }

    @SuppressWarnings("AddressSelection") // The host is an address.
    private static void bind(ServerSocket socket, int port) throws IOException {
      try {
        socket.bind(new InetSocketAddress(InetAddress.getByName(HOST), port));
      } catch (java.net.BindException e) {
        throw new CliException(
            "port must be free: port=%d; choose another, or leave it out for any free port"
                .formatted(port),
            e);
      }
    }
  }
}
