package io.tidecast.cli.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tidecast.runtime.manifest.ModelException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ModelZooTest {
  @TempDir private Path folder;
  private ModelZoo zoo;

  @BeforeEach
  void fill() throws IOException {
    zoo = new ModelZoo(folder);
    for (String model : new String[] {"a/1", "a/9", "a/10", "b/1"}) {
      Files.createDirectories(folder.resolve(model));
      Files.createFile(folder.resolve(model).resolve("manifest.json"));
    }
  }

  @Test
  void shouldFindAVersion() {
    assertThat(zoo.find("a/1")).isEqualTo(folder.resolve("a/1").toAbsolutePath());
  }

  @Test
  void shouldFindTheNewestVersionOfAName() {
    assertThat(zoo.find("a")).isEqualTo(folder.resolve("a/10").toAbsolutePath());
  }

  @Test
  void shouldTakeAFolderFromAnywhere(@TempDir Path elsewhere) throws IOException {
    Files.createFile(elsewhere.resolve("manifest.json"));

    assertThat(zoo.find(elsewhere.toString())).isEqualTo(elsewhere.toAbsolutePath());
  }

  @Test
  void shouldNameTheModelsThereAre() {
    assertThatThrownBy(() -> zoo.find("c"))
        .isInstanceOf(ModelException.class)
        .hasMessageContaining("model=c")
        .hasMessageContaining("[a/1, a/9, a/10, b/1]");
  }

  @Test
  void shouldSayThatTheZooIsEmpty() {
    assertThatThrownBy(() -> new ModelZoo(folder.resolve("absent")).find("a"))
        .isInstanceOf(ModelException.class)
        .hasMessageContaining("[]");
  }
}
