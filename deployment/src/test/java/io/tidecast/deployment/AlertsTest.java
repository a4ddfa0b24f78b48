package io.tidecast.deployment;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AlertsTest {
  private static final String TESTS =
      "deployment/src/test/resources/io/tidecast/deployment/alerts.yaml";

  @TempDir private Path folder;

  @Test
  void shouldFireWhereTheyMustAndNowhereElse() throws Exception {
    String tests =
        Repository.text(TESTS)
            .replace("RULES", Repository.ROOT.resolve(Repository.ALERTS).toString());
    String output =
        Prometheus.promtool(
            "",
            "test",
            "rules",
            Files.writeString(folder.resolve("alerts.yaml"), tests).toString());
    assertThat(output).contains("SUCCESS");
  }

  /** A rule without a test of its own could be one that never fires. */
  @Test
  void shouldBeTestedEachOnceWhereItFires() {
    List<String> fired =
        Repository.list(Repository.yaml(TESTS).get("tests")).stream()
            .flatMap(
                test ->
                    Repository.list(Repository.map(test).get("alert_rule_test")).stream()
                        .map(Repository::map))
            .filter(one -> one.containsKey("exp_alerts"))
            .map(one -> (String) one.get("alertname"))
            .toList();
    assertThat(fired).containsAll(Alerts.names());
  }

  @Test
  void shouldBeTheSameForThePrometheusOperator() {
    Map<String, Object> rule = Repository.yaml("k8s/components/alerts/prometheus-rule.yaml");
    assertThat(rule).containsEntry("kind", "PrometheusRule");
    assertThat(rule.get("spec")).isEqualTo(Repository.yaml(Repository.ALERTS));
  }

  @Test
  void shouldBeExplainedEach() {
    String page = Repository.text("docs/how-to/alerts.md");
    assertThat(Alerts.names()).allSatisfy(name -> assertThat(page).contains("`" + name + "`"));
  }
}
