package io.tidecast.cli.readers;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** A schema registry that takes every schema, as far as a job and Flink SQL need one. */
final class TestingRegistry implements AutoCloseable {

  private static final ObjectMapper JSON = new ObjectMapper();

  private final List<String> schemas = new ArrayList<>();
  private final HttpServer server;

  TestingRegistry() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext("/", this::answer);
    server.start();
  }

  String url() {
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
        send(exchange, 200, JSON.createObjectNode().put("schema", schemas.get(id - 1)));
      } else if (path.matches("/subjects/[^/]+/versions")) {
        ObjectNode body = JSON.readValue(exchange.getRequestBody(), ObjectNode.class);
        String schema = body.path("schema").asText();
        if (!schemas.contains(schema)) {
          schemas.add(schema);
        }
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
