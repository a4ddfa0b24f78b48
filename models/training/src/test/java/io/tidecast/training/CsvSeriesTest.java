package io.tidecast.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CsvSeriesTest {
  @TempDir private Path folder;

  private Path file(String text) throws IOException {
    return Files.writeString(folder.resolve("data.csv"), text);
  }

  @Test
  void shouldReadEveryChannel() throws IOException {
    TimeSeries series =
        CsvSeries.read(file("date, a,b\n2000-06-05 00:00:00,1,2.5\n2000-06-05 00:30:00,-3,4e2\n"));
    assertThat(series.channels()).containsExactly("a", "b");
    assertThat(series.step()).isEqualTo(Duration.ofMinutes(30));
    assertThat(series.timeMillis(1))
        .isEqualTo(Instant.parse("2000-06-05T00:30:00Z").toEpochMilli());
    assertThat(series.values()).containsExactly(1, 2.5, -3, 400);
  }

  @Test
  void shouldReadTheTimesOfOtherTools() throws IOException {
    for (String time : new String[] {"2011/1/9 0:00", "2011-01-09T00:00:00", "2011-01-09 00:00"}) {
      TimeSeries series = CsvSeries.read(file("t,a\n" + time + ",1\n2011/1/9 1:00,2\n"));
      assertThat(series.step()).as(time).isEqualTo(Duration.ofHours(1));
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "2000-01-01 02:00:00,1 | repeats the time",
        "2000-01-01 01:00:00,1 | is older than the time",
        "2000-01-01 04:00:00,1 | but the step is PT1H",
        "2000-01-01 03:00:00,much | column a must be a finite number, found \"much\"",
        "2000-01-01 03:00:00,NaN | column a must be a finite number",
        "2000-01-01 03:00:00, | column a must be a finite number, found \"\"",
        "yesterday,1 | must be a time such as",
        "2000-01-01 03:00:00 | must have 2 columns, found 1"
      })
  void shouldSayWhichLineIsWrongAndWhy(String line, String message) throws IOException {
    Path file = file("date,a\n2000-01-01 01:00:00,1\n2000-01-01 02:00:00,1\n" + line + "\n");
    assertThatThrownBy(() -> CsvSeries.read(file))
        .isInstanceOf(DataException.class)
        .hasMessageStartingWith(file + ", line 4: ")
        .hasMessageContaining(message);
  }

  @Test
  void shouldSayThatThereIsNoFile() {
    Path missing = folder.resolve("missing.csv");
    assertThatThrownBy(() -> CsvSeries.read(missing))
        .isInstanceOf(DataException.class)
        .hasMessage(missing + ": no such file");
  }

  @Test
  void shouldRefuseAFileWithoutData() throws IOException {
    Path file = file("date,a\n");
    assertThatThrownBy(() -> CsvSeries.read(file))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("at least two rows of data, found 0");
  }
}
