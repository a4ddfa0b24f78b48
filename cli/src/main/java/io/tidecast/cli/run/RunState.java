package io.tidecast.cli.run;

import io.tidecast.cli.console.CliException;
import io.tidecast.cli.console.Failures;
import io.tidecast.cli.embedded.CheckpointFiles;
import io.tidecast.flink.config.ConfigException;
import io.tidecast.flink.config.JobConfig;
import io.tidecast.flink.source.Stop;
import io.tidecast.flink.source.Topics;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.flink.api.common.JobID;

/**
 * Where a job that runs in this process keeps what it must know when it is started again: its
 * checkpoints, in a folder of its own.
 *
 * @param id the same whenever the same job is started, so that it finds its folder again
 * @param directory of the checkpoints of this and other jobs
 * @param isDefault whether nobody named the directory
 */
record RunState(JobID id, Path directory, boolean isDefault) {
  static final String KEY = "checkpoints.directory";

  /** Beside the job file, where the job file names no directory. */
  private static final String DEFAULT = ".tidecast";

  /** Flink writes this file last, so that a checkpoint that has it is whole. */
  private static final String METADATA = "_metadata";

  /** What Flink names the folders of checkpoints and savepoints. */
  private static final Pattern FORMER = Pattern.compile("chk-\\d+|savepoint-.+");

  /**
   * Finds where the job keeps its state.
   *
   * @param file of the job
   * @throws ConfigException if the job file names a directory that is not of this machine
   */
  static RunState of(JobConfig config, Path file) {
    URI directory = config.checkpoints().directory();
    if (directory == null) {
      Path beside = file.toAbsolutePath().normalize().resolveSibling(DEFAULT);
      return new RunState(id(config), beside, true);
    }
    if (!"file".equals(directory.getScheme()) || directory.getPath() == null) {
      throw new ConfigException(
          List.of(
              "must be a file: URI in 'tidecast run', which reaches no other file system; on a Flink cluster it may be another: %s=%s:..."
                  .formatted(KEY, directory.getScheme())));
    }
    return new RunState(id(config), Path.of(directory.getPath()), false);
  }

  /** The folder of this job alone. */
  Path folder() {
    return directory.resolve(id.toString());
  }

  /** Names the key and the directory, for messages. */
  String named() {
    return "%s=%s%s".formatted(KEY, directory.toUri(), isDefault ? ", which is the default" : "");
  }

  /**
   * Makes the folder of the job.
   *
   * @throws CliException if that cannot be
   */
  void makeFolder() {
    try {
      Files.createDirectories(folder());
    } catch (IOException e) {
      throw unwritable(e);
    }
  }

  /** Says that nothing can be written into the folder. */
  CliException unwritable(IOException cause) {
    return new CliException(
        "must be a folder that can be written: %s: %s; put that right, or name another with %s"
            .formatted(named(), Failures.text(cause), KEY),
        cause);
  }

  private static JobID id(JobConfig config) {
    String name =
        String.join("\n", config.job().name(), topics(config), config.sink().destination())
            + stop(config);
    UUID uuid = UUID.nameUUIDFromBytes(name.getBytes(StandardCharsets.UTF_8));
    ByteBuffer bytes = ByteBuffer.allocate(2 * Long.BYTES);
    bytes.putLong(uuid.getMostSignificantBits()).putLong(uuid.getLeastSignificantBits());
    return new JobID(bytes.array());
  }

  /**
   * Names the end of the job, and whether it is read from there. One that ends elsewhere is
   * another: where it ends is kept in its state.
   */
  private static String stop(JobConfig config) {
    Stop stop = config.source().stop();
    String backward = config.source().isReadBackward() ? ", back from there" : "";
    return stop.kind() == Stop.Kind.NEVER ? "" : "\n" + stop + backward;
  }

  /** Names the topics, in any order the same. */
  private static String topics(JobConfig config) {
    Topics topics = config.source().topics();
    return topics.names().isEmpty()
        ? config.source().origin()
        : topics.names().stream().sorted().collect(Collectors.joining(", "));
  }

  /** Finds the checkpoints and savepoints that are whole, the newest first. */
  List<Path> checkpoints() {
    if (!Files.isDirectory(folder())) {
      return List.of();
    }
    try (Stream<Path> children = Files.list(folder())) {
      return children
          .filter(child -> Files.isRegularFile(child.resolve(METADATA)))
          .sorted(Comparator.comparing(RunState::finishedMillis).reversed())
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * Finds the checkpoint that the job goes on from, the newest; empty where there is none.
   *
   * @throws CliException if it is damaged
   */
  Optional<Path> newest() {
    List<Path> all = checkpoints();
    if (all.isEmpty()) {
      return Optional.empty();
    }
    Path newest = all.get(0);
    try {
      CheckpointFiles.check(newest);
      return Optional.of(newest);
    } catch (IOException e) {
      throw new CliException(
          "checkpoint is damaged: %s: %s: %s; %s, or begin without state with --anew"
              .formatted(
                  named(),
                  newest,
                  Failures.text(e),
                  all.size() == 1
                      ? "put back what was there"
                      : "take this folder away to go on from the one before, " + all.get(1)),
          e);
    }
  }

  private static long finishedMillis(Path checkpoint) {
    try {
      return Files.getLastModifiedTime(checkpoint.resolve(METADATA)).toMillis();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * Puts what there is of earlier checkpoints into a folder where nothing looks for it, so that new
   * ones find their names free. Moved back, they are good again.
   *
   * @return that folder; empty where there was nothing
   */
  Optional<Path> setAside(Instant now) {
    Path aside = folder().resolve("before-" + now.toString().replace(':', '-'));
    try (Stream<Path> children = Files.list(folder())) {
      List<Path> former =
          children
              .filter(child -> FORMER.matcher(child.getFileName().toString()).matches())
              .toList();
      if (former.isEmpty()) {
        return Optional.empty();
      }
      Files.createDirectory(aside);
      for (Path one : former) {
        Files.move(one, aside.resolve(one.getFileName()), StandardCopyOption.ATOMIC_MOVE);
      }
      return Optional.of(aside);
    } catch (IOException e) {
      throw unwritable(e);
    }
  }
}
