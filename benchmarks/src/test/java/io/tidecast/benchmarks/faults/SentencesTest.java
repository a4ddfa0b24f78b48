package io.tidecast.benchmarks.faults;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidecast.benchmarks.ledger.Account;
import java.util.List;
import org.junit.jupiter.api.Test;

class SentencesTest {

  @Test
  void shouldAddUpTheLastWordOfEachProcess() {
    Sentences sentences =
        new Sentences(
            List.of(
                "-- start 1",
                "Kafka has aborted 1 transactions, and with them 246 forecasts and 0 dead letters are lost.",
                "Kafka has aborted 2 transactions, and with them 1,246 forecasts and 3 dead letters are lost.",
                "Stopped, but for this: 1,246 forecasts and 3 dead letters are lost.",
                "-- start 2",
                "Stopped; 10 forecasts and 1 dead letters are lost."));

    assertThat(sentences.lossTold()).isEqualTo(new Account.Loss(1_256, 4));
  }

  @Test
  void shouldTellOfNoLossThatNobodySpokeOf() {
    assertThat(new Sentences(List.of("12 forecasts are committed.")).lossTold())
        .isEqualTo(new Account.Loss(0, 0));
  }

  @Test
  void shouldSayEachSentenceOnceWhateverItsNumbers() {
    Sentences sentences =
        new Sentences(
            List.of("-- start 1", "restart 1, after a", "", "restart 12, after a", "other"));

    assertThat(sentences.once()).containsExactly("2 times: restart 1, after a", "other");
  }
}
