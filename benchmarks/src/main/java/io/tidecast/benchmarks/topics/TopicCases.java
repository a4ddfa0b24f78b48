package io.tidecast.benchmarks.topics;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/**
 * Runs jobs over topics and files as people have them, with the command that a user runs, and shows
 * what came out and what the command said.
 */
@Command(
    name = "benchmarks/run topics",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = {
      "Run jobs over the topics and files of a folder, and show what came out.",
      "A case is a folder with job.yaml (@T@ stands for its topic) and input.raw, input.jsonl or CSV files."
    })
public final class TopicCases implements Callable<Integer> {

  /** A job that does not end by itself is stopped after so long. */
  private static final Duration ENDLESS = Duration.ofSeconds(25);

  private static final Duration LONGEST = Duration.ofMinutes(3);

  @Parameters(index = "0", paramLabel = "FOLDER", description = "The folder of the cases.")
  private Path folder;

  @Parameters(
      index = "1..*",
      paramLabel = "CASE",
      description = "Run those whose names begin so; all without.")
  private List<String> names = new ArrayList<>();

  @Option(
      names = "--expect",
      description = "Write what came out into expected.txt of each case, instead of comparing.")
  private boolean expect;

  /** Exits with 0 when every case that says what is to come out had that come out. */
  public static void main(String[] arguments) {
    System.exit(new CommandLine(new TopicCases()).execute(arguments));
  }

  @Override
  public Integer call() throws Exception {
    Path root = Path.of(System.getProperty("tidecast.root", "")).toAbsolutePath();
    int others = 0;
    try (TopicStage stage = TopicStage.start(root)) {
      for (TopicCase one : TopicCase.in(folder.toAbsolutePath(), names)) {
        System.out.printf("== %s%n", one.name());
        stage.prepare(one);
        String said = command(one, stage, root);
        String outcome = stage.outcome(one).describe();
        System.out.print(outcome);
        said.lines().forEach(line -> System.out.println("| " + line));
        if (expect) {
          one.expect(outcome);
        } else if (one.expected() != null && !outcome.equals(one.expected())) {
          others++;
          System.out.println("NOT AS EXPECTED");
        }
      }
    }
    return others == 0 ? 0 : 1;
  }

  /** Runs the command over a case and returns what it said, with its exit code at the end. */
  private static String command(TopicCase one, TopicStage stage, Path root)
      throws IOException, InterruptedException, TimeoutException {
    Path place = Files.createTempDirectory("tidecast-topics-");
    Path job = place.resolve("job.yaml");
    Path said = place.resolve("said");
    Files.writeString(job, one.job(stage.bootstrapServers(), root));
    Process process =
        new ProcessBuilder(root.resolve("tidecast").toString(), "run", "--config", job.toString())
            .directory(root.toFile())
            .redirectErrorStream(true)
            .redirectOutput(said.toFile())
            .start();
    if (!one.ends() && !process.waitFor(ENDLESS.toSeconds(), TimeUnit.SECONDS)) {
      process.destroy();
    }
    if (!process.waitFor(LONGEST.toSeconds(), TimeUnit.SECONDS)) {
      process.destroyForcibly().waitFor();
      throw new TimeoutException("the command came to no end: " + one.name());
    }
    String all =
        Files.readString(said, StandardCharsets.UTF_8) + "exit code " + process.exitValue();
    try (var left = Files.walk(place)) {
      left.sorted((a, b) -> b.compareTo(a)).forEach(file -> file.toFile().delete());
    }
    return all;
  }
}
