package io.tidecast.flink.source;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.tidecast.flink.config.JobConfig;
import io.tidecast.flink.format.SourceFormat;
import io.tidecast.flink.record.Rejection;
import io.tidecast.flink.testing.Samples;
import io.tidecast.schemas.ErrorCode;
import java.time.Instant;
import java.util.stream.LongStream;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TimeDoubtsTest {

  /** What would be years ahead is probably in another unit, and no matter of clocks. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "epoch-seconds | 1714521600000 | epoch-millis makes it 2024-05-01T00:00:00Z",
        "epoch-millis | 1714521600000000 | epoch-micros makes it 2024-05-01T00:00:00Z",
        "epoch-days | 45413 | excel-days makes it 2024-05-01T00:00:00Z",
        "epoch-days | 45413.5 | excel-days makes it 2024-05-01T12:00:00Z",
        "epoch-seconds | 1714521600000000000 | epoch-nanos makes it 2024-05-01T00:00:00Z",
      })
  void shouldNameTheUnitInTheDeadLetter(String format, String time, String hint) {
    Rejection rejection = refused(format, time);
    assertThat(rejection.code()).isEqualTo(ErrorCode.TIME_OUT_OF_RANGE);
    assertThat(rejection.detail())
        .contains("; source.mapping.time-format=" + hint)
        .doesNotContain("max-future");
  }

  @Test
  void shouldNameTheLimitWhereNoUnitMakesSense() {
    assertThat(refused("epoch-millis", "4102444800000").detail())
        .contains("(source.max-future ahead of the clock): time=2100-01-01T00:00:00Z");
  }

  @ParameterizedTest
  @CsvSource({
    "epoch-millis, 2024-05-01T00:00:00Z, 1000",
    "epoch-micros, 2024-05-01T00:00:00Z, 1000",
    "epoch-nanos, 2024-05-01T00:00:00Z, 1000",
    "epoch-nanos, 2024-05-01T00:00:00Z, 1000000",
  })
  void shouldCountTimesOfAUnitThatIsTooFine(String format, Instant meant, long times) {
    DoubtfulTimes doubtful = new DoubtfulTimes(TimeDoubts.of(config(format).source().format()));
    long found = meant.toEpochMilli() / times;
    LongStream.range(0, 400).forEach(i -> doubtful.look(found + i));
    doubtful.look(Samples.NOW);
    assertThat(doubtful.count()).isEqualTo(400);
  }

  /** Series that begin in 1970, clocks that were not set yet, and text, which has no unit. */
  @Test
  void shouldBelieveAHistory() {
    DoubtfulTimes history =
        new DoubtfulTimes(TimeDoubts.of(config("epoch-millis").source().format()));
    LongStream.range(0, 24 * 400).forEach(hour -> history.look(hour * 3_600_000));
    assertThat(history.count()).isZero();

    DoubtfulTimes clocks =
        new DoubtfulTimes(TimeDoubts.of(config("epoch-millis").source().format()));
    LongStream.range(0, 24 * 10).forEach(hour -> clocks.look(hour * 3_600_000));
    assertThat(clocks.count()).isZero();

    DoubtfulTimes text = new DoubtfulTimes(TimeDoubts.of(config("iso-8601").source().format()));
    assertThat(text.look(1_714_521_600L)).isFalse();
  }

  @Test
  void shouldDoubtTimesOfTidecastsOwnObservations() {
    TimeDoubts doubts = TimeDoubts.of(new SourceFormat.Tidecast());
    assertThat(doubts.isDoubtful(1_714_521_600L)).isTrue();
    assertThat(doubts.hint(1_714_521_600_000_000L))
        .hasValue("it would be 2024-05-01T00:00:00Z if it were written as milliseconds");
  }

  private static Rejection refused(String format, String time) {
    return Samples.parser(config(format))
        .parse(
            Samples.source("{\"s\": \"a\", \"t\": %s, \"v\": 1}".formatted(time).getBytes(UTF_8)),
            new RecordHeaders())
        .get(0)
        .rejection();
  }

  private static JobConfig config(String format) {
    return Samples.config(
        "source: {format: json, mapping: {series: s, time: t, time-format: %s, values: v}}"
            .formatted(format));
  }
}
