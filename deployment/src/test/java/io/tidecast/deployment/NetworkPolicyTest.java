package io.tidecast.deployment;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicy;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicyEgressRule;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicyIngressRule;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicyPeer;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicyPort;
import io.tidecast.flink.config.JobFile;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Who reaches whom is what Flink is told to listen on, and nothing besides. */
class NetworkPolicyTest {
  private static final Map<String, String> PODS = Map.of("app.kubernetes.io/name", "tidecast");

  private static final Manifests POLICIES =
      Manifests.of(Repository.documents("k8s/base/network-policy.yaml"));
  private static final Manifests DEPLOYMENT =
      Manifests.of(Repository.documents("k8s/base/flink-deployment.yaml"));

  private static NetworkPolicy policy(String name) {
    return POLICIES.all(NetworkPolicy.class).stream()
        .filter(policy -> policy.getMetadata().getName().equals("tidecast-" + name))
        .findFirst()
        .orElseThrow();
  }

  private static Set<Integer> ports(String... settings) {
    Set<Integer> ports = new TreeSet<>();
    for (String setting : settings) {
      ports.add(Integer.valueOf(DEPLOYMENT.configuration().get(setting)));
    }
    return ports;
  }

  private static Set<Integer> ports(List<NetworkPolicyPort> allowed) {
    Set<Integer> ports = new TreeSet<>();
    for (NetworkPolicyPort port : allowed) {
      int last = port.getEndPort() == null ? port.getPort().getIntVal() : port.getEndPort();
      for (int p = port.getPort().getIntVal(); p <= last; p++) {
        ports.add(p);
      }
    }
    return ports;
  }

  /** Peers that are pods of the job itself. */
  private static boolean own(List<NetworkPolicyPeer> peers) {
    return peers.size() == 1
        && peers.get(0).getNamespaceSelector() == null
        && peers.get(0).getPodSelector().getMatchLabels().equals(PODS);
  }

  @Test
  void shouldBeginWithNothing() {
    assertThat(POLICIES.all(NetworkPolicy.class))
        .allSatisfy(
            policy ->
                assertThat(policy.getSpec().getPodSelector().getMatchLabels())
                    .containsAllEntriesOf(PODS));
    assertThat(DEPLOYMENT.pod().getMetadata().getLabels()).containsAllEntriesOf(PODS);
    NetworkPolicy nothing = policy("nothing");
    assertThat(nothing.getSpec().getPolicyTypes()).containsExactly("Ingress", "Egress");
    assertThat(nothing.getSpec().getPodSelector().getMatchLabels()).isEqualTo(PODS);
    assertThat(nothing.getSpec().getIngress()).isEmpty();
    assertThat(nothing.getSpec().getEgress()).isEmpty();
  }

  @Test
  void shouldLetJobManagerAndTaskManagersTalk() {
    Set<Integer> jobManager =
        ports(
            "jobmanager.rpc.port",
            "blob.server.port",
            "rest.port",
            "metrics.internal.query-service.port");
    Set<Integer> taskManager =
        ports(
            "taskmanager.data.port", "taskmanager.rpc.port", "metrics.internal.query-service.port");
    NetworkPolicyIngressRule first = policy("jobmanager").getSpec().getIngress().get(0);
    assertThat(own(first.getFrom())).isTrue();
    assertThat(ports(first.getPorts())).isEqualTo(jobManager);
    List<NetworkPolicyIngressRule> rules = policy("taskmanager").getSpec().getIngress();
    assertThat(rules).singleElement().matches(rule -> own(rule.getFrom()));
    assertThat(ports(rules.get(0).getPorts())).isEqualTo(taskManager);
    NetworkPolicyEgressRule out = policy("egress").getSpec().getEgress().get(0);
    assertThat(own(out.getTo())).isTrue();
    Set<Integer> both = new TreeSet<>(jobManager);
    both.addAll(taskManager);
    assertThat(ports(out.getPorts())).isEqualTo(both);
  }

  @Test
  void shouldLetInTheOperatorAndPrometheusAlone() {
    List<String> outside = new ArrayList<>();
    for (NetworkPolicy policy : POLICIES.all(NetworkPolicy.class)) {
      for (NetworkPolicyIngressRule rule : policy.getSpec().getIngress()) {
        if (!own(rule.getFrom())) {
          assertThat(rule.getFrom()).hasSize(1);
          outside.add(
              rule.getFrom().get(0).getPodSelector().getMatchLabels().values()
                  + " "
                  + ports(rule.getPorts()));
        }
      }
    }
    assertThat(outside)
        .containsExactly(
            "[flink-kubernetes-operator] " + ports("rest.port"),
            "[prometheus] " + ports("metrics.reporter.prometheus.port"));
  }

  @Test
  void shouldReachTheBrokersOfEveryJobFile() {
    Set<Integer> anywhere = new TreeSet<>();
    for (NetworkPolicyEgressRule rule : policy("egress").getSpec().getEgress()) {
      if (rule.getTo().isEmpty()) {
        assertThat(rule.getPorts()).isNotEmpty();
        anywhere.addAll(ports(rule.getPorts()));
      }
    }
    for (String file :
        Stream.of("base", "overlays/dev", "overlays/gpu", "overlays/prod").toList()) {
      String servers =
          JobFile.load(Repository.ROOT.resolve("k8s/" + file + "/job.yaml"))
              .kafka()
              .bootstrapServers();
      for (String server : servers.split(",")) {
        assertThat(anywhere).contains(Integer.valueOf(server.substring(server.indexOf(':') + 1)));
      }
    }
  }
}
