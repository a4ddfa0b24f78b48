package io.tidecast.flink.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidecast.flink.testing.GeneratedPage;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.apache.flink.api.common.JobID;
import org.apache.flink.metrics.CharacterFilter;
import org.apache.flink.runtime.clusterframework.types.ResourceID;
import org.apache.flink.runtime.executiongraph.ExecutionAttemptID;
import org.apache.flink.runtime.metrics.groups.AbstractMetricGroup;
import org.apache.flink.runtime.metrics.groups.TaskManagerMetricGroup;
import org.apache.flink.runtime.metrics.groups.TaskMetricGroup;
import org.apache.flink.runtime.metrics.util.TestingMetricRegistry;
import org.junit.jupiter.api.Test;

/** Holds {@code docs/metrics.md} against the catalogue, and what it says of names against Flink. */
class MetricsPageTest {

  @Test
  void shouldBeTheCommittedPage() throws IOException {
    GeneratedPage.assertCommitted("metrics.md", MetricsPage.render());
  }

  @Test
  void shouldSayWhatEachMetricMeansInASentence() {
    assertThat(JobMetric.values())
        .allSatisfy(
            metric ->
                assertThat(metric.meaning())
                    .as(metric.metricName())
                    .matches("[A-Z].*[.]")
                    .doesNotContain(";", ". "));
  }

  @Test
  void shouldShowTheNamesThatFlinkMakes() {
    List<String> names = new ArrayList<>();
    TestingMetricRegistry registry =
        TestingMetricRegistry.builder()
            .setRegisterConsumer((metric, name, group) -> names.addAll(names(name, group)))
            .build();
    TaskMetricGroup task =
        TaskManagerMetricGroup.createTaskManagerMetricGroup(
                registry, "<host>", new ResourceID("<tm_id>"))
            .addJob(new JobID(), "<job_name>")
            .addTask(ExecutionAttemptID.randomId(), "task");
    names.clear();

    new JobMetrics(task.getOrAddOperator("window")).gauge(JobMetric.SERIES, () -> 1);
    new JobMetrics(task.getOrAddOperator("dead letters: Writer").addGroup("user"))
        .counter(JobMetric.DEAD_LETTERS, "late");

    assertThat(names)
        .filteredOn(name -> name.contains("tidecast"))
        .hasSize(4)
        .allSatisfy(name -> assertThat(MetricsPage.render()).contains("`" + name));
  }

  /** For reporters without labels and for those with labels. */
  private static List<String> names(String name, AbstractMetricGroup<?> group) {
    return List.of(
        group.getMetricIdentifier(name).replaceFirst("[.]\\d+[.]", ".<subtask>."),
        "flink_"
            + group.getLogicalScope(CharacterFilter.NO_OP_FILTER, '_').replace('.', '_')
            + "_"
            + name);
  }
}
