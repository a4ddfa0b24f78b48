package io.tidecast.page.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.tidecast.page.kept.Cell;
import io.tidecast.page.testing.SampleJob;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class PageServerTest {

  private static final ObjectMapper MAPPER = new ObjectMapper();

  private final SampleJob job = SampleJob.start();
  private final HttpClient client = HttpClient.newHttpClient();

  @AfterEach
  void close() {
    job.close();
  }

  @Test
  void shouldServeItsPicture() throws Exception {
    HttpResponse<String> answer = get("icon.svg");

    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(answer.body()).isNotBlank();
    shouldBeProtected(answer);
    assertThat(
            answer("icon.svg", "If-None-Match", answer.headers().firstValue("ETag").orElseThrow())
                .statusCode())
        .isEqualTo(304);
  }

  @Test
  void shouldServeADocumentThatNeedsNoOtherAnswerToShowASeries() throws Exception {
    job.fill();
    HttpResponse<String> answer = get("?series=" + SampleJob.SERIES);

    assertThat(answer.statusCode()).isEqualTo(200);
    shouldBeProtected(answer);
    assertThat(answer.body())
        .contains("uPlot", "class Chart", "<style>")
        .doesNotContain("<script src", "stylesheet");
    Matcher first =
        Pattern.compile("id=\"first\" data-mark=\"([^\"]+)\">(.*?)</script>")
            .matcher(answer.body());
    assertThat(first.find()).isTrue();
    JsonNode news = MAPPER.readTree(first.group(2));
    assertThat(news.path("whole").asBoolean()).isTrue();
    assertThat(news.path("series").path("cellTimes")).hasSize(480);

    job.add(SampleJob.SERIES, 480);
    try (Listener listener =
        new Listener(null, "?series=" + SampleJob.SERIES + "&after=" + first.group(1))) {
      Event more = listener.next();
      assertThat(more.data.path("whole").asBoolean()).isFalse();
      assertThat(more.data.path("series").path("cellTimes")).hasSize(1);
    }
  }

  @Test
  void shouldSendTheQuantilesOfTheNewestForecastAlone() throws Exception {
    job.fill();
    try (Listener listener = new Listener(null)) {
      JsonNode fans = listener.next().data.path("series").path("fans");
      List<JsonNode> withQuantiles = new ArrayList<>();
      long newest = 0;
      for (JsonNode fan : fans) {
        assertThat(fan.path("points")).hasSize(SampleJob.HORIZON);
        newest = Math.max(newest, fan.path("origin").asLong());
        if (!fan.path("quantiles").isEmpty()) {
          withQuantiles.add(fan);
        }
      }
      assertThat(withQuantiles).hasSize(1);
      assertThat(withQuantiles.get(0).path("role").asText()).isEqualTo("primary");
      assertThat(withQuantiles.get(0).path("origin").asLong()).isEqualTo(newest);
    }
  }

  /** What a record says cannot become a part of the document. */
  @Test
  void shouldKeepNamesWithinTheirText() throws Exception {
    String name = "</script><script>alert(1)</script><!--";
    job.add(name, 1);

    String body = get("").body();

    assertThat(body).doesNotContain(name).doesNotContain("alert(1)</script>");
    assertThat(body).contains("\\u003c/script>\\u003cscript>alert(1)\\u003c/script>\\u003c!--");
  }

  @Test
  void shouldRefuseNamesThatAreTooLong() throws Exception {
    assertThat(get("?series=" + "x".repeat(1_025)).statusCode()).isEqualTo(400);
    assertThat(get("api/events?series=" + "x".repeat(1_025)).statusCode()).isEqualTo(400);
  }

  @Test
  void shouldAskNoOtherServer() throws Exception {
    for (String path : List.of("", "icon.svg")) {
      // The name of a vocabulary and where uPlot comes from are no addresses that are asked.
      assertThat(
              get(path)
                  .body()
                  .replace("http://www.w3.org/2000/svg", "")
                  .replace("https://github.com/leeoniya/uPlot", ""))
          .as(path)
          .doesNotContain("http:", "https:", "//cdn", "@import");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"pom.xml", "..%2f..%2fetc/passwd", "META-INF/MANIFEST.MF", "api", "api/"})
  void shouldServeNothingElse(String path) throws Exception {
    HttpResponse<String> answer = get(path);

    assertThat(answer.statusCode()).isEqualTo(404);
    shouldBeProtected(answer);
  }

  @Test
  void shouldOnlyBeRead() throws Exception {
    HttpResponse<String> answer =
        client.send(
            request("api/series").POST(HttpRequest.BodyPublishers.ofString("x")).build(),
            BodyHandlers.ofString());

    assertThat(answer.statusCode()).isEqualTo(405);
  }

  @Test
  void shouldNotBeReadByOtherOrigins() throws Exception {
    for (String path : List.of("", "icon.svg", "api/series", "api/events")) {
      HttpResponse<String> answer = answer(path, "Origin", "http://evil.example");

      assertThat(answer.statusCode()).as(path).isEqualTo(403);
      assertThat(answer.headers().map()).doesNotContainKey("access-control-allow-origin");
      assertThat(answer(path, "Sec-Fetch-Site", "cross-site").statusCode()).as(path).isEqualTo(403);
    }
  }

  @Test
  void shouldNotAnswerToANameThatWasReboundToTheLoopback() throws Exception {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), job.port());
        OutputStream out = socket.getOutputStream();
        BufferedReader in =
            new BufferedReader(
                new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8))) {
      out.write(
          "GET /api/series HTTP/1.1\r\nHost: evil.example:%d\r\nConnection: close\r\n\r\n"
              .formatted(job.port())
              .getBytes(StandardCharsets.UTF_8));
      out.flush();

      assertThat(in.readLine()).contains("403");
    }
  }

  @Test
  void shouldRefuseAnAddressThatIsNotEncoded() throws Exception {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), job.port());
        OutputStream out = socket.getOutputStream();
        BufferedReader in =
            new BufferedReader(
                new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8))) {
      out.write(
          "GET /api/series?q=%zz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"
              .getBytes(StandardCharsets.UTF_8));
      out.flush();

      assertThat(in.readLine()).contains("400");
    }
  }

  @Test
  void shouldFindSeries() throws Exception {
    job.fill().fillOthers(120);

    JsonNode found = MAPPER.readTree(get("api/series?q=FEEDER-1").body());
    JsonNode all = MAPPER.readTree(get("api/series").body());

    assertThat(found.path("count").asInt()).isEqualTo(21);
    assertThat(found.path("names").get(0).asText()).isEqualTo("feeder-100");
    assertThat(all.path("count").asInt()).isEqualTo(121);
    assertThat(all.path("names")).hasSize(50);
  }

  @Test
  void shouldTellEverythingOnceAndThenWhatIsNew() throws Exception {
    job.fill();
    try (Listener listener = new Listener(null)) {
      Event whole = listener.next();
      assertThat(whole.data.path("whole").asBoolean()).isTrue();
      assertThat(whole.data.path("title").asText()).isEqualTo("substations.yaml");
      assertThat(whole.data.path("chosen").asText()).isEqualTo(SampleJob.SERIES);
      JsonNode series = whole.data.path("series");
      assertThat(series.path("cellTimes")).hasSize(480);
      assertThat(series.path("fans")).hasSize(24 + 2);
      assertThat(series.path("scores")).hasSize(12);
      assertThat(series.path("breaches")).hasSize(2);
      assertThat(series.path("breaches").get(0).path("kind").asText()).isEqualTo("anomaly");
      assertThat(series.path("breaches").get(0).path("direction").asText()).isEqualTo("above");

      job.store().add(new Cell(SampleJob.SERIES, "0", SampleJob.time(480), Double.NaN));

      Event more = listener.next();
      assertThat(more.data.path("whole").asBoolean()).isFalse();
      assertThat(more.data.path("series").path("cellTimes")).hasSize(1);
      assertThat(more.data.path("series").path("cellValues").get(0).isNull()).isTrue();
      assertThat(more.data.path("series").path("fans")).isEmpty();
    }
  }

  @Test
  void shouldGoOnWhereABrowserWas() throws Exception {
    job.fill();
    String id;
    try (Listener listener = new Listener(null)) {
      id = listener.next().id;
    }
    job.add(SampleJob.SERIES, 480);

    try (Listener again = new Listener(id)) {
      Event more = again.next();
      assertThat(more.data.path("whole").asBoolean()).isFalse();
      assertThat(more.data.path("series").path("cellTimes")).hasSize(1);
    }
  }

  @Test
  void shouldBeginAnewForABrowserOfAnEarlierServer() throws Exception {
    job.fill();

    try (Listener again = new Listener("00000000-0000-0000-0000-000000000000-999")) {
      assertThat(again.next().data.path("whole").asBoolean()).isTrue();
    }
  }

  @Test
  void shouldTakeNoMoreThanAFewBrowsersAtOnce() throws Exception {
    job.fill();
    List<Listener> all = new ArrayList<>();
    try {
      for (int i = 0; i < PageServer.MOST_STREAMS; i++) {
        Listener one = new Listener(null);
        all.add(one);
        one.next();
      }

      HttpResponse<String> answer = get("api/events");

      assertThat(answer.statusCode()).isEqualTo(503);
      assertThat(answer.body()).contains("16 browsers");
      assertThat(get("").statusCode()).isEqualTo(200);
    } finally {
      for (Listener one : all) {
        one.close();
      }
    }
  }

  @Test
  void shouldNotCountBrowsersThatHaveGone() throws Exception {
    job.fill();
    for (int i = 0; i < 3 * PageServer.MOST_STREAMS; i++) {
      // As one that reloads the page again and again.
      try (Listener one = new Listener(null)) {
        one.next();
      }
    }
  }

  @Test
  void shouldSayNothingOfASeriesUntilThereIsSomething() throws Exception {
    try (Listener listener = new Listener(null, "?series=late")) {
      assertThat(listener.next().data.has("series")).isFalse();

      job.add("late", 1);

      assertThat(listener.next().data.path("series").path("cellTimes")).hasSize(1);
    }
  }

  private static void shouldBeProtected(HttpResponse<?> answer) {
    assertThat(answer.headers().firstValue("X-Content-Type-Options")).hasValue("nosniff");
    assertThat(answer.headers().firstValue("X-Frame-Options")).hasValue("DENY");
    assertThat(answer.headers().firstValue("Referrer-Policy")).hasValue("no-referrer");
    assertThat(answer.headers().firstValue("Cross-Origin-Resource-Policy")).hasValue("same-origin");
    assertThat(answer.headers().firstValue("Content-Security-Policy"))
        .hasValueSatisfying(
            policy ->
                assertThat(policy)
                    .contains("default-src 'none'", "script-src 'sha256-", "frame-ancestors 'none'")
                    .doesNotContain("unsafe"));
    assertThat(answer.headers().map()).doesNotContainKey("access-control-allow-origin");
  }

  private HttpResponse<String> get(String path) throws IOException, InterruptedException {
    return client.send(request(path).build(), BodyHandlers.ofString());
  }

  private HttpResponse<String> answer(String path, String header, String value)
      throws IOException, InterruptedException {
    return client.send(request(path).header(header, value).build(), BodyHandlers.ofString());
  }

  private HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(URI.create(job.url() + path));
  }

  private record Event(String id, JsonNode data) {}

  /** What a browser does with the stream. */
  private final class Listener implements AutoCloseable {
    private final InputStream body;
    private final BufferedReader in;

    Listener(String lastEventId, String... query) throws IOException, InterruptedException {
      HttpRequest.Builder request = request("api/events" + String.join("", query));
      if (lastEventId != null) {
        request.header("Last-Event-ID", lastEventId);
      }
      HttpResponse<InputStream> answer = client.send(request.build(), BodyHandlers.ofInputStream());
      assertThat(answer.statusCode()).isEqualTo(200);
      shouldBeProtected(answer);
      assertThat(answer.headers().firstValue("Content-Type").orElse(""))
          .startsWith("text/event-stream");
      body = answer.body();
      in = new BufferedReader(new InputStreamReader(body, StandardCharsets.UTF_8));
    }

    Event next() throws IOException {
      String id = "";
      String line = in.readLine();
      while (line != null) {
        if (line.startsWith("id: ")) {
          id = line.substring("id: ".length());
        } else if (line.startsWith("data: ")) {
          return new Event(id, MAPPER.readTree(line.substring("data: ".length())));
        }
        line = in.readLine();
      }
      throw new IOException("the stream has ended");
    }

    @Override
    public void close() throws IOException {
      body.close();
    }
  }
}
