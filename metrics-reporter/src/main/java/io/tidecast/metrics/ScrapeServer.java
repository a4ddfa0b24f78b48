package io.tidecast.metrics;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.BindException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Answers {@code GET /metrics} with all that a registry has, in Prometheus's text format. */
final class ScrapeServer implements AutoCloseable {
  private static final Logger LOGGER = LoggerFactory.getLogger(ScrapeServer.class);
  private static final String PATH = "/metrics";
  private static final String TEXT = "text/plain; version=0.0.4; charset=utf-8";

  /** More than one, so that a reader that stops reading does not keep the next one out. */
  private static final int THREADS = 4;

  private final HttpServer server;
  private final ExecutorService threads;

  private ScrapeServer(HttpServer server, ExecutorService threads) {
    this.server = server;
    this.threads = threads;
  }

  /**
   * Listens on the first free port.
   *
   * @param scrape the text, of a content type
   * @throws IllegalArgumentException if none is free, or there is no such host
   */
  static ScrapeServer start(String host, PortRange ports, Function<String, String> scrape) {
    HttpServer server = bind(host, ports);
    ExecutorService threads =
        Executors.newFixedThreadPool(
            THREADS,
            task -> {
              Thread thread = new Thread(task, "tidecast-metrics");
              thread.setDaemon(true);
              return thread;
            });
    server.setExecutor(threads);
    server.createContext(PATH, exchange -> answer(exchange, scrape));
    server.start();
    LOGGER.info(
        "Metrics for Prometheus are at http://{}:{}{}", host, server.getAddress().getPort(), PATH);
    return new ScrapeServer(server, threads);
  }

  private static HttpServer bind(String host, PortRange ports) {
    for (int port = ports.first(); port <= ports.last(); port++) {
      try {
        InetSocketAddress address = new InetSocketAddress(host, port);
        if (address.isUnresolved()) {
          throw new IllegalArgumentException("must be an address of this machine: host=" + host);
        }
        return HttpServer.create(address, 0);
      } catch (BindException e) {
        LOGGER.debug("Port {} of {} is taken", port, host, e);
      } catch (IOException e) {
        throw new IllegalArgumentException(
            "must be an address to listen on: host=" + host + ", port=" + port, e);
      }
    }
    throw new IllegalArgumentException(
        "a port must be free and the host be this machine's: host=%s, port=%d-%d"
            .formatted(host, ports.first(), ports.last()));
  }

  private static void answer(HttpExchange exchange, Function<String, String> scrape)
      throws IOException {
    try (exchange) {
      if (!exchange.getRequestURI().getPath().equals(PATH)) {
        exchange.sendResponseHeaders(404, -1);
      } else if (!exchange.getRequestMethod().equals("GET")) {
        exchange.sendResponseHeaders(405, -1);
      } else {
        byte[] body = scrape.apply(TEXT).getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().set("Content-Type", TEXT);
        exchange.sendResponseHeaders(200, body.length);
        exchange.getResponseBody().write(body);
      }
    }
  }

  int port() {
    return server.getAddress().getPort();
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
  }
}
