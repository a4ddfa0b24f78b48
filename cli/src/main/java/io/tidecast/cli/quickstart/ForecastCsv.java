package io.tidecast.cli.quickstart;

import io.tidecast.cli.console.CliException;
import io.tidecast.cli.console.CsvWriter;
import io.tidecast.schemas.Forecast;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/**
 * Writes forecasts of one channel as records {@code series,origin,step,value}; steps count from 1.
 */
final class ForecastCsv {
  private static final List<String> COLUMNS = List.of("series", "origin", "step", "value");

  private ForecastCsv() {}

  /**
   * Writes a file, replacing one that is there. Values are those of a model that computes in
   * floats, and are written so that reading them as floats gives the same bits.
   *
   * @throws CliException if the file cannot be written
   */
  static void write(Path file, List<Forecast> forecasts) {
    try (CsvWriter out = CsvWriter.create(file, COLUMNS)) {
      for (Forecast forecast : forecasts) {
        int step = 1;
        for (double value : forecast.getPoints()) {
          out.write(forecast.getSeries(), forecast.getOrigin(), step++, (float) value);
        }
      }
    } catch (IOException e) {
      throw new CliException("could not write the forecasts: file=%s: %s".formatted(file, e), e);
    }
  }
}
