package io.tidecast.benchmarks.cluster;

import io.tidecast.benchmarks.process.ChildProcess;
import io.tidecast.benchmarks.process.Ports;
import io.tidecast.benchmarks.process.Service;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/** A ZooKeeper of one server in a JVM of its own, which says who leads a Flink cluster. */
final class ZooKeeper implements AutoCloseable {

  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private final ChildProcess process;
  private final String address;

  private ZooKeeper(ChildProcess process, String address) {
    this.process = process;
    this.address = address;
  }

  /** Starts a server with its data in this folder, and returns when it answers. */
  static ZooKeeper start(Path folder, String host) throws IOException, InterruptedException {
    int port = Ports.free(1).get(0);
    Files.createDirectories(folder);
    Path settings = folder.resolve("zoo.cfg");
    Files.writeString(
        settings,
        """
        tickTime=1000
        dataDir=%s
        clientPortAddress=%s
        clientPort=%d
        admin.enableServer=false
        """
            .formatted(folder.resolve("data"), host, port));
    Path output = folder.resolve("zookeeper.out");
    ChildProcess process =
        ChildProcess.start(
            new ChildProcess.Command(
                "org.apache.zookeeper.server.quorum.QuorumPeerMain",
                List.of("-Xmx128m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"),
                List.of(settings.toString()),
                folder),
            output);
    ZooKeeper server = new ZooKeeper(process, host + ":" + port);
    if (!Service.await(() -> !process.isAlive() || answers(host, port), PATIENCE)
        || !process.isAlive()) {
      server.close();
      throw new IOException("ZooKeeper does not answer; see " + output);
    }
    return server;
  }

  @SuppressWarnings("AddressSelection") // The host is an address.
  private static boolean answers(String host, int port) {
    try (Socket socket = new Socket(InetAddress.getByName(host), port)) {
      return socket.isConnected();
    } catch (IOException e) {
      return false;
    }
  }

  /** Host and port. */
  String address() {
    return address;
  }

  @Override
  public void close() {
    process.close();
  }
}
