package io.tidecast.benchmarks.scaling;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.tidecast.cli.size.SizeCommand;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import picocli.CommandLine;

/**
 * What {@code tidecast size --json} says, asked as anybody asks it: no cost is reckoned here a
 * second time.
 */
final class Prediction {

  private final JsonNode report;

  private Prediction(JsonNode report) {
    this.report = report;
  }

  /**
   * Asks the command.
   *
   * @param file the job file
   * @param options of the command beside it
   * @throws IllegalArgumentException if it refuses them, with what it says
   */
  static Prediction of(Path file, List<String> options) throws IOException {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    CommandLine size =
        new CommandLine(new SizeCommand())
            .setCaseInsensitiveEnumValuesAllowed(true)
            .setExecutionExceptionHandler(
                (failure, command, parsed) -> {
                  command.getErr().println(failure.getMessage());
                  return CommandLine.ExitCode.SOFTWARE;
                })
            .setOut(new PrintWriter(out, true))
            .setErr(new PrintWriter(err, true));
    List<String> words = new ArrayList<>(options);
    words.addAll(List.of("--config", file.toString(), "--json"));
    if (size.execute(words.toArray(String[]::new)) != 0) {
      throw new IllegalArgumentException(
          "tidecast size must take it: %s found: %s"
              .formatted(String.join(" ", options), firstLines(err.toString())));
    }
    return new Prediction(new ObjectMapper().readTree(out.toString()));
  }

  /** What is wrong, without how the command is used. */
  private static String firstLines(String text) {
    return Stream.of(text.split("\n", -1))
        .takeWhile(line -> !line.startsWith("Usage:"))
        .map(String::strip)
        .filter(line -> !line.isEmpty())
        .collect(Collectors.joining(" "));
  }

  /** A figure by its place, such as {@code /state/files}. */
  double of(String pointer) {
    JsonNode node = report.at(pointer);
    if (!node.isNumber()) {
      throw new IllegalStateException("size must print a number: figure=" + pointer);
    }
    return node.asDouble();
  }

  long whole(String pointer) {
    return (long) of(pointer);
  }

  /** What is to be known besides, a sentence each. */
  List<String> notices() {
    List<String> notices = new ArrayList<>();
    report.get("notices").forEach(notice -> notices.add(notice.asText()));
    return notices;
  }

  boolean onHeap() {
    return report.at("/backend").asText().equals("heap");
  }

  /** As Flink names where series are kept. */
  String stateBackend() {
    return onHeap() ? "hashmap" : "rocksdb";
  }

  /** Processor time of an observation, its share of a forecast included, microseconds. */
  double microsOfAnObservation() {
    return of("/processors/observationMicros")
        + of("/processors/forecastMicros")
            * of("/demand/forecastsPerSecond")
            / of("/demand/observationsPerSecond");
  }

  /** The same of a job without a model. */
  double microsWithoutModel() {
    return of("/processors/observationMicros")
        + of("/processors/besidesModelMicros")
            * of("/demand/forecastsPerSecond")
            / of("/demand/observationsPerSecond");
  }

  /** Between two observations of a series, seconds. */
  double intervalSeconds() {
    return of("/demand/series") / of("/demand/observationsPerSecond");
  }

  String summary() {
    return String.format(
        Locale.ROOT,
        "%,d series in %s: %d task manager%s of %d slot%s and %,d MiB, %,d MiB of them heap and %,d MiB managed",
        whole("/demand/series"),
        onHeap() ? "the heap" : "RocksDB",
        whole("/cluster/taskManagers"),
        whole("/cluster/taskManagers") == 1 ? "" : "s",
        whole("/cluster/slots"),
        whole("/cluster/slots") == 1 ? "" : "s",
        whole("/cluster/process") >> 20,
        whole("/cluster/heap") >> 20,
        whole("/cluster/managed") >> 20);
  }
}
