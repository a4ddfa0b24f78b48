package io.tidecast.cli.quickstart;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tidecast.cli.console.CliException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ForecastCsvTest {
  private static final Instant ORIGIN = Instant.parse("2000-08-14T00:00:00Z");

  @TempDir private Path folder;

  @Test
  void shouldWriteALinePerStep() throws IOException {
    Path file = folder.resolve("forecasts.csv");

    ForecastCsv.write(file, List.of(Forecasts.of(ORIGIN, 1.5f, 0.1f)));

    assertThat(Files.readAllLines(file))
        .containsExactly(
            "series,origin,step,value",
            "uk-electricity-demand,2000-08-14T00:00:00Z,1,1.5",
            "uk-electricity-demand,2000-08-14T00:00:00Z,2,0.1");
  }

  @Test
  void shouldKeepEveryBitOfAValue() throws IOException {
    Path file = folder.resolve("forecasts.csv");
    float value = Math.nextUp(31415.926f);

    ForecastCsv.write(file, List.of(Forecasts.of(ORIGIN, value)));

    String written = Files.readAllLines(file).get(1).split(",", -1)[3];
    assertThat(Float.parseFloat(written)).isEqualTo(value);
  }

  @Test
  void shouldNameAFileThatCannotBeWritten() {
    Path file = folder.resolve("absent").resolve("forecasts.csv");

    assertThatThrownBy(() -> ForecastCsv.write(file, List.of()))
        .isInstanceOf(CliException.class)
        .hasMessageContaining(file.toString());
  }
}
