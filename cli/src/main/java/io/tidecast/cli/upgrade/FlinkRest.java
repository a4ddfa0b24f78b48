package io.tidecast.cli.upgrade;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.tidecast.cli.console.Failures;
import io.tidecast.cli.upgrade.FlinkException.Kind;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.UUID;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/** Asks the REST of a JobManager. One thread calls it. */
final class FlinkRest {

  private static final Duration CONNECT = Duration.ofSeconds(10);

  /** Some requests load the models of a job, and one brings its jar. */
  private static final Duration ANSWER = Duration.ofMinutes(5);

  private static final int OK = 200;
  private static final int MULTIPLE_CHOICES = 300;
  private static final int UNAUTHORIZED = 401;
  private static final int FORBIDDEN = 403;
  private static final int NOT_FOUND = 404;
  private static final int SERVER_ERROR = 500;
  private static final int UNAVAILABLE = 503;

  private final URI base;
  private final @Nullable String authorization;
  private final HttpClient client;
  private final JsonMapper json = new JsonMapper();

  /**
   * @param base what every path follows
   * @param authorization a header, which is secret; null for none
   */
  FlinkRest(URI base, @Nullable String authorization, SSLContext tls) {
    this.base = base;
    this.authorization = authorization;
    this.client =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(CONNECT)
            .sslContext(tls)
            .build();
  }

  URI base() {
    return base;
  }

  /**
   * Asks for what is at a path.
   *
   * @throws FlinkException if there is no answer, or it is a refusal
   */
  JsonNode get(String path) {
    return send(path, request(path).GET());
  }

  /** Sends a body likewise. */
  JsonNode post(String path, JsonNode body) {
    return send(
        path,
        request(path)
            .header("Content-Type", "application/json")
            .POST(BodyPublishers.ofString(body.toString())));
  }

  /** Changes something likewise. */
  void patch(String path) {
    send(path, request(path).method("PATCH", BodyPublishers.noBody()));
  }

  void delete(String path) {
    send(path, request(path).DELETE());
  }

  /**
   * Uploads a jar, and returns by which id Flink knows it.
   *
   * @throws FileNotFoundException if there is no such file
   */
  String upload(Path jar) throws FileNotFoundException {
    String boundary = UUID.randomUUID().toString();
    String head =
        "--%s\r\nContent-Disposition: form-data; name=\"jarfile\"; filename=\"%s\"\r\nContent-Type: application/x-java-archive\r\n\r\n"
            .formatted(boundary, jar.getFileName());
    BodyPublisher body =
        BodyPublishers.concat(
            BodyPublishers.ofString(head, StandardCharsets.UTF_8),
            BodyPublishers.ofFile(jar),
            BodyPublishers.ofString("\r\n--" + boundary + "--\r\n", StandardCharsets.UTF_8));
    JsonNode answer =
        send(
            "/jars/upload",
            request("/jars/upload")
                .header("Content-Type", "multipart/form-data; boundary=" + boundary)
                .POST(body));
    String file = answer.path("filename").asText();
    return file.substring(file.lastIndexOf('/') + 1);
  }

  private HttpRequest.Builder request(String path) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create(base + path))
            .timeout(ANSWER)
            .header("Accept", "application/json");
    if (authorization != null) {
      request.header("Authorization", authorization);
    }
    return request;
  }

  private JsonNode send(String path, HttpRequest.Builder request) {
    HttpResponse<byte[]> response;
    try {
      response = client.send(request.build(), BodyHandlers.ofByteArray());
    } catch (SSLException e) {
      throw new FlinkException(
          Kind.REFUSED,
          "Flink and this command must trust each other's certificates: --flink=%s, %s; --truststore and --keystore say which they are"
              .formatted(base, Failures.text(e)),
          e);
    } catch (IOException e) {
      throw new FlinkException(
          Kind.AWAY, "Flink must answer: --flink=%s, %s".formatted(base, Failures.text(e)), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new FlinkException(Kind.REFUSED, "interrupted while waiting for Flink", e);
    }
    return answer(path, response.statusCode(), response.body());
  }

  private JsonNode answer(String path, int status, byte[] body) {
    JsonNode answer = parsed(body);
    if (answer != null && status >= OK && status < MULTIPLE_CHOICES) {
      return answer;
    }
    if (status == UNAUTHORIZED || status == FORBIDDEN) {
      throw new FlinkException(
          Kind.REFUSED,
          "Flink must let the command in: --flink=%s, status %d; --user and --password, --token or --keystore say who it is"
              .formatted(base, status));
    }
    if (answer == null) {
      // What stands before Flink says so while nobody is behind it.
      throw new FlinkException(
          status >= SERVER_ERROR ? Kind.AWAY : Kind.REFUSED,
          "--flink must be the address of Flink's REST: %s%s has answered with status %d and no JSON"
              .formatted(base, path, status));
    }
    String trace = ServerText.error(answer);
    throw new FlinkException(
        kind(status, trace),
        trace.isEmpty() ? "status %d of %s".formatted(status, path) : ServerText.sentence(trace));
  }

  private static Kind kind(int status, String trace) {
    if (ServerText.isOfTheJob(trace)) {
      return Kind.JOB;
    }
    return switch (status) {
      case NOT_FOUND -> Kind.UNKNOWN;
      // While another JobManager becomes the leader.
      case UNAVAILABLE -> Kind.AWAY;
      default -> Kind.REFUSED;
    };
  }

  private @Nullable JsonNode parsed(byte[] body) {
    try {
      JsonNode node = json.readTree(body);
      return node == null || !node.isObject() ? null : node;
    } catch (JacksonException e) {
      return null;
    } catch (IOException e) {
      throw new IllegalStateException("an array cannot fail to be read", e);
    }
  }
}
