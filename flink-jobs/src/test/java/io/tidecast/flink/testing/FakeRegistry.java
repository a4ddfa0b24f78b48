package io.tidecast.flink.testing;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import io.tidecast.flink.registry.RegisteredSchema;
import io.tidecast.flink.registry.SchemaKind;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A schema registry on loopback, as strict as a real one: it wants its media type, knows its paths
 * and no others, lets in whom it should, and has the faults of real ones when it is told to.
 */
public final class FakeRegistry implements AutoCloseable {

  private static final String TYPE = "application/vnd.schemaregistry.v1+json";
  private static final Pattern BY_ID = Pattern.compile("/schemas/ids/(\\d+)");
  private static final Pattern BY_GUID = Pattern.compile("/schemas/guids/([0-9a-f-]{36})");
  private static final Pattern VERSION =
      Pattern.compile("/subjects/([^/]+)/versions/(latest|\\d+)");
  private static final Pattern VERSIONS = Pattern.compile("/subjects/([^/]+)/versions");
  private static final Pattern COMPATIBLE =
      Pattern.compile("/compatibility/subjects/([^/]+)/versions/latest");

  private final JsonMapper json = new JsonMapper();
  private final HttpServer server;
  private final String scheme;
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final CountDownLatch closed = new CountDownLatch(1);
  private final List<Kept> schemas = new ArrayList<>();
  private final Map<String, List<Integer>> subjects = new TreeMap<>();
  private final Deque<Fault> faults = new ArrayDeque<>();
  private final List<String> requests = new ArrayList<>();
  private String authorization;
  private String base = "";
  private boolean guids = true;
  private String complaint;

  /** A schema with what it refers to: name, subject and version. */
  private record Kept(SchemaKind kind, String text, UUID guid, List<String[]> references) {}

  /** What a request is answered with instead. */
  public record Fault(int status, String body, Map<String, String> headers) {

    /** No answer at all until the registry is closed. */
    public static final Fault SILENCE = new Fault(0, "", Map.of());

    public static Fault of(int status) {
      return new Fault(
          status, "{\"error_code\": %d01, \"message\": \"no\"}".formatted(status), Map.of());
    }
  }

  public FakeRegistry() {
    this(null);
  }

  /** One that speaks TLS; null where it does not. */
  public FakeRegistry(HttpsConfigurator tls) {
    InetSocketAddress address = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    scheme = tls == null ? "http" : "https";
    try {
      if (tls == null) {
        server = HttpServer.create(address, 0);
      } else {
        HttpsServer secured = HttpsServer.create(address, 0);
        secured.setHttpsConfigurator(tls);
        server = secured;
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    server.setExecutor(threads);
    server.createContext("/", this::answer);
    server.start();
  }

  public URI url() {
    return URI.create(scheme + "://127.0.0.1:" + server.getAddress().getPort() + base);
  }

  /** Lets in who says this, and nobody else. */
  public synchronized FakeRegistry wants(String user, String password) {
    String pair = user + ":" + password;
    authorization =
        "Basic " + Base64.getEncoder().encodeToString(pair.getBytes(StandardCharsets.UTF_8));
    return this;
  }

  public synchronized FakeRegistry wantsToken(String token) {
    authorization = "Bearer " + token;
    return this;
  }

  /** Its API is below a path, as Apicurio's is. */
  public synchronized FakeRegistry below(String path) {
    base = path;
    return this;
  }

  /** It is one of before there were GUIDs. */
  public synchronized FakeRegistry withoutGuids() {
    guids = false;
    return this;
  }

  /** It finds something wrong with whatever is to be the next version. */
  public synchronized FakeRegistry complaining(String sentence) {
    complaint = sentence;
    return this;
  }

  /** The next requests are answered so. */
  public synchronized FakeRegistry then(Fault... these) {
    faults.addAll(List.of(these));
    return this;
  }

  /** The method and path of each request so far. */
  public synchronized List<String> requests() {
    return List.copyOf(requests);
  }

  /** Keeps a schema and returns its id, from 1. */
  public synchronized int add(
      String subject, SchemaKind kind, String text, String[]... references) {
    schemas.add(new Kept(kind, text, UUID.randomUUID(), List.of(references)));
    int id = schemas.size();
    subjects.computeIfAbsent(subject, none -> new ArrayList<>()).add(id);
    return id;
  }

  public synchronized UUID guid(int id) {
    return schemas.get(id - 1).guid();
  }

  public synchronized RegisteredSchema schema(int id) {
    Kept kept = schemas.get(id - 1);
    return new RegisteredSchema(kept.kind(), kept.text(), Map.of());
  }

  private void answer(HttpExchange exchange) throws IOException {
    byte[] body = exchange.getRequestBody().readAllBytes();
    Fault answer;
    synchronized (this) {
      requests.add(exchange.getRequestMethod() + " " + exchange.getRequestURI());
      answer = faults.isEmpty() ? checked(exchange, body) : faults.poll();
    }
    if (answer == Fault.SILENCE) {
      try {
        closed.await();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
      exchange.close();
      return;
    }
    answer.headers().forEach(exchange.getResponseHeaders()::add);
    exchange.getResponseHeaders().add("Content-Type", TYPE);
    byte[] bytes = answer.body().getBytes(StandardCharsets.UTF_8);
    exchange.sendResponseHeaders(answer.status(), bytes.length);
    exchange.getResponseBody().write(bytes);
    exchange.close();
  }

  private Fault checked(HttpExchange exchange, byte[] body) throws IOException {
    String given = exchange.getRequestHeaders().getFirst("Authorization");
    if (authorization == null ? given != null : !authorization.equals(given)) {
      return new Fault(401, "{\"error_code\": 401, \"message\": \"Unauthorized\"}", Map.of());
    }
    String accept = exchange.getRequestHeaders().getFirst("Accept");
    if (accept == null || !accept.contains(TYPE)) {
      return new Fault(406, "{\"error_code\": 406, \"message\": \"Not Acceptable\"}", Map.of());
    }
    String path = exchange.getRequestURI().getRawPath();
    if (!path.startsWith(base)) {
      return noPath();
    }
    path = path.substring(base.length());
    if (exchange.getRequestMethod().equals("GET")) {
      return got(path);
    }
    if (!TYPE.equals(exchange.getRequestHeaders().getFirst("Content-Type"))) {
      return new Fault(415, "{\"error_code\": 415, \"message\": \"Unsupported\"}", Map.of());
    }
    return posted(path, json.readTree(body));
  }

  private Fault got(String path) {
    if (path.equals("/schemas/types")) {
      return new Fault(200, "[\"JSON\", \"PROTOBUF\", \"AVRO\"]", Map.of());
    }
    Matcher byId = BY_ID.matcher(path);
    if (byId.matches()) {
      int id = (int) Math.min(Long.parseLong(byId.group(1)), Integer.MAX_VALUE);
      return id < 1 || id > schemas.size() ? unknown(40403) : kept(id, false);
    }
    Matcher byGuid = BY_GUID.matcher(path);
    if (guids && byGuid.matches()) {
      for (int id = 1; id <= schemas.size(); id++) {
        if (schemas.get(id - 1).guid().toString().equals(byGuid.group(1))) {
          return kept(id, false);
        }
      }
      return unknown(40403);
    }
    Matcher version = VERSION.matcher(path);
    if (version.matches()) {
      List<Integer> versions = subjects.get(decoded(version.group(1)));
      if (versions == null) {
        return unknown(40401);
      }
      String wanted = version.group(2);
      int number = wanted.equals("latest") ? versions.size() : Integer.parseInt(wanted);
      return number < 1 || number > versions.size()
          ? unknown(40402)
          : kept(versions.get(number - 1), true);
    }
    return noPath();
  }

  private Fault posted(String path, JsonNode body) {
    Matcher versions = VERSIONS.matcher(path);
    Matcher compatible = COMPATIBLE.matcher(path);
    String text = body.path("schema").asText();
    SchemaKind kind = SchemaKind.valueOf(body.path("schemaType").asText("AVRO"));
    if (versions.matches()) {
      if (complaint != null) {
        return new Fault(409, error(409, complaint), Map.of());
      }
      int id = add(decoded(versions.group(1)), kind, text);
      return new Fault(200, "{\"id\": " + id + "}", Map.of());
    }
    if (compatible.matches()) {
      if (!subjects.containsKey(decoded(compatible.group(1)))) {
        return unknown(40401);
      }
      ObjectNode found = json.createObjectNode().put("is_compatible", complaint == null);
      ArrayNode messages = found.putArray("messages");
      if (complaint != null) {
        messages.add(complaint);
      }
      return new Fault(200, found.toString(), Map.of());
    }
    return noPath();
  }

  private Fault kept(int id, boolean ofSubject) {
    Kept kept = schemas.get(id - 1);
    ObjectNode found = json.createObjectNode().put("schema", kept.text());
    if (ofSubject) {
      found.put("id", id);
    }
    if (kept.kind() != SchemaKind.AVRO) {
      found.put("schemaType", kept.kind().name());
    }
    if (!kept.references().isEmpty()) {
      ArrayNode references = found.putArray("references");
      for (String[] one : kept.references()) {
        references
            .addObject()
            .put("name", one[0])
            .put("subject", one[1])
            .put("version", Integer.parseInt(one[2]));
      }
    }
    return new Fault(200, found.toString(), new LinkedHashMap<>());
  }

  private static Fault unknown(int code) {
    return new Fault(404, error(code, "not found"), Map.of());
  }

  private static Fault noPath() {
    return new Fault(404, error(404, "HTTP 404 Not Found"), Map.of());
  }

  private static String error(int code, String message) {
    return "{\"error_code\": %d, \"message\": \"%s\"}".formatted(code, message);
  }

  private static String decoded(String text) {
    return URLDecoder.decode(text, StandardCharsets.UTF_8);
  }

  @Override
  public void close() {
    closed.countDown();
    server.stop(0);
    threads.shutdownNow();
  }
}
