package io.tidecast.cli.embedded;

import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.apache.flink.runtime.checkpoint.Checkpoints;
import org.apache.flink.runtime.checkpoint.OperatorState;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.apache.flink.runtime.checkpoint.metadata.CheckpointMetadata;
import org.apache.flink.runtime.state.KeyGroupsStateHandle;
import org.apache.flink.runtime.state.OperatorStateHandle;
import org.apache.flink.runtime.state.StateObject;
import org.apache.flink.runtime.state.filesystem.FileStateHandle;

/**
 * Looks through the files of a checkpoint before a job goes on from it. A file that is missing or
 * cut would fail the job's tasks with nothing but an end of file, again and again.
 */
public final class CheckpointFiles {

  private static final String METADATA = "_metadata";

  private CheckpointFiles() {}

  /**
   * Looks through a checkpoint or savepoint.
   *
   * @param checkpoint its folder
   * @throws IOException naming a file that is missing, cut, or not what it should be
   */
  public static void check(Path checkpoint) throws IOException {
    try {
      checkAll(checkpoint);
    } catch (RuntimeException e) {
      throw new IOException(checkpoint.resolve(METADATA) + " cannot be read: " + e, e);
    }
  }

  private static void checkAll(Path checkpoint) throws IOException {
    CheckpointMetadata metadata;
    try (DataInputStream in =
        new DataInputStream(
            new BufferedInputStream(Files.newInputStream(checkpoint.resolve(METADATA))))) {
      metadata =
          Checkpoints.loadCheckpointMetadata(
              in, CheckpointFiles.class.getClassLoader(), checkpoint.toUri().toString());
    }
    for (OperatorState operator : metadata.getOperatorStates()) {
      for (OperatorSubtaskState subtask : operator.getStates()) {
        for (StateObject part : parts(subtask).toList()) {
          check(part);
        }
      }
    }
  }

  private static Stream<StateObject> parts(OperatorSubtaskState subtask) {
    return Stream.concat(
        Stream.concat(
                subtask.getManagedOperatorState().stream(), subtask.getRawOperatorState().stream())
            .map(OperatorStateHandle::getDelegateStateHandle),
        Stream.concat(subtask.getManagedKeyedState().stream(), subtask.getRawKeyedState().stream())
            .map(
                keyed ->
                    keyed instanceof KeyGroupsStateHandle groups
                        ? groups.getDelegateStateHandle()
                        : keyed));
  }

  private static void check(StateObject part) throws IOException {
    if (part instanceof FileStateHandle handle) {
      Path file = Path.of(handle.getFilePath().getPath());
      if (!Files.isRegularFile(file)) {
        throw new NoSuchFileException(file.toString());
      }
      if (Files.size(file) < handle.getStateSize()) {
        throw new IOException(
            "%s must have %d bytes, and has %d"
                .formatted(file, handle.getStateSize(), Files.size(file)));
      }
    }
  }
}
