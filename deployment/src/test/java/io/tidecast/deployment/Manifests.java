package io.tidecast.deployment;

import static io.tidecast.deployment.Repository.map;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.introspect.Annotated;
import com.fasterxml.jackson.databind.introspect.JacksonAnnotationIntrospector;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SpecVersion;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.PodTemplateSpec;
import io.fabric8.kubernetes.api.model.ServiceAccount;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicy;
import io.fabric8.kubernetes.api.model.policy.v1.PodDisruptionBudget;
import io.fabric8.kubernetes.api.model.rbac.Role;
import io.fabric8.kubernetes.api.model.rbac.RoleBinding;
import io.fabric8.openshift.api.model.monitoring.v1.PodMonitor;
import io.fabric8.openshift.api.model.monitoring.v1.PrometheusRule;
import io.strimzi.api.kafka.model.topic.KafkaTopic;
import io.strimzi.api.kafka.model.user.KafkaUser;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Documents for Kubernetes. A field that its kind does not have is refused, and so is a kind. */
record Manifests(List<HasMetadata> kinds, List<Map<String, Object>> deployments) {

  private static final Map<String, Class<? extends HasMetadata>> KINDS =
      Map.ofEntries(
          Map.entry("v1 ConfigMap", ConfigMap.class),
          Map.entry("v1 PersistentVolumeClaim", PersistentVolumeClaim.class),
          Map.entry("v1 ServiceAccount", ServiceAccount.class),
          Map.entry("rbac.authorization.k8s.io/v1 Role", Role.class),
          Map.entry("rbac.authorization.k8s.io/v1 RoleBinding", RoleBinding.class),
          Map.entry("networking.k8s.io/v1 NetworkPolicy", NetworkPolicy.class),
          Map.entry("policy/v1 PodDisruptionBudget", PodDisruptionBudget.class),
          Map.entry("monitoring.coreos.com/v1 PodMonitor", PodMonitor.class),
          Map.entry("monitoring.coreos.com/v1 PrometheusRule", PrometheusRule.class),
          Map.entry("kafka.strimzi.io/v1 KafkaTopic", KafkaTopic.class),
          Map.entry("kafka.strimzi.io/v1 KafkaUser", KafkaUser.class));

  private static final String DEPLOYMENT = "flink.apache.org/v1beta1 FlinkDeployment";

  /** The models alone would keep aside what they do not know. */
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

  private static final JsonSchema SCHEMA = schema();

  private static JsonSchema schema() {
    try (InputStream in = Manifests.class.getResourceAsStream("flink-deployment.schema.json")) {
      return JsonSchemaFactory.getInstance(SpecVersion.VersionFlag.V202012).getSchema(in);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  static Manifests of(List<Map<String, Object>> documents) {
    List<HasMetadata> kinds = new ArrayList<>();
    List<Map<String, Object>> deployments = new ArrayList<>();
    for (Map<String, Object> document : documents) {
      String kind = document.get("apiVersion") + " " + document.get("kind");
      if (kind.equals(DEPLOYMENT)) {
        checkDeployment(document);
        deployments.add(document);
      } else {
        assertThat(KINDS).containsKey(kind);
        kinds.add(STRICT.convertValue(document, KINDS.get(kind)));
      }
    }
    return new Manifests(kinds, deployments);
  }

  private static void checkDeployment(Map<String, Object> document) {
    assertThat(SCHEMA.validate(STRICT.valueToTree(document))).isEmpty();
    Map<String, Object> spec = map(document.get("spec"));
    pod(spec);
    pod(map(spec.get("jobManager")));
    pod(map(spec.get("taskManager")));
  }

  /** The pod template of the whole, of the JobManager or of TaskManagers; empty if it has none. */
  static PodTemplateSpec pod(Map<String, Object> owner) {
    return STRICT.convertValue(owner.getOrDefault("podTemplate", Map.of()), PodTemplateSpec.class);
  }

  /** Those of a kind. */
  <T extends HasMetadata> List<T> all(Class<T> kind) {
    return kinds.stream().filter(kind::isInstance).map(kind::cast).toList();
  }

  <T extends HasMetadata> List<String> names(Class<T> kind) {
    return all(kind).stream().map(one -> one.getMetadata().getName()).toList();
  }

  /** The {@code spec} of the one FlinkDeployment. */
  Map<String, Object> flink() {
    assertThat(deployments).hasSize(1);
    return map(deployments.get(0).get("spec"));
  }

  /** Flink's configuration. */
  @SuppressWarnings("unchecked")
  Map<String, String> configuration() {
    return (Map<String, String>) flink().get("flinkConfiguration");
  }

  /** The pod template of JobManager and TaskManagers. */
  PodTemplateSpec pod() {
    return pod(flink());
  }
}
