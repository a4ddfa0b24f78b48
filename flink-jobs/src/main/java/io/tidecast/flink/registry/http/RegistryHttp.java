package io.tidecast.flink.registry.http;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.tidecast.flink.registry.RegistryException;
import io.tidecast.flink.registry.RegistrySettings;
import io.tidecast.flink.registry.RegistrySettings.Auth;
import io.tidecast.flink.registry.RegistryWatcher;
import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.HttpTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.UnaryOperator;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/**
 * Sends a request to the registry until it is answered. What passes is waited for: no connection,
 * no answer in time, 429 and every 5xx. The next address is tried at once, and after the last one
 * there is a pause that grows, unless the registry says how long it should be. Any thread.
 */
final class RegistryHttp {

  private static final String TYPE = "application/vnd.schemaregistry.v1+json";
  private static final Duration FIRST_PAUSE = Duration.ofMillis(100);
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(10);

  private final RegistrySettings settings;
  private final RegistryWatcher watcher;
  private final Pauses pauses;
  private final HttpClient client;
  private final @Nullable String authorization;
  private final JsonMapper json = new JsonMapper();

  /** The address that answered last, which is asked first. */
  private volatile int current;

  /**
   * @param secrets makes of a password as it was written the password that is meant
   * @throws RegistryException if a file of certificates cannot be used
   */
  RegistryHttp(
      RegistrySettings settings,
      UnaryOperator<String> secrets,
      RegistryWatcher watcher,
      Pauses pauses) {
    this.settings = settings;
    this.watcher = watcher;
    this.pauses = pauses;
    this.authorization = authorization(settings.auth(), secrets);
    this.client =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(settings.requestTimeout())
            .sslContext(TlsContext.of(settings.tls(), "registry.tls.", secrets))
            .build();
  }

  private static @Nullable String authorization(Auth auth, UnaryOperator<String> secrets) {
    if (auth instanceof Auth.Basic basic) {
      String pair = secrets.apply(basic.user()) + ":" + secrets.apply(basic.password());
      return "Basic " + Base64.getEncoder().encodeToString(pair.getBytes(StandardCharsets.UTF_8));
    }
    return auth instanceof Auth.Bearer bearer ? "Bearer " + secrets.apply(bearer.token()) : null;
  }

  Answer get(String path) {
    return ask(path, null);
  }

  /**
   * Asks with a body, which makes it a POST.
   *
   * @throws RegistryException if there was no answer in time, or the job is not let in
   */
  Answer ask(String path, @Nullable JsonNode body) {
    long end = pauses.nanos() + settings.patience().toNanos();
    Duration pause = FIRST_PAUSE;
    while (true) {
      Attempt last = round(path, body, end);
      if (last.answer != null) {
        return last.answer;
      }
      Duration length = last.retryAfter == null ? jittered(pause) : last.retryAfter;
      if (pauses.nanos() + length.toNanos() >= end) {
        throw new RegistryException(
            "schema registry must answer within registry.patience=%ds: registry.url=%s, %s"
                .formatted(settings.patience().toSeconds(), shown(settings.urls()), last.why),
            last.cause);
      }
      sleep(length);
      pause = pause.multipliedBy(2);
      pause = pause.compareTo(LONGEST_PAUSE) > 0 ? LONGEST_PAUSE : pause;
    }
  }

  private void sleep(Duration length) {
    try {
      pauses.pause(length);
    } catch (InterruptedException e) {
      throw interrupted(e);
    }
  }

  /** Asks each address once, from the one that answered last, until one answers. */
  private Attempt round(String path, @Nullable JsonNode body, long end) {
    List<URI> urls = settings.urls();
    int first = current;
    Attempt last = Attempt.failed("it was not asked", null);
    for (int i = 0; i < urls.size(); i++) {
      int at = (first + i) % urls.size();
      long left = end - pauses.nanos();
      if (i > 0 && left <= 0) {
        break;
      }
      watcher.asked();
      last = attempt(urls.get(at), path, body);
      if (last.answer != null) {
        current = at;
        return last;
      }
      watcher.failed();
    }
    return last;
  }

  private Attempt attempt(URI url, String path, @Nullable JsonNode body) {
    CompletableFuture<HttpResponse<byte[]>> sent =
        client.sendAsync(request(url, path, body), BodyHandlers.ofByteArray());
    HttpResponse<byte[]> response;
    try {
      // Not the timeout of the request alone, which a body that never ends outlives.
      response = sent.get(settings.requestTimeout().toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException e) {
      sent.cancel(true);
      return Attempt.failed(
          "no answer within registry.timeout=%ds".formatted(settings.requestTimeout().toSeconds()),
          null);
    } catch (InterruptedException e) {
      sent.cancel(true);
      throw interrupted(e);
    } catch (ExecutionException e) {
      return failure(url, e.getCause());
    }
    int status = response.statusCode();
    if (status == 401 || status == 403) {
      watcher.failed();
      throw new RegistryException(
          "schema registry must let the job in: registry.url=%s, status %d; registry.user and registry.password, or registry.token, say who it is"
              .formatted(shown(url), status));
    }
    if (status == 408 || status == 429 || status >= 500) {
      return new Attempt(null, retryAfter(response), "the last answer was status " + status, null);
    }
    return Attempt.of(new Answer(status, parsed(response.body())));
  }

  /** Tells what another attempt may change from what it cannot. */
  private Attempt failure(URI url, @Nullable Throwable cause) {
    Optional<SSLException> tls = TlsFailure.of(cause);
    if (tls.isPresent()) {
      watcher.failed();
      throw new RegistryException(
          "%s: registry.url=%s"
              .formatted(TlsFailure.said(tls.get(), url, settings.tls()), shown(url)),
          cause);
    }
    if (cause instanceof ConnectException || cause instanceof HttpTimeoutException) {
      return Attempt.failed("no connection to " + shown(url), cause);
    }
    if (cause instanceof IOException) {
      return Attempt.failed(
          "%s ended the connection with no answer%s"
              .formatted(
                  shown(url),
                  "https".equals(url.getScheme()) ? TlsFailure.ended(settings.tls()) : ""),
          cause);
    }
    throw new RegistryException(
        "schema registry must be an HTTP server: registry.url=%s".formatted(shown(url)), cause);
  }

  private HttpRequest request(URI url, String path, @Nullable JsonNode body) {
    String base = url.toString();
    while (base.endsWith("/")) {
      base = base.substring(0, base.length() - 1);
    }
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create(base + path))
            .timeout(settings.requestTimeout())
            .header("Accept", TYPE + ", application/json");
    if (authorization != null) {
      request.header("Authorization", authorization);
    }
    return body == null
        ? request.GET().build()
        : request
            .header("Content-Type", TYPE)
            .POST(BodyPublishers.ofString(body.toString()))
            .build();
  }

  private @Nullable JsonNode parsed(byte[] body) {
    try {
      JsonNode node = json.readTree(body);
      return node == null || node.isMissingNode() ? null : node;
    } catch (JacksonException e) {
      return null;
    } catch (IOException e) {
      throw new IllegalStateException("an array cannot fail to be read", e);
    }
  }

  /** Returns what the registry asks for, in seconds or as a date, or null. */
  private static @Nullable Duration retryAfter(HttpResponse<?> response) {
    String asked = response.headers().firstValue("Retry-After").orElse("").strip();
    if (asked.matches("\\d{1,6}")) {
      return Duration.ofSeconds(Long.parseLong(asked));
    }
    try {
      Instant until = ZonedDateTime.parse(asked, DateTimeFormatter.RFC_1123_DATE_TIME).toInstant();
      Duration left = Duration.between(Instant.now(), until);
      return left.isNegative() ? Duration.ZERO : left;
    } catch (DateTimeException e) {
      return null;
    }
  }

  /** Between half of a pause and the whole: subtasks that began together must not stay so. */
  private static Duration jittered(Duration pause) {
    long millis = pause.toMillis();
    return Duration.ofMillis(ThreadLocalRandom.current().nextLong(millis / 2, millis + 1));
  }

  private static RegistryException interrupted(InterruptedException e) {
    Thread.currentThread().interrupt();
    return new RegistryException("the job ends while it waits for its schema registry", e);
  }

  private static String shown(List<URI> urls) {
    return String.join(", ", urls.stream().map(RegistryHttp::shown).toList());
  }

  /** Shows an address without a name and a password, or a query, which may hold a key. */
  static String shown(URI url) {
    return url.toString().replaceFirst("//[^/]*@", "//***@").replaceFirst("[?#].*", "?***");
  }

  /**
   * What became of one request.
   *
   * @param answer null where another request may have one
   * @param retryAfter null where the registry does not say
   */
  private record Attempt(
      @Nullable Answer answer,
      @Nullable Duration retryAfter,
      String why,
      @Nullable Throwable cause) {

    static Attempt of(Answer answer) {
      return new Attempt(answer, null, "", null);
    }

    static Attempt failed(String why, @Nullable Throwable cause) {
      return new Attempt(null, null, why, cause);
    }
  }
}
