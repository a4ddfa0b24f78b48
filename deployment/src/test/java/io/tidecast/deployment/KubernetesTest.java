package io.tidecast.deployment;

import static io.tidecast.deployment.Repository.list;
import static io.tidecast.deployment.Repository.map;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.exc.UnrecognizedPropertyException;
import com.fasterxml.jackson.databind.introspect.Annotated;
import com.fasterxml.jackson.databind.introspect.JacksonAnnotationIntrospector;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.ServiceAccount;
import io.fabric8.kubernetes.api.model.Volume;
import io.fabric8.kubernetes.api.model.VolumeMount;
import io.fabric8.kubernetes.api.model.rbac.Role;
import io.fabric8.kubernetes.api.model.rbac.RoleBinding;
import io.tidecast.flink.config.JobConfig;
import io.tidecast.flink.config.JobFile;
import io.tidecast.metrics.PrometheusReporterFactory;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.flink.kubernetes.operator.api.FlinkDeployment;
import org.apache.flink.kubernetes.operator.api.spec.FlinkDeploymentSpec;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KubernetesTest {
  private static final String BASE = "k8s/base/";

  /** A field that a kind does not have is refused, which the models alone would keep aside. */
  private static final ObjectMapper STRICT =
      new ObjectMapper()
          .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
          .setAnnotationIntrospector(
              new JacksonAnnotationIntrospector() {
                private static final long serialVersionUID = 1L;

                @Override
                public Boolean hasAnySetter(Annotated annotated) {
                  return false;
                }
              });

  @TempDir private Path folder;

  private static <T> T as(Class<T> kind, Map<String, Object> document) {
    assertThat(document).containsEntry("kind", kind.getSimpleName());
    return STRICT.convertValue(document, kind);
  }

  private static FlinkDeployment deployment() {
    Map<String, Object> document =
        new LinkedHashMap<>(Repository.yaml(BASE + "flink-deployment.yaml"));
    Map<String, Object> spec = new LinkedHashMap<>(map(document.get("spec")));
    String[] version = Repository.property("flink.version").split("\\.");
    assertThat(spec).containsEntry("flinkVersion", "v" + version[0] + "_" + version[1]);
    // The operator's classes on Maven Central are older than this version of Flink.
    spec.put("flinkVersion", "v1_20");
    document.put("spec", spec);
    return as(FlinkDeployment.class, document);
  }

  @Test
  void shouldNameFilesThatAreThere() {
    Map<String, Object> kustomization = Repository.yaml(BASE + "kustomization.yaml");
    assertThat(kustomization)
        .containsOnlyKeys(
            "apiVersion", "kind", "resources", "configMapGenerator", "generatorOptions", "labels");
    assertThat(list(kustomization.get("resources")))
        .isNotEmpty()
        .allSatisfy(file -> assertThat(Repository.ROOT.resolve(BASE + file)).isRegularFile());
    Map<String, Object> jobFile = map(list(kustomization.get("configMapGenerator")).get(0));
    assertThat(jobFile)
        .containsEntry("name", "tidecast-job")
        .containsEntry("files", List.of("job.yaml"));
    assertThat(map(kustomization.get("generatorOptions")))
        .containsEntry("disableNameSuffixHash", true);
  }

  @Test
  void shouldGiveTheJobManagerAnAccount() {
    List<Map<String, Object>> documents = Repository.documents(BASE + "service-account.yaml");
    assertThat(documents).hasSize(3);
    String account = as(ServiceAccount.class, documents.get(0)).getMetadata().getName();
    Role role = as(Role.class, documents.get(1));
    RoleBinding binding = as(RoleBinding.class, documents.get(2));
    assertThat(binding.getRoleRef().getName()).isEqualTo(role.getMetadata().getName());
    assertThat(binding.getSubjects()).singleElement().matches(s -> s.getName().equals(account));
    assertThat(deployment().getSpec().getServiceAccount()).isEqualTo(account);
    assertThat(role.getRules()).allSatisfy(rule -> assertThat(rule.getVerbs()).doesNotContain("*"));
  }

  @Test
  void shouldKeepStateWhereEveryPodFindsIt() throws Exception {
    PersistentVolumeClaim claim =
        as(PersistentVolumeClaim.class, Repository.yaml(BASE + "state.yaml"));
    assertThat(claim.getSpec().getAccessModes()).containsExactly("ReadWriteMany");
    PodSpec pod = deployment().getSpec().getPodTemplate().getSpec();
    Volume state = volume(pod, "state");
    assertThat(state.getPersistentVolumeClaim().getClaimName())
        .isEqualTo(claim.getMetadata().getName());
    String mounted = mount(pod, "state").getMountPath();
    assertThat(Repository.text(BASE + "job.yaml")).contains("directory: file://" + mounted + "/");
    assertThat(deployment().getSpec().getFlinkConfiguration())
        .hasEntrySatisfying(
            "high-availability.storageDir",
            d -> assertThat(d).startsWith("file://" + mounted + "/"))
        .hasEntrySatisfying(
            "execution.checkpointing.savepoint-dir",
            d -> assertThat(d).startsWith("file://" + mounted + "/"));
  }

  @Test
  void shouldRunTheJobOfTheImage() throws Exception {
    FlinkDeploymentSpec spec = deployment().getSpec();
    assertThat(spec.getImage()).isEqualTo("tidecast-flink:" + Repository.property("version"));
    assertThat(Class.forName(spec.getJob().getEntryClass()).getMethod("main", String[].class))
        .isNotNull();
    assertThat(Repository.text("Dockerfile"))
        .contains(" " + spec.getJob().getJarURI().replace("local://", "") + "\n");
    PodSpec pod = spec.getPodTemplate().getSpec();
    assertThat(volume(pod, "job").getConfigMap().getName()).isEqualTo("tidecast-job");
    assertThat(spec.getJob().getArgs())
        .containsExactly("--config", mount(pod, "job").getMountPath() + "/job.yaml");
    JobConfig job = JobFile.load(Repository.jobFile(BASE + "job.yaml", folder, "kafka:9092"));
    assertThat(spec.getJob().getParallelism()).isEqualTo(job.job().parallelism());
  }

  @Test
  void shouldGiveFlinkSettingsThatItKnows() {
    FlinkDeploymentSpec spec = deployment().getSpec();
    assertThat(Repository.unknownToFlink(spec.getFlinkConfiguration().keySet())).isEmpty();
    assertThat(spec.getFlinkConfiguration())
        .containsEntry(
            "metrics.reporter.prometheus.factory.class", PrometheusReporterFactory.class.getName());
    Container main = spec.getPodTemplate().getSpec().getContainers().get(0);
    String port = spec.getFlinkConfiguration().get("metrics.reporter.prometheus.port");
    assertThat(main.getPorts())
        .singleElement()
        .matches(p -> p.getContainerPort() == Integer.parseInt(port));
    assertThat(spec.getPodTemplate().getMetadata().getAnnotations())
        .containsEntry("prometheus.io/port", port);
  }

  @Test
  void shouldSeeATypo() {
    Map<String, Object> document = new LinkedHashMap<>(Repository.yaml(BASE + "state.yaml"));
    document.put("spec", Map.of("accessMode", List.of("ReadWriteMany")));
    assertThatThrownBy(() -> as(PersistentVolumeClaim.class, document))
        .hasCauseInstanceOf(UnrecognizedPropertyException.class);
  }

  private static Volume volume(PodSpec pod, String name) {
    return pod.getVolumes().stream()
        .filter(v -> v.getName().equals(name))
        .findFirst()
        .orElseThrow();
  }

  private static VolumeMount mount(PodSpec pod, String name) {
    return pod.getContainers().get(0).getVolumeMounts().stream()
        .filter(mount -> mount.getName().equals(name))
        .findFirst()
        .orElseThrow();
  }
}
