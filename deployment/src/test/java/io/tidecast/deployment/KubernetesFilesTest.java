package io.tidecast.deployment;

import static io.tidecast.deployment.Repository.list;
import static io.tidecast.deployment.Repository.map;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.exc.UnrecognizedPropertyException;
import io.strimzi.api.kafka.model.topic.KafkaTopic;
import io.tidecast.cli.TidecastCommand;
import io.tidecast.flink.config.JobFile;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The files of {@code k8s/} as they are, which needs no kustomize. */
class KubernetesFilesTest {
  private static final Path FOLDER = Repository.ROOT.resolve("k8s");
  private static final String PROD_JOB = "k8s/overlays/prod/job.yaml";

  /** Lists of a kustomization whose members are files or folders. */
  private static final Set<String> NAMING = Set.of("resources", "components", "configurations");

  private static final Set<String> FIELDS =
      Set.of(
          "apiVersion",
          "kind",
          "resources",
          "components",
          "configurations",
          "configMapGenerator",
          "labels",
          "patches",
          "images");

  @TempDir private Path folder;

  private static List<Path> files() throws IOException {
    try (Stream<Path> found = Files.walk(FOLDER)) {
      return found.filter(Files::isRegularFile).sorted().toList();
    }
  }

  private static Map<String, Object> read(Path file) {
    return Repository.yaml(Repository.ROOT.relativize(file).toString());
  }

  /** Nothing is named that is not there, and nothing is there that is not named. */
  @Test
  void shouldBeNamedAndThere() throws IOException {
    Set<Path> named = new TreeSet<>();
    for (Path file : files()) {
      if (!file.endsWith("kustomization.yaml")) {
        continue;
      }
      named.add(file);
      Map<String, Object> kustomization = read(file);
      assertThat(FIELDS).as("%s", file).containsAll(kustomization.keySet());
      assertThat(List.of("Kustomization", "Component"))
          .contains((String) kustomization.get("kind"));
      for (Object one : namedBy(kustomization)) {
        Path path = file.resolveSibling((String) one).normalize();
        assertThat(path).exists();
        named.add(path);
      }
    }
    assertThat(files()).allMatch(named::contains);
  }

  private static List<Object> namedBy(Map<String, Object> kustomization) {
    List<Object> names = new ArrayList<>();
    kustomization.forEach(
        (key, value) -> {
          if (NAMING.contains(key)) {
            names.addAll(list(value));
          } else if (key.equals("patches")) {
            list(value).stream()
                .map(Repository::map)
                .filter(p -> p.containsKey("path"))
                .forEach(patch -> names.add(patch.get("path")));
          } else if (key.equals("configMapGenerator")) {
            list(value).forEach(one -> names.addAll(list(map(one).get("files"))));
          }
        });
    return names;
  }

  @Test
  void shouldHoldKindsAndJobFilesThatAreRight() throws Exception {
    int kinds = 0;
    int jobs = 0;
    for (Path file : files()) {
      String name = Repository.ROOT.relativize(file).toString();
      if (file.endsWith("job.yaml")) {
        JobFile.load(Repository.jobFile(name, folder, "kafka:9092"));
        jobs++;
      } else if (isWhole(file)) {
        kinds += Manifests.of(Repository.documents(name)).kinds().size();
      }
    }
    assertThat(kinds).isGreaterThan(10);
    assertThat(jobs).isEqualTo(4);
  }

  /** Where there is no kustomize, a patch of fields is merged here and held against the kind. */
  @Test
  void shouldPatchWhatAFlinkDeploymentHas() throws IOException {
    int patches = 0;
    for (Path file : files()) {
      if (!file.endsWith("kustomization.yaml")) {
        continue;
      }
      for (Object one : list(read(file).getOrDefault("patches", List.of()))) {
        Object path = map(one).get("path");
        Map<String, Object> patch =
            path == null
                ? inline((String) map(one).get("patch"))
                : read(file.resolveSibling((String) path));
        if (!patch.isEmpty()) {
          Map<String, Object> base = Repository.yaml("k8s/base/flink-deployment.yaml");
          Manifests.of(List.of(merged(base, patch)));
          patches++;
        }
      }
    }
    assertThat(patches).isEqualTo(4);
  }

  /** A patch of fields; empty where it is a list of operations. */
  private static Map<String, Object> inline(String patch) {
    return patch.startsWith("apiVersion: ") ? Repository.parse(patch).get(0) : Map.of();
  }

  private static Map<String, Object> merged(Map<String, Object> base, Map<String, Object> patch) {
    Map<String, Object> merged = new LinkedHashMap<>(base);
    patch.forEach(
        (key, value) -> {
          if (value == null) {
            merged.remove(key);
          } else if (value instanceof Map && merged.get(key) instanceof Map) {
            merged.put(key, merged(map(merged.get(key)), map(value)));
          } else {
            merged.put(key, value);
          }
        });
    return merged;
  }

  /** Neither of kustomize's own, nor a patch. */
  private static boolean isWhole(Path file) {
    return !file.endsWith("kustomization.yaml")
        && !file.endsWith("flink-deployment-fields.yaml")
        && !file.endsWith("prod/flink-deployment.yaml");
  }

  /** But for what the overlay is about, its job file is that of the base. */
  @ParameterizedTest
  @CsvSource({"gpu, '  device: cuda:0\n', ''", "dev, 'parallelism: 1', 'parallelism: 2'"})
  void shouldDifferInOneThing(String overlay, String own, String base) {
    String job = Repository.text("k8s/overlays/" + overlay + "/job.yaml");
    assertThat(job).contains(own);
    assertThat(withoutComment(job.replace(own, base)))
        .isEqualTo(withoutComment(Repository.text("k8s/base/job.yaml")));
  }

  private static String withoutComment(String text) {
    return text.substring(text.indexOf('\n'));
  }

  /** The user has the rights that the command gives the job file, and the topics are its topics. */
  @Test
  void shouldMakeTheTopicsAndTheUserOfTheJob() {
    String user = Repository.text("k8s/components/strimzi/user.yaml");
    StringWriter printed = new StringWriter();
    int code =
        TidecastCommand.commandLine()
            .setOut(new PrintWriter(printed, true))
            .execute(
                "acls",
                "--config",
                Repository.ROOT.resolve(PROD_JOB).toString(),
                "--format",
                "strimzi");
    assertThat(code).isZero();
    assertThat(withoutComment(user).substring(1)).isEqualToNormalizingNewlines(printed.toString());

    Map<String, Object> spec = map(Repository.parse(user).get(0).get("spec"));
    List<Object> topics =
        list(map(spec.get("authorization")).get("acls")).stream()
            .map(rule -> map(map(rule).get("resource")))
            .filter(resource -> resource.get("type").equals("topic"))
            .map(resource -> resource.get("name"))
            .toList();
    List<KafkaTopic> made =
        Manifests.of(Repository.documents("k8s/components/strimzi/topics.yaml"))
            .all(KafkaTopic.class);
    assertThat(made).map(topic -> (Object) topic.getMetadata().getName()).isEqualTo(topics);
    int parallelism = JobFile.load(Repository.ROOT.resolve(PROD_JOB)).job().parallelism();
    assertThat(made.get(0).getSpec().getPartitions()).isGreaterThanOrEqualTo(parallelism);
  }

  /** The image for GPUs is made of that for processors, with the libraries that the page lists. */
  @Test
  void shouldMakeTheImageForGpus() {
    String dockerfile = Repository.text("Dockerfile.gpu");
    assertThat(dockerfile)
        .contains("ARG BASE=tidecast-flink:" + Repository.property("version") + "\n")
        .endsWith("\nUSER flink\n");
    String page = Repository.text("docs/how-to/gpu.md");
    List<String> libraries =
        Pattern.compile("libcu[a-zA-Z]+\\.so\\.[0-9]+")
            .matcher(dockerfile)
            .results()
            .map(MatchResult::group)
            .toList();
    assertThat(libraries).hasSize(4).allSatisfy(library -> assertThat(page).contains(library));
  }

  /** Else the tests above would show nothing. */
  @ParameterizedTest
  @CsvSource({
    "components/shared-volume/volume.yaml, accessModes, accessMode",
    "base/network-policy.yaml, endPort, lastPort",
    "base/service-account.yaml, verbs, verb",
    "overlays/prod/disruption-budget.yaml, minAvailable, minAvailabel",
    "components/pod-monitor/pod-monitor.yaml, podMetricsEndpoints, podMetricEndpoints",
    "components/alerts/prometheus-rule.yaml, expr, expression",
    "components/strimzi/topics.yaml, partitions, partition",
    "components/strimzi/user.yaml, patternType, pattern",
  })
  void shouldSeeATypo(String file, String right, String wrong) {
    String text = Repository.text("k8s/" + file);
    assertThat(text).contains(right + ":");
    assertThatThrownBy(() -> Manifests.of(Repository.parse(text.replace(right + ":", wrong + ":"))))
        .hasRootCauseInstanceOf(UnrecognizedPropertyException.class);
  }

  @ParameterizedTest
  @CsvSource({
    "flinkVersion, flinkVersions",
    "numberOfTaskSlots: \"2\", numberOfTaskSlots: 2",
    "memory: 2g, memory: two",
    "upgradeMode: savepoint, upgradeMode: save",
    "blob.server.port, kubernetes.operator.blob",
    "replicas, replica",
  })
  void shouldSeeATypoInAFlinkDeployment(String right, String wrong) {
    String text = Repository.text("k8s/base/flink-deployment.yaml");
    assertThat(text).contains(right);
    assertThatThrownBy(() -> Manifests.of(Repository.parse(text.replace(right, wrong))))
        .isInstanceOf(AssertionError.class);
  }

  /** Pod templates are held against Kubernetes' own. */
  @Test
  void shouldSeeATypoInAPodTemplate() {
    String text = Repository.text("k8s/base/flink-deployment.yaml");
    assertThatThrownBy(
            () -> Manifests.of(Repository.parse(text.replace("runAsUser", "runAsUsers"))))
        .hasRootCauseInstanceOf(UnrecognizedPropertyException.class);
  }
}
