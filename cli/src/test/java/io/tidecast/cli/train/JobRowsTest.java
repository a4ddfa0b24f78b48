package io.tidecast.cli.train;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidecast.flink.config.JobFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JobRowsTest {
  private static final String COVARIATES =
      """
      covariates:
        topic: weather
        keyed-by: global
        names: temperature
        format: json
        mapping:
          time: at
          time-format: iso-8601
          values: degrees
      """;

  @TempDir private Path folder;

  /** Rows that were read with other covariates are not those of the job any more. */
  @Test
  void shouldTellCovariatesApart() throws IOException {
    String job = identity(COVARIATES);

    assertThat(identity(COVARIATES)).isEqualTo(job);
    assertThat(identity("")).isNotEqualTo(job);
    assertThat(identity(COVARIATES.replace("weather", "forecasts"))).isNotEqualTo(job);
    assertThat(identity(COVARIATES.replace("names: temperature", "names: wind"))).isNotEqualTo(job);
    assertThat(identity(COVARIATES.replace("values: degrees", "values: kelvin"))).isNotEqualTo(job);
    // Other covariates of the calendar are made anew.
    assertThat(identity("covariates:\n  zone: UTC\n  calendar:\n    hour: hour\n"))
        .isEqualTo(identity(""));
  }

  private String identity(String covariates) throws IOException {
    Path file =
        Files.writeString(
            folder.resolve("job.yaml"),
            """
            kafka:
              bootstrap-servers: 127.0.0.1:9
            source:
              topic: in
              format: json
              mapping:
                series: $key
                time: at
                time-format: iso-8601
                values: kw
            series:
              step: 1h
            model:
              path: model
            sink:
              topic: out
            dead-letters:
              topic: dlq
            """
                + covariates);
    return JobRows.identity(JobFile.load(file), 48);
  }
}
