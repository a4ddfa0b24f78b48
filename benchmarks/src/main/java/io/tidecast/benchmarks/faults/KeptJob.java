package io.tidecast.benchmarks.faults;

import io.tidecast.benchmarks.ledger.Plan;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * A savepoint of the job of a case, which was taken of a version of before. What the job had read
 * is sent again to a new broker, where the same records have the same offsets.
 */
public final class KeptJob {

  static final String NAME = "kept-savepoint";

  /** Under {@code -Dtidecast.root}: the repository. */
  private static final Path FOLDER =
      Path.of(System.getProperty("tidecast.root", "."))
          .resolve("benchmarks/src/test/resources/io/tidecast/benchmarks/faults/kept-savepoint");

  private static final int SERIES = 100;
  private static final long SEED = 1;

  /** Cells of each series that the job had answered when it was stopped. */
  private static final int CELLS = 20;

  private KeptJob() {}

  static FaultCase.Setup setup() {
    return FaultCase.Setup.cluster(Surroundings.CLUSTER).series(SERIES, Plan.HORIZON);
  }

  /**
   * Starts the job from the savepoint while observations come, and waits until it has caught up.
   */
  static void goOn(Stage stage) throws Exception {
    if (stage.plan().seed() != SEED) {
      throw new IllegalStateException(
          "the savepoint is of values of another seed: --seed must be %d".formatted(SEED));
    }
    Path copy = Files.createDirectories(stage.folder().resolve("kept"));
    for (Path file : files(FOLDER)) {
      Files.copy(file, copy.resolve(file.getFileName()));
    }
    stage.sendAnswered(CELLS);
    stage.goOn();
    stage.blow(Stage.RECOVERED);
    stage.cluster().goOn(copy.toUri().toString());
    stage.recover(NAME);
  }

  private static List<Path> files(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.filter(file -> !file.endsWith("commit.txt")).toList();
    }
  }

  /**
   * Takes a savepoint and keeps it, of the job jar that {@code -Dtidecast.job-jar} names.
   *
   * @param arguments the commit of that jar and its date
   */
  public static void main(String[] arguments) throws Exception {
    Path place = Files.createTempDirectory("tidecast-kept-");
    try (Stage stage = Stage.set(place, setup(), new Stage.Run(SEED, false))) {
      stage.feed().send(CELLS);
      stage.cluster().start();
      stage.calm();
      Path savepoint = Path.of(URI.create(stage.cluster().stop()));
      Files.createDirectories(FOLDER);
      for (Path file : files(FOLDER)) {
        Files.delete(file);
      }
      for (Path file : files(savepoint)) {
        Files.copy(file, FOLDER.resolve(file.getFileName()));
      }
      Files.writeString(FOLDER.resolve("commit.txt"), String.join(" ", arguments) + "\n");
    }
    System.exit(0);
  }
}
