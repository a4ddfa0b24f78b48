package io.tidecast.flink.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tidecast.runtime.bundle.ModelBundle;
import io.tidecast.runtime.manifest.ModelException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ModelFolderTest {

  private static final Path MODEL =
      Path.of(System.getProperty("tidecast.root"), "models/zoo/patchtst-uk-demand/1");

  @TempDir private Path folder;

  @Test
  void shouldReadAPathAndAUriOfThisMachine() {
    ModelBundle model = ModelBundle.read(MODEL);
    assertThat(ModelFolder.read(MODEL.toString()).manifest()).isEqualTo(model.manifest());
    assertThat(ModelFolder.read(MODEL.toUri().toString()).manifest()).isEqualTo(model.manifest());
  }

  @Test
  void shouldReadAModelOfAnotherFileSystemAndLeaveNothingBehind() throws IOException {
    List<Path> before = copies();
    ModelBundle model = ModelFolder.read(far(MODEL));
    assertThat(model.manifest()).isEqualTo(ModelBundle.read(MODEL).manifest());
    assertThat(model.golden().cases()).isNotEmpty();
    assertThat(copies()).isEqualTo(before);
  }

  @Test
  void shouldSayWhatIsMissingOfAModelOfAnotherFileSystem() throws IOException {
    Files.copy(MODEL.resolve("manifest.json"), folder.resolve("manifest.json"));
    assertThatThrownBy(() -> ModelFolder.read(far(folder)))
        .isInstanceOf(ModelException.class)
        .hasMessage("must have manifest.json and model.onnx: model.path=" + far(folder));
  }

  @Test
  void shouldNameTheFolderThatWasGivenWhereTheModelIsNoGood() throws IOException {
    Files.writeString(folder.resolve("manifest.json"), "{");
    Files.copy(MODEL.resolve("model.onnx"), folder.resolve("model.onnx"));
    assertThatThrownBy(() -> ModelFolder.read(far(folder)))
        .isInstanceOf(ModelException.class)
        .hasMessageStartingWith(far(folder) + "/manifest.json: must be JSON");
  }

  @Test
  void shouldSayHowAFileSystemIsAdded() {
    assertThatThrownBy(() -> ModelFolder.read("nowhere://models/demand/2"))
        .isInstanceOf(ModelException.class)
        .hasMessageContaining("plugins")
        .hasMessageEndingWith("model.path=nowhere://models/demand/2");
  }

  private static String far(Path path) {
    return FarFileSystem.SCHEME + "://host" + path;
  }

  private static List<Path> copies() throws IOException {
    try (Stream<Path> files = Files.list(Path.of(System.getProperty("java.io.tmpdir")))) {
      return files
          .filter(file -> file.getFileName().toString().startsWith("tidecast-model"))
          .toList();
    }
  }
}
