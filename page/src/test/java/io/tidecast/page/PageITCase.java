package io.tidecast.page;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static com.microsoft.playwright.assertions.PlaywrightAssertions.setDefaultAssertionTimeout;
import static org.assertj.core.api.Assertions.assertThat;

import com.deque.html.axecore.playwright.AxeBuilder;
import com.deque.html.axecore.results.Rule;
import com.microsoft.playwright.Browser;
import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.AriaRole;
import com.microsoft.playwright.options.ColorScheme;
import io.tidecast.page.kept.Breach;
import io.tidecast.page.kept.JobState;
import io.tidecast.page.testing.Chromium;
import io.tidecast.page.testing.SampleJob;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The page in a real browser. Pictures are kept in {@code target/page}. */
class PageITCase {

  private static final Path PICTURES =
      Path.of(System.getProperty("tidecast.root"), "page", "target", "page");
  private static final double PATIENCE_MILLIS = 30_000;
  private static final Set<String> SERIOUS = Set.of("serious", "critical");

  private static Chromium chromium;

  private final List<String> complaints = new ArrayList<>();
  private SampleJob job;
  private BrowserContext context;

  @BeforeAll
  static void start() {
    chromium = Chromium.start();
    setDefaultAssertionTimeout(PATIENCE_MILLIS);
  }

  @AfterAll
  static void stop() {
    if (chromium != null) {
      chromium.close();
    }
  }

  @BeforeEach
  void serve() {
    job = SampleJob.start();
  }

  @AfterEach
  void end() {
    if (context != null) {
      context.close();
    }
    job.close();
  }

  @Test
  void shouldShowTheSeriesWithItsForecastAndScores() {
    job.fill().fillOthers(3);
    Page page = open(desktop());

    assertThat(page.locator("#caption")).containsText("mixture 1 expects");
    assertThat(page.locator("#plot canvas")).isVisible();
    assertThat(page.locator("#state")).hasText("The job is running");
    assertThat(page.locator("#models-body tr")).hasCount(3);
    assertThat(page.locator("#models-body")).containsText("71 %");
    assertThat(page.locator("#breaches-body tr")).hasCount(2);
    assertThat(page.locator("#breaches-body tr").first()).containsText("anomaly above");
    assertThat(page.locator("#observation-rate")).hasText("100");
    page.getByText("The newest forecast as a table").click();
    assertThat(page.locator("#table-body tr")).hasCount(SampleJob.HORIZON);
    page.getByText("The newest forecast as a table").click();

    picture(page, "desktop-light");
    shouldBeUsableByAll(page);
    shouldDrawSomething(page);
  }

  @Test
  void shouldShowWhatComes() {
    job.fill();
    Page page = open(desktop());
    assertThat(page.locator("#caption")).containsText("10 Jun 2026, 23:30");

    job.add(SampleJob.SERIES, 480);
    job.store().add(SampleJob.fan(SampleJob.SERIES, "mixture", "primary", 480));

    assertThat(page.locator("#caption")).containsText("11 Jun 2026, 00:00");
  }

  @Test
  void shouldTakeBackWhatWasNotExpected() {
    job.fill();
    Page page = open(desktop());
    assertThat(page.locator("#breaches-body tr")).hasCount(2);

    // The corrected value lies on the other side.
    job.store()
        .add(
            new Breach(
                SampleJob.SERIES,
                "0",
                SampleJob.time(449),
                "anomaly",
                "below",
                1,
                new Breach.Range(0, 9),
                .5,
                true));

    assertThat(page.locator("#breaches-body tr")).hasCount(1);
  }

  @Test
  void shouldPickASeriesByKeyboard() {
    job.fill().fillOthers(120);
    Page page = open(desktop());
    assertThat(page.locator("#caption")).containsText("expects");

    page.getByRole(AriaRole.COMBOBOX, new Page.GetByRoleOptions().setName("Series")).focus();
    page.keyboard().press("ArrowDown");
    assertThat(page.locator("#pick-count")).containsText("50 of 121 series");
    page.keyboard().type("feeder-07");
    assertThat(page.locator("#pick-count")).hasText("10 series");
    page.keyboard().press("ArrowDown");
    page.keyboard().press("ArrowDown");
    picture(page, "picker");
    shouldBeUsableByAll(page);
    page.keyboard().press("Enter");

    assertThat(page).hasURL(Pattern.compile(".*[?]series=feeder-071"));
    assertThat(page.locator("#pick")).hasValue("feeder-071");
    assertThat(page.locator("#caption")).containsText("3 Jun 2026, 23:30");
  }

  @Test
  void shouldReadTheChartByKeyboard() {
    job.fill();
    Page page = open(desktop());
    assertThat(page.locator("#caption")).containsText("expects");

    page.locator("#chart").focus();
    page.keyboard().press("ArrowRight");

    assertThat(page.locator("#chart"))
        .hasAttribute(
            "aria-valuetext",
            Pattern.compile("Thu,? 11 Jun 2026, 00:00: expected .* to .* in 90 %"));
    assertThat(page.locator("#readout")).containsText("expected");
    page.keyboard().press("Home");
    assertThat(page.locator("#readout")).containsText("observed");
  }

  @Test
  void shouldGoOnAfterTheServerHasGoneAndComeBack() {
    job.fill();
    int port = job.port();
    Page page = open(desktop());
    assertThat(page.locator("#state")).hasText("The job is running");

    job.close();
    assertThat(page.locator("#state")).containsText("Connection lost");
    picture(page, "lost");
    job = SampleJob.start(port).fill();
    job.add(SampleJob.SERIES, 480);
    job.store().add(SampleJob.fan(SampleJob.SERIES, "mixture", "primary", 480));

    assertThat(page.locator("#state")).hasText("The job is running");
    assertThat(page.locator("#caption")).containsText("11 Jun 2026, 00:00");
    // The browser itself says that the server was away.
    complaints.removeIf(text -> text.contains("ERR_"));
  }

  @Test
  void shouldStayWithItsSeriesWhereAnotherServerWouldChooseAnother() {
    int port = job.port();
    Page page = open(desktop());
    job.fill();
    assertThat(page.locator("#caption")).containsText("10 Jun 2026, 23:30");

    job.close();
    assertThat(page.locator("#state")).containsText("Connection lost");
    job = SampleJob.start(port).fillOthers(3).fill();

    assertThat(page.locator("#state")).hasText("The job is running");
    assertThat(page.locator("#pick")).hasValue(SampleJob.SERIES);
    assertThat(page.locator("#caption")).containsText("10 Jun 2026, 23:30");
    complaints.removeIf(text -> text.contains("ERR_"));
  }

  @Test
  void shouldLeaveTheConnectionsOfABrowserToTheTabThatIsLookedAt() {
    job.fill();
    Page first = open(desktop());
    List<Page> tabs = new ArrayList<>(List.of(first));
    for (Page last = first; tabs.size() < 8; last = tabs.get(tabs.size() - 1)) {
      assertThat(last.locator("#caption")).containsText("10 Jun 2026, 23:30");
      look(last, false);
      tabs.add(openTab());
    }

    job.add(SampleJob.SERIES, 480);
    job.store().add(SampleJob.fan(SampleJob.SERIES, "mixture", "primary", 480));

    assertThat(tabs.get(7).locator("#caption")).containsText("11 Jun 2026, 00:00");
    assertThat(first.locator("#caption")).containsText("10 Jun 2026, 23:30");

    look(first, true);

    assertThat(first.locator("#caption")).containsText("11 Jun 2026, 00:00");
  }

  /** Has a page believe that its tab is the one that is shown, or is not. */
  private static void look(Page page, boolean isShown) {
    page.evaluate(
        """
        (isShown) => {
          Object.defineProperty(document, 'hidden', {configurable: true, get: () => !isShown});
          document.dispatchEvent(new Event('visibilitychange'));
        }
        """,
        isShown);
  }

  @Test
  void shouldSayWhatStandsInTheWay() {
    job.board()
        .show(
            new JobState(
                JobState.Phase.RESTARTING,
                "The job is starting again after a failure: broker-1 does not answer",
                List.of(
                    new JobState.Notice(
                        "No forecast: 12 series have 40.0 cells of PT30M on average, and the model is asked once a series has 336 (series.min-context).",
                        true)),
                JobState.Counts.NONE),
            System.nanoTime());
    Page page = open(desktop());

    assertThat(page.locator("#notice-list li"))
        .hasText(Pattern.compile("No forecast: 12 series.*"));
    assertThat(page.locator("#state")).containsText("starting again after a failure");
    assertThat(page.locator("#empty")).hasText("Waiting for the first forecast.");
    picture(page, "waiting");
    shouldBeUsableByAll(page);
  }

  @Test
  void shouldBeReadableInTheDark() {
    job.fill().fillOthers(3);
    Page page = open(desktop().setColorScheme(ColorScheme.DARK));
    assertThat(page.locator("#caption")).containsText("expects");
    page.getByLabel("Other models").check();
    page.getByRole(AriaRole.BUTTON, new Page.GetByRoleOptions().setName("Near")).click();

    picture(page, "desktop-dark");
    shouldBeUsableByAll(page);
  }

  @Test
  void shouldBeReadableOnAPhone() {
    job.fill().fillOthers(3);
    Page page =
        open(
            new Browser.NewContextOptions()
                .setViewportSize(390, 844)
                .setDeviceScaleFactor(2)
                .setHasTouch(true)
                .setIsMobile(true)
                .setTimezoneId("Europe/London"));
    assertThat(page.locator("#caption")).containsText("expects");

    Object wider = page.evaluate("document.documentElement.scrollWidth > innerWidth");
    assertThat(wider).isEqualTo(false);
    picture(page, "phone");
    shouldBeUsableByAll(page);
  }

  @Test
  void shouldShowNamesAsTheyAre() {
    String name = "<img src=x onerror=alert(1)>&amp;";
    job.add(name, 1);
    job.store().add(SampleJob.fan(name, "<b>model", "primary", 1));
    job.running(List.of(new JobState.Notice("<script>alert(1)</script>", false)));
    Page page = open(desktop());

    assertThat(page.locator("#caption")).containsText("<b>model 1 expects");
    assertThat(page.locator("#pick")).hasValue(name);
    assertThat(page.locator("#notice-list")).hasText("<script>alert(1)</script>");
  }

  private static Browser.NewContextOptions desktop() {
    return new Browser.NewContextOptions().setViewportSize(1280, 900).setTimezoneId("Etc/UTC");
  }

  private Page open(Browser.NewContextOptions options) {
    context = chromium.browser().newContext(options);
    return openTab();
  }

  /** Opens the page once more in the same browser. */
  private Page openTab() {
    Page page = context.newPage();
    page.onConsoleMessage(
        message -> {
          if (Set.of("error", "warning").contains(message.type())) {
            complaints.add(message.text());
          }
        });
    page.onPageError(complaints::add);
    page.onRequest(
        request -> {
          if (!request.url().startsWith(job.url())) {
            complaints.add("asked elsewhere: " + request.url());
          }
        });
    page.navigate(job.url());
    return page;
  }

  @AfterEach
  void shouldHaveNoComplaints() {
    assertThat(complaints).isEmpty();
  }

  private static void shouldBeUsableByAll(Page page) {
    List<Rule> serious =
        new AxeBuilder(page)
            .analyze().getViolations().stream()
                .filter(rule -> SERIOUS.contains(rule.getImpact()))
                .toList();
    assertThat(serious).as(() -> describe(serious)).isEmpty();
  }

  private static String describe(List<Rule> rules) {
    StringBuilder text = new StringBuilder();
    rules.forEach(
        rule -> {
          text.append(rule.getId()).append(": ").append(rule.getHelp()).append('\n');
          rule.getNodes()
              .forEach(
                  node ->
                      text.append("  ")
                          .append(node.getHtml())
                          .append(' ')
                          .append(node.getFailureSummary())
                          .append('\n'));
        });
    return text.toString();
  }

  /** The lines and the fan have colours of their own. */
  private static void shouldDrawSomething(Page page) {
    Object colours =
        page.evaluate(
            """
            () => {
              const canvas = document.querySelector('#plot canvas');
              const pixels = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height).data;
              let fan = 0, odd = 0;
              for (let i = 0; i < pixels.length; i += 4) {
                const [r, g, b, a] = pixels.slice(i, i + 4);
                if (a > 20 && b > r + 80) fan++;
                if (a > 200 && r > b + 100) odd++;
              }
              return [fan, odd];
            }
            """);
    assertThat(colours)
        .asInstanceOf(org.assertj.core.api.InstanceOfAssertFactories.list(Integer.class))
        .satisfiesExactly(
            fan -> assertThat(fan).isGreaterThan(5_000), odd -> assertThat(odd).isGreaterThan(50));
  }

  private static void picture(Page page, String name) {
    page.screenshot(
        new Page.ScreenshotOptions().setPath(PICTURES.resolve(name + ".png")).setFullPage(true));
  }
}
