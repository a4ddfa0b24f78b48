package io.tidecast.metrics;

import java.util.List;
import java.util.Map;
import org.apache.flink.metrics.CharacterFilter;
import org.apache.flink.metrics.LogicalScopeProvider;
import org.apache.flink.metrics.MetricGroup;
import org.apache.flink.metrics.groups.UnregisteredMetricsGroup;

/** A group of a scope and variables of the test's. */
final class TestingGroup extends UnregisteredMetricsGroup implements LogicalScopeProvider {
  private final String scope;
  private final Map<String, String> variables;

  TestingGroup(String scope, Map<String, String> variables) {
    this.scope = scope;
    this.variables = variables;
  }

  @Override
  public Map<String, String> getAllVariables() {
    return variables;
  }

  @Override
  public String getLogicalScope(CharacterFilter filter) {
    return scope;
  }

  @Override
  public String getLogicalScope(CharacterFilter filter, char delimiter) {
    return String.join(
        String.valueOf(delimiter),
        List.of(scope.split("\\.")).stream().map(filter::filterCharacters).toList());
  }

  @Override
  public MetricGroup getWrappedMetricGroup() {
    return this;
  }
}
