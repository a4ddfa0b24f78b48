package io.tidecast.cli.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tidecast.cli.console.CliException;
import io.tidecast.flink.config.ConfigException;
import io.tidecast.flink.config.JobConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RunStateTest {
  @TempDir private Path folder;

  @Test
  void shouldKeepCheckpointsBesideTheJobFile() {
    RunState state = RunState.of(config(null), folder.resolve("job.yaml"));

    assertThat(state.folder())
        .isEqualTo(folder.resolve(".tidecast").resolve(state.id().toString()));
    assertThat(state.named()).endsWith(", which is the default");
  }

  @Test
  void shouldRefuseADirectoryOfAnotherFileSystem() {
    assertThatThrownBy(
            () -> RunState.of(config("s3://key:secret@bucket"), folder.resolve("job.yaml")))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("must be a file: URI in 'tidecast run'")
        .hasMessageContaining("checkpoints.directory=s3:")
        .hasMessageNotContaining("secret");
  }

  @Test
  void shouldSayThatTheFolderCannotBeWritten() throws IOException {
    Path file = Files.createFile(folder.resolve("file"));
    RunState state = RunState.of(config(file.toUri().toString()), folder.resolve("job.yaml"));

    assertThatThrownBy(state::makeFolder)
        .isInstanceOf(CliException.class)
        .hasMessageContaining("must be a folder that can be written: checkpoints.directory=file:")
        .hasMessageContaining("or name another with checkpoints.directory");
  }

  @Test
  void shouldFindTheNewestCheckpointFirstUntilAllArePutAside() throws IOException {
    RunState state = RunState.of(config(null), folder.resolve("job.yaml"));
    assertThat(state.checkpoints()).isEmpty();
    state.makeFolder();
    assertThat(state.setAside(Instant.EPOCH)).isEmpty();
    Path former = checkpoint(state, "chk-3", 1_000);
    Path latest = checkpoint(state, "savepoint-1", 2_000);
    Files.createDirectory(state.folder().resolve("chk-4"));

    assertThat(state.checkpoints()).containsExactly(latest, former);
    Optional<Path> aside = state.setAside(Instant.EPOCH);

    assertThat(state.checkpoints()).isEmpty();
    assertThat(aside.orElseThrow().resolve("chk-3").resolve("_metadata")).exists();
  }

  @Test
  void shouldHoldAJobUntilItIsGivenBack() throws IOException {
    JobLock lock = JobLock.take(folder, Instant.EPOCH).orElseThrow();

    assertThat(JobLock.take(folder, Instant.EPOCH)).isEmpty();
    assertThat(JobLock.holder(folder).orElseThrow().pid()).isEqualTo(ProcessHandle.current().pid());

    lock.close();
    assertThat(Files.readString(folder.resolve("lock"))).isEmpty();
    try (JobLock again = JobLock.take(folder, Instant.EPOCH).orElseThrow()) {
      assertThat(again.former()).isEmpty();
    }
  }

  @Test
  void shouldTellOfAHolderOfAnotherMachineThatDidNotGiveBack() throws IOException {
    Files.writeString(
        folder.resolve("lock"), "process 12 on elsewhere.example since 2026-11-20T10:00:00Z\n");

    try (JobLock lock = JobLock.take(folder, Instant.EPOCH).orElseThrow()) {
      assertThat(lock.former().orElseThrow().isElsewhere()).isTrue();
      assertThat(lock.former())
          .hasToString("Optional[process 12 on elsewhere.example since 2026-11-20T10:00:00Z]");
    }
  }

  private static Path checkpoint(RunState state, String name, long millis) throws IOException {
    Path checkpoint = Files.createDirectory(state.folder().resolve(name));
    Path metadata = Files.createFile(checkpoint.resolve("_metadata"));
    assertThat(metadata.toFile().setLastModified(millis)).isTrue();
    return checkpoint;
  }

  private static JobConfig config(String directory) {
    return JobConfig.builder()
        .set("kafka.bootstrap-servers", "broker-1:9092")
        .set("series.step", "30min")
        .set("model.path", "model")
        .set("checkpoints.directory", directory)
        .build();
  }
}
