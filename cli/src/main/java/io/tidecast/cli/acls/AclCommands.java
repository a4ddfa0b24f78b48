package io.tidecast.cli.acls;

import io.tidecast.cli.acls.AclTable.Words;
import io.tidecast.cli.job.KafkaRight;
import java.io.PrintWriter;
import java.util.List;
import java.util.regex.Pattern;
import org.apache.kafka.common.resource.PatternType;

/** Prints rights as commands of Kafka's that give them, one for each thing. */
final class AclCommands {

  private static final Pattern PLAIN = Pattern.compile("[A-Za-z0-9_.:,/@%+=-]+");

  private final PrintWriter out;
  private final String servers;

  AclCommands(PrintWriter out, String servers) {
    this.out = out;
    this.servers = servers;
  }

  void print(List<KafkaRight> rights, String principal) {
    out.println(
        "# admin.properties has the settings of a client that may change the rules of the cluster.");
    for (KafkaRight right : rights) {
      StringBuilder command =
          new StringBuilder("kafka-acls.sh --bootstrap-server ")
              .append(quoted(servers))
              .append(" --command-config admin.properties --add --allow-principal ")
              .append(quoted(principal));
      right
          .operations()
          .forEach(operation -> command.append(" --operation ").append(Words.of(operation)));
      command
          .append(" --")
          .append(Words.of(right.type()).replace(' ', '-'))
          .append(' ')
          .append(quoted(right.name()));
      if (right.pattern() == PatternType.PREFIXED) {
        command.append(" --resource-pattern-type prefixed");
      }
      out.println(command);
    }
  }

  /** As a shell takes it for one word. */
  private static String quoted(String text) {
    return PLAIN.matcher(text).matches() ? text : "'" + text.replace("'", "'\\''") + "'";
  }
}
