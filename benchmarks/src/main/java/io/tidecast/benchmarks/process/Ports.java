package io.tidecast.benchmarks.process;

import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;

/** Addresses for processes of this machine. */
public final class Ports {

  public static final String LOOPBACK = "127.0.0.1";

  private static final int FIRST = 15_000;
  private static final int LAST = 32_000;

  private Ports() {}

  /**
   * Different free ports below those that the system gives to whoever connects: a client that asks
   * for a broker that is away would in time be given the very port that it asks for, and keep it.
   */
  @SuppressWarnings("AddressSelection") // The host is an address.
  public static List<Integer> free(int count) throws IOException {
    Set<Integer> ports = new LinkedHashSet<>();
    while (ports.size() < count) {
      int port = ThreadLocalRandom.current().nextInt(FIRST, LAST);
      try (ServerSocket trial = new ServerSocket(port, 1, InetAddress.getByName(LOOPBACK))) {
        ports.add(trial.getLocalPort());
      } catch (BindException e) {
        // Somebody has it.
      }
    }
    return List.copyOf(ports);
  }
}
