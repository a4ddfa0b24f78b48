package io.tidecast.cli.run;

import io.tidecast.cli.console.CliException;
import io.tidecast.cli.embedded.EmbeddedFlink;
import io.tidecast.cli.embedded.TemporaryFolder;
import io.tidecast.flink.sink.LostTransactionException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.apache.flink.util.ExceptionUtils;

/**
 * Finds the checkpoint from which a job makes again what a transaction has lost.
 *
 * @param folder of the checkpoint or savepoint
 * @param number that Flink counts both by
 */
record EarlierCheckpoint(Path folder, long number) {

  private static final String METADATA = "_metadata";

  /**
   * Goes back, if that is why a job has ended: later checkpoints are deleted, for the job takes
   * those numbers once more.
   *
   * @param state the folder of the job's checkpoints
   * @param say tells a line
   * @return where the job is to go on from
   * @throws CliException the failure itself, if it is another one; that there is no such checkpoint
   */
  static Path after(CliException failure, Path state, Consumer<String> say) {
    LostTransactionException lost =
        ExceptionUtils.findThrowable(failure, LostTransactionException.class)
            .orElseThrow(() -> failure);
    List<EarlierCheckpoint> kept = of(state);
    EarlierCheckpoint earlier =
        kept.stream()
            .filter(one -> one.number <= lost.afterCheckpoint())
            .max(Comparator.comparingLong(EarlierCheckpoint::number))
            .orElseThrow(
                () ->
                    new CliException(
                        "%s No such checkpoint is kept. Set sink.on-lost-transaction=report to go on without them, or begin anew with --anew."
                            .formatted(lost.getMessage()),
                        lost));
    say.accept(lost.getMessage());
    say.accept("Going back to checkpoint %d.".formatted(earlier.number));
    kept.stream()
        .filter(one -> one.number > earlier.number)
        .forEach(one -> TemporaryFolder.delete(one.folder));
    return earlier.folder;
  }

  /**
   * Deletes what killed processes have left behind: Flink deletes the checkpoint that a job goes on
   * from when there are newer ones, and those of before it never. Savepoints stay.
   *
   * @param kept the newest checkpoints that stay
   */
  static void deleteOrphans(Path state, int kept) {
    // By time, for a job that was begun anew counts from 1 again.
    of(state).stream()
        .filter(one -> one.folder.getFileName().toString().startsWith("chk-"))
        .sorted(Comparator.comparing(EarlierCheckpoint::finished).reversed())
        .skip(kept)
        .forEach(one -> TemporaryFolder.delete(one.folder));
  }

  /** Lists the checkpoints and savepoints in a folder that can be read. */
  private static List<EarlierCheckpoint> of(Path state) {
    if (!Files.isDirectory(state)) {
      return List.of();
    }
    try (Stream<Path> children = Files.list(state)) {
      return children.map(EarlierCheckpoint::read).flatMap(Optional::stream).toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private FileTime finished() {
    try {
      return Files.getLastModifiedTime(folder.resolve(METADATA));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Optional<EarlierCheckpoint> read(Path folder) {
    Path metadata = folder.resolve(METADATA);
    if (!Files.isRegularFile(metadata)) {
      return Optional.empty();
    }
    try {
      return Optional.of(new EarlierCheckpoint(folder, EmbeddedFlink.checkpointNumber(folder)));
    } catch (IOException e) {
      // A damaged one is none to go back to.
      return Optional.empty();
    }
  }
}
