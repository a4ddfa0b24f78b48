package io.tidecast.deployment;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidecast.cli.TidecastCommand;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import picocli.CommandLine;

/** Whoever is woken finds a section, and what it names is there. */
class RunbookTest {

  private static final Pattern CODE = Pattern.compile("`([^`\n]+)`");
  private static final Pattern IN_PROMETHEUS = Pattern.compile("(?:flink|tidecast)_\\w+");
  private static final Pattern COMMAND =
      Pattern.compile("\\./tidecast ([a-z -]+?)(?= --|`|\n| with)");
  private static final Pattern LINK = Pattern.compile("\\]\\(([^)#]*)(?:#([^)]+))?\\)");

  /** Of the job file, as the sections of docs/configuration.md have them. */
  private static final Pattern KEY =
      Pattern.compile(
          "(?:kafka|source|series|covariates|requests|commands|model|models|sink|dead-letters|scores|mixture|calibration|cells|postgres|anomalies|promotion|gauges|checkpoints|job|registry)\\.[a-z.-]+");

  /** As this catalogue has them, which a test holds against the code. */
  private static final Pattern METRIC = Pattern.compile("[a-z]+(?:[A-Z][a-z]+)+");

  static List<String> alerts() {
    return Alerts.names();
  }

  @ParameterizedTest
  @MethodSource("alerts")
  void shouldSayOfEachAlertWhatToDo(String alert) {
    String page = Runbook.page();
    int begin = page.indexOf("\n## " + alert + "\n");
    assertThat(begin).as("a section").isPositive();
    String section = page.substring(begin, page.indexOf("\n## ", begin + 1));

    assertThat(section)
        .contains("\n**It means** ", "\n**Look at** ", "\n**It is over** ", "```promql\n")
        .contains("| likely cause | ", " | do |\n");
    assertThat(section.lines().filter(line -> line.startsWith("| ")).count())
        .as("causes")
        .isGreaterThan(3);
  }

  @Test
  void shouldBeNamedByEachAlert() {
    for (Map<String, Object> rule : Alerts.rules()) {
      String anchor = ((String) rule.get("alert")).toLowerCase(Locale.ROOT);
      assertThat(Repository.map(rule.get("annotations")))
          .containsEntry("runbook", Runbook.PAGE + "#" + anchor);
    }
  }

  @Test
  void shouldHaveNoSectionOfAnAlertThatIsGone() {
    assertThat(
            Pattern.compile("(?m)^## (Tidecast\\w+)$")
                .matcher(Runbook.page())
                .results()
                .map(found -> found.group(1)))
        .containsExactlyInAnyOrderElementsOf(Alerts.names());
  }

  /** A running job answers all of those, as DeploymentITCase sees. */
  @Test
  void shouldAskForMetricsThatDashboardsAndRulesHave() {
    Set<String> known = new TreeSet<>();
    Stream.concat(
            Dashboards.all().stream()
                .flatMap(dashboard -> dashboard.promQl().stream())
                .map(Dashboards.Query::text),
            Alerts.expressions().stream())
        .forEach(text -> names(IN_PROMETHEUS, text).forEach(known::add));

    assertThat(names(IN_PROMETHEUS, Runbook.page()))
        .filteredOn(name -> !name.equals("tidecast_"))
        .isNotEmpty()
        .isSubsetOf(known);
  }

  @Test
  void shouldNameKeysAndMetricsThatThereAre() {
    String keys = Repository.text("docs/configuration.md");
    String metrics = Repository.text("docs/metrics.md");
    List<String> named =
        CODE.matcher(Runbook.page()).results().map(found -> found.group(1)).distinct().toList();

    assertThat(named.stream().filter(name -> KEY.matcher(name).matches()))
        .hasSizeGreaterThan(15)
        .allSatisfy(key -> assertThat(keys).contains("`" + key + "`"));
    assertThat(named.stream().filter(name -> METRIC.matcher(name).matches()))
        .hasSizeGreaterThan(4)
        .allSatisfy(metric -> assertThat(metrics).contains("| `" + metric + "` |"));
  }

  @Test
  void shouldNameCommandsThatThereAre() {
    List<String> commands =
        COMMAND.matcher(Runbook.page()).results().map(found -> found.group(1)).distinct().toList();
    assertThat(commands).hasSizeGreaterThan(4);
    for (String command : commands) {
      CommandLine found = TidecastCommand.commandLine();
      for (String word : command.split(" ")) {
        if (!found.getSubcommands().isEmpty()) {
          assertThat(found.getSubcommands()).as(command).containsKey(word);
          found = found.getSubcommands().get(word);
        }
      }
    }
  }

  @Test
  void shouldLeadSomewhere() {
    Matcher links = LINK.matcher(Runbook.page());
    while (links.find()) {
      String file = links.group(1).isEmpty() ? "runbook.md" : links.group(1);
      Path target = Repository.ROOT.resolve("docs").resolve(file).normalize();
      assertThat(target).exists();
      if (links.group(2) != null) {
        assertThat(anchors(target)).as(file).contains(links.group(2));
      }
    }
  }

  @Test
  void shouldAskWhatPrometheusUnderstands(@TempDir Path folder) throws Exception {
    List<String> queries = Runbook.queries();
    assertThat(queries).hasSizeGreaterThan(15);
    StringBuilder rules = new StringBuilder("groups:\n  - name: runbook\n    rules:\n");
    for (int i = 0; i < queries.size(); i++) {
      assertThat(PromQl.selectors(queries.get(i))).isNotEmpty();
      rules.append(
          "      - record: asked:%d\n        expr: |\n          %s\n"
              .formatted(i, queries.get(i).replace("\n", "\n          ")));
    }
    String output =
        Prometheus.promtool(
            "",
            "check",
            "rules",
            Files.writeString(folder.resolve("runbook.yaml"), rules).toString());
    assertThat(output).contains("SUCCESS: " + queries.size() + " rules found");
  }

  /** As GitHub makes them of headings. */
  private static Set<String> anchors(Path page) {
    return Repository.text(Repository.ROOT.relativize(page).toString())
        .lines()
        .filter(line -> line.startsWith("#"))
        .map(
            line ->
                line.replaceFirst("^#+ ", "")
                    .toLowerCase(Locale.ROOT)
                    .replaceAll("[^\\p{L}\\p{N} _-]", "")
                    .replace(' ', '-'))
        .collect(Collectors.toSet());
  }

  private static Set<String> names(Pattern pattern, String text) {
    return pattern
        .matcher(text)
        .results()
        .map(MatchResult::group)
        .collect(Collectors.toCollection(TreeSet::new));
  }
}
