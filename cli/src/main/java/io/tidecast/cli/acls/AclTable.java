package io.tidecast.cli.acls;

import io.tidecast.cli.job.KafkaRight;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.resource.PatternType;
import org.apache.kafka.common.resource.ResourceType;

/** Prints rights for people: what, which, and what of the job file asks for it. */
final class AclTable {

  private static final String GAP = "  ";

  private final PrintWriter out;

  AclTable(PrintWriter out) {
    this.out = out;
  }

  void print(List<KafkaRight> rights, String principal) {
    List<List<String>> rows = new ArrayList<>();
    rows.add(List.of("WHAT", "NAME", "RIGHTS", "FOR"));
    for (KafkaRight right : rights) {
      rows.add(
          List.of(
              Words.of(right.type()),
              right.pattern() == PatternType.PREFIXED ? right.name() + "…" : right.name(),
              right.operations().stream().map(Enum::name).collect(Collectors.joining(", ")),
              String.join(", ", right.keys())));
    }
    out.println(principal + " needs:");
    for (List<String> row : rows) {
      StringBuilder line = new StringBuilder();
      for (int column = 0; column < row.size(); column++) {
        int at = column;
        int width = rows.stream().mapToInt(one -> one.get(at).length()).max().orElse(0);
        line.append(String.format(Locale.ROOT, "%-" + width + "s", row.get(column))).append(GAP);
      }
      out.println(line.toString().stripTrailing());
    }
    Words.notes(rights).forEach(out::println);
  }

  /** Words that every form of the list has. */
  static final class Words {

    private Words() {}

    static String of(ResourceType type) {
      return type.name().toLowerCase(Locale.ROOT).replace('_', ' ');
    }

    /** An operation as Kafka's tools and Strimzi write it, such as {@code Read}. */
    static String of(AclOperation operation) {
      String name = operation.name();
      return name.charAt(0) + name.substring(1).toLowerCase(Locale.ROOT);
    }

    /** What the rights alone do not say; a sentence each. */
    static List<String> notes(List<KafkaRight> rights) {
      List<String> notes = new ArrayList<>();
      if (rights.stream().anyMatch(right -> right.pattern() == PatternType.PREFIXED)) {
        notes.add("A name with … stands for all that begin so (the pattern type PREFIXED).");
      }
      if (rights.stream().anyMatch(KafkaRight::isOfEvery)) {
        notes.add(
            "source.topic-pattern has no beginning that all its topics share, so * is every topic; give READ for single topics instead where that is too much.");
      }
      return notes;
    }
  }
}
