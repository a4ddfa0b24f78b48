package io.tidecast.deployment;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.tidecast.deployment.Dashboards.Dashboard;
import io.tidecast.deployment.Dashboards.Query;
import org.junit.jupiter.api.Test;

class DashboardsTest {

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
}
