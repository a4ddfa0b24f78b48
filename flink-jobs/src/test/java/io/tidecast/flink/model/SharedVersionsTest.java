package io.tidecast.flink.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tidecast.runtime.manifest.ModelManifest;
import io.tidecast.runtime.onnx.OnnxOptions;
import io.tidecast.runtime.windows.Forecaster;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SharedVersionsTest {

  private static final Path MODEL =
      Path.of(System.getProperty("tidecast.root"), "models/zoo/patchtst-uk-demand/1");
  private static final String SHA256 =
      ModelManifest.read(MODEL.resolve(ModelManifest.FILE)).sha256();

  @TempDir private Path folder;

  /** What a job asks that forecasts two steps, of models of a number of channels. */
  private record Channels(int count) implements VersionFit {

    @Override
    public List<String> problems(ModelManifest manifest) {
      int found = manifest.channels().names().size();
      return found == count
          ? List.of()
          : List.of("must be the model's %d: series.channels=%d".formatted(found, count));
    }

    @Override
    public int horizon(ModelManifest manifest) {
      return 2;
    }
  }

  private final VersionReader reader = new SharedVersions(OnnxOptions.defaults(), new Channels(1));

  @Test
  void shouldReadAVersionThatOpensWithTheHorizonOfTheJob() throws Exception {
    VersionReader shipped = shipped(reader);
    VersionReader.Read read = shipped.read(MODEL.toString(), SHA256);

    assertThat(read.sha256()).isEqualTo(SHA256);
    assertThat(read.model().spec().horizon()).isEqualTo(2);
    try (Forecaster forecaster = read.model().open()) {
      assertThat(forecaster.spec().id()).isEqualTo("patchtst-uk-demand");
    }
  }

  @Test
  void shouldReadAVersionOfAnotherFileSystemWithoutItsChecksum() {
    assertThat(reader.read(FarFileSystem.SCHEME + "://host" + MODEL, null).sha256())
        .isEqualTo(SHA256);
  }

  @Test
  void shouldSayThatNothingIsThere() {
    Path missing = folder.resolve("missing");
    refuses(LoadStage.FETCH, missing.toString(), null)
        .hasMessageStartingWith("must have manifest.json and model.onnx on every machine")
        .hasMessageContaining("path=" + missing)
        .hasMessageEndingWith("put that right, and send the command again");
    String far = FarFileSystem.SCHEME + "://host" + missing;
    refuses(LoadStage.FETCH, far, null)
        .hasMessageStartingWith("must have manifest.json and model.onnx: path=" + far);
  }

  @Test
  void shouldSayThatThereIsNoSuchFileSystem() {
    refuses(LoadStage.FETCH, "nowhere://models/3", null)
        .hasMessageContaining("plugins")
        .hasMessageContaining("path=nowhere://models/3");
  }

  @Test
  void shouldSayThatItIsAnotherModelThanTheCommandMeans() {
    String other = "0".repeat(64);
    refuses(LoadStage.CHECK, MODEL.toString(), other)
        .hasMessageContaining("sha256=" + other)
        .hasMessageContaining(SHA256)
        .hasMessageContaining("path=" + MODEL);
  }

  @Test
  void shouldSayThatAFileIsCorrupt() throws IOException {
    copyModel();
    byte[] onnx = Files.readAllBytes(folder.resolve("model.onnx"));
    onnx[onnx.length / 2] ^= 1;
    Files.write(folder.resolve("model.onnx"), onnx);
    refuses(LoadStage.CHECK, folder.toString(), null)
        .hasMessageContaining("model.onnx is not the file of its manifest")
        .hasMessageContaining("path=" + folder);

    Files.writeString(folder.resolve("manifest.json"), "{");
    refuses(LoadStage.CHECK, folder.toString(), SHA256)
        .hasMessageContaining(folder.resolve("manifest.json") + ": must be JSON");
  }

  @Test
  void shouldSayWhatDoesNotFit() {
    assertThatThrownBy(
            () ->
                new SharedVersions(OnnxOptions.defaults(), new Channels(3))
                    .read(MODEL.toString(), SHA256))
        .isInstanceOfSatisfying(
            VersionRefusedException.class,
            refused -> assertThat(refused.stage()).isEqualTo(LoadStage.FIT))
        .hasMessageStartingWith("must fit the job as it runs: path=" + MODEL)
        .hasMessageContaining("must be the model's 1: series.channels=3");
  }

  @Test
  void shouldNotMindWhatBecomesOfFilesThatWereFetched() throws IOException {
    copyModel();
    String far = FarFileSystem.SCHEME + "://host" + folder;
    try (ModelFolder.Fetched fetched = ModelFolder.fetch("path", far)) {
      Files.writeString(folder.resolve("model.onnx"), "something else");
      assertThat(fetched.bundle().manifest().sha256()).isEqualTo(SHA256);
    }
    refuses(LoadStage.CHECK, far, null);
  }

  @Test
  void shouldTellPlacesThatMeanTheSameEverywhere() {
    assertThat(ModelFolder.isWhole("s3://models/demand/3")).isTrue();
    assertThat(ModelFolder.isWhole(MODEL.toString())).isTrue();
    assertThat(ModelFolder.isWhole("models/demand/3")).isFalse();
    assertThat(ModelFolder.onThisMachine("s3://models/demand/3")).isNull();
    assertThat(ModelFolder.onThisMachine(MODEL.toUri().toString())).isEqualTo(MODEL);
  }

  private void copyModel() throws IOException {
    for (String file : List.of("manifest.json", "model.onnx", "golden.json")) {
      Files.copy(MODEL.resolve(file), folder.resolve(file));
    }
  }

  private org.assertj.core.api.AbstractThrowableAssert<?, ? extends Throwable> refuses(
      LoadStage stage, String place, String sha256) {
    return assertThatThrownBy(() -> reader.read(place, sha256))
        .isInstanceOfSatisfying(
            VersionRefusedException.class, refused -> assertThat(refused.stage()).isEqualTo(stage));
  }

  private static VersionReader shipped(VersionReader reader) throws Exception {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
      out.writeObject(reader);
    }
    try (ObjectInputStream in =
        new ObjectInputStream(new ByteArrayInputStream(bytes.toByteArray()))) {
      return (VersionReader) in.readObject();
    }
  }
}
