package io.tidecast.cli.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TemporaryFolderTest {
  @Test
  void shouldDeleteEverythingInItAndNothingBehindALink(@TempDir Path elsewhere) throws IOException {
    Path precious = Files.writeString(elsewhere.resolve("precious"), "keep");
    TemporaryFolder folder = new TemporaryFolder("tidecast-test-");
    Files.writeString(folder.resolve("a/b").resolve("file"), "x");
    Files.createSymbolicLink(folder.path().resolve("link"), elsewhere);

    folder.close();
    folder.close();

    assertThat(folder.path()).doesNotExist();
    assertThat(precious).exists();
  }
}
