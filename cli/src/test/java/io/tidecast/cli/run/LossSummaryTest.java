package io.tidecast.cli.run;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidecast.cli.meter.JobMeter;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.metrics.Counter;
import org.apache.flink.metrics.SimpleCounter;
import org.apache.flink.metrics.groups.UnregisteredMetricsGroup;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class LossSummaryTest {
  private static final String CLAIM = "Stopped; all that was read is answered and committed";

  private final JobMeter meter = JobMeter.of(new Configuration());
  private final LossSummary losses = new LossSummary();

  @AfterEach
  void close() {
    meter.close();
  }

  @Test
  void shouldClaimThatAllIsCommittedWhereItIs() {
    counter("forecasts: Committer.0.tidecast.lostTransactions");
    assertThat(LossSummary.whole(meter.figures())).isEmpty();
    assertThat(LossSummary.repeated(meter.figures())).isEmpty();
    assertThat(losses.news(meter.figures())).isEmpty();
    assertThat(LossSummary.end(CLAIM, meter.figures())).isEqualTo(CLAIM + ".");
  }

  @Test
  void shouldNameWhatIsLostAtOnceAndAtTheEnd() {
    counter("forecasts: Committer.0.tidecast.lostTransactions").inc();
    counter("forecasts: Committer.0.tidecast.lostForecasts").inc(1_246);

    String loss =
        "Kafka has aborted 1 transaction before it was committed, and 1,246 forecasts and 0 dead"
            + " letters are lost with it.";
    assertThat(losses.news(meter.figures())).contains(loss);
    assertThat(losses.news(meter.figures())).isEmpty();
    assertThat(LossSummary.end(CLAIM, meter.figures()))
        .isEqualTo(CLAIM + ", but for this: " + loss);

    counter("dead letters: Committer.0.tidecast.lostTransactions").inc();
    counter("dead letters: Committer.0.tidecast.lostDeadLetters").inc(3);
    assertThat(losses.news(meter.figures()).orElseThrow())
        .contains("2 transactions before they were", "1,246 forecasts and 3 dead letters");

    counter("model events: Committer.0.tidecast.lostTransactions").inc();
    counter("model events: Committer.0.tidecast.lostModelEvents").inc(2);
    assertThat(losses.news(meter.figures()).orElseThrow())
        .contains("1,246 forecasts, 3 dead letters and 2 model events are lost");
  }

  @Test
  void shouldForgetNoLossWhenATaskIsStartedAgain() {
    counter("forecasts: Committer.0.tidecast.lostTransactions").inc(2);
    counter("forecasts: Committer.0.tidecast.lostTransactions").inc(1);
    counter("forecasts: Committer.0.tidecast.lostTransactions");
    assertThat(LossSummary.whole(meter.figures()).orElseThrow()).contains("3 transactions");
  }

  @Test
  void shouldSayWhatIsNotKnownAndWhatComesTwice() {
    counter("forecasts: Committer.1.tidecast.unresolvedTransactions").inc();
    counter("dead letters: Writer.1.user.tidecast.repeatedTransactions").inc(2);

    assertThat(LossSummary.whole(meter.figures()))
        .contains("Whether 1 transaction was committed could not be found out.");
    assertThat(LossSummary.repeated(meter.figures()))
        .contains("2 transactions of an earlier run come a second time, with the same values.");
    assertThat(losses.news(meter.figures()).orElseThrow())
        .contains("found out. 2 transactions of an earlier run");
  }

  private Counter counter(String identifier) {
    Counter counter = new SimpleCounter();
    meter.notifyOfAddedMetric(
        counter,
        "unused",
        new UnregisteredMetricsGroup() {
          @Override
          public String getMetricIdentifier(String name) {
            return "host.taskmanager.1.job." + identifier;
          }
        });
    return counter;
  }
}
