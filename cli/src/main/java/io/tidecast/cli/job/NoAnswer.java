package io.tidecast.cli.job;

import io.tidecast.cli.console.CliException;
import io.tidecast.cli.console.Failures;
import io.tidecast.flink.config.JobConfig;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.UnknownHostException;
import java.security.cert.CertPathBuilderException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.common.errors.AuthenticationException;
import org.apache.kafka.common.errors.SslAuthenticationException;
import org.apache.kafka.common.errors.UnsupportedSaslMechanismException;

/**
 * Says why Kafka does not answer: its clients say little more than that they have waited. Opens a
 * connection to each server of the job, and sends nothing.
 */
public final class NoAnswer {

  private static final Duration PATIENCE = Duration.ofSeconds(2);

  /** How Java says that a certificate is of another host. */
  private static final List<String> SAYS_ANOTHER_NAME =
      List.of("No subject alternative", "No name matching");

  private NoAnswer() {}

  /** What a client failed by, as a sentence that names the key and says what to look at. */
  public static CliException of(JobConfig config, Throwable failure) {
    String servers = config.kafka().bootstrapServers();
    AuthenticationException refused = Failures.find(failure, AuthenticationException.class);
    if (refused != null) {
      return new CliException(refusal(servers, refused), failure);
    }
    CliException unmade = ClientSettings.problem(failure);
    if (unmade != null) {
      return unmade;
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

  private static String refusal(String servers, AuthenticationException refused) {
    String said = Failures.sentence(String.valueOf(refused.getMessage()));
    if (refused instanceof SslAuthenticationException) {
      return tlsRefusal(servers, refused);
    }
    if (refused instanceof UnsupportedSaslMechanismException) {
      return "Kafka must know the mechanism that is asked for: kafka.bootstrap-servers=%s: %s; set kafka.properties.sasl.mechanism to one of these"
          .formatted(servers, said);
    }
    return "Kafka must take the credentials of kafka.properties: kafka.bootstrap-servers=%s: %s; put the user and the secret of sasl.jaas.config right, or the user at the brokers"
        .formatted(servers, said);
  }

  private static String tlsRefusal(String servers, AuthenticationException refused) {
    String said = Failures.text(refused);
    if (Failures.find(refused, CertPathBuilderException.class) != null) {
      return "the certificate of the brokers must be one that is trusted here: kafka.bootstrap-servers=%s: %s; name a file with the certificate of its authority in kafka.properties.ssl.truststore.location"
          .formatted(servers, said);
    }
    if (SAYS_ANOTHER_NAME.stream().anyMatch(said::startsWith)) {
      return "the certificate of the brokers must hold the name that they are called by: kafka.bootstrap-servers=%s: %s; call them by a name that is in it, or have one made that has this name"
          .formatted(servers, said);
    }
    if (said.startsWith("Received fatal alert")) {
      return "the brokers must take the certificate that they are shown: kafka.bootstrap-servers=%s: %s; name a file with a key and a certificate of an authority that they trust in kafka.properties.ssl.keystore.location"
          .formatted(servers, said);
    }
    return "the connection to Kafka must come about with TLS: kafka.bootstrap-servers=%s: %s; look at security.protocol and the settings of kafka.properties that begin with ssl"
        .formatted(servers, said);
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
