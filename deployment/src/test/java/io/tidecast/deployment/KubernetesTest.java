package io.tidecast.deployment;

import static io.tidecast.deployment.Repository.map;
import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.ServiceAccount;
import io.fabric8.kubernetes.api.model.Volume;
import io.fabric8.kubernetes.api.model.VolumeMount;
import io.fabric8.kubernetes.api.model.VolumeProjection;
import io.fabric8.kubernetes.api.model.policy.v1.PodDisruptionBudget;
import io.fabric8.kubernetes.api.model.rbac.PolicyRule;
import io.fabric8.kubernetes.api.model.rbac.Role;
import io.fabric8.kubernetes.api.model.rbac.RoleBinding;
import io.fabric8.openshift.api.model.monitoring.v1.PodMonitor;
import io.fabric8.openshift.api.model.monitoring.v1.PrometheusRule;
import io.strimzi.api.kafka.model.topic.KafkaTopic;
import io.strimzi.api.kafka.model.user.KafkaUser;
import io.tidecast.flink.config.JobConfig;
import io.tidecast.flink.config.JobFile;
import io.tidecast.metrics.PrometheusReporterFactory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.JobManagerOptions;
import org.apache.flink.configuration.MemorySize;
import org.apache.flink.configuration.TaskManagerOptions;
import org.apache.flink.runtime.clusterframework.TaskExecutorProcessUtils;
import org.apache.flink.runtime.jobmanager.JobManagerProcessUtils;
import org.apache.flink.util.TimeUtils;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What kustomize makes of the overlays, each as it would be applied. */
class KubernetesTest {
  private static final String DEPLOY_PAGE = "docs/how-to/deploy.md";
  private static final String LABEL = "app.kubernetes.io/name";

  @TempDir private Path folder;

  @BeforeAll
  static void build() throws Exception {
    Kustomize.assume();
  }

  static List<String> overlays() {
    return Kustomize.overlays();
  }

  @ParameterizedTest
  @MethodSource("overlays")
  void shouldNameWhatIsThere(String overlay) throws Exception {
    Manifests made = Kustomize.build(overlay);
    PodSpec pod = made.pod().getSpec();
    assertThat(made.names(ServiceAccount.class))
        .containsExactly((String) made.flink().get("serviceAccount"));
    assertThat(made.names(ConfigMap.class)).containsExactlyElementsOf(configMaps(pod));
    assertThat(made.names(PersistentVolumeClaim.class)).containsExactlyElementsOf(claims(pod));
    assertThat(pod.getVolumes().stream().map(Volume::getName))
        .containsExactlyInAnyOrderElementsOf(
            main(pod).getVolumeMounts().stream().map(VolumeMount::getName).toList());
    assertThat(main(pod).getVolumeMounts().stream().map(VolumeMount::getMountPath))
        .doesNotHaveDuplicates();
  }

  /** Secrets are named, and what is in them is for the reader to make: the page says how. */
  @ParameterizedTest
  @MethodSource("overlays")
  void shouldHoldNoSecret(String overlay) throws Exception {
    Manifests made = Kustomize.build(overlay);
    assertThat(made.all(Secret.class)).isEmpty();
    PodSpec pod = made.pod().getSpec();
    Set<String> named = secrets(pod);
    assertThat(!named.isEmpty()).isEqualTo(overlay.endsWith("/prod"));
    String page = Repository.text(DEPLOY_PAGE);
    assertThat(named).allSatisfy(name -> assertThat(page).contains(" secret generic " + name));
  }

  @ParameterizedTest
  @MethodSource("overlays")
  void shouldRunAJobThatIsRight(String overlay) throws Exception {
    Manifests made = Kustomize.build(overlay);
    Map<String, Object> spec = made.flink();
    Map<String, Object> job = map(spec.get("job"));
    assertThat(Class.forName((String) job.get("entryClass")).getMethod("main", String[].class))
        .isNotNull();
    String[] version = Repository.property("flink.version").split("\\.");
    assertThat(spec).containsEntry("flinkVersion", "v" + version[0] + "_" + version[1]);
    String image = overlay.endsWith("/gpu") ? "tidecast-flink-gpu" : "tidecast-flink";
    assertThat(spec).containsEntry("image", image + ":" + Repository.property("version"));
    assertThat(Repository.text("Dockerfile"))
        .contains(" " + ((String) job.get("jarURI")).replace("local://", "") + "\n");
    PodSpec pod = made.pod().getSpec();
    assertThat(job)
        .containsEntry("args", List.of("--config", mount(pod, "job").getMountPath() + "/job.yaml"));

    JobConfig config = JobFile.load(jobFile(made));
    assertThat(job).containsEntry("parallelism", config.job().parallelism());
    // Where state is follows from the overlay, so that job files of every overlay are alike.
    assertThat(config.checkpoints().directory()).isNull();
    assertThat(config.model().device().device().toString())
        .isEqualTo(overlay.endsWith("/gpu") ? "cuda:0" : "cpu");
    for (Object value : config.kafka().properties().values()) {
      for (String file : Repository.filesNamed(value.toString())) {
        assertThat(files(pod)).contains(file);
      }
    }
  }

  @ParameterizedTest
  @MethodSource("overlays")
  void shouldGiveFlinkSettingsThatItKnows(String overlay) throws Exception {
    Map<String, String> settings = Kustomize.build(overlay).configuration();
    Set<String> unknown = Repository.unknownToFlink(settings.keySet());
    // Those of the operator are held against its reference by the schema.
    unknown.removeIf(key -> key.startsWith("kubernetes.operator."));
    unknown.removeIf(
        key ->
            key.matches(
                "external-resource\\.%s\\.(amount|kubernetes\\.config-key)"
                    .formatted(settings.get("external-resources"))));
    assertThat(unknown).isEmpty();
    Configuration read = Configuration.fromMap(settings);
    Repository.flinkOptions()
        .forEach(
            (key, option) -> {
              if (settings.containsKey(key)) {
                assertThat(read.getOptional(option)).as(key).isPresent();
              }
            });
    assertThat(settings)
        .containsEntry(
            "metrics.reporter.prometheus.factory.class", PrometheusReporterFactory.class.getName());
  }

  @ParameterizedTest
  @MethodSource("overlays")
  void shouldKeepStateWhereEveryPodFindsIt(String overlay) throws Exception {
    Manifests made = Kustomize.build(overlay);
    Map<String, String> settings = made.configuration();
    List<String> places =
        Stream.of(
                "execution.checkpointing.dir",
                "execution.checkpointing.savepoint-dir",
                "high-availability.storageDir")
            .map(settings::get)
            .filter(Objects::nonNull)
            .toList();
    assertThat(places).hasSize(overlay.endsWith("/dev") ? 2 : 3).doesNotHaveDuplicates();
    PodSpec pod = made.pod().getSpec();
    if (overlay.endsWith("/prod")) {
      assertThat(places).allMatch(place -> place.startsWith("s3://my-bucket/"));
      String plugin = "flink-s3-fs-presto-" + Repository.property("flink.version") + ".jar";
      assertThat(main(pod).getEnv())
          .anyMatch(
              env ->
                  env.getName().equals("ENABLE_BUILT_IN_PLUGINS") && env.getValue().equals(plugin));
    } else {
      String mounted = mount(pod, "state").getMountPath();
      assertThat(places).allMatch(place -> place.startsWith("file://" + mounted + "/"));
      // Volumes mounted there begin with the owner that the image gives the folder.
      assertThat(Repository.text("Dockerfile")).contains("mkdir -p " + mounted + " ");
      assertThat(made.all(PersistentVolumeClaim.class).get(0).getSpec().getAccessModes())
          .containsExactly(overlay.endsWith("/dev") ? "ReadWriteOnce" : "ReadWriteMany");
    }
    boolean highlyAvailable = "kubernetes".equals(settings.get("high-availability.type"));
    assertThat(highlyAvailable).isEqualTo(!overlay.endsWith("/dev"));
    if (!highlyAvailable) {
      assertThat(map(made.flink().get("jobManager"))).containsEntry("replicas", 1);
    }
    assertThat(map(made.flink().get("job")))
        .containsEntry("upgradeMode", overlay.endsWith("/dev") ? "stateless" : "savepoint");
  }

  @ParameterizedTest
  @MethodSource("overlays")
  void shouldRunWithoutRightsAtTheNode(String overlay) throws Exception {
    PodSpec pod = Kustomize.build(overlay).pod().getSpec();
    assertThat(pod.getSecurityContext().getRunAsNonRoot()).isTrue();
    assertThat(pod.getSecurityContext().getRunAsUser()).isPositive();
    assertThat(pod.getSecurityContext().getSeccompProfile().getType()).isEqualTo("RuntimeDefault");
    assertThat(main(pod).getSecurityContext().getAllowPrivilegeEscalation()).isFalse();
    assertThat(main(pod).getSecurityContext().getCapabilities().getDrop()).containsExactly("ALL");
  }

  /** What Flink's JobManager and TaskManagers do at Kubernetes, and no more. */
  @ParameterizedTest
  @MethodSource("overlays")
  void shouldGiveTheAccountTheRightsThatItNeeds(String overlay) throws Exception {
    Manifests made = Kustomize.build(overlay);
    Role role = made.all(Role.class).get(0);
    RoleBinding binding = made.all(RoleBinding.class).get(0);
    assertThat(binding.getRoleRef().getName()).isEqualTo(role.getMetadata().getName());
    assertThat(binding.getSubjects())
        .singleElement()
        .matches(subject -> made.names(ServiceAccount.class).contains(subject.getName()));
    List<String> rights = new ArrayList<>();
    for (PolicyRule rule : role.getRules()) {
      assertThat(rule.getVerbs()).doesNotContain("*");
      rights.addAll(rule.getResources());
    }
    assertThat(rights)
        .containsExactly("pods", "configmaps", "deployments", "deployments/finalizers");
  }

  /** Flink divides the memory of a pod as it does when it starts one, and tasks get enough. */
  @ParameterizedTest
  @MethodSource("overlays")
  void shouldGiveEveryProcessEnoughMemory(String overlay) throws Exception {
    Manifests made = Kustomize.build(overlay);
    Configuration configuration = Configuration.fromMap(made.configuration());
    MemorySize taskManager = memory(made, "taskManager");
    configuration.set(TaskManagerOptions.TOTAL_PROCESS_MEMORY, taskManager);
    MemorySize heap =
        TaskExecutorProcessUtils.processSpecFromConfig(configuration).getTaskHeapSize();
    assertThat(heap).isGreaterThanOrEqualTo(MemorySize.ofMebiBytes(512));
    configuration.set(JobManagerOptions.TOTAL_PROCESS_MEMORY, memory(made, "jobManager"));
    assertThat(JobManagerProcessUtils.processSpecFromConfig(configuration).getJvmHeapMemorySize())
        .isGreaterThanOrEqualTo(MemorySize.ofMebiBytes(384));
  }

  private static MemorySize memory(Manifests made, String process) {
    return MemorySize.parse(
        (String) map(map(made.flink().get(process)).get("resource")).get("memory"));
  }

  /** A budget of all the pods there are would keep nodes from being drained. */
  @ParameterizedTest
  @MethodSource("overlays")
  void shouldLetNodesBeDrained(String overlay) throws Exception {
    Manifests made = Kustomize.build(overlay);
    int slots = Integer.parseInt(made.configuration().get("taskmanager.numberOfTaskSlots"));
    int parallelism = (int) map(made.flink().get("job")).get("parallelism");
    Map<String, Integer> pods =
        Map.of(
            "jobmanager",
            (Integer) map(made.flink().get("jobManager")).get("replicas"),
            "taskmanager",
            (parallelism + slots - 1) / slots);
    List<PodDisruptionBudget> budgets = made.all(PodDisruptionBudget.class);
    assertThat(budgets).hasSize(overlay.endsWith("/prod") ? 2 : 0);
    for (PodDisruptionBudget budget : budgets) {
      Map<String, String> labels = budget.getSpec().getSelector().getMatchLabels();
      assertThat(labels).containsEntry(LABEL, label(made));
      assertThat(budget.getSpec().getMinAvailable().getIntVal())
          .isPositive()
          .isLessThan(pods.get(labels.get("component")));
    }
  }

  @ParameterizedTest
  @MethodSource("overlays")
  void shouldShowMetrics(String overlay) throws Exception {
    Manifests made = Kustomize.build(overlay);
    String port = made.configuration().get("metrics.reporter.prometheus.port");
    Container main = main(made.pod().getSpec());
    assertThat(main.getPorts())
        .singleElement()
        .matches(p -> p.getContainerPort() == Integer.parseInt(port));
    assertThat(made.pod().getMetadata().getAnnotations()).containsEntry("prometheus.io/port", port);
    List<PodMonitor> monitors = made.all(PodMonitor.class);
    assertThat(monitors).hasSize(overlay.endsWith("/prod") ? 1 : 0);
    assertThat(made.all(PrometheusRule.class)).hasSameSizeAs(monitors);
    for (PodMonitor monitor : monitors) {
      assertThat(monitor.getSpec().getSelector().getMatchLabels())
          .isEqualTo(Map.of(LABEL, label(made)));
      assertThat(monitor.getSpec().getPodMetricsEndpoints())
          .singleElement()
          .matches(endpoint -> endpoint.getPort().equals(main.getPorts().get(0).getName()));
    }
  }

  @Test
  void shouldAskForAGpu() throws Exception {
    Manifests made = Kustomize.build("k8s/overlays/gpu");
    assertThat(made.configuration())
        .containsEntry("external-resources", "gpu")
        .containsEntry("external-resource.gpu.amount", "1")
        .containsEntry("external-resource.gpu.kubernetes.config-key", "nvidia.com/gpu");
    PodSpec pod = Manifests.pod(map(made.flink().get("taskManager"))).getSpec();
    assertThat(pod.getNodeSelector()).containsEntry("nvidia.com/gpu.present", "true");
    assertThat(pod.getTolerations())
        .singleElement()
        .matches(toleration -> toleration.getKey().equals("nvidia.com/gpu"));
    // The operator would merge lists of containers by their places.
    assertThat(pod.getContainers()).isEmpty();
    assertThat(Manifests.pod(map(made.flink().get("jobManager"))).getSpec()).isNull();
  }

  /** A GPU and Strimzi go with production, as in an overlay of a reader's. */
  @Test
  void shouldAddUpComponents() throws Exception {
    Path both = Repository.ROOT.resolve("deployment/target/gpu-and-strimzi");
    Files.createDirectories(both);
    Files.writeString(
        both.resolve("kustomization.yaml"),
        """
        apiVersion: kustomize.config.k8s.io/v1beta1
        kind: Kustomization
        resources: [../../../k8s/overlays/prod]
        components: [../../../k8s/components/gpu, ../../../k8s/components/strimzi]
        """);

    Manifests made = Kustomize.build("deployment/target/gpu-and-strimzi");

    PodSpec pod = Manifests.pod(map(made.flink().get("taskManager"))).getSpec();
    assertThat(pod.getAffinity().getPodAntiAffinity()).isNotNull();
    assertThat(pod.getNodeSelector()).containsKey("nvidia.com/gpu.present");
    assertThat(made.configuration())
        .containsKeys("external-resources", "high-availability.storageDir");
    // The Secret of the user is that of the same name, which the job reads.
    assertThat(made.names(KafkaUser.class)).containsExactly("tidecast");
    assertThat(secrets(made.pod().getSpec())).contains("tidecast");
    assertThat(made.names(KafkaTopic.class)).hasSize(3);
  }

  @Test
  void shouldTakeSavepointsFromTimeToTime() throws Exception {
    Map<String, String> settings = Kustomize.build("k8s/overlays/prod").configuration();
    Duration interval =
        TimeUtils.parseDuration(settings.get("kubernetes.operator.periodic.savepoint.interval"));
    Duration age =
        TimeUtils.parseDuration(settings.get("kubernetes.operator.savepoint.history.max.age"));
    int count = Integer.parseInt(settings.get("kubernetes.operator.savepoint.history.max.count"));
    assertThat(interval.multipliedBy(count)).isEqualTo(age);
  }

  /** The overlay of the page is built as a reader would. */
  @Test
  void shouldTakeTheOverlayOfThePage() throws Exception {
    Path mine = Repository.ROOT.resolve("deployment/target/my-overlay");
    Files.createDirectories(mine);
    String text = Repository.block(DEPLOY_PAGE, "# my-overlay/kustomization.yaml");
    Files.writeString(mine.resolve("kustomization.yaml"), text.replace("../k8s/", "../../../k8s/"));
    String job = Repository.text("k8s/overlays/prod/job.yaml");
    Files.writeString(mine.resolve("job.yaml"), job.replace("name: demand", "name: mine"));

    Manifests made = Kustomize.build("deployment/target/my-overlay");

    assertThat(made.flink()).containsEntry("image", "registry.example.org/tidecast-flink:0.1.0");
    assertThat(made.configuration().values()).noneMatch(value -> value.contains("my-bucket"));
    assertThat(made.names(ConfigMap.class))
        .containsExactlyElementsOf(configMaps(made.pod().getSpec()));
    assertThat(JobFile.load(jobFile(made)).job().name()).isEqualTo("mine");
    assertThat(made.kinds())
        .map(HasMetadata::getMetadata)
        .allMatch(metadata -> metadata.getNamespace().equals("forecasts"));
  }

  /** A job file that has changed has another name, and what names it makes the operator upgrade. */
  @Test
  void shouldUpgradeWhenTheJobFileChanges() throws Exception {
    List<String> names = new ArrayList<>();
    for (String overlay : overlays()) {
      names.addAll(configMaps(Kustomize.build(overlay).pod().getSpec()));
    }
    assertThat(names).doesNotHaveDuplicates().allMatch(name -> name.matches("tidecast-job-\\w+"));
  }

  private static String label(Manifests made) {
    return made.pod().getMetadata().getLabels().get(LABEL);
  }

  private Path jobFile(Manifests made) throws IOException {
    return Repository.jobFileOf(
        made.all(ConfigMap.class).get(0).getData().get("job.yaml"), folder, "kafka:9092");
  }

  /** Secrets that a pod names. */
  private static Set<String> secrets(PodSpec pod) {
    Set<String> named = new TreeSet<>();
    for (Volume volume : pod.getVolumes()) {
      if (volume.getProjected() != null) {
        volume.getProjected().getSources().stream()
            .map(VolumeProjection::getSecret)
            .forEach(secret -> named.add(secret.getName()));
      }
    }
    main(pod).getEnvFrom().forEach(from -> named.add(from.getSecretRef().getName()));
    return named;
  }

  private static List<String> configMaps(PodSpec pod) {
    return pod.getVolumes().stream()
        .filter(volume -> volume.getConfigMap() != null)
        .map(volume -> volume.getConfigMap().getName())
        .toList();
  }

  private static List<String> claims(PodSpec pod) {
    return pod.getVolumes().stream()
        .filter(volume -> volume.getPersistentVolumeClaim() != null)
        .map(volume -> volume.getPersistentVolumeClaim().getClaimName())
        .toList();
  }

  /** Files of Secrets that a pod has. */
  private static List<String> files(PodSpec pod) {
    List<String> files = new ArrayList<>();
    for (Volume volume : pod.getVolumes()) {
      if (volume.getProjected() != null) {
        for (VolumeProjection source : volume.getProjected().getSources()) {
          source
              .getSecret()
              .getItems()
              .forEach(
                  item ->
                      files.add(
                          mount(pod, volume.getName()).getMountPath() + "/" + item.getPath()));
        }
      }
    }
    return files;
  }

  /** The container that Flink runs in. */
  private static Container main(PodSpec pod) {
    assertThat(pod.getContainers())
        .singleElement()
        .matches(container -> container.getName().equals("flink-main-container"));
    return pod.getContainers().get(0);
  }

  private static VolumeMount mount(PodSpec pod, String name) {
    return main(pod).getVolumeMounts().stream()
        .filter(mount -> mount.getName().equals(name))
        .findFirst()
        .orElseThrow();
  }
}
