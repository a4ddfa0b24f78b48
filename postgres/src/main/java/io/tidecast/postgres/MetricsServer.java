package io.tidecast.postgres;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;

/** Serves the figures of a copier to Prometheus. */
final class MetricsServer implements AutoCloseable {

  private static final String PATH = "/metrics";

  private final PrometheusMeterRegistry registry =
      new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
  private final HttpServer server;

  private MetricsServer(HttpServer server) {
    this.server = server;
    server.createContext(PATH, this::answer);
  }

  /**
   * Begins to serve.
   *
   * @param address {@code host:port}
   * @throws IllegalStateException if it cannot be served there
   */
  static MetricsServer start(String address, CopyFigures figures) {
    int colon = address.lastIndexOf(':');
    String host = address.substring(0, colon).replaceAll("[\\[\\]]", "");
    MetricsServer started;
    try {
      started =
          new MetricsServer(
              HttpServer.create(
                  new InetSocketAddress(host, Integer.parseInt(address.substring(colon + 1))), 0));
    } catch (IOException | IllegalArgumentException e) {
      throw new IllegalStateException(
          "must be an address of this machine that is free: postgres.metrics-address=%s: %s"
              .formatted(address, e.getMessage()),
          e);
    }
    CopyMeters.register(figures, started.registry);
    started.server.start();
    return started;
  }

  /** Where it is served, in a machine that gave it any free port. */
  int port() {
    return server.getAddress().getPort();
  }

  private void answer(HttpExchange exchange) throws IOException {
    try (exchange) {
      if (!exchange.getRequestMethod().equals("GET")
          || !exchange.getRequestURI().getPath().equals(PATH)) {
        exchange.sendResponseHeaders(404, -1);
        return;
      }
      byte[] text = registry.scrape().getBytes(StandardCharsets.UTF_8);
      exchange.getResponseHeaders().set("Content-Type", "text/plain; version=0.0.4; charset=utf-8");
      exchange.sendResponseHeaders(200, text.length);
      exchange.getResponseBody().write(text);
    }
  }

  @Override
  public void close() {
    server.stop(0);
    registry.close();
  }
}
