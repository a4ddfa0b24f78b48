package io.tidecast.cli.savepoint;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * The savepoints under test resources. Each has a folder {@code JOB-BACKEND} with Flink's {@code
 * _metadata}, in which all of it is, {@code before.txt}, the outcomes that had come when it was
 * taken, and {@code commit.txt}, which names the commit whose job it was taken of.
 */
final class KeptSavepoints {
  static final Path FOLDER =
      Path.of(System.getProperty("tidecast.root"))
          .resolve("cli/src/test/resources/io/tidecast/cli/savepoint");

  static final String METADATA = "_metadata";

  /** The state backends, as Flink calls them. */
  private static final String HEAP = "hashmap";

  private static final String ROCKS_DB = "rocksdb";

  private static final String BEFORE = "before.txt";
  private static final String COMMIT = "commit.txt";

  /**
   * One of them.
   *
   * @param takenIn the state backend of the job that it was taken of
   * @param restoredIn the state backend of the job that goes on from it
   */
  record Kept(KeptJob job, String takenIn, String restoredIn) {

    Path folder() {
      return FOLDER.resolve(job.title() + "-" + takenIn);
    }

    Path metadata() {
      return folder().resolve(METADATA);
    }

    Set<String> before() {
      try {
        return new TreeSet<>(Files.readAllLines(folder().resolve(BEFORE)));
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    /**
     * Puts another in its place.
     *
     * @param commit that it was taken of
     */
    void replace(Path savepoint, Set<String> before, String commit) throws IOException {
      Files.createDirectories(folder());
      try (Stream<Path> files = Files.list(savepoint)) {
        List<Path> names = files.map(Path::getFileName).toList();
        if (!names.equals(List.of(Path.of(METADATA)))) {
          throw new IOException("a savepoint must be one file to be kept: " + names);
        }
      }
      Files.write(metadata(), Files.readAllBytes(savepoint.resolve(METADATA)));
      Files.write(folder().resolve(BEFORE), new TreeSet<>(before));
      Files.writeString(folder().resolve(COMMIT), commit);
    }

    /** A copy that a job may take for its own. */
    Path copy(Path folder) throws IOException {
      Path copy = Files.createDirectories(folder.resolve("savepoint"));
      Files.copy(metadata(), copy.resolve(METADATA));
      return copy;
    }
  }

  private KeptSavepoints() {}

  /** All of them. Those of one job are restored in the backend of the other. */
  static Stream<Kept> all() {
    return Stream.of(
        new Kept(KeptJob.STREAM, HEAP, ROCKS_DB),
        new Kept(KeptJob.STREAM, ROCKS_DB, HEAP),
        new Kept(KeptJob.GROUPS, ROCKS_DB, ROCKS_DB),
        new Kept(KeptJob.HISTORY, HEAP, HEAP),
        new Kept(KeptJob.ANSWERED, HEAP, ROCKS_DB));
  }
}
