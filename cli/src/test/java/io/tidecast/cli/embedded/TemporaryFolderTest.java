package io.tidecast.cli.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TemporaryFolderTest {
  @Test
  void shouldDeleteEverythingInItAndNothingBehindALink(@TempDir Path elsewhere) throws IOException {
    Path precious = Files.writeString(elsewhere.resolve("precious"), "keep");
    TemporaryFolder folder = new TemporaryFolder("test");
    Files.writeString(folder.resolve("a/b").resolve("file"), "x");
    Files.createSymbolicLink(folder.path().resolve("link"), elsewhere);

    folder.close();
    folder.close();

    assertThat(folder.path()).doesNotExist();
    assertThat(precious).exists();
  }

  @Test
  void shouldDeleteWhatEndedProcessesLeftAndNothingElse() throws IOException {
    try (TemporaryFolder folder = new TemporaryFolder("test");
        TemporaryFolder other = new TemporaryFolder("test")) {
      Path left = left("tidecast-test-left", "owner");
      Path unmarked = left("tidecast-test-unmarked", "file");
      Path foreign = left("foreign-left", "owner");

      folder.sweep();

      assertThat(left).doesNotExist();
      assertThat(List.of(unmarked, foreign, folder.path(), other.path()))
          .allSatisfy(one -> assertThat(one).isNotEmptyDirectory());
      for (Path mine : List.of(unmarked, foreign)) {
        Files.delete(mine.resolve(mine.equals(foreign) ? "owner" : "file"));
        Files.delete(mine);
      }
    }
  }

  private static Path left(String name, String file) throws IOException {
    Path folder = Files.createTempDirectory(name);
    Files.writeString(folder.resolve(file), "");
    return folder;
  }
}
