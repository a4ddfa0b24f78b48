package io.tidecast.benchmarks.cluster;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * A network of Linux with one process in it, which reaches this machine by a cable that can be cut.
 * That takes the right to make networks, which root has.
 */
final class OwnNetwork implements AutoCloseable {

  /** Addresses that are for private use, and that nobody outside this machine can reach. */
  private static final String SUBNET = "10.213.77.";

  /** Address of this machine at the one end of the cable. */
  static final String HERE = SUBNET + "1";

  /** Address of the process at the other end. */
  static final String THERE = SUBNET + "2";

  private final String name = "tidecast" + ProcessHandle.current().pid() % 1_000_000;
  private final String cable = "tc" + ProcessHandle.current().pid();
  private final AtomicBoolean there = new AtomicBoolean(true);

  private OwnNetwork() {}

  /**
   * Makes a network.
   *
   * @throws IOException if that is not allowed here
   */
  static OwnNetwork make() throws IOException, InterruptedException {
    OwnNetwork network = new OwnNetwork();
    Runtime.getRuntime().addShutdownHook(new Thread(network::close, "remover of networks"));
    boolean made = false;
    try {
      String name = network.name;
      String cable = network.cable;
      String otherEnd = cable + "b";
      ip("netns", "add", name);
      ip("link", "add", cable, "type", "veth", "peer", "name", otherEnd, "netns", name);
      ip("address", "add", HERE + "/30", "dev", cable);
      ip("link", "set", cable, "up");
      ip("-n", name, "address", "add", THERE + "/30", "dev", otherEnd);
      ip("-n", name, "link", "set", otherEnd, "up");
      ip("-n", name, "link", "set", "lo", "up");
      made = true;
      return network;
    } finally {
      if (!made) {
        network.close();
      }
    }
  }

  /** Words before a command that is to run in it. */
  List<String> prefix() {
    return List.of("ip", "netns", "exec", name);
  }

  /** Cuts the cable: whatever is sent is gone, and nobody is told. */
  void cut() throws IOException, InterruptedException {
    // The end in there, or this machine would tell its own processes that the way is gone.
    ip("-n", name, "link", "set", cable + "b", "down");
  }

  void mend() throws IOException, InterruptedException {
    ip("-n", name, "link", "set", cable + "b", "up");
  }

  private static void ip(String... words) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(List.of("ip"));
    command.addAll(List.of(words));
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    if (process.waitFor() != 0) {
      throw new IOException(
          "a network of its own takes the right to make one, and the command ip: could not %s: %s"
              .formatted(String.join(" ", command), said.strip()));
    }
  }

  @Override
  public void close() {
    if (!there.getAndSet(false)) {
      return;
    }
    try {
      // The cable goes with it.
      ip("netns", "delete", name);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
