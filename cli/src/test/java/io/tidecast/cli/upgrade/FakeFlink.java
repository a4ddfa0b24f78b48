package io.tidecast.cli.upgrade;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import javax.net.ssl.SSLContext;

/**
 * Answers as the REST of Flink 2.3 does, with texts that a cluster of it has sent: one job runs,
 * and whatever is started comes up, unless a test says otherwise.
 */
final class FakeFlink implements AutoCloseable {

  static final String BLUE = "0123456789abcdef0123456789abcdef";
  static final String SAVEPOINT = "file:/savepoints/savepoint-012345-6789";

  private static final String ANY_JOB = "/jobs/[0-9a-f]{32}";

  private final HttpServer server;
  private final Map<String, Deque<Answer>> answers = new TreeMap<>();
  private final List<Request> requests = new ArrayList<>();

  /** An answer of the server. */
  record Answer(int status, String body) {}

  /**
   * What the server was asked.
   *
   * @param what method and path
   */
  record Request(String what, String body, String authorization) {}

  FakeFlink() throws IOException {
    this(HttpServer.create(anyPort(), 0));
  }

  /** Begins a server that speaks TLS. */
  static FakeFlink of(SSLContext tls) throws IOException {
    HttpsServer server = HttpsServer.create(anyPort(), 0);
    server.setHttpsConfigurator(new HttpsConfigurator(tls));
    return new FakeFlink(server);
  }

  private static InetSocketAddress anyPort() throws IOException {
    return new InetSocketAddress(InetAddress.getByName("127.0.0.1"), 0);
  }

  private FakeFlink(HttpServer server) {
    this.server = server;
    server.createContext("/", this::answer);
    server.start();
    on("GET /config", 200, "{\"flink-version\": \"2.3.0\"}");
    on(
        "POST /jars/upload",
        200,
        "{\"filename\": \"/tmp/flink-web-upload/abc_job.jar\", \"status\": \"success\"}");
    on("DELETE /jars/abc_job.jar", 200, "{}");
    on(
        "POST /jars/abc_job.jar/plan",
        200,
        "{\"plan\": {\"jid\": \"1\", \"name\": \"demand\", \"nodes\": []}}");
    on("POST /jars/abc_job.jar/run", 200, "{\"jobid\": \"1\"}");
    jobs(job(BLUE, "demand", "RUNNING"));
    on("POST " + ANY_JOB + "/stop", 202, "{\"request-id\": \"r1\"}");
    on(
        "GET " + ANY_JOB + "/savepoints/r1",
        200,
        "{\"status\": {\"id\": \"IN_PROGRESS\"}, \"operation\": null}");
    on(
        "GET " + ANY_JOB + "/savepoints/r1",
        200,
        "{\"status\": {\"id\": \"COMPLETED\"}, \"operation\": {\"location\": \""
            + SAVEPOINT
            + "\"}}");
    progress("RUNNING", 2, 2);
    checkpoints(1);
    on("POST " + ANY_JOB + "/checkpoints", 202, "{\"request-id\": \"r2\"}");
    on("GET " + ANY_JOB + "/exceptions", 200, "{\"exceptionHistory\": {\"entries\": []}}");
    on("PATCH " + ANY_JOB, 202, "{}");
  }

  /**
   * Adds an answer, after those that a request like this has already; the last of them is given for
   * ever.
   *
   * @param what method, and a pattern of the path
   */
  final void on(String what, int status, String body) {
    answers.computeIfAbsent(what, none -> new ArrayDeque<>()).add(new Answer(status, body));
  }

  /** Gives another answer from the beginning. */
  void instead(String what, int status, String body) {
    answers.remove(what);
    on(what, status, body);
  }

  static String job(String id, String name, String state) {
    return "{\"jid\": \"%s\", \"name\": \"%s\", \"state\": \"%s\"}".formatted(id, name, state);
  }

  final void jobs(String... jobs) {
    instead("GET /jobs/overview", 200, "{\"jobs\": [" + String.join(",", jobs) + "]}");
  }

  /** Says how far every job has come. */
  final void progress(String state, int tasks, int running) {
    instead("GET " + ANY_JOB, 200, progressOf(state, tasks, running));
  }

  /** Says how far every job comes after that. */
  void progressThen(String state, int tasks, int running) {
    on("GET " + ANY_JOB, 200, progressOf(state, tasks, running));
  }

  private static String progressOf(String state, int tasks, int running) {
    return "{\"state\": \"%s\", \"vertices\": [{\"parallelism\": %d, \"tasks\": {\"RUNNING\": %d, \"FINISHED\": 0}}]}"
        .formatted(state, tasks, running);
  }

  final void checkpoints(int completed) {
    instead(
        "GET " + ANY_JOB + "/checkpoints", 200, "{\"counts\": {\"completed\": " + completed + "}}");
  }

  void savepoint(String operation) {
    instead(
        "GET " + ANY_JOB + "/savepoints/r1",
        200,
        "{\"status\": {\"id\": \"COMPLETED\"}, \"operation\": " + operation + "}");
  }

  void failure(String trace) {
    instead(
        "GET " + ANY_JOB + "/exceptions",
        200,
        "{\"exceptionHistory\": {\"entries\": [{\"stacktrace\": \"" + trace + "\"}]}}");
  }

  /** An answer of a handler that has failed. */
  static String errors(String trace) {
    return "{\"errors\": [\"Internal server error.\", \"" + trace + "\"]}";
  }

  String url() {
    return (server instanceof HttpsServer ? "https" : "http")
        + "://127.0.0.1:"
        + server.getAddress().getPort();
  }

  List<Request> requests() {
    synchronized (requests) {
      return List.copyOf(requests);
    }
  }

  /** Method and path of all that it was asked. */
  List<String> asked() {
    return requests().stream().map(Request::what).toList();
  }

  private void answer(HttpExchange exchange) throws IOException {
    String what = exchange.getRequestMethod() + " " + exchange.getRequestURI().getPath();
    String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.ISO_8859_1);
    synchronized (requests) {
      requests.add(
          new Request(
              what, body, String.valueOf(exchange.getRequestHeaders().getFirst("Authorization"))));
    }
    Answer answer = next(what);
    byte[] bytes = answer.body().getBytes(StandardCharsets.UTF_8);
    exchange.sendResponseHeaders(answer.status(), bytes.length);
    exchange.getResponseBody().write(bytes);
    exchange.close();
  }

  private Answer next(String what) {
    for (Map.Entry<String, Deque<Answer>> one : answers.entrySet()) {
      if (Pattern.matches(one.getKey(), what)) {
        Deque<Answer> left = one.getValue();
        return left.size() > 1 ? left.remove() : left.element();
      }
    }
    return new Answer(404, "{\"errors\": [\"Not found: " + what + "\"]}");
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
