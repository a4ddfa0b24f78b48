package io.tidecast.cli.testing;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.function.Predicate;

/** What a page tells a browser. */
public final class PageEvents implements AutoCloseable {
  private static final ObjectMapper MAPPER = new ObjectMapper();
  private static final int MOST_EVENTS = 60;

  private final InputStream body;
  private final BufferedReader lines;

  private PageEvents(InputStream body) {
    this.body = body;
    this.lines = new BufferedReader(new InputStreamReader(body, StandardCharsets.UTF_8));
  }

  /** Begins to listen to the page at this address. */
  public static PageEvents of(String url) {
    try {
      return new PageEvents(
          HttpClient.newHttpClient()
              .send(
                  HttpRequest.newBuilder(URI.create(url + "api/events")).build(),
                  BodyHandlers.ofInputStream())
              .body());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while a page was asked", e);
    }
  }

  /** All that the page at this address knows now of the series that it shows first. */
  public static JsonNode first(String url) {
    try (PageEvents events = of(url)) {
      return events.next();
    }
  }

  /** Waits until all that the page knows of the series that it shows first is so. */
  public static JsonNode await(String url, Predicate<JsonNode> isSo) {
    JsonNode known = first(url);
    try (PageEvents events = of(url)) {
      // One comes every second, for the job is asked so often.
      for (int i = 0; i < MOST_EVENTS && !isSo.test(known); i++) {
        events.next();
        known = first(url);
      }
    }
    assertThat(isSo.test(known)).as("what the page knows: %s", known).isTrue();
    return known;
  }

  /** Waits for the next event. */
  public JsonNode next() {
    try {
      String line = lines.readLine();
      while (line != null && !line.startsWith("data: ")) {
        line = lines.readLine();
      }
      if (line == null) {
        throw new IOException("the stream has ended");
      }
      return MAPPER.readTree(line.substring("data: ".length()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    try {
      body.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
