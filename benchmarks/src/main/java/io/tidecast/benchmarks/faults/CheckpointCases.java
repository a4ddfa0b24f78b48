package io.tidecast.benchmarks.faults;

import io.tidecast.benchmarks.process.Job;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.apache.flink.util.FileUtils;

/** Checkpoints cannot be written, or cannot be read any more. */
final class CheckpointCases {

  private static final String DAMAGED = "checkpoint is damaged";
  private static final String REMEDY = "--anew";

  private CheckpointCases() {}

  static List<FaultCase> all() {
    return List.of(
        new FaultCase(
            "disk-full",
            "the disk of the checkpoints is full for 30 seconds",
            FaultCase.Setup.usual()
                .surroundings(Surroundings.PROCESS_ON_SMALL_DISK)
                .mustSay("no checkpoint could be written"),
            CheckpointCases::diskFull),
        new FaultCase(
            "damaged-metadata",
            "the job is killed and its last checkpoint is cut in half; then it is put back from a copy",
            FaultCase.Setup.usual().mustSay(DAMAGED, REMEDY),
            stage -> damaged(stage, CheckpointCases::metadata, Damage::putBack)),
        new FaultCase(
            "damaged-taken-away",
            "the same, but the damaged checkpoint is taken away, so that the job goes on from the one before",
            FaultCase.Setup.usual().mustSay(DAMAGED, REMEDY),
            stage -> damaged(stage, CheckpointCases::metadata, Damage::takeAway)),
        new FaultCase(
            "damaged-state",
            "a file of the state of series is cut in half; then it is put back from a copy",
            FaultCase.Setup.usual().series(500, 64).mustSay(DAMAGED, REMEDY),
            stage -> damaged(stage, CheckpointCases::largestState, Damage::putBack)));
  }

  private static void diskFull(Stage stage) throws Exception {
    stage.begin();
    stage.undisturbed();
    Path filler = stage.disk().fill();
    stage.awaitWords();
    stage.fault(30);
    Files.delete(filler);
    stage.undisturbed();
  }

  private interface Choice {
    Path of(Path checkpoint) throws IOException;
  }

  private static Path metadata(Path checkpoint) {
    return checkpoint.resolve("_metadata");
  }

  private static Path largestState(Path checkpoint) throws IOException {
    try (Stream<Path> files = Files.list(checkpoint)) {
      return files
          .filter(file -> !file.endsWith("_metadata"))
          .max(Comparator.comparingLong(file -> file.toFile().length()))
          .orElseThrow(() -> new IOException("the checkpoint must have a file of its own state"));
    }
  }

  private interface Mending {
    void mend(Damage damage) throws IOException;
  }

  /**
   * A checkpoint of which a file was cut in half.
   *
   * @param whole a copy of the file as it was
   */
  private record Damage(Path checkpoint, Path file, Path whole) {

    static Damage inflict(Path checkpoint, Path file, Path whole) throws IOException {
      Files.copy(file, whole, StandardCopyOption.REPLACE_EXISTING);
      try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
        channel.truncate(channel.size() / 2);
      }
      return new Damage(checkpoint, file, whole);
    }

    void putBack() throws IOException {
      Files.copy(whole, file, StandardCopyOption.REPLACE_EXISTING);
    }

    void takeAway() throws IOException {
      FileUtils.deleteDirectory(checkpoint.toFile());
    }
  }

  private static void damaged(Stage stage, Choice choice, Mending mending) throws Exception {
    stage.begin();
    stage.undisturbed();
    Job job = stage.job();
    job.leaveAlone();
    job.kill();
    Path checkpoint = stage.newestCheckpoint();
    Damage damage =
        Damage.inflict(checkpoint, choice.of(checkpoint), stage.folder().resolve("whole"));
    job.start();
    stage.awaitWords();
    stage.fault(10);
    job.leaveAlone();
    job.kill();
    stage.objectUnless(
        Files.isDirectory(checkpoint), "a damaged checkpoint must be left where it is");
    mending.mend(damage);
    job.start();
    stage.undisturbed();
  }
}
