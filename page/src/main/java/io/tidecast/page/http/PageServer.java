package io.tidecast.page.http;

import static java.util.Objects.requireNonNullElse;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.tidecast.page.kept.PageStore;
import io.tidecast.page.kept.Shown;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Serves the page. It answers to its own origin alone, only reads, and takes no more than a few
 * browsers at once. Any thread may close it.
 */
public final class PageServer implements AutoCloseable {

  /** So many browsers look at once. */
  static final int MOST_STREAMS = 16;

  private static final int MOST_THREADS = MOST_STREAMS + 8;
  private static final int MOST_NAMES = 50;
  private static final int LONGEST_NAME = 1_024;
  private static final int IDLE_SECONDS = 30;
  private static final int PENDING = 64;
  private static final int BEATS = 3;
  private static final long BEAT_MILLIS = 50;
  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final Set<String> METHODS = Set.of("GET", "HEAD");
  private static final Pattern MARK = Pattern.compile("([0-9a-f-]{36})-(\\d{1,18})");

  static {
    // Without it, a small answer waits 40 ms for the acknowledgement of its head.
    setIfAbsent("sun.net.httpserver.nodelay", "true");
    // Who never ends a request holds a thread no longer.
    setIfAbsent("sun.net.httpserver.maxReqTime", "10");
  }

  private final HttpServer server;
  private final ThreadPoolExecutor threads;
  private final ScheduledExecutorService watch;
  private final Visitors visitors;
  private final Shown shown;
  private final Document document = Document.read();
  private final Asset icon = Asset.icon();
  private final String run = UUID.randomUUID().toString();
  private final Set<EventStream> streams = ConcurrentHashMap.newKeySet();

  /**
   * Begins to serve.
   *
   * @param address to listen on, with the port or 0 for any free one
   * @throws IOException if it cannot listen there
   */
  public PageServer(InetSocketAddress address, Shown shown) throws IOException {
    this.shown = shown;
    this.visitors = new Visitors(address.getAddress());
    this.server = HttpServer.create(address, PENDING);
    this.threads =
        new ThreadPoolExecutor(
            0,
            MOST_THREADS,
            IDLE_SECONDS,
            TimeUnit.SECONDS,
            new SynchronousQueue<>(),
            daemons("tidecast-page-"));
    this.watch = Executors.newSingleThreadScheduledExecutor(daemons("tidecast-page-watch-"));
    server.setExecutor(threads);
    server.createContext("/", this::handle);
    server.start();
    var unused =
        watch.scheduleWithFixedDelay(
            this::endStuck, PATIENCE.toSeconds(), PATIENCE.toSeconds() / 3, TimeUnit.SECONDS);
  }

  /** Where it listens. */
  public InetSocketAddress address() {
    return server.getAddress();
  }

  private void handle(HttpExchange exchange) throws IOException {
    try (exchange) {
      Answers.protect(exchange.getResponseHeaders(), document.policy());
      String path = exchange.getRequestURI().getPath();
      Optional<String> refusal = visitors.refusal(exchange.getRequestHeaders(), path.equals("/"));
      if (refusal.isPresent()) {
        Answers.say(exchange, Answers.FORBIDDEN, refusal.get());
      } else if (!METHODS.contains(exchange.getRequestMethod())) {
        exchange.getResponseHeaders().set("Allow", String.join(", ", METHODS));
        Answers.say(exchange, Answers.NOT_ALLOWED, "The page can only be read.");
      } else {
        answer(exchange, path);
      }
    }
  }

  private void answer(HttpExchange exchange, String path) throws IOException {
    Query query;
    try {
      query = Query.of(exchange.getRequestURI());
    } catch (IllegalArgumentException e) {
      Answers.say(exchange, Answers.BAD_REQUEST, "The address is not encoded as it must be.");
      return;
    }
    String series = query.get("series");
    if (series != null && series.length() > LONGEST_NAME) {
      Answers.say(exchange, Answers.BAD_REQUEST, "No series has so long a name.");
      return;
    }
    switch (path) {
      case "/" -> open(exchange, query);
      case "/icon.svg" -> Answers.send(exchange, icon);
      case "/api/series" -> search(exchange, query);
      case "/api/events" -> stream(exchange, query);
      default -> Answers.say(exchange, Answers.NOT_FOUND, "There is no such page.");
    }
  }

  private void search(HttpExchange exchange, Query query) throws IOException {
    String text = query.get("q");
    PageStore.Found found = shown.store().search(text == null ? "" : text, MOST_NAMES);
    exchange.getResponseHeaders().set("Cache-Control", "no-store");
    Answers.send(
        exchange,
        Answers.OK,
        "application/json; charset=utf-8",
        Json.object(to -> Json.found(to, found)));
  }

  /** The document, with what the page shows first. */
  private void open(HttpExchange exchange, Query query) throws IOException {
    Changes.Position position = new Changes.Position(query.get("series"), query.get("target"), 0);
    byte[] news = new Changes(shown, position).next().orElseThrow();
    exchange.getResponseHeaders().set("Cache-Control", "no-store");
    Answers.send(
        exchange, Answers.OK, "text/html; charset=utf-8", document.with(news, mark(position)));
  }

  private void stream(HttpExchange exchange, Query query) throws IOException {
    if (exchange.getRequestMethod().equals("HEAD")) {
      Answers.say(exchange, Answers.BAD_REQUEST, "The stream is got.");
      return;
    }
    String series = query.get("series");
    if (series != null) {
      shown.store().want(series);
    }
    Changes.Position position =
        new Changes.Position(
            series,
            query.get("target"),
            since(
                requireNonNullElse(
                    exchange.getRequestHeaders().getFirst("Last-Event-ID"),
                    requireNonNullElse(query.get("after"), ""))));
    EventStream stream =
        new EventStream(exchange, new Changes(shown, position), () -> mark(position));
    streams.add(stream);
    try {
      if (isCrowded()) {
        exchange.getResponseHeaders().set("Retry-After", "5");
        Answers.say(
            exchange,
            Answers.TOO_MANY,
            "%d browsers look at the page already; close one.".formatted(MOST_STREAMS));
      } else {
        stream.run();
      }
    } finally {
      streams.remove(stream);
    }
  }

  /**
   * Whether too many look at it, once those that have gone are not counted. A browser that is
   * reloaded leaves a stream behind, which ends when it is written to: the first write after that
   * may still be taken by the system, the one after it fails.
   */
  private boolean isCrowded() {
    for (int i = 0; i < BEATS && streams.size() > MOST_STREAMS; i++) {
      streams.forEach(EventStream::beat);
      try {
        Thread.sleep(BEAT_MILLIS);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return true;
      }
    }
    return streams.size() > MOST_STREAMS;
  }

  /** What a browser that comes again has been told by this server; 0 for nothing. */
  private long since(String mark) {
    Matcher of = MARK.matcher(mark);
    return of.matches() && of.group(1).equals(run) ? Long.parseLong(of.group(2)) : 0;
  }

  /** Names what a browser has been told, and by which server. */
  private String mark(Changes.Position position) {
    return run + "-" + position.since();
  }

  private void endStuck() {
    long now = System.nanoTime();
    streams.stream().filter(stream -> stream.isStuck(PATIENCE, now)).forEach(EventStream::end);
  }

  @Override
  public void close() {
    watch.shutdownNow();
    streams.forEach(EventStream::end);
    server.stop(0);
    threads.shutdownNow();
  }

  private static ThreadFactory daemons(String prefix) {
    AtomicInteger count = new AtomicInteger();
    return work -> {
      Thread thread = new Thread(work, prefix + count.incrementAndGet());
      thread.setDaemon(true);
      return thread;
    };
  }

  private static void setIfAbsent(String property, String value) {
    if (System.getProperty(property) == null) {
      System.setProperty(property, value);
    }
  }
}
