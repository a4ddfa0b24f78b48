package io.tidecast.cli.run;

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
import java.util.Comparator;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.flink.api.common.JobID;

/**
 * Where a job that runs in this process keeps what it must know when it is started again: its
 * checkpoints, in a folder of its own under {@code checkpoints.directory}.
 *
 * @param id the same whenever the same job is started, so that it finds its folder again
 * @param folder of this job alone
 */
record RunState(JobID id, Path folder) {
  /** Flink writes this file last, so that a checkpoint that has it is whole. */
  private static final String METADATA = "_metadata";

  /**
   * Finds where the job keeps its state; empty when the job file names no directory of this
   * machine.
   */
  static Optional<RunState> of(JobConfig config) {
    URI directory = config.checkpoints().directory();
    if (directory == null || !"file".equals(directory.getScheme())) {
      return Optional.empty();
    }
    JobID id = id(config);
    return Optional.of(new RunState(id, Path.of(directory.getPath()).resolve(id.toString())));
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
   * Names the end of the job. One that ends elsewhere is another: where it ends is kept in its
   * state.
   */
  private static String stop(JobConfig config) {
    Stop stop = config.source().stop();
    return stop.kind() == Stop.Kind.NEVER ? "" : "\n" + stop;
  }

  /** Names the topics, in any order the same. */
  private static String topics(JobConfig config) {
    Topics topics = config.source().topics();
    return topics.names().isEmpty()
        ? config.source().origin()
        : topics.names().stream().sorted().collect(Collectors.joining(", "));
  }

  /** Finds the checkpoint or savepoint that was finished last. */
  Optional<Path> newest() {
    if (!Files.isDirectory(folder)) {
      return Optional.empty();
    }
    try (Stream<Path> children = Files.list(folder)) {
      return children
          .filter(child -> Files.isRegularFile(child.resolve(METADATA)))
          .max(Comparator.comparing(RunState::finishedMillis));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static long finishedMillis(Path checkpoint) {
    try {
      return Files.getLastModifiedTime(checkpoint.resolve(METADATA)).toMillis();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
