package io.tidecast.benchmarks.process;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.apache.kafka.common.Uuid;

/**
 * One broker, or three that hold everything three times, each of which is a controller too. With
 * three, two must have a record before it counts as written.
 */
public final class Brokers implements AutoCloseable {

  private final List<Broker> nodes = new ArrayList<>();

  private Brokers() {}

  /**
   * What to start.
   *
   * @param count 1 or 3
   * @param host address at which they are reached
   * @param transactionVersion level of Kafka's feature of that name
   */
  public record Layout(int count, String host, Broker.Entrance entrance, int transactionVersion) {}

  /** Starts brokers with their data in folders of their own under this one. */
  public static Brokers start(Path folder, Layout layout) throws IOException, InterruptedException {
    String clusterId = Uuid.randomUuid().toString();
    List<Integer> controllers = Ports.free(layout.count());
    Brokers brokers = new Brokers();
    boolean started = false;
    try {
      for (int id = 0; id < layout.count(); id++) {
        Broker.Member member =
            new Broker.Member(
                layout.host(), clusterId, id, controllers, layout.transactionVersion());
        brokers.nodes.add(
            Broker.of(folder.resolve(Integer.toString(id)), layout.entrance(), member));
      }
      // None answers before most of them are there.
      for (Broker node : brokers.nodes) {
        node.launch();
      }
      for (Broker node : brokers.nodes) {
        node.awaitAnswers();
      }
      started = true;
      return brokers;
    } finally {
      if (!started) {
        brokers.close();
      }
    }
  }

  /** One of them, by its number from 0. */
  public Broker node(int id) {
    return nodes.get(id);
  }

  public int count() {
    return nodes.size();
  }

  /** For the harness, who may do everything. */
  public String bootstrapServers() {
    return nodes.stream().map(Broker::bootstrapServers).collect(Collectors.joining(","));
  }

  /** What a job names in {@code kafka.bootstrap-servers}. */
  public String bootstrapServersOfJobs() {
    return nodes.stream().map(Broker::bootstrapServersOfJobs).collect(Collectors.joining(","));
  }

  @Override
  public void close() {
    nodes.forEach(Broker::close);
  }
}
