package io.tidecast.cli.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.tidecast.cli.console.CliException;
import io.tidecast.flink.sink.LostTransactionException;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.apache.flink.runtime.checkpoint.Checkpoints;
import org.apache.flink.runtime.checkpoint.metadata.CheckpointMetadata;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EarlierCheckpointTest {
  private final List<String> said = new ArrayList<>();

  @TempDir private Path state;

  private final CliException lost =
      new CliException(
          "the job has ended", new LostTransactionException("Lost are 246 forecasts.", 11));

  @Test
  void shouldGoBackAndTakeAwayWhatTheJobIsToNumberOnceMore() throws Exception {
    checkpoint("savepoint-1", 10);
    checkpoint("chk-11", 11);
    checkpoint("chk-12", 12);
    Files.createDirectory(state.resolve("shared"));

    assertThat(back()).isEqualTo(state.resolve("chk-11"));
    assertThat(kept()).containsExactlyInAnyOrder("savepoint-1", "chk-11", "shared");
    assertThat(said).containsExactly("Lost are 246 forecasts.", "Going back to checkpoint 11.");
  }

  @Test
  void shouldGoBackToASavepoint() throws Exception {
    checkpoint("savepoint-1", 9);
    checkpoint("chk-12", 12);
    assertThat(back()).isEqualTo(state.resolve("savepoint-1"));
  }

  @Test
  void shouldNotGoBackToOneThatCannotBeRead() throws Exception {
    checkpoint("chk-10", 10);
    Files.writeString(Files.createDirectory(state.resolve("chk-11")).resolve("_metadata"), "cut");
    assertThat(back()).isEqualTo(state.resolve("chk-10"));
  }

  @Test
  void shouldSayWhatToDoWhereThereIsNone() throws Exception {
    checkpoint("chk-12", 12);
    assertThatThrownBy(this::back)
        .isInstanceOf(CliException.class)
        .hasMessageStartingWith("Lost are 246 forecasts. No such checkpoint is kept.")
        .hasMessageContaining("sink.on-lost-transaction=report");
    assertThat(kept()).containsExactly("chk-12");
  }

  @Test
  void shouldLeaveOtherFailuresAlone() throws Exception {
    checkpoint("chk-11", 11);
    CliException other = new CliException("the job has ended: no such topic");
    assertThat(
            catchThrowableOfType(
                CliException.class, () -> EarlierCheckpoint.after(other, state, said::add)))
        .isSameAs(other);
  }

  @Test
  void shouldDeleteWhatKilledProcessesLeftBehind() throws Exception {
    checkpoint("savepoint-1", 3);
    // The job was begun anew after these.
    checkpoint("chk-98", 98);
    checkpoint("chk-99", 99);
    checkpoint("chk-4", 4);
    checkpoint("chk-5", 5);

    EarlierCheckpoint.deleteOrphans(state, 2);

    assertThat(kept()).containsExactlyInAnyOrder("savepoint-1", "chk-4", "chk-5");
  }

  @Test
  void shouldFindNothingWhereNoJobRan() {
    EarlierCheckpoint.deleteOrphans(state.resolve("nobody"), 2);
    assertThat(said).isEmpty();
  }

  private Path back() {
    return EarlierCheckpoint.after(lost, state, said::add);
  }

  private int finished;

  private void checkpoint(String name, long number) throws IOException {
    Path metadata = Files.createDirectory(state.resolve(name)).resolve("_metadata");
    try (OutputStream out = Files.newOutputStream(metadata)) {
      Checkpoints.storeCheckpointMetadata(
          new CheckpointMetadata(number, List.of(), List.of()), out);
    }
    finished++;
    Files.setLastModifiedTime(metadata, FileTime.fromMillis(finished * 1_000L));
  }

  private List<String> kept() throws IOException {
    try (Stream<Path> children = Files.list(state)) {
      return children.map(child -> child.getFileName().toString()).toList();
    }
  }
}
