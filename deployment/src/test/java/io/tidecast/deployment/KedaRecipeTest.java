package io.tidecast.deployment;

import static io.tidecast.deployment.Repository.list;
import static io.tidecast.deployment.Repository.map;
import static org.assertj.core.api.Assertions.assertThat;

import io.tidecast.flink.config.JobConfig;
import io.tidecast.flink.config.JobFile;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the recipe has KEDA ask is what its job shows. */
class KedaRecipeTest {
  static final String SERIES = "checkout";
  static final String JOB = "shop";

  private static final String FOLDER = "docs/recipes/keda/";

  /** Fields of KEDA's ScaledObject that the file uses; another one is most likely a typo. */
  private static final Set<String> FIELDS =
      Set.of(
          "scaleTargetRef",
          "minReplicaCount",
          "maxReplicaCount",
          "pollingInterval",
          "cooldownPeriod",
          "fallback",
          "triggers");

  /** Parameters of its Prometheus scaler. */
  private static final Set<String> PARAMETERS =
      Set.of("serverAddress", "query", "threshold", "ignoreNullValues");

  @TempDir private Path folder;

  private static Map<String, Object> spec() {
    return map(Repository.yaml(FOLDER + "scaled-object.yaml").get("spec"));
  }

  private static Map<String, Object> trigger(int index) {
    return map(map(list(spec().get("triggers")).get(index)).get("metadata"));
  }

  /** What KEDA asks Prometheus. */
  static String query() {
    return (String) trigger(0).get("query");
  }

  /** The section of the job file that shows it. */
  static String gauges() {
    String job = Repository.text(FOLDER + "job.yaml");
    return job.substring(job.indexOf("gauges:\n"));
  }

  @Test
  void shouldUseWhatKedaKnows() {
    Map<String, Object> object = Repository.yaml(FOLDER + "scaled-object.yaml");
    assertThat(object)
        .containsEntry("apiVersion", "keda.sh/v1alpha1")
        .containsEntry("kind", "ScaledObject")
        .containsOnlyKeys("apiVersion", "kind", "metadata", "spec");
    assertThat(FIELDS).containsAll(spec().keySet());
    for (Object trigger : list(spec().get("triggers"))) {
      assertThat(map(trigger))
          .containsEntry("type", "prometheus")
          .containsOnlyKeys("type", "metadata");
      assertThat(map(map(trigger).get("metadata")).keySet()).isEqualTo(PARAMETERS);
      // KEDA takes texts alone.
      assertThat(map(map(trigger).get("metadata")).values()).allMatch(String.class::isInstance);
    }
    assertThat(map(spec().get("fallback"))).containsOnlyKeys("failureThreshold", "replicas");
  }

  @Test
  void shouldAskForWhatTheJobShows() throws Exception {
    JobConfig job = JobFile.load(Repository.jobFile(FOLDER + "job.yaml", folder, "kafka:9092"));
    assertThat(job.job().name()).isEqualTo(JOB);
    assertThat(job.gauges().series()).isEqualTo(List.of(SERIES));
    assertThat(job.gauges().leads()).isEqualTo(List.of(Duration.ofMinutes(15)));
    assertThat(PromQl.selectors(query()))
        .containsExactly(
            "tidecast_forecast_value{job_name=\"shop\",series=\"checkout\",lead=\"15min\"}");
  }
}
