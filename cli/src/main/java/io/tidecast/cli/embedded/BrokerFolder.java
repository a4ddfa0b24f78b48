package io.tidecast.cli.embedded;

import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.apache.kafka.metadata.storage.Formatter;

/**
 * The folder of a broker before its first start.
 *
 * @param clusterId which all brokers of a cluster have
 * @param nodeId of the broker, which is a controller too
 * @param transactionVersion level of Kafka's feature of that name
 */
public record BrokerFolder(String clusterId, int nodeId, int transactionVersion) {

  /** Level 2 makes every recovery of an exactly-once sink log a false "signals data loss". */
  public static final int QUIET_TRANSACTIONS = 1;

  /** By which controllers know each other's listener. */
  public static final String CONTROLLER = "CONTROLLER";

  /** Makes the folder ready, as {@code kafka-storage format} does. */
  public void format(Path data) throws IOException {
    try {
      new Formatter()
          .setPrintStream(
              new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8))
          .setClusterId(clusterId)
          .setNodeId(nodeId)
          .setControllerListenerName(CONTROLLER)
          .setMetadataLogDirectory(data.toString())
          .addDirectory(data.toString())
          .setFeatureLevel("transaction.version", (short) transactionVersion)
          .run();
    } catch (IOException | RuntimeException e) {
      throw e;
    } catch (Exception e) {
      throw new IOException("could not format " + data, e);
    }
  }
}
