package io.tidecast.cli.job;

import io.tidecast.cli.console.CliException;
import io.tidecast.cli.console.Failures;
import io.tidecast.flink.config.JobConfig;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.common.errors.AuthenticationException;

/**
 * Says why Kafka does not answer: its clients say little more than that they have waited. Opens a
 * connection to each server of the job, and sends nothing.
 */
public final class NoAnswer {

  private static final Duration PATIENCE = Duration.ofSeconds(2);

  private NoAnswer() {}

  /** What a client failed by, as a sentence that names the key and says what to look at. */
  public static CliException of(JobConfig config, Throwable failure) {
    String servers = config.kafka().bootstrapServers();
    AuthenticationException refused = Failures.find(failure, AuthenticationException.class);
    if (refused != null) {
      return new CliException(
          "Kafka must take the credentials of kafka.properties: kafka.bootstrap-servers=%s: %s"
              .formatted(servers, Failures.sentence(String.valueOf(refused.getMessage()))),
          failure);
    }
    boolean waited =
        Failures.find(failure, TimeoutException.class) != null
            || Failures.find(failure, org.apache.kafka.common.errors.TimeoutException.class)
                != null;
    String why = waited || Failures.says(failure, "bootstrap") ? reach(servers) : "";
    return new CliException(
        "Kafka must answer: kafka.bootstrap-servers=%s: %s"
            .formatted(servers, why.isEmpty() ? Failures.text(failure) : why),
        failure);
  }

  private static String reach(String servers) {
    List<String> unreached = new ArrayList<>();
    for (String server : servers.split(",", -1)) {
      String problem = problem(server);
      if (problem.isEmpty()) {
        return "%s takes connections, and does not answer as a broker: does security.protocol fit it, and can this machine reach the addresses that the brokers advertise?"
            .formatted(server);
      }
      unreached.add(problem);
    }
    return String.join("; ", unreached);
  }

  /** Why a server cannot be reached; empty if it can. */
  private static String problem(String server) {
    int colon = server.lastIndexOf(':');
    String host = server.substring(0, colon).replaceAll("[\\[\\]]", "");
    int port = Integer.parseInt(server.substring(colon + 1));
    try (Socket socket = new Socket()) {
      socket.connect(
          new InetSocketAddress(InetAddress.getByName(host), port),
          Math.toIntExact(PATIENCE.toMillis()));
      return "";
    } catch (UnknownHostException e) {
      return "there is no host " + host;
    } catch (IOException e) {
      return "nothing answers at " + server;
    }
  }
}
