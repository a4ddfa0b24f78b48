package io.tidecast.benchmarks.topics;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.jspecify.annotations.Nullable;

/**
 * A job over records or files that somebody has: a folder with a {@code job.yaml} and, for a topic,
 * the records in {@code input.raw} (each line a value) or {@code input.jsonl} (see {@link
 * InputRecord#ofJson}).
 *
 * @param name of the folder
 * @param recipe whether the job file is one that people copy, with topics and a model of its own
 */
record TopicCase(String name, Path folder, boolean recipe) {

  private static final String JOB = "job.yaml";
  private static final String RAW = "input.raw";
  private static final String JSON = "input.jsonl";

  static final String FORECASTS = "-out";
  static final String DEAD_LETTERS = ".dlq";

  /** What comes out, if the case says so. */
  private static final String EXPECTED = "expected.txt";

  /** A recipe runs with a model that gives back its context, for what it saw is the question. */
  private static final String ECHO = "benchmarks/src/test/resources/topics/echo8/1";

  private static final Pattern SERVERS = Pattern.compile("(bootstrap-servers: *)[^\\s},]+");
  private static final Pattern MODEL =
      Pattern.compile("(?m)((?:model: *\\{ *|^  )path: *)([^\\s},]+)");

  /**
   * Lists the cases of a folder by name.
   *
   * @param names those wanted; all when empty
   */
  static List<TopicCase> in(Path folder, List<String> names) throws IOException {
    try (Stream<Path> children = Files.list(folder)) {
      return children
          .filter(child -> Files.exists(child.resolve(JOB)))
          .map(child -> new TopicCase(String.valueOf(child.getFileName()), child, false))
          .filter(one -> names.isEmpty() || names.stream().anyMatch(one.name()::startsWith))
          .sorted((a, b) -> a.name().compareTo(b.name()))
          .toList();
    }
  }

  /** Lists the recipes of a folder by name. */
  static List<TopicCase> recipes(Path folder) throws IOException {
    return in(folder, List.of()).stream()
        .map(one -> new TopicCase(one.name(), one.folder(), true))
        .toList();
  }

  /** Names the topic that it reads; those that it writes begin with the same. */
  String topic() {
    return "case-" + name;
  }

  /** Whether the job reads a topic. */
  boolean readsTopic() {
    return Files.exists(folder.resolve(RAW)) || Files.exists(folder.resolve(JSON));
  }

  /** Whether the job ends by itself. */
  boolean ends() throws IOException {
    return !readsTopic() || yaml().contains("stop:");
  }

  /** Returns its records, in their order. */
  List<ProducerRecord<byte[], byte[]>> records() throws IOException {
    List<ProducerRecord<byte[], byte[]>> records = new ArrayList<>();
    if (Files.exists(folder.resolve(RAW))) {
      for (String line : Files.readString(folder.resolve(RAW)).lines().toList()) {
        records.add(InputRecord.ofText(topic(), line));
      }
    } else if (readsTopic()) {
      for (String line : Files.readAllLines(folder.resolve(JSON))) {
        if (!line.isBlank()) {
          records.add(InputRecord.ofJson(topic(), line));
        }
      }
    }
    return records;
  }

  /**
   * Returns the job file as it runs here.
   *
   * @param root of the clone, where the models of the zoo are
   */
  String job(String bootstrapServers, Path root) throws IOException {
    String yaml = yaml().replace("@T@", topic());
    yaml =
        SERVERS
            .matcher(yaml)
            .replaceFirst("$1" + Matcher.quoteReplacement('"' + bootstrapServers + '"'));
    yaml =
        MODEL
            .matcher(yaml)
            .replaceFirst(
                found -> Matcher.quoteReplacement(found.group(1) + model(found.group(2), root)));
    try (Stream<Path> files = Files.list(folder)) {
      for (Path file : files.toList()) {
        String beside = String.valueOf(file.getFileName());
        yaml =
            yaml.replaceAll(
                "([:,\\[] *)\"?" + Pattern.quote(beside) + "\"?(?=[\\s,}\\]])",
                "$1" + Matcher.quoteReplacement('"' + file.toString() + '"'));
      }
    }
    return yaml;
  }

  /** Returns what is to come out; null where the case does not say. */
  @Nullable String expected() throws IOException {
    Path file = folder.resolve(EXPECTED);
    return Files.exists(file) ? Files.readString(file) : null;
  }

  /** Says from now on what came out. */
  void expect(String outcome) throws IOException {
    Files.writeString(folder.resolve(EXPECTED), outcome);
  }

  private Path model(String path, Path root) {
    if (recipe) {
      return root.resolve(ECHO);
    }
    Path beside = folder.resolve(path).normalize();
    return Files.exists(beside) ? beside : root.resolve(path);
  }

  private String yaml() throws IOException {
    String yaml = Files.readString(folder.resolve(JOB), StandardCharsets.UTF_8);
    return recipe ? asCase(yaml) : yaml;
  }

  /** Has a recipe read its topic from the first record to the last, and end. */
  private static String asCase(String yaml) {
    String bounded =
        yaml.contains("format: csv")
            ? yaml.replaceFirst("(?m)^  topic: .*$", "  topic: \"@T@.dlq\"")
            : yaml.replaceFirst(
                "(?m)^  topic: .*$",
                "  topic: \"@T@\"\n  group-id: \"@T@\"\n  start: earliest\n  stop: latest");
    return bounded + "sink: {topic: \"@T@-out\", transactional-id-prefix: \"@T@\"}\n";
  }
}
