package io.tidecast.runtime.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.tidecast.runtime.bundle.ModelBundle;
import io.tidecast.runtime.windows.Forecaster;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

class GivenBackMemoryTest {

  private static final Path STATUS = Path.of("/proc/self/status");

  /** For the 128 windows that opening tries at once, ONNX Runtime takes 970 MB. */
  private static final Path MODEL =
      Path.of(System.getProperty("tidecast.root"), "models/zoo/informer-uk-demand/1");

  private static final long KIBIBYTES_OF_A_QUARTER = 240_000;

  @Test
  @Tag("zoo")
  void shouldNotKeepWhatOpeningTook() throws IOException {
    assumeTrue(Files.exists(STATUS), "only Linux tells what memory a process has");
    long before = kibibytes();
    try (Forecaster model = OnnxForecaster.open(ModelBundle.read(MODEL), OnnxOptions.defaults())) {
      assertThat(kibibytes() - before)
          .as("kibibytes that %s has kept", model.spec().id())
          .isLessThan(KIBIBYTES_OF_A_QUARTER);
    }
  }

  private static long kibibytes() throws IOException {
    return Files.readAllLines(STATUS).stream()
        .filter(line -> line.startsWith("RssAnon:"))
        .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
        .findFirst()
        .orElseThrow();
  }
}
