package io.tidecast.benchmarks.formats;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/**
 * A schema registry on loopback that has a schema of Avro, as the latest of every subject but
 * {@link #PROTOBUF_SUBJECT}, and one of Protobuf.
 */
final class TwoSchemas implements AutoCloseable {

  static final int ID = 7;
  static final int PROTOBUF_ID = 8;
  static final UUID GUID = new UUID(0x0123_4567_89AB_CDEFL, 7);
  static final String PROTOBUF_SUBJECT = "reading-protobuf";

  private final HttpServer server;

  private TwoSchemas(HttpServer server) {
    this.server = server;
  }

  static TwoSchemas serve() throws IOException {
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext("/", TwoSchemas::answer);
    server.start();
    return new TwoSchemas(server);
  }

  String url() {
    return "http://%s:%d"
        .formatted(
            server.getAddress().getAddress().getHostAddress(), server.getAddress().getPort());
  }

  private static void answer(HttpExchange exchange) throws IOException {
    String path = exchange.getRequestURI().getPath();
    if (path.equals("/schemas/types")) {
      send(exchange, 200, List.of("AVRO", "PROTOBUF"));
      return;
    }
    boolean protobuf =
        path.equals("/schemas/ids/" + PROTOBUF_ID)
            || path.startsWith("/subjects/" + PROTOBUF_SUBJECT + "/");
    boolean known =
        protobuf
            || path.equals("/schemas/ids/" + ID)
            || path.equals("/schemas/guids/" + GUID)
            || path.startsWith("/subjects/");
    String schema = protobuf ? ProtobufFormat.SCHEMA : AvroFormat.SCHEMA;
    int id = protobuf ? PROTOBUF_ID : ID;
    Object body =
        known
            ? Map.of(
                "schema",
                schema,
                "id",
                id,
                "version",
                1,
                "schemaType",
                protobuf ? "PROTOBUF" : "AVRO")
            : Map.of("error_code", 40403, "message", "Schema not found");
    send(exchange, known ? 200 : 404, body);
  }

  private static void send(HttpExchange exchange, int status, Object content) throws IOException {
    byte[] body = new ObjectMapper().writeValueAsBytes(content);
    exchange.getResponseHeaders().set("Content-Type", "application/vnd.schemaregistry.v1+json");
    exchange.sendResponseHeaders(status, body.length);
    exchange.getResponseBody().write(body);
    exchange.close();
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
