package io.tidecast.benchmarks.online;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** The short form: the series that ships, and the model of the zoo that is quickest. */
@Tag("zoo")
class OnlineBenchmarksTest {
  private static final Path ROOT = Path.of(System.getProperty("tidecast.root", ".."));

  @TempDir private Path cache;

  @Test
  void shouldMixNoWorseThanTheReference() {
    assertThat(run(new MixtureBenchmark())).isZero();
  }

  @Test
  void shouldHoldWhatIntervalsSay() {
    assertThat(run(new CalibrationBenchmark())).isZero();
  }

  private int run(Object benchmark) {
    return new CommandLine(benchmark)
        .execute(
            ROOT.resolve("cli/src/main/resources/io/tidecast/cli").toString(),
            "--model",
            ROOT.resolve("models/zoo/patchtst-uk-demand/1").toString(),
            "--forecasts",
            "2500",
            "--cache",
            cache.toString());
  }
}
