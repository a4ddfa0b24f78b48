package io.tidecast.cli.testing;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** A schema registry that takes every schema, as far as a job and Flink SQL need one. */
public final class TestingRegistry implements AutoCloseable {

  private static final ObjectMapper JSON = new ObjectMapper();

  private static final Map<String, Object> UNKNOWN =
      Map.of("error_code", 40401, "message", "no such subject");

  private final List<ObjectNode> schemas = new ArrayList<>();

  /** The latest schema of each. */
  private final Map<String, ObjectNode> subjects = new HashMap<>();

  private final HttpServer server;

  public TestingRegistry() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext("/", this::answer);
    server.start();
  }

  public String url() {
    return "http://127.0.0.1:" + server.getAddress().getPort();
  }

  @Override
  public void close() {
    server.stop(0);
  }

  private synchronized void answer(HttpExchange exchange) throws IOException {
    try (exchange) {
      String path = exchange.getRequestURI().getPath();
      if (path.startsWith("/schemas/ids/")) {
        int id = Integer.parseInt(path.substring("/schemas/ids/".length()));
        if (id > schemas.size()) {
          send(exchange, 404, Map.of("error_code", 40403, "message", "no schema " + id));
        } else {
          send(exchange, 200, schemas.get(id - 1));
        }
      } else if (path.equals("/schemas/types")) {
        send(exchange, 200, List.of("AVRO"));
      } else if (path.matches("/subjects/[^/]+/versions/latest")) {
        ObjectNode latest = subjects.get(path.split("/")[2]);
        send(exchange, latest == null ? 404 : 200, latest == null ? UNKNOWN : latest);
      } else if (path.matches("/subjects/[^/]+/versions")) {
        ObjectNode schema = JSON.readValue(exchange.getRequestBody(), ObjectNode.class);
        if (!schemas.contains(schema)) {
          schemas.add(schema);
        }
        subjects.put(path.split("/")[2], schema);
        send(exchange, 200, JSON.createObjectNode().put("id", schemas.indexOf(schema) + 1));
      } else if (path.startsWith("/compatibility/")) {
        send(exchange, 200, JSON.createObjectNode().put("is_compatible", true));
      } else {
        send(exchange, 404, Map.of("error_code", 404, "message", "no path " + path));
      }
    }
  }

  private static void send(HttpExchange exchange, int status, Object body) throws IOException {
    byte[] bytes = JSON.writeValueAsString(body).getBytes(StandardCharsets.UTF_8);
    exchange.getResponseHeaders().add("Content-Type", "application/vnd.schemaregistry.v1+json");
    exchange.sendResponseHeaders(status, bytes.length);
    exchange.getResponseBody().write(bytes);
  }
}
