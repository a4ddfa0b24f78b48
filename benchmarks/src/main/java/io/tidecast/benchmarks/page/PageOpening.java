package io.tidecast.benchmarks.page;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.BrowserType;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Playwright;
import io.tidecast.page.http.PageServer;
import io.tidecast.page.kept.About;
import io.tidecast.page.kept.Cell;
import io.tidecast.page.kept.Fan;
import io.tidecast.page.kept.KeptLimits;
import io.tidecast.page.kept.PageBoard;
import io.tidecast.page.kept.PageStore;
import io.tidecast.page.kept.Shown;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * Prints how long the page takes to open: the document from the server, and in Chromium from the
 * navigation on until the document is there, and until the chart of a series is. The page has a
 * hundred series of as many cells as it keeps. Each opening has a browser profile of its own, so
 * that nothing comes from a cache.
 */
public final class PageOpening {

  private static final int OPENINGS = 30;
  private static final int WARM_UP = 5;
  private static final int SERIES = 100;
  private static final int HORIZON = 96;
  private static final double[] LEVELS = {.05, .25, .5, .75, .95};
  private static final long STEP_MILLIS = 1_800_000;
  private static final double LIMIT_MILLIS = 200;
  private static final List<String> CHROMIUM =
      List.of("/usr/bin/chromium", "/usr/bin/google-chrome");

  /** When the chart was drawn first; the page marks it. */
  private static final String CHART =
      """
      () => new Promise(done => {
        const look = () => {
          const marks = performance.getEntriesByName("chart");
          if (marks.length > 0) done(marks[0].startTime); else setTimeout(look, 5);
        };
        look();
      })
      """;

  private PageOpening() {}

  /** Takes no arguments. */
  public static void main(String[] arguments) throws IOException, InterruptedException {
    PageStore store = new PageStore(KeptLimits.USUAL);
    for (int i = 0; i < SERIES; i++) {
      fill(store, "series-%03d".formatted(i));
    }
    Shown shown = new Shown(new About("benchmark", "UTC"), store, new PageBoard());
    System.out.printf(
        Locale.ROOT,
        "%d openings after %d to warm up, %d series of %d cells, a fan of %d x %d%n%n"
            + "| from the start of the opening to | median, ms | worst, ms |%n|---|---:|---:|%n",
        OPENINGS,
        WARM_UP,
        SERIES,
        store.limits().cells(),
        HORIZON,
        LEVELS.length);
    try (PageServer server =
        new PageServer(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), shown)) {
      String url = "http://127.0.0.1:%d/".formatted(server.address().getPort());
      row("the whole document from the server", document(url));
      openings(url);
    }
  }

  private static double[] document(String url) throws IOException, InterruptedException {
    HttpClient client = HttpClient.newHttpClient();
    double[] millis = new double[OPENINGS];
    for (int i = -WARM_UP; i < OPENINGS; i++) {
      long begin = System.nanoTime();
      client.send(HttpRequest.newBuilder(URI.create(url)).build(), BodyHandlers.ofByteArray());
      if (i >= 0) {
        millis[i] = (System.nanoTime() - begin) / 1e6;
      }
    }
    return millis;
  }

  private static void openings(String url) {
    Optional<Path> chromium =
        CHROMIUM.stream().map(Path::of).filter(Files::isExecutable).findFirst();
    if (chromium.isEmpty()) {
      System.out.printf("%nIn a browser it is not measured: there is none of %s.%n", CHROMIUM);
      return;
    }
    double[] loaded = new double[OPENINGS];
    double[] drawn = new double[OPENINGS];
    try (Playwright playwright =
            Playwright.create(
                new Playwright.CreateOptions()
                    .setEnv(Map.of("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1")));
        Browser browser =
            playwright
                .chromium()
                .launch(
                    new BrowserType.LaunchOptions()
                        .setExecutablePath(chromium.get())
                        .setChromiumSandbox(false))) {
      for (int i = -WARM_UP; i < OPENINGS; i++) {
        try (BrowserContext context = browser.newContext()) {
          Page page = context.newPage();
          page.navigate(url);
          double chart = number(page.evaluate(CHART));
          if (i >= 0) {
            loaded[i] =
                number(
                    page.evaluate(
                        "performance.getEntriesByType('navigation')[0].domContentLoadedEventEnd"));
            drawn[i] = chart;
          }
        }
      }
    }
    row("DOMContentLoaded in Chromium", loaded);
    row("the chart in Chromium", drawn);
    System.out.printf(
        Locale.ROOT,
        "%nThe chart is there within %.0f ms in %d of %d openings.%n",
        LIMIT_MILLIS,
        Arrays.stream(drawn).filter(millis -> millis <= LIMIT_MILLIS).count(),
        OPENINGS);
  }

  private static double number(Object found) {
    return ((Number) found).doubleValue();
  }

  private static void row(String what, double[] millis) {
    double[] sorted = millis.clone();
    Arrays.sort(sorted);
    System.out.printf(
        Locale.ROOT,
        "| %s | %.1f | %.1f |%n",
        what,
        sorted[sorted.length / 2],
        sorted[sorted.length - 1]);
  }

  private static void fill(PageStore store, String name) {
    int cells = store.limits().cells();
    for (int i = 0; i < cells; i++) {
      store.add(new Cell(name, "0", i * STEP_MILLIS, value(i)));
    }
    for (int fan = 0; fan < store.limits().fans(); fan++) {
      store.add(fan(name, cells - 1 - fan));
    }
  }

  private static Fan fan(String name, int origin) {
    long[] times = new long[HORIZON];
    float[] points = new float[HORIZON];
    float[] quantiles = new float[HORIZON * LEVELS.length];
    for (int i = 0; i < HORIZON; i++) {
      times[i] = (origin + 1 + i) * STEP_MILLIS;
      points[i] = (float) value(origin + 1 + i);
      int middle = LEVELS.length / 2;
      for (int level = 0; level < LEVELS.length; level++) {
        quantiles[i * LEVELS.length + level] = points[i] + (level - middle);
      }
    }
    return new Fan(
        name,
        new Fan.Maker("model", "1", Fan.PRIMARY, false, Double.NaN, 0),
        origin * STEP_MILLIS,
        origin * STEP_MILLIS,
        List.of("0"),
        new Fan.Values(times, points, LEVELS, quantiles));
  }

  private static double value(int at) {
    return 50 + 20 * Math.sin(2 * Math.PI * at / 48);
  }
}
