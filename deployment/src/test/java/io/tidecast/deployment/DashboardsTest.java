package io.tidecast.deployment;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.tidecast.deployment.Dashboards.Dashboard;
import io.tidecast.deployment.Dashboards.Query;
import java.util.Set;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

class DashboardsTest {
  private static final Pattern QUOTED = Pattern.compile("\\$\\{(\\w+):sqlstring\\}");

  /** A name without what Grafana puts in, and several of them. */
  private static final Pattern NAME =
      Pattern.compile(
          "replace\\(%1$s, %2$s\\)|array\\(select replace\\(name, %2$s\\) from unnest\\(array\\[%1$s\\]::text\\[\\]\\) name\\)"
              .formatted(QUOTED, Pattern.quote("'\\\"', '\"'")));

  /** Made of numbers alone. */
  private static final Set<String> WITHOUT_QUOTES = Set.of("band");

  /** Of a variable of several values that has none, Grafana leaves nothing between the brackets. */
  @Test
  void shouldAskInSqlWhereNothingIsChosen() {
    for (Dashboard dashboard : Dashboards.all()) {
      for (JsonNode variable : dashboard.json().at("/templating/list")) {
        if (variable.path("multi").asBoolean() && !variable.hasNonNull("allValue")) {
          String values = "${" + variable.path("name").asText() + ":sqlstring}";
          for (Query query : dashboard.sql()) {
            assertThat(query.text().replace("array[" + values + "]::text[]", ""))
                .as(query.toString())
                .doesNotContain(values);
          }
        }
      }
    }
  }

  /** A name may have double quotes, before which Grafana puts backslashes. */
  @Test
  void shouldTakeBackslashesOutOfNames() {
    for (Dashboard dashboard : Dashboards.all()) {
      for (Query query : dashboard.sql()) {
        String others = NAME.matcher(query.text()).replaceAll("");
        assertThat(QUOTED.matcher(others).results().map(found -> found.group(1)))
            .as(query.toString())
            .isSubsetOf(WITHOUT_QUOTES);
      }
    }
  }
}
