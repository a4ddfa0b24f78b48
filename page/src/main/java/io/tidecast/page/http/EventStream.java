package io.tidecast.page.http;

import com.sun.net.httpserver.HttpExchange;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Tells one browser of changes by server-sent events, until it goes away. The thread of its request
 * runs it; another may end it.
 */
final class EventStream {

  private static final Duration LOOK = Duration.ofMillis(250);
  private static final Duration HEARTBEAT = Duration.ofSeconds(10);
  private static final byte[] BEGIN = bytes("retry: 1000\n\n");

  /** A browser that is gone is found out by writing. */
  private static final byte[] BEAT = bytes(": still here\n\n");

  /** What another thread wishes of it. */
  private enum Wish {
    BEAT,
    END
  }

  private final HttpExchange exchange;
  private final Changes changes;
  private final Supplier<String> mark;
  private final BlockingQueue<Wish> wishes = new LinkedBlockingQueue<>();

  /** When it began to write what it writes now; {@link Long#MAX_VALUE} while it writes nothing. */
  private volatile long writingNanos = Long.MAX_VALUE;

  /**
   * @param mark of what the browser has been told, which it names when it comes again
   */
  EventStream(HttpExchange exchange, Changes changes, Supplier<String> mark) {
    this.exchange = exchange;
    this.changes = changes;
    this.mark = mark;
  }

  /**
   * Runs until it is ended.
   *
   * @throws IOException once the browser is gone
   */
  void run() throws IOException {
    exchange.getResponseHeaders().set("Content-Type", "text/event-stream; charset=utf-8");
    exchange.getResponseHeaders().set("Cache-Control", "no-store");
    exchange.sendResponseHeaders(Answers.OK, 0);
    OutputStream out = exchange.getResponseBody();
    write(out, BEGIN);
    long wrote = System.nanoTime();
    Wish wish = null;
    while (wish != Wish.END) {
      Optional<byte[]> news = changes.next();
      if (news.isPresent()) {
        write(out, event(news.get()));
        wrote = System.nanoTime();
      } else if (wish == Wish.BEAT || System.nanoTime() - wrote > HEARTBEAT.toNanos()) {
        write(out, BEAT);
        wrote = System.nanoTime();
      }
      wish = await();
    }
  }

  private byte[] event(byte[] json) {
    byte[] head = bytes("id: %s\ndata: ".formatted(mark.get()));
    byte[] event = new byte[head.length + json.length + 2];
    System.arraycopy(head, 0, event, 0, head.length);
    System.arraycopy(json, 0, event, head.length, json.length);
    event[event.length - 2] = '\n';
    event[event.length - 1] = '\n';
    return event;
  }

  private void write(OutputStream out, byte[] bytes) throws IOException {
    writingNanos = System.nanoTime();
    out.write(bytes);
    out.flush();
    writingNanos = Long.MAX_VALUE;
  }

  /** What is wished of it until it is time to look again; null for nothing. */
  private @Nullable Wish await() {
    try {
      return wishes.poll(LOOK.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return Wish.END;
    }
  }

  /** Writes to the browser at once. If it has gone, this or the next write finds that out. */
  void beat() {
    wishes.add(Wish.BEAT);
  }

  /** Whether the browser has not read for so long. */
  boolean isStuck(Duration patience, long nowNanos) {
    long since = writingNanos;
    return since != Long.MAX_VALUE && nowNanos - since > patience.toNanos();
  }

  /** Ends it, whatever it does. */
  void end() {
    wishes.add(Wish.END);
    exchange.close();
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
