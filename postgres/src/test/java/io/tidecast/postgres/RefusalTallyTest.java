package io.tidecast.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidecast.schemas.ErrorCode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.Test;

class RefusalTallyTest {

  private final AtomicLong nanos = new AtomicLong(Long.MAX_VALUE - 5);
  private final List<String> lines = new ArrayList<>();
  private final RefusalTally tally = new RefusalTally(nanos::get, lines::add);

  @Test
  void shouldTellOfTheFirstOfEachReasonAtOnceAndOfAFloodOnceAMinute() {
    tally.add(List.of(refused(3, ErrorCode.MALFORMED), refused(4, ErrorCode.NOT_STORABLE)));
    tally.tell();
    assertThat(lines)
        .containsExactly(
            "forecasts-0@3 cannot be copied to PostgreSQL and is a dead letter, for the reason malformed: why 3. Further ones are told together, once a minute.",
            "forecasts-0@4 cannot be copied to PostgreSQL and is a dead letter, for the reason not-storable: why 4. Further ones are told together, once a minute.");

    for (int second = 0; second < 150; second++) {
      tally.add(Collections.nCopies(1_000, refused(5, ErrorCode.MALFORMED)));
      tally.add(List.of(refused(6, ErrorCode.NOT_STORABLE)));
      tally.tell();
      nanos.addAndGet(Duration.ofSeconds(1).toNanos());
    }

    assertThat(lines.subList(2, lines.size()))
        .containsExactly(
            "More records could not be copied to PostgreSQL and are dead letters: 61,000 for the reason malformed and 61 for the reason not-storable.",
            "More records could not be copied to PostgreSQL and are dead letters: 61,000 for the reason malformed and 61 for the reason not-storable.");

    // What came last is told although nothing comes after it.
    nanos.addAndGet(Duration.ofMinutes(1).toNanos());
    tally.tell();
    tally.tell();
    assertThat(lines)
        .hasSize(5)
        .last()
        .isEqualTo(
            "More records could not be copied to PostgreSQL and are dead letters: 28,000 for the reason malformed and 28 for the reason not-storable.");
  }

  private static Entry refused(long offset, ErrorCode code) {
    return new Entry(
            new ConsumerRecord<>("forecasts", 0, offset, null, new byte[0]), List.of(), null)
        .refused(code, "why " + offset);
  }
}
