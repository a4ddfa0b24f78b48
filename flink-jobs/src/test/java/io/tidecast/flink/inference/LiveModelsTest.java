package io.tidecast.flink.inference;

import static io.tidecast.flink.inference.TestingVersions.activate;
import static org.assertj.core.api.Assertions.assertThat;

import io.tidecast.flink.model.ModelEvent.Kind;
import io.tidecast.flink.model.ModelFolder;
import io.tidecast.flink.model.ModelSlot;
import io.tidecast.flink.model.ModelSlots;
import io.tidecast.flink.model.SharedOnnxModel;
import io.tidecast.flink.model.VersionReader;
import io.tidecast.flink.record.ForecastTask;
import io.tidecast.flink.record.IssuedForecast;
import io.tidecast.flink.state.StateTypes;
import io.tidecast.runtime.bundle.ModelBundle;
import io.tidecast.runtime.manifest.ModelManifest;
import io.tidecast.runtime.onnx.OnnxOptions;
import io.tidecast.runtime.serving.ModelCatalog;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Versions of a graph that is run by ONNX Runtime, one after the other. */
@Timeout(60)
class LiveModelsTest {

  private static final int SWITCHES = 12;

  @TempDir private Path folder;

  /** Reads folders of this machine. */
  private record Folders() implements VersionReader {

    @Override
    public Read read(String place, @Nullable String sha256) {
      SharedOnnxModel model =
          new SharedOnnxModel(ModelFolder.read(place), OnnxOptions.defaults(), 4);
      return new Read(model, model.sha256());
    }
  }

  @Test
  void shouldHaveOneSessionOfASlotAfterManySwitches() throws Exception {
    int before = ModelCatalog.shared().size();
    VersionReader.Read first = new Folders().read(version("1"), null);
    CommandedModels models =
        new CommandedModels(
            ModelSlots.of(first.model(), version("1")),
            Map.of(ModelSlot.DEFAULT, new Folders()),
            true,
            StateTypes.KEPT_SLOT);
    List<String> expected = new ArrayList<>();
    try (CommandHarness harness =
        CommandHarness.start(
            models,
            CommandHarness.Subtask.ONLY,
            CommandHarness.options(OnFailure.DEAD_LETTER),
            null)) {
      for (int origin = 1; origin <= SWITCHES; origin++) {
        harness.process(task(origin));
        expected.add("a " + origin + " " + origin);
        String next = String.valueOf(origin + 1);
        harness.command(activate(next, version(next)));
        harness.until(Kind.SWITCHED, next);
        harness.watermark(origin + 1);
      }
      harness.drain();
      harness.until(Kind.RETIRED, String.valueOf(SWITCHES + 1));
      assertThat(harness.forecasts()).isEqualTo(expected);
      assertThat(harness.rejections()).isEmpty();
      assertThat(harness.issued()).extracting(IssuedForecast::fallback).containsOnly(false);
      assertThat(ModelCatalog.shared().size()).isEqualTo(before + 1);
    }
    assertThat(ModelCatalog.shared().size()).isEqualTo(before);
  }

  @Test
  void shouldRefuseAnotherManifestBesideTheGraphOfAVersionThatIsOpen() throws Exception {
    int before = ModelCatalog.shared().size();
    String first = version("1");
    String second = version("2");
    CommandedModels models =
        new CommandedModels(
            ModelSlots.of(new Folders().read(first, null).model(), first),
            Map.of(ModelSlot.DEFAULT, new Folders()),
            true,
            StateTypes.KEPT_SLOT);
    try (CommandHarness harness =
        CommandHarness.start(
            models,
            CommandHarness.Subtask.ONLY,
            CommandHarness.options(OnFailure.DEAD_LETTER),
            null)) {
      harness.command(activate("c1", second));
      harness.until(Kind.SWITCHED, "c1");
      harness.command(activate("c2", second));
      harness.until(Kind.SWITCHED, "c2");
      Path manifest = Path.of(second, ModelManifest.FILE);
      Files.writeString(
          manifest,
          Files.readString(manifest).replace("\"version\" : \"2\"", "\"version\" : \"3\""));
      harness.command(activate("c3", second));
      harness.until(Kind.REFUSED, "c3");
      assertThat(harness.events().get(harness.events().size() - 1).reason())
          .startsWith(
              "must not have another manifest.json than the version that is open with the same model.onnx from the same place, put the two into a folder of their own and name that: version="
                  + second);
      harness.process(task(1));
      harness.drain();
      assertThat(harness.forecasts()).containsExactly("a 1 2");
      // That of another manifest is closed again.
      harness.command(activate("c4", version("4")));
      harness.until(Kind.SWITCHED, "c4");
      harness.watermark(2);
      harness.until(Kind.RETIRED, "c4");
      assertThat(ModelCatalog.shared().size()).isEqualTo(before + 1);
    }
  }

  /** The folder of a version, which is made where it is not there yet. */
  private String version(String number) throws IOException {
    Path place = folder.resolve(number);
    if (!Files.exists(place)) {
      Path kept =
          Path.of(LiveModelsTest.class.getResource("/io/tidecast/flink/joint-quantiles").getPath());
      Files.createDirectory(place);
      Files.copy(kept.resolve(ModelBundle.ONNX_FILE), place.resolve(ModelBundle.ONNX_FILE));
      String manifest = Files.readString(kept.resolve(ModelManifest.FILE));
      Files.writeString(
          place.resolve(ModelManifest.FILE),
          manifest.replace("\"version\" : \"1\"", "\"version\" : \"" + number + "\""));
    }
    return place.toString();
  }

  private static ForecastTask task(long origin) {
    float[] context = new float[16];
    IntStream.range(0, context.length).forEach(i -> context[i] = i % 5);
    return new ForecastTask("a", origin, context, 0, 0);
  }
}
