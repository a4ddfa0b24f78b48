package io.tidecast.cli.quickstart;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tidecast.cli.console.CliException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVParser;
import org.apache.commons.csv.CSVRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

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

  @ParameterizedTest
  @ValueSource(
      strings = {"north, inner", "the \"old\" one", "two\nlines", "two\r\nlines", " room "})
  void shouldKeepEveryNameOfASeries(String name) throws IOException {
    Path file = folder.resolve("forecasts.csv");

    ForecastCsv.write(file, List.of(Forecasts.of(name, ORIGIN, 1.5f, 0.1f)));

    try (CSVParser written = CSVParser.parse(file, StandardCharsets.UTF_8, CSVFormat.RFC4180)) {
      assertThat(written.stream().map(CSVRecord::toList))
          .containsExactly(
              List.of("series", "origin", "step", "value"),
              List.of(name, ORIGIN.toString(), "1", "1.5"),
              List.of(name, ORIGIN.toString(), "2", "0.1"));
    }
  }

  @Test
  void shouldNameAFileThatCannotBeWritten() {
    Path file = folder.resolve("absent").resolve("forecasts.csv");

    assertThatThrownBy(() -> ForecastCsv.write(file, List.of()))
        .isInstanceOf(CliException.class)
        .hasMessageContaining(file.toString());
  }
}
