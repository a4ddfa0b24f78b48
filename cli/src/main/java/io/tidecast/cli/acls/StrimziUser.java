package io.tidecast.cli.acls;

import com.fasterxml.jackson.databind.node.TextNode;
import io.tidecast.cli.acls.AclTable.Words;
import io.tidecast.cli.job.KafkaRight;
import java.io.PrintWriter;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.resource.PatternType;
import org.apache.kafka.common.resource.ResourceType;
import org.jspecify.annotations.Nullable;

/**
 * Prints rights as the KafkaUser of Strimzi 0.49 and later. How the user shows who it is follows
 * from the job file: by SCRAM-SHA-512, or by a certificate.
 */
final class StrimziUser {

  /** Kafka names a user of Strimzi so: by its name, or by the subject of its certificate. */
  private static final Pattern PRINCIPAL =
      Pattern.compile("User:(?:CN=)?([a-z0-9](?:[a-z0-9.-]{0,251}[a-z0-9])?)");

  private final PrintWriter out;
  private final String cluster;

  /**
   * @param cluster name of the Kafka whose user it is
   */
  StrimziUser(PrintWriter out, String cluster) {
    this.out = out;
    this.cluster = cluster;
  }

  /** The name of the KafkaUser that Kafka knows as a principal; null where there can be none. */
  static @Nullable String name(String principal) {
    Matcher matcher = PRINCIPAL.matcher(principal);
    return matcher.matches() ? matcher.group(1) : null;
  }

  /**
   * @param properties of every client of the job, of which no value but that of the protocol and
   *     the mechanism is looked at
   */
  void print(List<KafkaRight> rights, String name, Map<String, String> properties) {
    out.println("apiVersion: kafka.strimzi.io/v1");
    out.println("kind: KafkaUser");
    out.println("metadata:");
    out.println("  name: " + text(name));
    out.println("  labels:");
    out.println("    strimzi.io/cluster: " + text(cluster));
    out.println("spec:");
    String authentication = authentication(properties);
    if (authentication == null) {
      out.println(
          "  # The job file names neither SCRAM-SHA-512 nor a certificate: say with spec.authentication how the user shows who it is.");
    } else {
      out.println("  authentication:");
      out.println("    type: " + authentication);
    }
    out.println("  authorization:");
    out.println("    type: simple");
    out.println("    acls:");
    for (KafkaRight right : rights) {
      out.println("      # " + String.join(", ", right.keys()));
      out.println("      - resource:");
      out.println("          type: " + type(right.type()));
      out.println("          name: " + text(right.name()));
      out.println(
          "          patternType: "
              + (right.pattern() == PatternType.PREFIXED ? "prefix" : "literal"));
      out.println("        operations:");
      for (AclOperation operation : right.operations()) {
        out.println("          - " + Words.of(operation));
      }
    }
  }

  private static @Nullable String authentication(Map<String, String> properties) {
    if ("SSL".equals(properties.get("security.protocol"))) {
      return "tls";
    }
    return "SCRAM-SHA-512".equals(properties.get("sasl.mechanism")) ? "scram-sha-512" : null;
  }

  private static String type(ResourceType type) {
    return type == ResourceType.TRANSACTIONAL_ID ? "transactionalId" : Words.of(type);
  }

  /** YAML takes the texts of JSON. */
  private static String text(String text) {
    return TextNode.valueOf(text).toString();
  }
}
