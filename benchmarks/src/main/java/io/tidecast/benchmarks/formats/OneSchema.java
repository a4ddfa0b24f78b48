package io.tidecast.benchmarks.formats;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/**
 * A schema registry on loopback that has one Avro schema, under the id {@link #ID} and as the
 * latest of every subject.
 */
final class OneSchema implements AutoCloseable {

  static final int ID = 7;

  private final HttpServer server;

  private OneSchema(HttpServer server) {
    this.server = server;
  }

  static OneSchema serve(String schema) throws IOException {
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext("/", exchange -> answer(exchange, schema));
    server.start();
    return new OneSchema(server);
  }

  String url() {
    return "http://%s:%d"
        .formatted(
            server.getAddress().getAddress().getHostAddress(), server.getAddress().getPort());
  }

  private static void answer(HttpExchange exchange, String schema) throws IOException {
    String path = exchange.getRequestURI().getPath();
    boolean known = path.equals("/schemas/ids/" + ID) || path.startsWith("/subjects/");
    byte[] body =
        new ObjectMapper()
            .writeValueAsString(
                known
                    ? Map.of("schema", schema, "id", ID, "version", 1, "schemaType", "AVRO")
                    : Map.of("error_code", 40403, "message", "Schema not found"))
            .getBytes(StandardCharsets.UTF_8);
    exchange.getResponseHeaders().set("Content-Type", "application/vnd.schemaregistry.v1+json");
    exchange.sendResponseHeaders(known ? 200 : 404, body.length);
    exchange.getResponseBody().write(body);
    exchange.close();
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
